"""The header of a CDA document: what it is, who wrote it, whom it is about."""

import re
from typing import Any

from pathways.facts import ContactPoint, PatientDemographics, PatientIdentifier
from pathways.vocabulary import CodeSystem, Language
from secunda.adapters.cda.values import child, children, codings_of, first_date, text_of
from secunda.adapters.contacts import contact
from secunda.errors import BadInputError

SEXES = {"F": "female", "M": "male", "UN": "other"}
_TELECOM = {"tel": "phone", "mailto": "email", "sms": "sms"}
_LOINC = re.compile(r"\d{1,7}-\d")


def title_of(root: Any) -> str:
    code = child(root, "code")
    return text_of(child(root, "title")) or (code.get("displayName") or "" if code is not None else "")


def loinc_of(root: Any) -> str:
    """The LOINC code of the document's type, which may stand as a translation of a local one."""
    for one in codings_of(child(root, "code")):
        if one.system is CodeSystem.LOINC and _LOINC.fullmatch(one.code):
            return one.code
    return ""


def source_of(root: Any) -> str:
    """The organisation that keeps the document, else the one of its author."""
    custodian = child(root, "custodian", "assignedCustodian", "representedCustodianOrganization", "name")
    author = child(root, "author", "assignedAuthor", "representedOrganization", "name")
    return text_of(custodian) or text_of(author)


def patient_of(root: Any) -> PatientDemographics:
    """The one patient. Raises BadInputError when the document is about nobody, or about several people."""
    targets = children(root, "recordTarget/patientRole")
    if not targets:
        raise BadInputError(
            "The CDA document names no patient (recordTarget).", "Export it again with its header complete."
        )
    if len(targets) > 1:
        raise BadInputError(
            "The CDA document is about several patients (recordTarget).", "Export one document for each patient."
        )
    role = targets[0]
    person = child(role, "patient")
    name = _legal_name(children(person, "name"))
    return PatientDemographics(
        identifiers=tuple(_identifiers(role)),
        given_name=" ".join(text_of(part) for part in children(name, "given")).strip(),
        family_name=" ".join(text_of(part) for part in children(name, "family")).strip() or _unstructured(name),
        birth_date=first_date(person, "birthTime"),
        sex=_sex(person),
        address=_address(child(role, "addr")),
        telecom=tuple(_telecom(role)),
        language=_language(person),
    )


def _legal_name(names: list[Any]) -> Any:
    """The name in legal use, else the first."""
    legal = [name for name in names if "L" in (name.get("use") or "").split()]
    return (legal or names or [None])[0]


def _unstructured(name: Any) -> str:
    return text_of(name) if name is not None and not len(name) else ""


def _sex(person: Any) -> Any:
    code = child(person, "administrativeGenderCode")
    return SEXES.get((code.get("code") or "").upper(), "unknown") if code is not None else "unknown"


def _identifiers(role: Any) -> list[PatientIdentifier]:
    found = [(one.get("root") or "", one.get("extension") or "") for one in children(role, "id")]
    return [
        PatientIdentifier(system=f"urn:oid:{root}" if extension else "", value=extension or root)
        for root, extension in found
        if root or extension
    ]


def _address(address: Any) -> str:
    if address is None:
        return ""
    return ", ".join(part for part in (text_of(line) for line in address) if part) or text_of(address)


def _telecom(role: Any) -> list[ContactPoint]:
    written = ((one.get("value") or "").partition(":") for one in children(role, "telecom"))
    return [contact(_TELECOM.get(scheme.lower(), "other"), value) for scheme, _, value in written if value.strip()]


def _language(person: Any) -> Language | None:
    code = child(person, "languageCommunication", "languageCode")
    written = (code.get("code") or "")[:2].lower() if code is not None else ""
    return Language(written) if written in set(Language) else None
