"""Whether a document is about the case's patient. A difference is a warning to the coordinator, not a refusal."""

import unicodedata

from pathways.facts import PatientDemographics
from secunda.adapters.file_facts import FileWarning


def differences(found: PatientDemographics | None, expected: PatientDemographics) -> tuple[FileWarning, ...]:
    """How the patient that a document names differs from the case's, as codes that hold no patient data.

    Hospitals number patients each in their own way, so identifiers do not count. Names match when each side's family
    names and given names share a word, whatever the order, accents or case: `García Pérez^Juan` is `Juan Garcia`.
    """
    if found is None:
        return ()
    names = _words(found)
    if not names and found.birth_date is None:
        return (FileWarning.PATIENT_NOT_NAMED,)
    differs = {
        FileWarning.PATIENT_NAME_DIFFERS: bool(names and _words(expected)) and not _same_name(found, expected),
        FileWarning.PATIENT_BIRTH_DATE_DIFFERS: _differ(found.birth_date, expected.birth_date),
        FileWarning.PATIENT_SEX_DIFFERS: _differ(_known(found.sex), _known(expected.sex)),
    }
    return tuple(warning for warning, is_so in differs.items() if is_so)


def _same_name(one: PatientDemographics, other: PatientDemographics) -> bool:
    """At least one word in common, and all words of the shorter name where it has but one or two."""
    mine, theirs = _words(one), _words(other)
    shorter = min(len(mine), len(theirs))
    return len(mine & theirs) >= min(shorter, 2)


def _words(patient: PatientDemographics) -> set[str]:
    """The words of a name without accents, case and punctuation; initials do not count."""
    plain = unicodedata.normalize("NFKD", f"{patient.given_name} {patient.family_name}".casefold())
    letters = "".join(" " if not one.isalnum() else one for one in plain if not unicodedata.combining(one))
    return {word for word in letters.split() if len(word) > 1}


def _known(sex: str) -> str | None:
    return None if sex == "unknown" else sex


def _differ(one: object | None, other: object | None) -> bool:
    return one is not None and other is not None and one != other
