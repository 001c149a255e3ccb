"""The words of the drawings, in English and Spanish; the other languages stand in `other_words.py`."""

from pathways.draw import other_words
from pathways.schema import ChaseAction, DocumentFormat, Obligation
from pathways.spans import Span, SpanUnit
from pathways.vocabulary import AdjudicationRule

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "request": "Request",
        "consent": "Consent",
        "documents": "Documents",
        "triage": "Triage",
        "panel": "Panel",
        "opinions": "Opinions",
        "adjudication": "Adjudication",
        "report": "Report",
        "closed": "Delivered and closed",
        "emergency": "Emergency care at once",
        "within": "within {}",
        "accept": "accept within {}",
        "otherwise": "no other rule",
        "blind": "reads blind first",
        "seats": "{} seats",
        "chair": "chair",
        "if": "if {}",
        "conditional": "where the case calls for it",
        "maximum_age": "at most {} old",
        "extra": "when the readers disagree",
        "board": "to the board if {}",
        "draft": "draft pathway, not clinically approved",
        "universal": "A procedure within seven days",
        "guidelines": "Guidelines",
        "chase": "chased: {}",
    },
    "es": {
        "request": "Solicitud",
        "consent": "Consentimiento",
        "documents": "Documentos",
        "triage": "Triaje",
        "panel": "Panel",
        "opinions": "Opiniones",
        "adjudication": "Decisión conjunta",
        "report": "Informe",
        "closed": "Entregado y cerrado",
        "emergency": "Urgencias de inmediato",
        "within": "en {}",
        "accept": "aceptar en {}",
        "otherwise": "ninguna otra regla",
        "blind": "lee primero a ciegas",
        "seats": "{} plazas",
        "chair": "preside",
        "if": "si {}",
        "conditional": "cuando el caso lo pide",
        "maximum_age": "de {} como máximo",
        "extra": "cuando los lectores discrepan",
        "board": "al comité si {}",
        "draft": "borrador, sin aprobación clínica",
        "universal": "Un procedimiento en siete días",
        "guidelines": "Guías",
        "chase": "seguimiento: {}",
    },
    **other_words.WORDS,
}

TERMS: dict[str, dict[str, str]] = {
    "en": {
        Obligation.MANDATORY: "mandatory",
        Obligation.REQUIRED: "required",
        Obligation.RECOMMENDED: "recommended",
        DocumentFormat.DICOM: "DICOM",
        DocumentFormat.CINE_DICOM: "moving DICOM images",
        AdjudicationRule.SINGLE: "One expert decides",
        AdjudicationRule.CONCUR: "All must agree",
        AdjudicationRule.MAJORITY: "Two thirds decide",
        AdjudicationRule.THIRD_READER: "A third reader decides a disagreement",
        AdjudicationRule.BOARD: "The board meets and decides",
        AdjudicationRule.RAND: "RAND ratings, 1 to 9",
        ChaseAction.REMIND: "remind",
        ChaseAction.CHANGE_CHANNEL: "change channel",
        ChaseAction.REPLACE_EXPERT: "replace the expert",
        ChaseAction.ESCALATE: "escalate",
    },
    "es": {
        Obligation.MANDATORY: "imprescindible",
        Obligation.REQUIRED: "obligatorio",
        Obligation.RECOMMENDED: "recomendado",
        DocumentFormat.DICOM: "DICOM",
        DocumentFormat.CINE_DICOM: "imágenes DICOM en movimiento",
        AdjudicationRule.SINGLE: "Decide una persona experta",
        AdjudicationRule.CONCUR: "Todos deben coincidir",
        AdjudicationRule.MAJORITY: "Deciden dos tercios",
        AdjudicationRule.THIRD_READER: "Un tercer lector decide si discrepan",
        AdjudicationRule.BOARD: "El comité se reúne y decide",
        AdjudicationRule.RAND: "Puntuación RAND, de 1 a 9",
        ChaseAction.REMIND: "recordar",
        ChaseAction.CHANGE_CHANNEL: "cambiar de canal",
        ChaseAction.REPLACE_EXPERT: "sustituir",
        ChaseAction.ESCALATE: "escalar",
    },
    **other_words.TERMS,
}

NO_BREAK = "\N{NO-BREAK SPACE}"


def span(value: Span, language: str) -> str:
    """The span in words: `5 working days`, `5 días hábiles`."""
    if language not in other_words.DAYS or value.unit not in (SpanUnit.DAYS, SpanUnit.WORKING_DAYS):
        return str(value).replace(" ", NO_BREAK)
    words = other_words.DAYS[language][value.unit is SpanUnit.WORKING_DAYS]
    return f"{value.amount} {words[value.amount != 1]}".replace(" ", NO_BREAK)
