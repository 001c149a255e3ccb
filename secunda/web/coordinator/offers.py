"""What the case page offers to do: only what the state of the case allows; the actions check it again."""

from dataclasses import dataclass

from models import RightsRequest
from models.status import LIVE_ASSIGNMENT, AssignmentStatus, CaseStatus, Outcome
from pathways.overlay import LegalClock, StopReason
from pathways.schema import Flag
from pathways.terminology import document_types
from pathways.vocabulary import Text, Urgency
from secunda.actions.amendment import is_being_amended
from secunda.actions.correction import POSSIBLE
from secunda.actions.person_requests import unobtainable
from secunda.case_context import CaseContext
from secunda.permissions import Permission
from secunda.rights import requests_of
from secunda.views.case_show import CaseView
from secunda.views.panel import SeatView
from secunda.web.patient.purposes import Allowed, asked_of
from secunda.web.session import SignedIn

OWED = (AssignmentStatus.REQUESTED, AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS)


@dataclass(frozen=True)
class Offers:
    """`acts`: anything at all but an amendment. `kinds`: LOINC code and title of a document, what is missing first.

    `rights`: what the patient asked for by law, the newest of each; `answers`: whether this person may answer it;
    `cannot`: requirement → why somebody says that it cannot be had.
    """

    acts: bool
    urgencies: list[Urgency]
    stops: list[StopReason]
    starts: list[StopReason]
    extensible: list[LegalClock]
    flags: list[Flag]
    reminds: bool
    corrects: bool
    decides: bool
    amends: bool
    signed: list[SeatView]
    purposes: list[Allowed]
    kinds: list[tuple[str, Text]]
    rights: list[RightsRequest]
    answers: bool
    cannot: dict[str, str]


def offers(context: CaseContext, view: CaseView, person: SignedIn) -> Offers:
    """For this person, now."""
    case = context.case
    may = person.may(Permission.ACT_ON_CASES)
    stopped = {stop.clock for stop in context.clock_stops if stop.restarted_at is None}
    return Offers(
        acts=may and case.status is not CaseStatus.CLOSED,
        urgencies=[one for one in Urgency if one is not Urgency.P0 and one.value != case.urgency],
        stops=[why for why in StopReason if why.value not in stopped],
        starts=[why for why in StopReason if why.value in stopped],
        extensible=[one for one in context.overlay.clocks if one.extension and one.key not in case.extended_clocks],
        flags=[flag for flag in context.pathway.flags if flag.key not in case.flags],
        reminds=_reminds(view),
        corrects=case.status in POSSIBLE,
        decides=case.status is CaseStatus.AWAITING_ADJUDICATION,
        amends=may and case.outcome is Outcome.DELIVERED and not is_being_amended(context),
        signed=[seat for seat in view.panel if seat.holder and seat.holder.status is AssignmentStatus.COMPLETED],
        purposes=asked_of(context),
        kinds=_kinds(view),
        rights=list(requests_of(context.session, case).values()) if person.may(Permission.SEE_HISTORY) else [],
        answers=may,
        cannot=dict(unobtainable(context)),
    )


def _reminds(view: CaseView) -> bool:
    """Whether somebody is waited for who can be reminded."""
    if view.status is CaseStatus.AWAITING_CONSENT:
        return True
    if view.status is CaseStatus.AWAITING_DOCUMENTS:
        return any(one.status == "pending" and one.obligation != "recommended" for one in view.checklist)
    holders = [seat.holder for seat in view.panel if seat.holder and seat.holder.status in LIVE_ASSIGNMENT]
    waits = view.status not in (CaseStatus.ON_HOLD, CaseStatus.CLOSED)
    return waits and any(holder.status in OWED for holder in holders)


def _kinds(view: CaseView) -> list[tuple[str, Text]]:
    asked = sorted(view.checklist, key=lambda one: one.status != "pending")
    first = {one.loinc[0]: one.title for one in asked if one.loinc}
    rest = {code: Text(en=kind.en, es=kind.es) for code, kind in document_types().items() if code not in first}
    return [*first.items(), *sorted(rest.items(), key=lambda pair: pair[1].en)]
