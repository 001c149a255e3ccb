"""Loading: what `extends: common` merges, what a hash stands for, and schema errors at their place."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pathways import loader
from pathways.errors import PathwayError, PathwayFileError
from tests.unit.pathways.tiny import PATHWAY, pathway, place_of, write


def test_the_common_part_comes_first_and_the_pathway_replaces_by_key(tmp_path: Path) -> None:
    loaded = pathway(tmp_path)
    assert [one.key for one in loaded.documents] == ["consent", "laboratory", "catheterisation"]
    assert loaded.documents[1].title.en == "Recent laboratory results"
    assert [one.key for one in loaded.flags] == ["collapse", "left_main"]
    assert [one.key for one in loaded.report.sections] == ["remarks", "syntax"]
    assert [one.key for one in loaded.report.guidelines] == ["GRADE", "ESC"]


def test_a_deadline_of_one_class_replaces_that_class_alone(tmp_path: Path) -> None:
    loaded = pathway(tmp_path, "examples:", "deadlines: {report: {P3: 20 working days}}\nexamples:")
    assert {key: str(span) for key, span in loaded.deadlines.report.items()} == {
        "P1": "72 h",
        "P2": "5 working days",
        "P3": "20 working days",
    }


def test_a_ladder_replaces_the_common_one_whole(tmp_path: Path) -> None:
    loaded = pathway(tmp_path, "examples:", "chase: {consent: [{at: 10 %, do: remind}]}\nexamples:")
    assert [str(step.at) for step in loaded.chase.consent] == ["10 %"]
    assert len(loaded.chase.documents) == 2


def test_the_hash_is_of_the_content_and_not_of_its_layout(tmp_path: Path) -> None:
    first = loader.load(write(tmp_path)).hash
    same = loader.load(
        write(tmp_path, "title: {en: Cardiology, es: Cardiología}", "title:\n  es: Cardiología\n  en: Cardiology")
    )
    other = loader.load(write(tmp_path, "version: 1.0.0", "version: 1.0.1"))
    assert len(first) == 64
    assert same.hash == first != other.hash


def test_the_hash_changes_with_the_common_part(tmp_path: Path) -> None:
    first = loader.load(write(tmp_path)).hash
    assert loader.load(write(tmp_path, common=("14 days", "15 days"))).hash != first


def test_a_pinned_version_reads_back_as_it_was(tmp_path: Path) -> None:
    loaded = loader.load(write(tmp_path))
    stored = json.loads(json.dumps(loader.content(loaded.pathway)))
    assert loader.from_content(stored) == loaded.pathway
    assert loader.hash_of(loader.from_content(stored)) == loaded.hash


def test_a_pinned_version_that_cannot_be_read_says_where(tmp_path: Path) -> None:
    stored = loader.content(pathway(tmp_path))
    stored["triage"]["default"] = "P9"
    with pytest.raises(PathwayError) as error:
        loader.from_content(stored)
    assert error.value.place == "triage.default"


def test_an_unchanged_file_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path)
    assert loader.load(path) is loader.load(path)


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ("mandated_procedures:", "mandated_procedure:", "mandated_procedure:", "did you mean 'mandated_procedures'?"),
        ("version: 1.0.0", "version: 1.0", "1.0", "'version' is not a text; put it in quotes: \"1.0\""),
        ("version: 1.0.0", "version: '1.0'", "'1.0'", "write three numbers, like `1.0.0`"),
        ('code: "53741008"', "code: 53741008", "53741008", 'put it in quotes: "53741008"'),
        ("title: {en: Cardiology, es: Cardiología}", "title: {en: Cardiology}", "title", "the Spanish text is missing"),
        ("title: {en: Cardiology, es: Cardiología}", "title: Cardio", "Cardio", "write {en: …, es: …}"),
        ("maximum_age: 90 days", "maximum_age: 3 months", "3 months", "write '4 h', '14 days'"),
        ("maximum_age: 90 days", "maximum_age: 90", "90", "90 is not a span"),
        ("loinc: [18745-0]", "loinc: 18745-0", "18745-0", "write it as a list: [18745-0]"),
        ("loinc: [18745-0]", "loinc: [18745]", "18745]", 'put it in quotes: "18745"'),
        ("adjudication: majority", "adjudication: majorty", "majorty", "did you mean 'majority'?"),
        ("urgency: P1\n", "urgency: P7\n", "P7", "'P7' is not a known 'urgency'; known: P0, P1, P2, P3"),
        ("blind_first: true", "blind_first: perhaps", "perhaps", "'blind_first' is 'perhaps'"),
        ("key: surgeon", "key: The Surgeon", "The Surgeon", "lower-case letters"),
        ("ages: {from: 18}", "ages: {from: 18, until: 80}", "until", "unknown key 'until'; known here: from, to"),
        ("seats: 2", "seats: 9", "9", "less than or equal to 3"),
    ],
)
def test_a_schema_error_is_told_at_its_place(tmp_path: Path, old: str, new: str, at: str, said: str) -> None:
    path = write(tmp_path, old, new)
    with pytest.raises(PathwayFileError) as error:
        loader.load(path)
    (problem,) = error.value.problems
    assert said in str(problem)
    assert (problem.line, problem.column) == place_of(path, at, PATHWAY.index(old))


def test_a_missing_key_is_told_where_it_should_stand(tmp_path: Path) -> None:
    path = write(tmp_path, "  chair: cardiologist\n", "")
    with pytest.raises(PathwayFileError, match="'chair' is missing; add `chair: …`") as error:
        loader.load(path)
    assert (error.value.problems[0].line, error.value.problems[0].column) == place_of(path, "panel:")


def test_an_error_in_the_common_part_is_told_there(tmp_path: Path) -> None:
    path = write(tmp_path, common=("14 days", "a fortnight"))
    with pytest.raises(PathwayFileError) as error:
        loader.load(path)
    assert {problem.file for problem in error.value.problems} == {str(tmp_path / "common.yaml")}
    assert error.value.problems[0].line == place_of(tmp_path / "common.yaml", "a fortnight")[0]


def test_the_common_part_holds_only_what_can_be_shared(tmp_path: Path) -> None:
    path = write(tmp_path, common=("flags:", "panel: {}\nflags:"))
    with pytest.raises(PathwayFileError, match="'panel' cannot stand in the common part"):
        loader.load(path)


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "adjudication: majority", "adjudication: vote")
    path.write_text(path.read_text().replace("version: 1.0.0", "version: one"))
    with pytest.raises(PathwayFileError) as error:
        loader.load(path)
    assert [problem.line for problem in error.value.problems] == sorted(p.line for p in error.value.problems)
    assert len(str(error.value).splitlines()) == 2


def test_an_unknown_specialty_is_told_with_the_known_ones(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(PathwayError, match=r"There is no pathway 'astrology'\. Known pathways: cardiology\."):
        loader.load("astrology", tmp_path)
    assert loader.load("cardiology", tmp_path).pathway.pathway == "cardiology"
    assert list(loader.load_all(tmp_path)) == ["cardiology"]


def test_a_path_in_the_place_of_a_specialty_leads_nowhere(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "inner").mkdir()
    with pytest.raises(PathwayError):
        loader.load("../cardiology", tmp_path / "inner")


def test_loading_imports_neither_the_rule_engine_nor_the_classification() -> None:
    code = (
        "import sys; from pathways import loader; loader.load_all(); "
        "print([m for m in sys.modules if m.split('.')[0] in ('cel', 'simple_icd_10_cm', 'prefect', 'sqlmodel')])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
