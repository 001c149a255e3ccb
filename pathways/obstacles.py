"""What stands in the way of moving a case to another version of its pathway.

Nothing that people were promised is taken back: whoever holds a place keeps it, with the dates that were told to them;
opinions are read under the rule that they were signed under; a file that is complete stays complete.
"""

from collections.abc import Callable, Iterator

from pathways.moving import Situation, at_once, roles_of, seats_under
from pathways.requirements import match, requirements
from pathways.schema import ChaseAction, Obligation, Pathway
from pathways.sections import owed
from pathways.triage import triage
from pathways.vocabulary import Urgency


def obstacles(old: Pathway, new: Pathway, now: Situation) -> tuple[str, ...]:
    """Why the case cannot be moved, in full sentences; none where it can. Raises PathwayError as above."""
    return tuple(reason for obstacle in OBSTACLES for reason in obstacle(old, new, now))


def _unknown_flags(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:  # noqa: ARG001 - the shape of one
    for key in sorted(set(now.facts.flags) - {flag.key for flag in new.flags}):
        yield f"“{key}” is marked on the case, and the new version does not know it."


def _emergency(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:  # noqa: ARG001 - the shape of one
    if triage(new, now.facts).urgency is Urgency.P0:
        yield "By the new version it is an emergency (P0) and would be redirected at once; look at it first."


def _called_roles(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:  # noqa: ARG001 - the shape of one
    for key in sorted(set(now.extra_roles) - roles_of(new)):
        yield f"The role {key} was called for this case, and the new version does not have it."


def _taken_seats(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:  # noqa: ARG001 - the shape of one
    seats = {(seat.role, seat.seat): seat for seat in seats_under(new, now)}
    for taken in now.seats:
        place = taken.role if taken.seat == 1 else f"{taken.role}/{taken.seat}"
        seat = seats.get((taken.role, taken.seat))
        if seat is None:
            yield f"The place {place} has an expert, and the new version does not have it."
        elif not set(taken.expert_reads) & set(seat.subspecialties):
            yield f"The expert in the place {place} has none of the subspecialties that the new version asks for."


def _complete_file(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:
    if not now.file_complete:
        return
    known = {one.key for one in requirements(old, now.facts)}
    for one in requirements(new, now.facts):
        is_new = one.key not in known and one.obligation is not Obligation.RECOMMENDED
        if is_new and not match(one, now.received, now.today).is_met:
            yield f"The file is complete, and the document {one.key} would be asked for after all."


def _given_up(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:  # noqa: ARG001 - the shape of one
    for one in requirements(new, now.facts):
        if one.key in now.given_up and one.obligation is Obligation.MANDATORY:
            yield f"The document {one.key} was given up, and is mandatory in the new version."


def _signed_opinions(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:
    if not now.signed:
        return
    rule = {"adjudication", "chair", "board_when", "extra_reader"}
    if old.panel.model_dump(include=rule) != new.panel.model_dump(include=rule):
        yield "Opinions are signed, and the new version would make them one by another rule."
    known = {guideline.key: set(guideline.levels) for guideline in new.report.guidelines}
    for guideline in old.report.guidelines:
        if not set(guideline.levels) <= known.get(guideline.key, set()):
            yield f"Opinions are signed that may cite {guideline.key}, which the new version has not, or not so."


def _signed_sections(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:
    before, after = ({seat.role for seat in seats_under(version, now)} for version in (old, new))
    for taken in now.signed:
        if taken.role in after and owed(old, taken.role, before, now.facts) != owed(new, taken.role, after, now.facts):
            yield f"The opinion of {taken.role} is signed, and the new version asks it for other sections."


def _climbed_rungs(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:
    for wait in now.waits:
        before, after = (dict(enumerate(getattr(version.chase, wait.wait), start=1)) for version in (old, new))
        if any(before.get(number) != after.get(number) for number in wait.climbed):
            yield f"The reminders for {wait.about} have begun, and their ladder is another one in the new version."


def _replacements(old: Pathway, new: Pathway, now: Situation) -> Iterator[str]:  # noqa: ARG001 - the shape of one
    for wait, rung in at_once(new, now):
        if rung.action is ChaseAction.REPLACE_EXPERT:
            yield f"The expert would be replaced the moment it is moved ({wait.about})."


#: Everything that may stand in the way, in the order in which it is told.
OBSTACLES: tuple[Callable[[Pathway, Pathway, Situation], Iterator[str]], ...] = (
    _emergency,
    _unknown_flags,
    _called_roles,
    _taken_seats,
    _complete_file,
    _given_up,
    _signed_opinions,
    _signed_sections,
    _climbed_rungs,
    _replacements,
)
