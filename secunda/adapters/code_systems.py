"""Code systems as the outside writes them (URLs, OIDs) and codes as pathways write them.

Sources: terminology.hl7.org, the HL7 OID registry, BfArM, Orphanet, HPO.
"""

import re

from pathways.vocabulary import CodeSystem, Coding

_LOINC = ("http://loinc.org", "2.16.840.1.113883.6.1")
_SNOMED = ("http://snomed.info/sct", "2.16.840.1.113883.6.96")
_ICD_10 = (
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://hl7.org/fhir/sid/icd-10-es",
    "http://hl7.org/fhir/sid/icd-10-de",
    "http://hl7.org/fhir/sid/icd-10-gm",
    "http://hl7.org/fhir/sid/icd-10-uk",
    "http://hl7.org/fhir/sid/icd-10-nl",
    "http://hl7.org/fhir/sid/icd-10-us",
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm",
    "http://fhir.de/CodeSystem/dimdi/icd-10-gm",
    "http://fhir.de/CodeSystem/icd-10-gm",
    "http://id.who.int/icd/release/10",
    "2.16.840.1.113883.6.3",  # ICD-10
    "2.16.840.1.113883.6.90",  # ICD-10-CM
    "1.2.276.0.76.5.311",  # ICD-10-GM, before its yearly OIDs
    "2.16.724.4.21.5.29",  # CIE-10-ES
)
_CPT = ("http://www.ama-assn.org/go/cpt", "2.16.840.1.113883.6.12")
_HCPCS = (
    "http://www.cms.gov/medicare/coding/hcpcsreleasecodesets",
    "https://www.cms.gov/medicare/coding/hcpcsreleasecodesets",
    "https://www.cms.gov/medicare/coding/medhcpcsgeninfo",
    "http://terminology.hl7.org/codesystem/hcpcs-all-codes",
    "2.16.840.1.113883.6.14",
    "2.16.840.1.113883.6.285",
)
_OPS = (
    "http://fhir.de/CodeSystem/bfarm/ops",
    "http://fhir.de/CodeSystem/dimdi/ops",
    "http://fhir.de/CodeSystem/ops",
    "1.2.276.0.76.5.310",
)
_ORPHA = ("http://www.orpha.net", "https://www.orpha.net", "http://www.orphadata.org", "1.3.6.1.4.1.26073")
_HPO = (
    "http://human-phenotype-ontology.org",
    "http://www.human-phenotype-ontology.org",
    "http://purl.obolibrary.org/obo/hp.owl",
    "http://purl.obolibrary.org/obo/hp.fhir",
    "http://purl.obolibrary.org/obo/hp",
    "https://hpo.jax.org",
    "2.16.840.1.113883.6.339",
)
_RXNORM = ("http://www.nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88")

SYSTEMS: dict[str, CodeSystem] = {
    name.lower(): system
    for names, system in (
        (_LOINC, CodeSystem.LOINC),
        (_SNOMED, CodeSystem.SNOMED_CT),
        (_ICD_10, CodeSystem.ICD_10),
        (_CPT, CodeSystem.CPT),
        (_OPS, CodeSystem.OPS),
        (_ORPHA, CodeSystem.ORPHA),
        (_HPO, CodeSystem.HPO),
        (_RXNORM, CodeSystem.RXNORM),
    )
    for name in names
}
_PLAIN_ICD_10 = re.compile(r"[A-Z]\d[0-9A-Z][0-9A-Z]{1,4}")
_CPT_CODE = re.compile(r"\d{4}[0-9FTU]")


def system_of(name: str) -> CodeSystem:
    """The code system of a URL or OID; `OTHER` for one that pathways do not speak of.

    A trailing slash, a version (`|2026`, or SNOMED's `/version/…` and national `/<module>`), `https` and upper case
    make no difference.
    """
    key = name.strip().lower().removeprefix("urn:oid:").split("|")[0].rstrip("/")
    if key.startswith("http://snomed.info/sct/"):
        return CodeSystem.SNOMED_CT
    return SYSTEMS.get(key) or SYSTEMS.get(key.replace("https://", "http://", 1), CodeSystem.OTHER)


def coding(system: str, code: str, display: str = "") -> Coding | None:
    """The coding in the form that pathways compare with; None for an absent or absurdly long code.

    ICD-10 gets its dot (`C509` → `C50.9`), HPO its prefix, ORPHA loses its own, and HCPCS level I codes are CPT.
    """
    code = code.strip()
    if not code or len(code) > 60:
        return None
    known = system_of(system)
    if known is CodeSystem.OTHER and system.strip().lower().rstrip("/") in _HCPCS and _CPT_CODE.fullmatch(code):
        known = CodeSystem.CPT
    return Coding(system=known, code=_as_pathways_write(known, code), display=display.strip()[:500])


def _as_pathways_write(system: CodeSystem, code: str) -> str:
    if system is CodeSystem.ICD_10:
        code = code.upper().rstrip("-.")
        return f"{code[:3]}.{code[3:]}" if _PLAIN_ICD_10.fullmatch(code) else code
    if system is CodeSystem.HPO:
        digits = code.upper().removeprefix("HP").lstrip(":_")
        return f"HP:{digits}"
    if system is CodeSystem.ORPHA:
        return code.upper().removeprefix("ORPHA").removeprefix("NET").lstrip(":_")
    return code
