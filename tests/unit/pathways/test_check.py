"""Each thing that the checker finds, with its place and its remedy. One line a finding."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathways.check import check, check_all
from tests.unit.pathways.tiny import COMMON, PATHWAY, place_of, problems, write

#: What is replaced, by what, the text where the problem stands (within the new text), and what must be told.
FINDINGS = [
    # expressions
    ('when: planned_procedure != ""', "when: planned_procedure !=", "planned_proc", "is not CEL; at character"),
    (
        'when: planned_procedure != ""',
        "when: planned_procedur != ''",
        "planned_proc",
        "did you mean 'planned_procedure'?",
    ),
    ('when: planned_procedure != ""', "when: siz(flags) > 0", "siz", "unknown function 'siz'; did you mean 'size'?"),
    ('when: planned_procedure != ""', "when: age", "age", "gives a number, not true or false; compare it"),
    (
        'when: planned_procedure != ""',
        "when: age == 'old'",
        "age",
        "'age' is a number, never 'old'; compare it with a n",
    ),
    (
        'when: planned_procedure != ""',
        "when: \"'a' in payer\"",
        "\"'a'",
        "'payer' is a text; compare it: `payer == 'a'`",
    ),
    ('when: planned_procedure != ""', "when: flags == 'collapse'", "flags", "write `'collapse' in flags`"),
    ('when: planned_procedure != ""', "when: 3 in flags", "3", "lists hold texts: put it in quotes"),
    ('when: planned_procedure != ""', "when: sex == 'man'", "sex", "unknown sex 'man'; known: female, male, other"),
    (
        'when: planned_procedure != ""',
        "when: observations['8-1'] > 2.0",
        "observ",
        "asks for an observation that the c",
    ),
    ('when: planned_procedure != ""', "when: conditions.exists(c, c > 3)", "condit", "compare a number with a number"),
    ('when: planned_procedure != ""', "when: payer.matches('(')", "payer", "not a valid regex"),
    (
        "'\"left_main\" in flags'",
        "'\"left_mian\" in flags'",
        "'\"left",
        "unknown flag 'left_mian'; did you mean 'left_main'?",
    ),
    ("'\"left_main\" in flags'", "'\"lung\" in flags'", "'\"lung", "unknown flag 'lung'; add 'lung' to `flags:`"),
    (
        "'\"18745-0\" in documents'",
        "'\"18745-1\" in documents'",
        "'\"18745",
        "'18745-1' is no LOINC code: its check digit is wrong; did you mean '18745-0'?",
    ),
    ("panel:\n", "panel:\n  board_when: treatment_spilt\n", "treatment_spilt", "did you mean 'treatment_split'?"),
    ("panel:\n", "panel:\n  board_when: supported\n", "supported", "gives a number, not true or false"),
    # codes
    ("loinc: [18745-0]", "loinc: [18745-8]", "18745-8", "its check digit is wrong; did you mean '18745-0'?"),
    ("loinc: [18745-0]", "loinc: [18745-0, 2160-0]", "2160-0", "unknown LOINC code '2160-0'; add it to terminology"),
    ('code: "53741008"', 'code: "53741009"', '"53741009', "'53741009' is no SNOMED CT code"),
    ("code: I20-I25", "code: I20-I25-I30", "I20", "is no ICD-10 code; write a code"),
    ("code: I20-I25", "code: I29", "I29", "unknown ICD-10 code 'I29'"),
    ("code: I20-I25", "code: I25.999", "I25", "unknown ICD-10 code 'I25.999'"),
    ("code: I20-I25", "code: I25-I20", "I25", "ends before it begins; put the smaller code first"),
    ("code: 33510-33536", "code: 33510-3353", "33510", "is no CPT code; write it like 33510"),
    ("code: 33510-33536", "code: 33536-33510", "33536", "ends before it begins"),
    (
        'conditions.exists(c, c.startsWith("I4"))',
        'conditions.exists(c, c in ["53741009"])',
        "conditions",
        "'53741009' is no SNOMED CT code",
    ),
    # reachability
    ('when: planned_procedure != ""', 'when: "false"', '"false"', "never holds: false"),
    ('when: planned_procedure != ""', "when: age > 80 && age < 18", "age", "never holds"),
    ('when: planned_procedure != ""', "when: age > 80 && !(age > 70)", "age", "never holds"),
    (
        "'\"left_main\" in flags'",
        "'\"collapse\" in flags && age > 70'",
        "'\"col",
        "wherever 'left_main' holds, 'collapse' asks",
    ),
    (
        'when: planned_procedure != ""',
        "when: days_to_procedure >= 0 && days_to_procedure < 5",
        "days",
        "'procedure_within",
    ),
    ("'\"18745-0\" in documents'", "sex == 'male' && sex == 'female'", "sex", "never holds"),
    # panels
    (
        "[general_cardiology]",
        "[general_cardiologie]",
        "general",
        "no expert can be found: unknown 'general_cardiologie'; d",
    ),
    ("chair: cardiologist", "chair: cardiolog", "cardiolog", "is not on the panel; did you mean 'cardiologist'?"),
    ("chair: cardiologist", "chair: electrophysiologist", "electro", "is absent for a case with I20, aged 18"),
    ("      seats: 2\n", "", "", "majority needs 3 or more readers, but there are 2"),
    (
        "adjudication: majority",
        "adjudication: third_reader",
        "third",
        "there is no `extra_reader`; add `extra_reader:`",
    ),
    # sections
    ("kind: score", "kind: table", "table", "table without columns; add `columns: […]`"),
    ("kind: score", "kind: checklist", "checklist", "checklist without items; add `items: […]`"),
    ("kind: score", "kind: ratings", "ratings", "ratings without items"),
    ("kind: score", "kind: text", "", "a section of kind text has no bands; remove them"),
    ("up_to: 33", "up_to: 3", "3", "a band up to 3 after one up to 23; put the bands in order"),
    # translations
    ("es: Lesión del tronco}", "es: ' '}", "' '", "the Spanish text is blank; write it"),
    (
        "{en: Collapse., es: Colapso.}",
        "{en: The patient has collapsed., es: The patient has collapsed.}",
        "",
        "translate it",
    ),
    # duplicates
    ("key: left_main\n", "key: collapse\n", "collapse", "'collapse' was given on line"),
    ("key: surgeon", "key: cardiologist", "cardiologist", "'cardiologist' was given on line"),
    ("name: left main before surgery", "name: stable", "stable", "'stable' was given on line"),
    # examples
    ("expect: {urgency: P3", "expect: {urgency: P2", "P2", "urgency is P3, not P2; mend the rules or expect that"),
    (
        "missing: [consent, laboratory]",
        "missing: [consent]",
        "[consent]",
        "missing is [consent, laboratory], not [consent]",
    ),
    (
        "missing: [], panel: [cardiologist, surgeon]",
        "panel: [surgeon]",
        "[surgeon]",
        "panel is [cardiologist, surgeon]",
    ),
    (
        "flags: [left_main], planned",
        "flags: [left_mian], planned",
        "left_mian",
        "unknown flag 'left_mian'; did you mean",
    ),
    (
        "{conditions: [I25.1], documents",
        "{condition: [I25.1], documents",
        "condition",
        "unknown key 'condition'; did you mean",
    ),
    ("{conditions: [I25.1], flags", "{age: old, flags", "old", "'age' is 'old'"),
    ("documents: [59284-0, 11502-2]", "documents: [59284-0, 11502-2, 1-1]", "1-1]", "its check digit is wrong"),
]


@pytest.mark.parametrize(("old", "new", "at", "said"), FINDINGS)
def test_a_finding_is_told_at_its_place(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    found = problems(tmp_path, old, new)
    told = [problem for problem in found if said in str(problem)]
    assert told, "\n".join(map(str, found))
    if at:
        assert (told[0].line, told[0].column) == place_of(tmp_path / "cardiology.yaml", at, PATHWAY.index(old))


#: What is replaced in the common part, by what, where the problem stands, and what must be told.
COMMON_FINDINGS = [
    ("report: {P1: 72 h, P2:", "report: {P2:", "report", "`report` has no deadline for P1; add `P1: …`"),
    ("report: {P1: 72 h", "report: {P0: 1 h, P1: 72 h", "P0", "P0 waits for nothing"),
    ("report: {P1: 72 h", "report: {P1: 39 h", "39 h", "may take 40 h together, more than its 39 h"),
    ("opinion: {P1: 24 h", "opinion: {P1: 50 h", "50 h", "is longer than of P2 (48 h); give P1 at most that"),
    ("consent: 14 days", "consent: 50 %", "50 %", "a deadline cannot be a share: 50 %; write hours"),
    ("consent: 14 days", "consent: 0 days", "0 days", "a deadline of no length"),
    (
        "documents: [{at: 50 %, do: remind}",
        "documents: [{at: 100 %, do: remind}",
        "100 %",
        "a reminder at 100 %, but the",
    ),
    (
        "acceptance: [{at: 50 %",
        "acceptance: [{at: 6 h",
        "6 h",
        "a reminder at 6 h, but the wait for acceptance ends after 4 h",
    ),
    (
        "{at: 75 %, do: change_channel}",
        "{at: 25 %, do: change_channel}",
        "25 %",
        "a rung at 25 % below one at 50 %; put",
    ),
    (
        "{at: 75 %, do: change_channel}",
        "{at: 90 %, do: replace_expert}",
        "replace",
        "the wait for documents has no expert",
    ),
    ("escalate, to: coordinator", "escalate", "escalate", "an escalation to nobody; add `to: coordinator`"),
    ("do: replace_expert}", "do: replace_expert, to: coordinator}", "to:", "`to` says nothing of replace_expert"),
    (
        "consent: [{at: 50 %, do: remind}, {at: 100 %, do: escalate, to: coordinator}]",
        "consent: []",
        "consent",
        "nobody is",
    ),
    ("{key: GRADE, name", "{key: GRADE, name: x}\n    - {key: GRADE, name", "", "'GRADE' was given on line"),
]


@pytest.mark.parametrize(("old", "new", "at", "said"), COMMON_FINDINGS)
def test_a_finding_in_the_common_part_is_told_there(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    found = problems(tmp_path, common=(old, new))
    told = [problem for problem in found if said in str(problem)]
    assert told, "\n".join(map(str, found))
    assert told[0].file == str(tmp_path / "common.yaml")
    if at:
        assert (told[0].line, told[0].column) == place_of(tmp_path / "common.yaml", at, COMMON.index(old))
    assert check(tmp_path / "common.yaml") == [one for one in found if one.file.endswith("common.yaml")]


def test_a_sound_pathway_has_no_findings(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('when: planned_procedure != ""', "when: age > 17 && age < 19"),
        ('when: planned_procedure != ""', 'when: \'"2160-0" in observations && observations["2160-0"] > 1.5\''),
        ('when: planned_procedure != ""', "when: conditions.exists(c, c.matches('^I2[0-5]')) && size(procedures) > 0"),
        ('when: planned_procedure != ""', "when: days_to_procedure < days_to_treatment"),
        ("code: I20-I25", "code: I84.1"),  # in the WHO's ICD-10, not in the American one
    ][:4],
)
def test_what_may_hold_is_not_called_unreachable(tmp_path: Path, old: str, new: str) -> None:
    path = write(tmp_path, old, new)
    path.write_text(path.read_text().replace("urgency: P2", "urgency: P1"))
    assert not [problem for problem in check(path) if "never" in problem.what]


def test_two_rules_that_say_the_same_are_told(tmp_path: Path) -> None:
    rule = "    - {key: again, when: 'planned_procedure  !=  \"\"', urgency: P2, reason: {en: x, es: y}}\npanel:\n"
    found = problems(tmp_path, "panel:\n", rule)
    assert [problem.what for problem in found] == ["says what 'planned' says"]


def test_a_role_on_the_panel_cannot_be_the_extra_reader_too(tmp_path: Path) -> None:
    extra = "  extra_reader: {key: surgeon, title: {en: x, es: y}, subspecialties: [cardiac_surgery]}\nreport:\n"
    found = problems(tmp_path, "report:\n", extra)
    assert "the role 'surgeon' is on the panel already" in {problem.what for problem in found}


def test_a_panel_of_conditional_roles_that_may_be_empty_is_told(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text().replace("subspecialties:", "when: age > 90\n      subspecialties:"))
    path.write_text(path.read_text().replace('      when: conditions.exists(c, c.startsWith("I4"))\n', ""))
    assert any("but there are 0 for a case with" in problem.what for problem in check(path))


def test_findings_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text().replace("loinc: [", "loinc: [2160-0, "))
    found = check(path)
    assert len(found) == 2
    assert found == sorted(found)


def test_a_file_that_is_no_pathway_is_one_finding(tmp_path: Path) -> None:
    assert [str(one) for one in check(tmp_path / "none.yaml")] == [
        f"{tmp_path / 'none.yaml'}:1:1: there is no such file; check its name"
    ]


def test_a_pathway_lies_in_a_file_of_its_name(tmp_path: Path) -> None:
    write(tmp_path).rename(tmp_path / "heart.yaml")
    assert [str(one) for one in check_all(folder=tmp_path)] == [
        f"{tmp_path / 'heart.yaml'}:1:10: the pathway 'cardiology' lies in the file 'heart.yaml'; "
        "rename the file to cardiology.yaml"
    ]


def test_a_pathway_elsewhere_takes_the_shipped_common_part(tmp_path: Path) -> None:
    path = tmp_path / "cardiology.yaml"
    path.write_text(PATHWAY.replace('"collapse" in flags', '"acutely_unwell" in flags'))
    assert all("missing is [" in finding.what and "first_opinion" in finding.what for finding in check(path))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.integers(0, PATHWAY.count("\n")),
    column=st.integers(0, 60),
    text=st.sampled_from(
        ["", "x", "[", "{", ":", "- ", "'", '"', "#", "&a ", "null", "-1", "9" * 25, "é", "&&", "\n", "|"]
    ),
    swap=st.integers(0, PATHWAY.count("\n")),
)
def test_no_slip_of_the_pen_breaks_the_checker(tmp_path: Path, line: int, column: int, text: str, swap: int) -> None:
    path = write(tmp_path)
    lines = PATHWAY.split("\n")
    lines[line] = lines[line][:column] + text + lines[line][column + (len(text) == 0) :]
    lines[line], lines[swap] = lines[swap], lines[line]
    path.write_text("\n".join(lines))
    for problem in check(path):
        assert 1 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
        assert problem.what
        assert problem.remedy
