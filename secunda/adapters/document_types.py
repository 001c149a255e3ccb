"""The LOINC document type that pathways ask for, where a source names a finer one or only a category.

Source: LOINC 2.77 document ontology and FHIR R4 value sets; HL7 v2 table 0074 (diagnostic service sections).
"""

from pathways.terminology import document_types

LABORATORY, IMAGING, PATHOLOGY, GENETICS = "11502-2", "18748-4", "11526-1", "51969-4"

#: Finer types of the LOINC document ontology, and the one that pathways ask for under which each falls.
_FALLS_UNDER = {
    **dict.fromkeys(["11490-0", "28655-9", "34105-7", "34106-5", "29761-4", "28574-2"], "18842-5"),  # discharge
    **dict.fromkeys(
        ["34847-4", "34099-2", "34805-2", "34100-8", "34104-0", "34749-2", "51845-6"], "11488-4"
    ),  # consult
    **dict.fromkeys(["34133-9"], "60591-5"),  # summary of episode (CCD)
    **dict.fromkeys(["57134-9", "57135-6", "57170-3", "18761-7"], "57133-1"),  # referral, transfer
    **dict.fromkeys(["34112-3", "28626-0", "34774-0", "11492-6"], "34117-2"),  # history and physical
    **dict.fromkeys(["22637-3", "22634-0", "66121-5"], "11526-1"),  # pathology
    **dict.fromkeys(["11505-5"], "11504-8"),  # operation note
    **dict.fromkeys(["59283-2", "64293-4"], "59284-0"),  # consent
}

#: Category code (HL7 v2-0074, LOINC parts of US Core, FHIR observation categories) to the type it stands for.
_BY_CATEGORY = {
    **dict.fromkeys(["LAB", "CH", "HM", "MB", "BLB", "CTH", "IMM", "SR", "TX", "VR", "laboratory"], LABORATORY),
    **dict.fromkeys(["LP29693-6", "26436-6"], LABORATORY),
    **dict.fromkeys(["RAD", "RX", "CT", "NMR", "MRI", "RUS", "VUS", "OUS", "NMS", "XRC", "CUS", "imaging"], IMAGING),
    **dict.fromkeys(["LP29684-5", "18726-0"], IMAGING),
    **dict.fromkeys(["PAT", "SP", "CP", "CG", "CY", "LP7839-6"], PATHOLOGY),
    **dict.fromkeys(["GE", "LP31409-3"], GENETICS),
    **dict.fromkeys(["EC"], "11524-6"),
    **dict.fromkeys(["EN"], "11523-8"),
    **dict.fromkeys(["PHY", "OTH"], ""),
}


def document_type(codes: list[str], categories: set[str]) -> str:
    """The LOINC type of a document from its own LOINC codes, finest first, and its categories; empty when unknown.

    A laboratory panel (`51990-0`) is a laboratory report (`11502-2`): pathways ask for the report, not for the panel.
    """
    for code in codes:
        if code in document_types():
            return code
        if code in _FALLS_UNDER:
            return _FALLS_UNDER[code]
    by_category = (_BY_CATEGORY.get(category, "") for category in sorted(categories))
    return next(filter(None, by_category), codes[0] if codes else "")
