"""Which documents a case needs, and which received document meets a requirement."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from pathways import rules
from pathways.facts import CaseFacts
from pathways.schema import DocumentFormat, DocumentRequirement, Obligation, Pathway
from pathways.terminology import modalities_of
from pathways.vocabulary import Frozen

DICOM = "application/dicom"


class ReceivedDocument(Frozen):
    """What matching needs to know of a received document. `frames`: those of the longest object of its study."""

    id: str
    loinc: str = ""
    media_type: str = ""
    documented_on: date | None = None
    modality: str = ""
    frames: int | None = None


class Mismatch(StrEnum):
    """Why a received document does not meet a requirement."""

    OTHER_TYPE = "other_type"
    WRONG_FORMAT = "wrong_format"
    UNDATED = "undated"
    TOO_OLD = "too_old"


class RejectedDocument(Frozen):
    id: str
    reason: Mismatch


class Match(Frozen):
    """The document that meets the requirement (the newest of several), or why each one near it does not.

    Documents of another type are left out of `rejected`.
    """

    document: ReceivedDocument | None = None
    rejected: tuple[RejectedDocument, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.document is not None


def requirements(pathway: Pathway, facts: CaseFacts) -> tuple[DocumentRequirement, ...]:
    """The documents that the pathway asks of this case, in its order. Raises PathwayError for a broken `when`."""
    context = rules.variables(facts) if any(one.when != "true" for one in pathway.documents) else facts
    return tuple(one for one in pathway.documents if rules.holds(one.when, context))


def match(requirement: DocumentRequirement, documents: Iterable[ReceivedDocument], on: date) -> Match:
    """The newest of `documents` that meets the requirement on that day.

    A maximum age counts in calendar days from the document's date; an undated document cannot meet it.
    """
    fitting, rejected = [], []
    for document in documents:
        reason = mismatch(requirement, document, on)
        if reason is None:
            fitting.append(document)
        elif reason is not Mismatch.OTHER_TYPE:
            rejected.append(RejectedDocument(id=document.id, reason=reason))
    newest = max(fitting, key=lambda document: document.documented_on or date.min, default=None)
    return Match(document=newest, rejected=tuple(rejected))


def mismatch(requirement: DocumentRequirement, document: ReceivedDocument, on: date) -> Mismatch | None:
    """Why the document does not meet the requirement; None where it does."""
    if not _is_of_type(requirement, document):
        return Mismatch.OTHER_TYPE
    if not _has_format(requirement.format, document):
        return Mismatch.WRONG_FORMAT
    if requirement.maximum_age is None:
        return None
    if document.documented_on is None:
        return Mismatch.UNDATED
    return Mismatch.TOO_OLD if document.documented_on < on - requirement.maximum_age.roughly else None


def missing(pathway: Pathway, facts: CaseFacts) -> tuple[str, ...]:
    """Keys of what is still owed, going by the codes in the facts alone: the documents' ages are not known there.

    Recommended documents never hold a case up, so they are not counted.
    """
    return tuple(
        one.key
        for one in requirements(pathway, facts)
        if one.obligation is not Obligation.RECOMMENDED and not _is_among_facts(one, facts)
    )


def _is_of_type(requirement: DocumentRequirement, document: ReceivedDocument) -> bool:
    """By LOINC code; a DICOM object that came without one, by the modalities that the requirement's codes stand for."""
    if document.loinc or document.media_type != DICOM or requirement.format is DocumentFormat.ANY:
        return document.loinc in requirement.loinc
    return any(document.modality in modalities_of(code) for code in requirement.loinc)


def _has_format(wanted: DocumentFormat, document: ReceivedDocument) -> bool:
    if wanted is DocumentFormat.ANY:
        return True
    is_cine = (document.frames or 1) > 1
    return document.media_type == DICOM and (wanted is DocumentFormat.DICOM or is_cine)


def _is_among_facts(requirement: DocumentRequirement, facts: CaseFacts) -> bool:
    has_format = {
        DocumentFormat.ANY: True,
        DocumentFormat.DICOM: bool(facts.imaging),
        DocumentFormat.CINE_DICOM: facts.cine_imaging,
    }
    return has_format[requirement.format] and any(code in facts.documents for code in requirement.loinc)
