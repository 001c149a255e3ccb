from datetime import date
from pathlib import Path

import pytest

from secunda.adapters.expert_directory import DirectoryError, read_directory
from secunda.errors import BadInputError

HEADER = (
    "code,name,email,phone,subspecialties,languages,institution,licences,leave,"
    "financial_interests,practising_since,capacity,quality"
)
GOOD = {
    "code": "E1",
    "name": "Ana Soler",
    "email": "ana@example.org",
    "phone": "+34 600 111 222",
    "subspecialties": "medical_oncology;molecular_oncology",
    "languages": "es;ca",
    "institution": "Hospital del Mar",
    "licences": "ES:2029-12-31;DE",
    "leave": "2026-08-01/2026-08-31",
    "financial_interests": "acme",
    "practising_since": "2001-05-01",
    "capacity": "4",
    "quality": "0.8",
}


def line(**changes: str) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in (GOOD | changes).values())


def csv(folder: Path, *lines: str, header: str = HEADER, name: str = "experts.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(DirectoryError) as caught:
        read_directory(path)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return [f"{problem.place}: {problem.what}" for problem in caught.value.problems]


def check(expert) -> None:
    assert (expert.code, expert.name, expert.phone) == ("E1", "Ana Soler", "+34600111222")
    assert (expert.subspecialties, expert.languages) == (["medical_oncology", "molecular_oncology"], ["es", "ca"])
    assert expert.licences == [{"country": "ES", "valid_until": "2029-12-31"}, {"country": "DE"}]
    assert expert.leave == [{"from": "2026-08-01", "to": "2026-08-31"}]
    assert (expert.practising_since, expert.capacity, expert.quality) == (date(2001, 5, 1), 4, 0.8)


def test_a_csv_file_is_read(tmp_path: Path) -> None:
    first, second = read_directory(csv(tmp_path, line(), line(code="E2", name="Soler, Ana")))
    check(first)
    assert second.name == "Soler, Ana"


def test_optional_columns_may_be_empty_or_absent(tmp_path: Path) -> None:
    header = "code,name,email,subspecialties,languages,institution,licences"
    path = csv(tmp_path, "E1,Ana,a@example.org,medical_oncology,es,Hospital,ES", header=header)
    (expert,) = read_directory(path)
    assert (expert.capacity, expert.quality, expert.leave, expert.practising_since) == (3, 0.5, [], None)


YAML = """\
experts:
  - code: E1
    name: Ana Soler
    email: ana@example.org
    phone: "+34600111222"
    subspecialties: [medical_oncology, molecular_oncology]
    languages: es;ca
    institution: Hospital del Mar
    licences:
      - {country: ES, valid_until: 2029-12-31}
      - DE
    leave: [{from: 2026-08-01, to: 2026-08-31}]
    practising_since: 2001-05-01
    capacity: 4
    quality: 0.8
"""


def test_a_yaml_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "experts.yaml"
    path.write_text(YAML)
    (expert,) = read_directory(path)
    check(expert)


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble(tmp_path: Path) -> None:
    path = csv(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{line()}\r\n\r\n".encode())
    check(read_directory(path)[0])


@pytest.mark.parametrize(
    ("column", "cell", "what"),
    [
        ("code", "", "is empty"),
        ("code", "E 1", "is no code"),
        ("name", " ", "is empty"),
        ("email", "ana", "is no e-mail address"),
        ("email", "a@b@c.org", "is no e-mail address"),
        ("phone", "600111222", "is no international number"),
        ("subspecialties", "medical_oncolgy", "is no known subspecialty"),
        ("languages", "es;spanish", "is no language"),
        ("institution", "", "is empty"),
        ("licences", "ESP:2029-12-31", "is no country"),
        ("licences", "ES:2029-02-30", "is no date"),
        ("leave", "2026-08-01", "has no end"),
        ("leave", "2026-08-31/2026-08-01", "ends before it begins"),
        ("practising_since", "2001", "is no date"),
        ("capacity", "-1", "is no capacity"),
        ("capacity", "²", "is no capacity"),
        ("quality", "80", "is no quality"),
        ("quality", "nan", "is no quality"),
    ],
)
def test_a_wrong_cell_is_named_by_file_line_and_column(tmp_path: Path, column: str, cell: str, what: str) -> None:
    (problem,) = problems(csv(tmp_path, line(code="E0"), line(**{column: cell})))
    assert problem.startswith(f"experts.csv:3: {column}: ")
    assert what in problem


def test_every_wrong_place_is_told_and_nothing_is_read(tmp_path: Path) -> None:
    path = csv(tmp_path, line(capacity="x", quality="y"), line(code="E2"), line(code="E3", email="z"))
    assert [problem.split(": ")[0] + problem.split(": ")[1] for problem in problems(path)] == [
        "experts.csv:2capacity",
        "experts.csv:2quality",
        "experts.csv:4email",
    ]


def test_two_experts_with_one_code_are_named(tmp_path: Path) -> None:
    (problem,) = problems(csv(tmp_path, line(), line()))
    assert problem == "experts.csv:3: code: the code E1 is taken already, at experts.csv:2"


def test_a_line_break_inside_quotes_does_not_shift_the_lines_after_it(tmp_path: Path) -> None:
    first = line(code="E2").replace("Ana Soler", '"Ana\nSoler"')
    (problem,) = problems(csv(tmp_path, first, line(quality="2")))
    assert problem.startswith("experts.csv:4: quality")


@pytest.mark.parametrize(
    ("header", "rows", "what"),
    [
        (HEADER.replace(",", ";"), [line().replace(",", ";")], "not separated by commas"),
        (HEADER + ",age", [line() + ",5"], "'age' is unknown"),
        (HEADER + ",code", [line() + ",5"], "'code' stands twice"),
        (HEADER.replace("licences,", ""), [], "licences is missing"),
        (HEADER, [line() + ",extra"], "14 cells for 13 columns"),
        (HEADER, [], "no experts"),
        (HEADER, ['E1,"Ana'], "quotes do not match"),
        ("", [], "is missing"),
    ],
)
def test_a_wrong_form_is_told(tmp_path: Path, header: str, rows: list[str], what: str) -> None:
    assert what in problems(csv(tmp_path, *rows, header=header))[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (YAML.replace("capacity: 4", "capacity: many"), "experts.yaml:14: capacity: 'many' is no capacity"),
        (YAML.replace("quality", "qualty"), "experts.yaml:2: qualty: the column 'qualty' is unknown"),
        ("experts: 5", "experts.yaml:1: is no list of experts"),
        ("- 5", "experts.yaml:1: is no expert"),
        ("- code: [", "experts.yaml:1: is not YAML"),
        ("- code: 1\n- code: !!python/object:os.system x", "experts.yaml:1: name: is empty"),
    ],
)
def test_yaml_is_told_by_line_too(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "experts.yaml"
    path.write_text(text)
    assert problem in problems(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    for name, content in (("experts.xlsx", b"PK"), ("experts.csv", "código,ñ".encode("latin-1"))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInputError) as caught:
            read_directory(tmp_path / name)
        assert caught.value.remedy
    with pytest.raises(BadInputError, match="cannot be read"):
        read_directory(tmp_path / "none.csv")
