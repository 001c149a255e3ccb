"""What is known of a case: the clinical record as it was received, and the facts that rules are written over."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from pathways.vocabulary import Coding, Frozen, Language

NEVER = 9999  # days to something that is not planned


class ContactPoint(Frozen):
    """FHIR ContactPoint."""

    system: Literal["phone", "email", "sms", "other"]
    value: str


class PatientIdentifier(Frozen):
    system: str = ""
    value: str


class PatientDemographics(Frozen):
    """The patient as the source names them (FHIR Patient). Never leaves the domain store."""

    identifiers: tuple[PatientIdentifier, ...] = ()
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: Literal["female", "male", "other", "unknown"] = "unknown"
    address: str = ""
    telecom: tuple[ContactPoint, ...] = ()
    language: Language | None = None


class ClinicalItem(Frozen):
    """A condition, procedure, medication or allergy: all its codings, when, and whether it is active."""

    codings: tuple[Coding, ...] = ()
    text: str = ""
    started: date | None = None
    ended: date | None = None
    active: bool = True


class ObservationItem(Frozen):
    """One result; `value` is the number with its UCUM `unit`, else `text`."""

    codings: tuple[Coding, ...] = ()
    text: str = ""
    value: float | None = None
    unit: str = ""
    observed_at: datetime | None = None


class ClinicalRecord(Frozen):
    """Everything structured that a source bundle told about one patient."""

    patient: PatientDemographics
    conditions: tuple[ClinicalItem, ...] = ()
    procedures: tuple[ClinicalItem, ...] = ()
    medications: tuple[ClinicalItem, ...] = ()
    allergies: tuple[ClinicalItem, ...] = ()
    observations: tuple[ObservationItem, ...] = ()


class CaseFacts(Frozen):
    """The variables of every `when:` expression. Every field always has a value, so a rule never meets a gap.

    Codes are bare (`C50.9`, `254837009`, `27447`); `documents` and `imaging` hold LOINC codes and DICOM modalities
    of what was received; days count from now, `NEVER` (9999) where nothing is planned.
    """

    age: int = Field(default=50, ge=0, le=150)
    sex: Literal["female", "male", "other", "unknown"] = "unknown"
    conditions: tuple[str, ...] = ()
    past_conditions: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    medications: tuple[str, ...] = ()
    allergies: tuple[str, ...] = ()
    observations: dict[str, float] = Field(default_factory=dict)
    documents: tuple[str, ...] = ()
    imaging: tuple[str, ...] = ()
    cine_imaging: bool = False
    flags: tuple[str, ...] = ()
    planned_procedure: str = ""
    days_to_procedure: int = NEVER
    days_to_treatment: int = NEVER
    months_since_first_symptoms: int = 0
    phenotype_terms: int = 0
    payer: str = ""
    jurisdiction: str = ""
