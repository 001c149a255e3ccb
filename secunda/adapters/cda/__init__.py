"""CDA R2 and C-CDA documents. Sources: HL7 CDA R2 (2005), HL7 C-CDA R2.1 templates, IHE PCC content modules."""

import re
from pathlib import Path

from pathways.facts import ClinicalRecord
from secunda.adapters import xml
from secunda.adapters.cda.body import embedded_files
from secunda.adapters.cda.entries import read_entries
from secunda.adapters.cda.header import loinc_of, patient_of, source_of, title_of
from secunda.adapters.cda.values import HL7, first_date
from secunda.adapters.file_facts import FileFacts, FileWarning
from secunda.errors import BadInputError

MEDIA_TYPE = "application/cda+xml"
ROOT = f"{{{HL7}}}ClinicalDocument"
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|[A-Za-z_])|\xff\xfe<\0|\xfe\xff\0<")


def is_xml(head: bytes) -> bool:
    """Whether this begins as XML does; web pages are told apart before."""
    return _XML.match(head) is not None


def examine(path: Path) -> FileFacts:
    """Read a CDA document: its header, its coded entries and the file inside it where it has one.

    Raises BadInputError for XML that is hostile, malformed, a fragment, not CDA, or about no or several patients.
    """
    root = xml.parse(path, _check_root)
    if root.tag != ROOT:
        raise BadInputError(
            "The CDA document lacks its namespace.", f'Export it again with xmlns="{HL7}" on ClinicalDocument.'
        )
    title, loinc, written_on = title_of(root), loinc_of(root), first_date(root, "effectiveTime")
    patient = patient_of(root)
    files, elsewhere = embedded_files(root, title, loinc, written_on)
    entries, skipped = read_entries(root)
    found = {FileWarning.CDA_BODY_ELSEWHERE: elsewhere, FileWarning.CDA_ENTRY_SKIPPED: skipped > 0}
    return FileFacts(
        media_type=MEDIA_TYPE,
        title=title,
        source=source_of(root),
        documented_on=written_on,
        loinc=loinc,
        warnings=tuple(warning for warning, is_so in found.items() if is_so),
        patient=patient,
        record=ClinicalRecord(patient=patient, **entries),
        embedded=files,
    )


def _check_root(name: str, attributes: dict[str, str]) -> None:
    """Raise BadInputError for other XML: a part of a CDA document, FHIR, or anything else."""
    if name.rpartition(":")[2] == "ClinicalDocument":
        return
    namespaces = {value for key, value in attributes.items() if key.startswith("xmlns")}
    if "http://hl7.org/fhir" in namespaces:
        raise BadInputError("The file is FHIR in XML.", "Send it as FHIR JSON.")
    if HL7 in namespaces or not any(key == "xmlns" for key in attributes):
        raise BadInputError(
            "The XML is a fragment, or no CDA document: its root is not ClinicalDocument.",
            "Export the whole C-CDA document, with its header and namespaces.",
        )
    raise BadInputError("The XML is no CDA document.", "Export it as C-CDA, or attach it as PDF.")
