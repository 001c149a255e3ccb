"""Whom a message can go to, looked up at the moment of sending: addresses stand in one place only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlmodel import Session, select

from models import Case, Expert, Patient
from pathways import overlay
from pathways.errors import PathwayError
from pathways.vocabulary import Language
from secunda.errors import NotFoundError
from secunda.reviews.payers import payer_of_case
from secunda.settings import Settings, settings

EXPERT_PREFIX = "expert:"
FALLBACK_ZONE = "UTC"


class RecipientKind(StrEnum):
    PATIENT = "patient"
    REQUESTER = "requester"
    COORDINATOR = "coordinator"
    MEDICAL_DIRECTOR = "medical_director"
    EXPERT = "expert"
    PAYER = "payer"  # who hears, on the payer's side, that a clock runs out
    PAYER_MEDICAL_DIRECTOR = "payer_medical_director"  # to whom an answer is pended


ON_THE_PAYERS_SIDE = (RecipientKind.PAYER, RecipientKind.PAYER_MEDICAL_DIRECTOR)


@dataclass(frozen=True)
class Recipient:
    """Who is written to. `addresses`: channel → address, those that exist; `zone`: the IANA zone of their clock."""

    key: str  # the kind, or expert:<code>
    kind: RecipientKind
    language: Language
    zone: str
    addresses: Mapping[str, str] = field(repr=False)

    def first_channel(self, preference: Iterable[str]) -> str | None:
        """The first of the preferred channels that has an address."""
        return next((channel for channel in preference if channel in self.addresses), None)


def kind_of(key: str) -> RecipientKind:
    """The kind of a recipient key; raises ValueError for a key that is none."""
    return RecipientKind.EXPERT if key.startswith(EXPERT_PREFIX) else RecipientKind(key)


def expert_of(session: Session, key: str) -> Expert:
    """The expert that an `expert:<code>` key names; raises NotFoundError."""
    code = key.removeprefix(EXPERT_PREFIX)
    found = session.exec(select(Expert).where(Expert.code == code)).first()
    if found is None:
        raise NotFoundError(f"There is no expert {code!r}.", "`secunda expert list` shows the directory.")
    return found


def resolve(session: Session, case: Case, key: str) -> Recipient:
    """Language, clock and addresses of a recipient as they are now; raises NotFoundError for an unknown expert."""
    kind = kind_of(key)
    using = settings()
    languages, addresses = _known(session, case, key, kind, using)
    return Recipient(
        key=key,
        kind=kind,
        language=preferred_language(languages),
        zone=zone_of(case),
        addresses={channel: address for channel, address in addresses.items() if address},
    )


def _known(
    session: Session, case: Case, key: str, kind: RecipientKind, using: Settings
) -> tuple[list[str], dict[str, str]]:
    """Languages in order of preference, and an address a channel (empty where there is none)."""
    if kind is RecipientKind.EXPERT:
        expert = expert_of(session, key)
        return expert.languages, {"email": expert.email, "sms": expert.phone}
    if kind is RecipientKind.PATIENT:
        patient = session.get_one(Patient, case.patient_id)
        return [patient.language], {"email": patient.email, "sms": patient.phone}
    if kind is RecipientKind.REQUESTER:
        return [case.language], {"email": case.requester_email}
    if kind in ON_THE_PAYERS_SIDE:
        return _on_the_payers_side(case, kind)
    if kind is RecipientKind.COORDINATOR:
        return [case.language], {"email": using.coordinator_email, "sms": using.coordinator_phone}
    return [case.language], {"email": using.medical_director_email, "sms": using.medical_director_phone}


def _on_the_payers_side(case: Case, kind: RecipientKind) -> tuple[list[str], dict[str, str]]:
    """Whom the payer's file names; nobody has an address where it has none."""
    payer = payer_of_case(case.payer)
    if payer is None:
        return [case.language], {}
    contact = payer.escalates_to if kind is RecipientKind.PAYER else payer.medical_director
    return [contact.language.value], {"email": contact.email, "sms": contact.phone or ""}


def preferred_language(languages: Iterable[str]) -> Language:
    """The first language that messages are written in, else English."""
    written = {language.value for language in Language}
    return Language(next((language for language in languages if language in written), Language.EN))


def zone_of(case: Case) -> str:
    """The zone of the case's jurisdiction. Experts and patients have none of their own; every time names its zone."""
    try:
        return overlay.load(case.jurisdiction).calendar.timezone
    except PathwayError:
        return FALLBACK_ZONE


def other_channel(recipient: Recipient, last: str | None, preference: Iterable[str]) -> str | None:
    """The first preferred channel with an address that is not the last one used; None when there is no other."""
    return recipient.first_channel(channel for channel in preference if channel != last)
