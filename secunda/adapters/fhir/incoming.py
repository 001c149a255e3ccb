"""What a bundle brings, in Secunda's words."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pathways.facts import ClinicalRecord
from pathways.vocabulary import Coding


class BundleWarning(StrEnum):
    """What was left out or looks odd. The code may be logged: it says nothing of the patient."""

    SUBJECT_NOT_IN_BUNDLE = "subject_not_in_bundle"
    REFERENCE_TO_NOWHERE = "reference_to_nowhere"
    MODIFIER_NOT_UNDERSTOOD = "modifier_not_understood"
    NO_BIRTH_DATE = "no_birth_date"
    BIRTH_DATE_PARTIAL = "birth_date_partial"
    PATIENT_DECEASED = "patient_deceased"
    PATIENT_IS_MINOR = "patient_is_minor"
    SEVERAL_REQUESTS = "several_requests"
    ATTACHMENT_WITHOUT_CONTENT = "attachment_without_content"
    ATTACHMENT_SIZE_DIFFERS = "attachment_size_differs"
    ATTACHMENT_HASH_UNKNOWN = "attachment_hash_unknown"


@dataclass(frozen=True)
class Noticed:
    """A warning and where in the bundle it arose (JSON pointer, RFC 6901)."""

    warning: BundleWarning
    pointer: str


@dataclass(frozen=True)
class IncomingDocument:
    """A document that the bundle carries (`content`), points at (`source_url`) or only names (neither).

    `media_type` is what the sender says: `secunda.adapters.intake` decides by the bytes. `expected_sha1` (hex) is what
    a file fetched from `source_url` must hash to, where the sender told (FHIR Attachment.hash).
    """

    pointer: str
    title: str = field(default="", repr=False)
    loinc: str = ""
    media_type: str = ""
    documented_on: date | None = None
    source: str = ""
    content: bytes | None = field(default=None, repr=False)
    source_url: str = field(default="", repr=False)
    expected_sha1: str = ""
    modality: str = ""
    study_uid: str = ""
    frames: int | None = None


@dataclass(frozen=True)
class IncomingOrganisation:
    """FHIR Organization: requester, operating site, payer, insurer."""

    name: str
    identifiers: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class IncomingQuestion:
    """A question that the report must answer."""

    asked_by: Literal["requester", "patient"]
    text: str = field(repr=False)


@dataclass(frozen=True)
class IncomingRequest:
    """What is asked, from a ServiceRequest or a preauthorization Claim.

    `priority` is the FHIR request-priority code; `identifiers` are the sender's own, as `system|value`.
    """

    pointer: str
    reason: str = field(default="", repr=False)
    reason_codings: tuple[Coding, ...] = field(default=(), repr=False)
    questions: tuple[IncomingQuestion, ...] = field(default=(), repr=False)
    planned_procedure: Coding | None = None
    procedure_on: date | None = None
    priority: str = ""
    identifiers: tuple[str, ...] = ()
    requester: IncomingOrganisation | None = None
    performer: IncomingOrganisation | None = None
    payer: IncomingOrganisation | None = None
    practitioners: tuple[str, ...] = ()


@dataclass(frozen=True)
class IncomingConsent:
    """FHIR Consent, the part that matters here. `scope` and `categories` are the sender's codes."""

    pointer: str
    permits: bool
    scope: str = ""
    categories: tuple[str, ...] = ()
    given_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class IncomingBundle:
    """A bundle, read. `sha256` is that of its bytes; `practitioners` are all names in it that treated the patient."""

    sha256: str
    record: ClinicalRecord = field(repr=False)
    documents: tuple[IncomingDocument, ...] = ()
    request: IncomingRequest | None = None
    consents: tuple[IncomingConsent, ...] = ()
    organisations: tuple[IncomingOrganisation, ...] = ()
    practitioners: tuple[str, ...] = ()
    deceased: bool = False
    deceased_on: date | None = None
    noticed: tuple[Noticed, ...] = ()
