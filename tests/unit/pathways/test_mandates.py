"""Whether a review is mandated before a procedure, and why or why not; and what is wrong in a payer's file."""

from datetime import date
from pathlib import Path

import pytest

from pathways import loader, overlay, payer_files
from pathways.errors import PathwayFileError
from pathways.mandates import Answer, Lists, MandateSource, WhyNot, answer, mandates
from pathways.vocabulary import CodeSystem, Coding, Specialty

PATHWAYS = {name: loaded.pathway for name, loaded in loader.load_all().items()}
MONDAY = date(2026, 3, 2)
EXAMPLE = (payer_files.FOLDER / "example-health.yaml").read_text(encoding="utf-8")

#: The ranges of the domain reference that hold where a payer has no list: first, last, and the codes just outside.
DEFAULTS = {
    "cardiology": [
        ("33510", "33536", "33509", "33537"),
        ("92920", "92944", "92919", "92945"),
        ("33361", "33366", "33360", "33367"),
        ("93656", "93656", "93655", "93657"),
        ("33249", "33249", "33248", "33250"),
    ],
    "orthopedics": [
        ("22612", "22612", "22611", "22613"),
        ("22630", "22630", "22629", "22631"),
        ("22633", "22633", "22632", "22634"),
        ("63047", "63047", "63046", "63048"),
        ("27447", "27447", "27446", "27448"),
        ("27130", "27130", "27129", "27131"),
        ("29881", "29881", "29880", "29882"),
        ("29827", "29827", "29826", "29828"),
    ],
}
#: Germany's eleven, each by one code as hospitals write it, and the pathway that takes it.
ELEVEN = {
    "5-281.0": None,
    "5-683.01": None,
    "5-814.3": Specialty.ORTHOPEDICS,
    "5-865.7": None,
    "5-822.g1": Specialty.ORTHOPEDICS,
    "5-836.41": Specialty.ORTHOPEDICS,
    "8-835.20": Specialty.CARDIOLOGY,
    "5-377.1": Specialty.CARDIOLOGY,
    "5-511.11": None,
    "5-820.00": Specialty.ORTHOPEDICS,
    "5-38a.1": Specialty.CARDIOLOGY,
}


def asked(code: str, *diagnoses: str, on: date = MONDAY, of: str = "", jurisdiction: str = "us-cms") -> Answer:
    """Ask about a CPT code (OPS where it has a dash): of a payer that has a file, or of one that has none."""
    lists = Lists(overlay.load(jurisdiction), PATHWAYS, payer_files.load(of) if of else None)
    system = CodeSystem.OPS if "-" in code else CodeSystem.CPT
    given = [Coding(system=CodeSystem.ICD_10, code=one) for one in diagnoses]
    return answer(lists, Coding(system=system, code=code), given, on)


@pytest.mark.parametrize("specialty", DEFAULTS)
def test_a_payer_without_a_file_has_the_lists_of_the_pathways(specialty: str) -> None:
    for first, last, before, after in DEFAULTS[specialty]:
        for code in (first, last):
            said = asked(code)
            assert said.mandate is not None
            assert (said.mandated, said.mandate.pathway, said.mandate.source) == (
                True,
                specialty,
                MandateSource.PATHWAY,
            )
        for code in (before, after):
            assert asked(code).why_not is WhyNot.NOT_LISTED, code


@pytest.mark.parametrize("code", ELEVEN)
def test_germany_mandates_its_eleven_procedures(code: str) -> None:
    said = asked(code, jurisdiction="de-27b")
    assert said.mandate is not None
    assert (said.mandate.source, said.mandate.pathway) == (MandateSource.JURISDICTION, ELEVEN[code])
    assert "27b" in said.reason.en
    assert asked(code, jurisdiction="es").why_not is WhyNot.NOT_LISTED


def test_the_payers_own_list_overrides_the_default_ones() -> None:
    assert asked("29827").mandated
    said = asked("29827", of="example-health")
    assert (said.mandated, said.accepted, said.why_not) == (False, False, WhyNot.NOT_LISTED)
    assert "CPT 29827" in said.reason.en
    assert "the payer's own" in said.reason.en


def test_a_payer_may_keep_the_default_lists_beside_its_own(tmp_path: Path) -> None:
    kept = written(tmp_path, "  others: refuse", "  besides: [pathways]\n  others: accept")
    lists = Lists(overlay.load("us-cms"), PATHWAYS, payer_files.read_file(kept))
    assert {one.source for one in mandates(lists)} == {MandateSource.PAYER, MandateSource.PATHWAY}
    cuff = Coding(system=CodeSystem.CPT, code="29827")
    assert answer(lists, cuff, [], MONDAY).mandated
    stitches = answer(lists, Coding(system=CodeSystem.CPT, code="12001"), [], MONDAY)
    assert (stitches.mandated, stitches.accepted) == (False, True)


def test_an_exemption_wins_over_every_list() -> None:
    said = asked("92941", of="example-health")
    assert said.why_not is WhyNot.EXEMPT
    assert said.reason.en.startswith("Intervention in acute myocardial infarction is an emergency")


def test_a_rule_may_ask_for_a_diagnosis() -> None:
    assert asked("29881", "M17.12", of="example-health").mandated
    said = asked("29881", "S83.2", of="example-health")
    assert said.why_not is WhyNot.OTHER_DIAGNOSIS
    assert "Meniscectomy in degenerative knees" in said.reason.en


def test_a_rule_holds_from_its_first_day_on() -> None:
    assert asked("27447", of="example-health", on=date(2026, 1, 1)).mandated
    said = asked("27447", of="example-health", on=date(2025, 12, 31))
    assert said.why_not is WhyNot.NOT_IN_FORCE
    assert "2025-12-31" in said.reason.es


def test_braces_in_a_code_are_nothing_but_a_code() -> None:
    assert "{payer.__class__}" in asked("{payer.__class__}").reason.en


# What is wrong in a payer's file


def written(folder: Path, old: str = "", new: str = "", name: str = "example-health") -> Path:
    assert old in EXAMPLE
    path = folder / f"{name}.yaml"
    path.write_text(EXAMPLE.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "what", "remedy"),
    [
        ("jurisdiction: us-cms", "jurisdiction: us-cmc", "there is no jurisdiction 'us-cmc'", "did you mean 'us-cms'?"),
        ("agreement_certifies: true\n  tr", "agreement_certify: true\n  tr", "unknown key", "'agreement_certifies'"),
        ("treatment: [confirmed]", "treatment: [changed]", "a changed treatment is no agreement", "write 'confirmed'"),
        ("duration: 4 working days", "duration: 50 %", "'50 %' is not a length", "write '72 h'"),
        ("at: 80 %", "at: 120 %", "'120 %' is not a share of the clock", "from '1 %' to '100 %'"),
        ("- {at: 50 %", "- {at: 90 %", "do not come one after the other", "the least first"),
        ("since: 2026-01-01", "until: 2025-13-01", "'until'", "month"),
        ("key: coronary", "key: spinal_fusion", "there are two 'spinal_fusion'", "a key of its own"),
        ("pathway: cardiology", "pathway: cardiologia", "'cardiologia' is not a known 'pathway'", "'cardiology'?"),
        ("email: desk@example-health.invalid", 'email: "a@b.c, d@e.f"', "is not a valid 'email'", "one address"),
        ("version: 1.0.0", "version: 1", "'version'", ""),
        ('code: "27447", display', "code: 27447, display", "'code' is not a text", 'put it in quotes: "27447"'),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, what: str, remedy: str
) -> None:
    path = written(tmp_path, old, new)
    with pytest.raises(PathwayFileError) as caught:
        payer_files.read_file(path)
    problem = caught.value.problems[0]
    line = EXAMPLE[: EXAMPLE.index(old)].count("\n") + 1
    assert (problem.line, what in problem.what, remedy in problem.remedy) == (line, True, True), str(problem)


def test_a_file_is_named_like_its_payer(tmp_path: Path) -> None:
    (problem,) = payer_files.check([written(tmp_path, name="other-health")])
    assert (problem.line, problem.remedy) == (4, "name it example-health.yaml")


def test_a_payer_without_a_file_is_none_and_names_cannot_leave_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "payers"
    folder.mkdir()
    written(tmp_path)
    assert payer_files.load("nobody") is None
    assert payer_files.load("../example-health", folder) is None
