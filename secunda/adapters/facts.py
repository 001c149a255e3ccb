"""From a clinical record and what was received to the facts that rules are written over. Pure: today is an argument."""

from collections.abc import Iterable, Sequence
from datetime import date

from pathways.facts import NEVER, CaseFacts, ClinicalItem, ClinicalRecord, ObservationItem
from pathways.requirements import DICOM, ReceivedDocument
from pathways.vocabulary import CodeSystem
from secunda.adapters.modalities import is_cine

OLDEST = 150  # years; `CaseFacts.age` ends there


def case_facts(
    record: ClinicalRecord,
    *,
    today: date,
    documents: Sequence[ReceivedDocument] = (),
    flags: tuple[str, ...] = (),
    planned_procedure: str = "",
    procedure_on: date | None = None,
    treatment_starts_on: date | None = None,
    first_symptoms_on: date | None = None,
    payer: str = "",
    jurisdiction: str = "",
) -> CaseFacts:
    """The facts of a case on a day; what is not known keeps the default of its field."""
    known: dict[str, object] = {}
    if record.patient.birth_date is not None:
        known["age"] = min(max(_years(record.patient.birth_date, today), 0), OLDEST)
    if first_symptoms_on is not None:
        known["months_since_first_symptoms"] = max(_months(first_symptoms_on, today), 0)
    return CaseFacts(
        sex=record.patient.sex,
        conditions=_codes(item for item in record.conditions if item.active),
        past_conditions=_codes(item for item in record.conditions if not item.active),
        procedures=_codes(record.procedures),
        medications=_codes(item for item in record.medications if item.active),
        allergies=_codes(item for item in record.allergies if item.active),
        observations=_latest_values(record),
        documents=tuple(sorted({document.loinc for document in documents if document.loinc})),
        imaging=tuple(sorted({document.modality for document in documents if _is_study(document)})),
        cine_imaging=any(_is_study(document) and is_cine(document.modality, document.frames) for document in documents),
        flags=flags,
        planned_procedure=planned_procedure,
        days_to_procedure=_days_to(procedure_on, today),
        days_to_treatment=_days_to(treatment_starts_on, today),
        phenotype_terms=_phenotype_terms(record),
        payer=payer,
        jurisdiction=jurisdiction,
        **known,
    )


def ahead(planned: date | None, asked_on: date) -> date | None:
    """A day that had passed when the opinion was asked for hastens nothing: a slip of the hand, or asked afterwards."""
    return planned if planned is not None and planned >= asked_on else None


def _codes(items: Iterable[ClinicalItem]) -> tuple[str, ...]:
    """Bare codes; those of systems that pathways do not speak of are left out, for they may look like others."""
    codings = (coding for item in items for coding in item.codings)
    return tuple(sorted({coding.code for coding in codings if coding.system is not CodeSystem.OTHER}))


def _is_study(document: ReceivedDocument) -> bool:
    """A study whose pictures we hold, not a report or a plan that speaks of one."""
    return document.media_type == DICOM and bool(document.modality)


def _latest_values(record: ClinicalRecord) -> dict[str, float]:
    """The newest number of each LOINC code; undated ones count as oldest, and of equals the last one given."""
    dated = [item for item in record.observations if item.value is not None]
    dated.sort(key=lambda item: item.observed_at.timestamp() if item.observed_at else 0.0)
    return {
        coding.code: item.value
        for item in dated
        for coding in item.codings
        if coding.system is CodeSystem.LOINC and item.value is not None
    }


def _phenotype_terms(record: ClinicalRecord) -> int:
    """How many different HPO terms the record holds, as conditions or as observations."""
    items: list[ClinicalItem | ObservationItem] = [*record.conditions, *record.observations]
    return len({coding.code for item in items for coding in item.codings if coding.system is CodeSystem.HPO})


def _days_to(planned: date | None, today: date) -> int:
    """A day that has passed counts as today: what was planned for it has become more urgent, not less."""
    return NEVER if planned is None else min(max((planned - today).days, 0), NEVER)


def _years(since: date, today: date) -> int:
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))


def _months(since: date, today: date) -> int:
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
