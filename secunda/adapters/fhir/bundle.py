"""Reading a bundle from its bytes to what Secunda makes of it."""

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from pathways.facts import ClinicalItem, ClinicalRecord
from secunda.adapters.fhir.consents import read_consents
from secunda.adapters.fhir.dangling import dangling
from secunda.adapters.fhir.documents import read_documents
from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.incoming import BundleWarning, IncomingBundle, IncomingRequest, Noticed
from secunda.adapters.fhir.modifiers import modifier_in
from secunda.adapters.fhir.parsing import parse
from secunda.adapters.fhir.patient import SUBJECTS, find_patient, read_patient
from secunda.adapters.fhir.people import organisation, person_name
from secunda.adapters.fhir.purpose import refuse_other_purposes
from secunda.adapters.fhir.record import read_items
from secunda.adapters.fhir.request import find_request, read_request
from secunda.adapters.fhir.shape import check_shape
from secunda.adapters.fhir.validation import validate
from secunda.adapters.fhir.values import Json, to_date
from secunda.adapters.fhir.version import refuse_other_versions
from secunda.adapters.storage import CHUNK
from secunda.errors import BadInputError
from secunda.settings import settings

ADULT = 18  # years; below, a guardian consents (Ley 41/2002, art. 9; the overlay may ask for less)
#: Types whose content is the patient's own record.
CLINICAL = {"Condition", "Procedure", "AllergyIntolerance", "MedicationRequest", "MedicationStatement", "Observation"}
CLINICAL |= {"DiagnosticReport", "DocumentReference", "ImagingStudy", "Composition", "Consent"}


def read_bundle(source: bytes | BinaryIO | Path, now: datetime, limit_bytes: int | None = None) -> IncomingBundle:
    """Read a FHIR R4 bundle of type transaction, batch, collection, document, message or searchset.

    `now` tells minors and impossible birth dates. Raises BadInputError (BundleError with every place, where there are
    several) for what is too large, malformed, of another version, invalid, about no or several patients, or no request
    for care at all. Doing it twice gives equal results.
    """
    content = _content(source, settings().max_bundle_bytes if limit_bytes is None else limit_bytes)
    bundle, entries = open_bundle(content)
    refuse_other_purposes(bundle, entries)
    validate(entries)
    return understand(entries, hashlib.sha256(content).hexdigest(), now)


def open_bundle(content: bytes) -> tuple[Json, Entries]:
    """The bundle and its entries, whatever they are for; raises BadInputError where this is no bundle of FHIR R4."""
    bundle = check_shape(parse(content))
    entries = Entries(bundle)
    refuse_other_versions(entries)
    return bundle, entries


def _content(source: bytes | BinaryIO | Path, limit: int) -> bytes:
    if isinstance(source, bytes):
        content = source
    elif isinstance(source, Path):
        try:
            with source.open("rb") as file:
                content = file.read(limit + 1)
        except OSError:
            raise BadInputError("The bundle cannot be read.", "Check the file's name and permissions.") from None
    else:
        content = _at_most(source, limit)
    if len(content) > limit:
        raise BadInputError(
            f"The bundle is larger than {limit / 2**20:.6g} MiB.",
            "Send documents by URL or attach them afterwards, or ask operations to raise SECUNDA_MAX_BUNDLE_BYTES.",
        )
    return content


def _at_most(source: BinaryIO, limit: int) -> bytes:
    """Up to one byte more than `limit`: a stream may give less than it is asked for."""
    pieces, left = [], limit + 1
    while left > 0 and (piece := source.read(min(CHUNK, left))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def understand(entries: Entries, sha256: str, now: datetime) -> IncomingBundle:
    """What Secunda makes of valid entries."""
    patient = find_patient(entries)
    demographics = read_patient(patient, now.date())
    theirs, noticed = _of_patient(entries, patient)
    items = read_items(theirs, entries)
    documents, odd_documents = read_documents(theirs, entries)
    request, odd_requests = _request(entries, patient)
    items["conditions"] += _diagnoses(request, items["conditions"])
    return IncomingBundle(
        sha256=sha256,
        record=ClinicalRecord(patient=demographics, **items),
        documents=tuple(documents),
        request=request,
        consents=read_consents(theirs),
        organisations=tuple(dict.fromkeys(organisation(entry.resource) for entry in entries.of("Organization"))),
        practitioners=_practitioners(entries),
        deceased=_is_deceased(patient.resource),
        deceased_on=to_date(patient.resource.get("deceasedDateTime")),
        noticed=(
            *_about(patient, demographics.birth_date, now.date()),
            *noticed,
            *dangling(theirs, entries),
            *odd_documents,
            *odd_requests,
        ),
    )


def _request(entries: Entries, patient: Entry) -> tuple[IncomingRequest | None, list[Noticed]]:
    entry, noticed = find_request(entries)
    if entry is None:
        return None, noticed
    problem = _problem_of(entry, entries, patient)
    if problem is not None:
        return None, [*noticed, Noticed(problem, entry.pointer)]
    return read_request(entry, entries), [*noticed, *dangling([entry], entries)]


def _of_patient(entries: Entries, patient: Entry) -> tuple[list[Entry], list[Noticed]]:
    """The clinical entries that are about the patient and can be relied on; what is left out is noticed."""
    theirs, noticed = [], []
    for entry in entries.all:
        if entry.type not in CLINICAL:
            continue
        problem = _problem_of(entry, entries, patient)
        if problem is None:
            theirs.append(entry)
        else:
            noticed.append(Noticed(problem, entry.pointer))
    return theirs, noticed


def _problem_of(entry: Entry, entries: Entries, patient: Entry) -> BundleWarning | None:
    if modifier_in(entry.resource) is not None:
        return BundleWarning.MODIFIER_NOT_UNDERSTOOD
    for name in SUBJECTS:
        reference = entry.resource.get(name)
        if isinstance(reference, dict) and not _means(entries.find(reference, entry), patient):
            return BundleWarning.SUBJECT_NOT_IN_BUNDLE
    return None


def _means(target: Entry | None, patient: Entry) -> bool:
    return target is not None and (target.number, target.contained) == (patient.number, patient.contained)


def _about(patient: Entry, born: date | None, today: date) -> list[Noticed]:
    written = patient.resource.get("birthDate")
    found = {
        BundleWarning.NO_BIRTH_DATE: born is None,
        BundleWarning.BIRTH_DATE_PARTIAL: isinstance(written, str) and len(written) < 10,
        BundleWarning.PATIENT_DECEASED: _is_deceased(patient.resource),
        BundleWarning.PATIENT_IS_MINOR: born is not None and _completed_years(born, today) < ADULT,
    }
    return [Noticed(warning, patient.pointer) for warning, is_so in found.items() if is_so]


def _completed_years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _is_deceased(resource: Json) -> bool:
    return resource.get("deceasedBoolean") is True or bool(resource.get("deceasedDateTime"))


def _diagnoses(request: IncomingRequest | None, known: tuple[ClinicalItem, ...]) -> tuple[ClinicalItem, ...]:
    """A claim's diagnoses are conditions, also where no Condition repeats them."""
    codes = {one.code for item in known for one in item.codings}
    found = () if request is None else request.reason_codings
    return tuple(
        ClinicalItem(codings=(one,), text=one.display) for one in dict.fromkeys(found) if one.code not in codes
    )


def _practitioners(entries: Entries) -> tuple[str, ...]:
    names = (person_name(entry.resource) for entry in entries.of("Practitioner"))
    return tuple(dict.fromkeys(name for name in names if name))
