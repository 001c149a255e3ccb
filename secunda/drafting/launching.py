"""Launching a draft: the case from its bundle, then its other files as documents of the case."""

from dataclasses import dataclass
from datetime import date, datetime

from secunda.actions.attach import attach
from secunda.actions.launch import launch
from secunda.documents import Said
from secunda.drafting.draft import Draft
from secunda.drafting.understanding import request_of, understand
from secunda.errors import BadInputError


@dataclass(frozen=True)
class LaunchedDraft:
    """The new case; `refused` names files that could not be taken, with the reason."""

    reference: str
    refused: tuple[str, ...]


def launch_draft(draft: Draft, actor: str, now: datetime) -> LaunchedDraft:
    """Open the case and attach the files. Raises BadInputError, and ConflictError for the same request again.

    A file that is refused does not keep the case from being opened; it is told.
    """
    found = understand(draft, now)
    if found.bundle is None:
        raise BadInputError(found.problem or "The patient is not known yet.", "Hand in a bundle, or type who it is.")
    launched = launch(found.bundle, request_of(draft.said), actor)
    refused = list(launched.refused_documents)
    for one in found.files:
        if one.is_bundle:
            continue
        if one.facts is None:
            refused.append(f"{one.name}: {one.refusal}")
            continue
        said = Said(
            title=one.facts.title or one.name,
            loinc=str(draft.said.get(f"loinc:{one.name}", "")),
            documented_on=_day(str(draft.said.get(f"on:{one.name}", ""))),
        )
        try:
            attach(launched.reference, draft.path(one.name), actor, said)
        except BadInputError as refusal:
            refused.append(f"{one.name}: {refusal.message}")
    draft.discard()
    return LaunchedDraft(launched.reference, tuple(refused))


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
