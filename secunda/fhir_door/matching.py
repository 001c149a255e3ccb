"""Finding the review that a message means, among the sender's own only."""

import hashlib
from collections.abc import Iterable

from sqlmodel import Session, col, or_, select

from models import Case, Patient, Review
from secunda.adapters.fhir.entries import Entry, identifiers
from secunda.adapters.fhir.values import Json, children, human_name, text

LONGEST = 200  # reviews that an inquiry by example looks at


def kept(identifier: str, longest: int = 200) -> str:
    """A claim identifier as the review's row keeps it: its hash where it is too long."""
    if len(identifier) <= longest:
        return identifier
    return f"sha256:{hashlib.sha256(identifier.encode()).hexdigest()}"


def by_names(session: Session, payer: str, names: Iterable[str]) -> tuple[Review, Case] | None:
    """By claim identifier (`system|value`) or case reference; None also where it is somebody else's."""
    wanted = {name.strip() for name in names if name.strip()}
    if not wanted:
        return None
    references = {name.rpartition("|")[2].upper() for name in wanted}
    query = select(Review, Case).join(Case, col(Review.case_id) == col(Case.id)).where(Review.payer == payer)
    query = query.where(
        or_(col(Review.claim_identifier).in_([kept(name) for name in wanted]), col(Case.reference).in_(references))
    )
    return session.exec(query.order_by(col(Review.created_at).desc()).limit(1)).first()


def of_patient(session: Session, payer: str, patient: Entry) -> list[tuple[Review, Case]]:
    """The payer's reviews of that person, the newest first."""
    values = {text(one, "value") for one in identifiers(patient.resource)} - {""}
    query = (
        select(Review, Case, Patient)
        .join(Case, col(Review.case_id) == col(Case.id))
        .join(Patient, col(Case.patient_id) == col(Patient.id))
        .where(Review.payer == payer)
        .order_by(col(Review.created_at).desc())
        .limit(LONGEST)
    )
    _, family = human_name(children(patient.resource, "name"))
    if family:
        query = query.where(or_(col(Patient.family_name).ilike(_exactly(family)), _shares(values)))
    else:
        query = query.where(_shares(values))
    rows = session.exec(query).all()
    return [(review, case) for review, case, known in rows if is_same_person(patient.resource, known)]


def is_same_person(sent: Json, known: Patient) -> bool:
    """By a shared identifier; else by family name and birth date, as far as both are told."""
    pairs = {(text(one, "system"), text(one, "value")) for one in identifiers(sent)}
    if pairs & {(one.get("system", ""), one["value"]) for one in known.identifiers}:
        return True
    _, family = human_name(children(sent, "name"))
    born = known.birth_date.isoformat() if known.birth_date else ""
    same_day = not text(sent, "birthDate") or text(sent, "birthDate") == born
    return bool(family) and family.casefold() == known.family_name.casefold() and same_day


def _shares(values: set[str]):  # type: ignore[no-untyped-def]
    return or_(*(col(Patient.identifiers).contains([{"value": value}]) for value in values)) if values else False


def _exactly(written: str) -> str:
    return written.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
