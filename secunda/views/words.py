"""The words of states, outcomes and choices, as people say them."""

from collections.abc import Mapping
from typing import Final

from models.rights_request import RightAnswer
from models.status import CASE_BADGES, AssignmentStatus, CaseStatus, Outcome, Step
from pathways.certification import CoverageAnswer, Ground
from pathways.opinion import Stance
from pathways.overlay import StopReason
from pathways.payer import Told
from pathways.schema import ChaseAction
from pathways.vocabulary import AdjudicationRule, Text

SPANISH_STAGES: Final[Mapping[CaseStatus, str]] = {
    CaseStatus.REQUESTED: "Solicitado",
    CaseStatus.AWAITING_CONSENT: "En espera del consentimiento",
    CaseStatus.AWAITING_DOCUMENTS: "En espera de documentos",
    CaseStatus.ASSIGNING: "Asignando expertos",
    CaseStatus.AWAITING_PANEL: "En espera de un experto disponible",
    CaseStatus.AWAITING_ACCEPTANCE: "En espera de aceptación",
    CaseStatus.AWAITING_OPINIONS: "En espera de opiniones",
    CaseStatus.AWAITING_ADJUDICATION: "En espera del comité",
    CaseStatus.REPORTING: "Preparando el informe",
    CaseStatus.AWAITING_CORRECTION: "En espera de una corrección",
    CaseStatus.ON_HOLD: "En pausa",
    CaseStatus.CLOSED: "Cerrado",
}

STAGES: Final[Mapping[CaseStatus, Text]] = {
    status: Text(en=CASE_BADGES[status], es=spanish) for status, spanish in SPANISH_STAGES.items()
}

#: Everything else that a stored event names by its code.
CODES: Final[Mapping[str, tuple[str, str]]] = {
    Outcome.DELIVERED: ("report delivered", "informe entregado"),
    Outcome.EMERGENCY_REDIRECT: ("redirected to emergency care", "derivado a urgencias"),
    Outcome.NOT_ELIGIBLE: ("not eligible", "no cumple los criterios"),
    Outcome.WITHDRAWN: ("withdrawn", "retirado"),
    AssignmentStatus.REJECTED: ("declined", "rechazado"),
    AssignmentStatus.CANCELLED: ("taken back", "retirado"),
    Stance.SUPPORTED: ("supported", "se apoya"),
    Stance.UNCERTAIN: ("uncertain", "queda en duda"),
    Stance.NOT_SUPPORTED: ("not supported", "no se apoya"),
    ChaseAction.REMIND: ("reminder sent", "recordatorio enviado"),
    ChaseAction.CHANGE_CHANNEL: ("reminder sent on another channel", "recordatorio enviado por otro canal"),
    ChaseAction.REPLACE_EXPERT: ("expert replaced", "experto sustituido"),
    ChaseAction.ESCALATE: ("escalated", "escalado"),
    AdjudicationRule.SINGLE: ("single", "único"),
    AdjudicationRule.CONCUR: ("all concur", "todos concuerdan"),
    AdjudicationRule.MAJORITY: ("majority", "mayoría"),
    AdjudicationRule.THIRD_READER: ("third reader", "tercer lector"),
    AdjudicationRule.BOARD: ("board", "comité"),
    AdjudicationRule.RAND: ("RAND ratings", "puntuación RAND"),
    Step.CONSENT: ("consent", "consentimiento"),
    Step.GATHER: ("gather documents", "reunir documentos"),
    Step.TRIAGE: ("triage", "clasificación"),
    Step.ASSIGN: ("assign experts", "asignar expertos"),
    Step.COLLECT: ("collect opinions", "reunir opiniones"),
    Step.ADJUDICATE: ("adjudicate", "unificar las opiniones"),
    Step.RENDER: ("print the report", "imprimir el informe"),
    Step.DELIVER: ("deliver the report", "entregar el informe"),
    Step.CLOSE: ("close", "cerrar"),
    StopReason.TEST_PENDING: ("a test is pending", "hay una prueba pendiente"),
    StopReason.WAITING_FOR_PATIENT: ("the patient is waited for", "se espera al paciente"),
    CoverageAnswer.CERTIFIED: ("certified", "certificada"),
    CoverageAnswer.PENDED_TO_MEDICAL_DIRECTOR: (
        "pended to the payer's medical director",
        "pendiente de la dirección médica de la entidad",
    ),
    Ground.AGREEMENT_CERTIFIES: ("agreement certifies", "la coincidencia certifica"),
    Ground.NO_RULE: ("no rule says that agreement certifies", "ninguna regla dice que la coincidencia certifique"),
    Ground.OTHER_PROCEDURE: ("agreement certifies other procedures only", "solo certifica otras intervenciones"),
    Ground.NO_REPORT: ("it ended without a report", "terminó sin informe"),
    Ground.NO_POSITION: ("no common position", "sin posición común"),
    Ground.NOT_SUPPORTED: ("not supported", "no se apoya"),
    Ground.TREATMENT_DIFFERS: ("the treatment differs", "el tratamiento difiere"),
    Ground.DISSENT: ("a reader dissents", "un lector discrepa"),
    Told.COORDINATOR: ("the coordinator", "coordinación"),
    Told.MEDICAL_DIRECTOR: ("the medical director", "dirección médica"),
    Told.PAYER: ("the payer", "la entidad"),
    RightAnswer.GRANTED: ("granted", "concedido"),
    RightAnswer.PARTLY: ("granted in part", "concedido en parte"),
    RightAnswer.REFUSED: ("refused", "denegado"),
    "access": ("access to the data", "acceso a los datos"),
    "erasure": ("erasure of the data", "supresión de los datos"),
    "second_opinion": ("the second opinion itself", "la propia segunda opinión"),
    "quality": ("making second opinions better", "mejorar las segundas opiniones"),
    "research_contact": ("being asked about research", "ser contactado para investigación"),
    "photographs": ("photographs of the patient", "fotografías del paciente"),
    "cross_border": ("experts in other countries", "expertos de otros países"),
    "mandatory": ("mandatory", "obligatorio"),
    "required": ("required", "exigido"),
    "recommended": ("recommended", "recomendado"),
    "determination": ("the payer's answer", "la respuesta a la entidad"),
    "skipped": ("skipped, because a later one was due", "omitido, porque ya tocaba otro posterior"),
    "documents": ("documents", "documentos"),
    "acceptance": ("an expert's answer", "la respuesta de un experto"),
    "opinion": ("an opinion", "una opinión"),
    "adjudication": ("the board", "el comité"),
    "agreed": ("the panel agrees", "el panel está de acuerdo"),
    "settled_by_none": ("the rule found a position, with dissent", "la regla dio una posición, con discrepancia"),
    "settled_by_third_reader": ("settled by the third reader", "resuelto por el tercer lector"),
    "settled_by_board": ("settled by the board", "resuelto por el comité"),
}

WORDS: Final[Mapping[str, Text]] = {
    **{status.value: text for status, text in STAGES.items()},
    **{str(code): Text(en=en, es=es) for code, (en, es) in CODES.items()},
}
