"""Reading YAML: strictly, with every part's place, and with one clear error for what is not wanted."""

from pathlib import Path

import pytest

from pathways.errors import PathwayFileError
from pathways.placed import locate
from pathways.source import LARGEST_FILE, parse, read


def wrong(text: str) -> str:
    with pytest.raises(PathwayFileError) as error:
        parse(text, "p.yaml")
    return str(error.value)


def test_every_part_knows_its_line_and_column() -> None:
    root = parse("a: 1\nb:\n  - c: x\n    d: [y, 'z']\n", "p.yaml")
    assert locate(root, ("b", 0, "d", 1)) == ("p.yaml", 4, 12)
    assert locate(root, ("b", 0, "d"), at_key=True) == ("p.yaml", 4, 5)
    assert locate(root, ("b", 0, "missing", "deeper")) == ("p.yaml", 3, 5)


def test_scalars_are_those_of_yaml_1_2() -> None:
    root = parse("[1, -2.5, 1e3, true, null, ~, no, on, 1_000, 0o17, 2026-01-02, '1', I25.1]".join(["a: ", ""]), "p")
    values = [1, -2.5, 1000.0, True, None, None, "no", "on", "1_000", "0o17", "2026-01-02", "1", "I25.1"]
    assert root["a"] == values
    assert [type(one) for one in root["a"]] == [type(one) for one in values]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2", "p.yaml:2:1: the key 'a' was given on line 1 already; remove one"),
        ("a:\n\tb: 1", "p.yaml:2:1: a tab indents this line; use spaces"),
        ("a: &x 1\nb: *x", "p.yaml:1:4: there is an anchor"),
        ("b: *x", "p.yaml:1:4: there is an alias"),
        ("<<: {a: 1}", "p.yaml:1:1: there is a merge key"),
        ("a: !!python/object/apply:os.system [x]", "p.yaml:1:4: there is a tag"),
        ("a: 1\n---\nb: 2", "p.yaml:2:1: there is a second document"),
        ("? [a, b]\n: 1", "p.yaml:1:3: there is a key that is not a text"),
        ("a: [1, 2", "p.yaml:1:4: this is not YAML"),
        ("a: b: c", "p.yaml:1:5: this is not YAML"),
        ("a: \x07", "p.yaml:1:4: there is a control character"),
        ("- a", "p.yaml:1:1: the file is not a mapping"),
        ("", "p.yaml:1:1: the file is not a mapping"),
        ("a: " + "[" * 5000, "there is nesting deeper than 24 levels"),
    ],
)
def test_what_a_pathway_does_without_is_refused_at_its_place(text: str, said: str) -> None:
    assert said in wrong(text)


def test_all_duplicate_keys_are_told_at_once() -> None:
    assert len(wrong("a: 1\na: 2\nb: {c: 1, c: 2}").splitlines()) == 2


def test_a_billion_laughs_are_refused_before_they_grow() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    assert "anchor" in wrong(bomb)


def test_a_file_that_is_not_utf_8_is_told_by_its_byte(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("título: España\nb: niño".encode("latin-1"))
    with pytest.raises(PathwayFileError, match=r":1:2: there is a byte that is not UTF-8; save the file as UTF-8"):
        read(path)


def test_a_byte_order_mark_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_text("a: 1", encoding="utf-8-sig")
    assert read(path) == {"a": 1}


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"a: 1\n" * (LARGEST_FILE // 4))
    with pytest.raises(PathwayFileError, match="larger than 512 kB"):
        read(path)


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_what_is_no_file_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(PathwayFileError, match="there is no such file"):
        read(tmp_path / name)
