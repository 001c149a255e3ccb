"""Whether a document is about the case's patient. A difference is a warning to the coordinator, not a refusal."""

import unicodedata

from pathways.facts import PatientDemographics
from secunda.adapters.file_facts import FileWarning


def differences(found: PatientDemographics | None, expected: PatientDemographics) -> tuple[FileWarning, ...]:
    """How the patient that a document names differs from the case's, as codes that hold no patient data.

    Hospitals number patients each in their own way, so identifiers do not count. Names may differ in order, accents,
    case and second names: `GARCIA^JUAN` is Juan José García Pérez.
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
    """Two words in common (one, where a side has but one), and a given name among them: siblings share surnames."""
    mine, theirs = _words(one), _words(other)
    given = _words(PatientDemographics(given_name=one.given_name))
    return len(mine & theirs) >= min(len(mine), len(theirs), 2) and (not given or bool(given & theirs))


def _words(patient: PatientDemographics) -> set[str]:
    """The words of a name without accents, case and punctuation; initials do not count, but one sign may be a name
    where each sign is a word (李)."""
    plain = unicodedata.normalize("NFKD", f"{patient.given_name} {patient.family_name}".casefold())
    letters = "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one))
    return {word for word in letters.split() if len(word) > 1 or unicodedata.category(word) == "Lo"}


def _known(sex: str) -> str | None:
    return None if sex == "unknown" else sex


def _differ(one: object | None, other: object | None) -> bool:
    return one is not None and other is not None and one != other
