"""The columns of a payer's file of reviews: how the cell of each is read, and what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from pathways.vocabulary import Language
from secunda.adapters.code_systems import SYSTEMS
from secunda.reviews.asked import Code

LONGEST = 200  # characters of a cell that is no list
SEXES = {"f": "female", "m": "male", "w": "female", "v": "male", "h": "male"}
KNOWN_SEXES = ("female", "male", "other", "unknown")
#: What people write for a code system, and the URL that FHIR has for it.
URLS = {
    "cpt": "http://www.ama-assn.org/go/cpt",
    "ops": "http://fhir.de/CodeSystem/bfarm/ops",
    "snomed": "http://snomed.info/sct",
    "snomed-ct": "http://snomed.info/sct",
    "icd-10": "http://hl7.org/fhir/sid/icd-10",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd-10-gm": "http://fhir.de/CodeSystem/bfarm/icd-10-gm",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.\-]{0,39}")


class CellError(Exception):
    """What is wrong with a cell, and what would be right. The texts never hold the cell: it may be about a patient."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


@dataclass(frozen=True)
class Column:
    """`read` makes a value of a cell that is not empty; a column that is not `owed` may be absent or empty."""

    read: Callable[[str], object]
    owed: bool = False
    example: str = ""


def text(cell: str) -> str:
    if len(cell) > LONGEST:
        raise CellError(f"is longer than {LONGEST} characters", "shorten it")
    return cell


def reference(cell: str) -> str:
    if len(cell) > 80 or not cell.isprintable():
        raise CellError("is no reference", "write 1 to 80 printable characters")
    return cell


def day(cell: str) -> date:
    try:
        return date.fromisoformat(cell)
    except ValueError:
        raise CellError("is no date", "write it like 2026-03-31") from None


def sex(cell: str) -> str:
    found = SEXES.get(cell.lower(), cell.lower())
    if found not in KNOWN_SEXES:
        raise CellError("is none of the known words", f"write {', '.join(KNOWN_SEXES)}")
    return found


def language(cell: str) -> str:
    try:
        return Language(cell.lower()).value
    except ValueError:
        raise CellError("is no language that we write", f"write {', '.join(Language)}") from None


def email(cell: str) -> str:
    if not _EMAIL.fullmatch(cell) or len(cell) > 254:
        raise CellError("is no e-mail address", "write one like ana@example.org")
    return cell


def phone(cell: str) -> str:
    if not _PHONE.fullmatch(cell):
        raise CellError("is no international number", "write it without spaces, like +34931234567")
    return cell


def code_word(cell: str) -> str:
    if not _CODE.fullmatch(cell):
        raise CellError("is no code", "write one code, like 27447")
    return cell


def code_system(cell: str) -> str:
    """The URL of a code system, from a name that people use or from the URL itself."""
    url = URLS.get(cell.lower(), cell)
    if url.lower() not in SYSTEMS:
        raise CellError("is no known code system", f"write {', '.join(URLS)} or its URL")
    return url


def codes(cell: str) -> tuple[Code, ...]:
    """`M17.1; icd-10-gm|M23.3`: ICD-10 where no system is named."""
    found = []
    for one in filter(None, (part.strip() for part in re.split(r"[;\n]", cell))):
        system, bar, written = one.rpartition("|")
        found.append(Code(code_system(system.strip()) if bar else URLS["icd-10"], code_word(written.strip())))
    return tuple(found)


def questions(cell: str) -> tuple[str, ...]:
    """One a line, or set apart by semicolons."""
    return tuple(text(one.strip()) for one in re.split(r"[;\n]", cell) if one.strip())


COLUMNS: Mapping[str, Column] = {
    "payer_reference": Column(reference, owed=True, example="PA-2026-00017"),
    "procedure_code": Column(code_word, owed=True, example="27447"),
    "procedure_system": Column(code_system, example="CPT"),
    "planned_on": Column(day, example="2026-05-04"),
    "diagnosis_codes": Column(codes, example="M17.1; M17.9"),
    "family_name": Column(text, owed=True, example="Example"),
    "given_names": Column(text, owed=True, example="Anna Maria"),
    "birth_date": Column(day, owed=True, example="1961-05-04"),
    "sex": Column(sex, example="female"),
    "member_id": Column(text, example="M-445-1192"),
    "patient_email": Column(email, example="anna@example.org"),
    "patient_phone": Column(phone, example="+34931234567"),
    "patient_language": Column(language, example="es"),
    "requester": Column(text, example="Prior authorisation desk"),
    "requester_email": Column(email, example="desk@example.org"),
    "operating_site": Column(text, example="Hospital General"),
    "first_institution": Column(text, example="Clínica Norte"),
    "questions": Column(questions, example="Is surgery the best option?"),
}


def cell(name: str, written: str) -> object:
    """The value of one cell, None where it is empty. Raises CellError."""
    column, plain = COLUMNS[name], written.strip()
    if _CONTROL.search(plain):
        raise CellError("has a control character", "remove it")
    if not plain:
        if column.owed:
            raise CellError("is empty", f"write it like {column.example}")
        return None
    return column.read(plain)
