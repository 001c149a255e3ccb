"""`secunda pathway diff` and `migrate`: what differs between versions, and moving cases from one to another."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secunda.cli.options import Actor, Reason, known_word, who
from secunda.cli.output import AsJson, print_json
from secunda.cli.showing import moment, words
from secunda.settings import settings

if TYPE_CHECKING:
    from pathways.schema import Pathway
    from secunda.moving import Move
    from secunda.pathway_versions import Version

Old = Annotated[
    str | None,
    typer.Argument(metavar="[OLD]", help="cardiology, cardiology@0.1.0, the beginning of a hash, or a file."),
]
New = Annotated[str | None, typer.Argument(metavar="[NEW]", help="The same; without it, the file of that specialty.")]


def diff(
    old: Old = None,
    new: New = None,
    language: Annotated[str, typer.Option(metavar="LANGUAGE", help="es, ca, en, fr, de or pt.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Show what differs between two versions of a pathway.

    With a specialty alone: between the versions that its open cases are pinned to and its file. Without anything: that
    for every specialty.
    """
    from pathways.difference import differences
    from pathways.vocabulary import Language

    spoken = known_word(language, tuple(Language), "--language")
    pairs = list(_pairs(old, new))
    compared = [
        {
            "old": {"name": before.name, "version": before.pathway.version, "hash": before.hash, "open_cases": count},
            "new": {"name": after.name, "version": after.pathway.version, "hash": after.hash},
            "differences": differences(before.pathway, after.pathway),
        }
        for before, after, count in pairs
    ]
    if as_json:
        return print_json(compared)
    if not compared:
        print("No open case is pinned to another version than its file's.")
    for one, (before, after, _) in zip(compared, pairs, strict=True):
        _print_difference(one, _lines_of(before.pathway, after.pathway, spoken))
    return None


def migrate(
    specialty: Annotated[str, typer.Argument(metavar="SPECIALTY", help="Whose open cases.")],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="The new version; without it, the specialty's file.")
    ] = None,
    cases: Annotated[
        list[str] | None, typer.Option("--case", metavar="CASE", help="Only this one; repeatable.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would change; change nothing.")] = False,
    reason: Reason = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Move open cases to the new version of their pathway; a reason is owed. Exits 1 when some cannot be moved."""
    from pathways import loader
    from pathways.vocabulary import Specialty
    from secunda.actions import pathway as act
    from secunda.errors import BadInputError

    known = known_word(specialty, [one.value for one in Specialty], "SPECIALTY")
    loaded = loader.load(to or loader.path_of(known, settings().pathway_folder))
    if loaded.pathway.pathway != known:
        raise BadInputError(f"This file is the pathway {loaded.pathway.pathway}.", f"Name {known}'s.", place=str(to))
    chosen = cases or ()
    found = list(act.moves(loaded, chosen) if dry_run else act.move(loaded, who(actor), reason, chosen))
    if as_json:
        print_json(found)
    else:
        _print_moves(found, loaded.pathway.version, dry_run=dry_run)
    raise typer.Exit(1 if not dry_run and any(one.obstacles for one in found) else 0)


def _pairs(old: str | None, new: str | None) -> "Iterable[tuple[Version, Version, int | None]]":
    """What is compared with what, and how many open cases are pinned to the older."""
    from pathways.vocabulary import Specialty
    from secunda.pathway_versions import find, pinned

    if old is not None and (new is not None or old not in set(Specialty)):
        before = find(old)
        yield before, find(new or before.pathway.pathway), None
        return
    for specialty in Specialty if old is None else (old,):
        versions = pinned(specialty)
        after = find(specialty) if versions else None
        yield from ((before, after, count) for before, count in versions if after and before.hash != after.hash)


def _print_difference(one: dict[str, Any], lines: Iterable[str]) -> None:
    old, new = one["old"], one["new"]
    pinned = f", {old['open_cases']} open cases" if old["open_cases"] is not None else ""
    print(f"{old['name']}{pinned} → {new['name']}")
    if old["hash"] != new["hash"] and old["version"] == new["version"]:
        print(f"Both say they are version {new['version']}: raise `version:` in the newer file.")
    print("\n".join(lines) if one["differences"] else "They say the same.")


def _lines_of(older: "Pathway", newer: "Pathway", language: str) -> Iterable[str]:
    """The differences as the page of the pathway tells them; the place in the file stands in brackets."""
    from secunda.web.versions import told

    for part in told(older, newer, language):
        yield from ("", part.title)
        for entry in part.entries:
            yield f"  {entry.title}: {entry.change}"
            for line in entry.lines:
                turned = f"{line.before or '–'} → {line.after or '–'}"
                yield f"    {line.what}: {(line.before or line.after) if entry.is_whole else turned}  [{line.path}]"


def _print_moves(found: "list[Move]", version: str, *, dry_run: bool) -> None:
    for one in found:
        verb = "stays" if one.obstacles else "would move" if dry_run else "moved"
        print(f"{one.case}  {words(one.status)}: {verb}, {one.version_before} → {one.version_after}")
        for line in _lines(one):
            print(f"    {line}")
    free = sum(not one.obstacles for one in found)
    counted = f"{free} of {len(found)} open cases {'can be' if dry_run else 'were'} moved to version {version}."
    print(counted if found else f"Every open case is on version {version} already.")


def _lines(one: "Move") -> Iterable[str]:
    """What a person must know of one case."""
    yield from (f"✗ {obstacle}" for obstacle in one.obstacles)
    if one.difference is None:
        return
    for what in ("documents", "seats", "sections"):
        names = getattr(one.difference, what)
        told = {"+": names.added, "−": names.dropped, "~": names.changed}
        listed = [f"{sign} {name}" for sign, some in told.items() for name in some]
        if listed:
            yield f"{what}: {', '.join(listed)}"
    if one.urgency_before != one.urgency_after:
        yield f"class: {one.urgency_before} → {one.urgency_after}"
    for date in one.dates:
        yield f"{date.about} due: {moment(date.before)} → {moment(date.after)}"
    if one.difference.at_once:
        yield f"at once: {', '.join(words(step) for step in one.difference.at_once)}"


COMMANDS: dict[str, Callable[..., Any]] = {"diff": diff, "migrate": migrate}
