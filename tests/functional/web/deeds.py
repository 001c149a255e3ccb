"""What the case page lets people do, as data; `doing.py` does it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.user_status import Role


@dataclass(frozen=True)
class Deed:
    """`action` is the end of the address that its button sends to; `of` tells several such forms apart by what they
    hold. `typed`: field → what is typed or chosen, True for what is ticked.

    `shows`: the part of the page where one sees it, and in which words (Spanish, English); `gone`: what is not there
    any more. `told`: the words of the history.
    """

    action: str
    told: tuple[str, str]
    of: str = ""
    typed: Mapping[str, str | bool] = field(default_factory=dict)
    shows: tuple[str, str, str] | None = None
    gone: str = ""
    by: Role = Role.COORDINATOR


PATIENT, DIRECTOR = "waiting_for_patient", Role.MEDICAL_DIRECTOR
#: stretch of the way (desk.py) → what is done there, one after the other
DEEDS: dict[str, tuple[Deed, ...]] = {
    "consent": (
        Deed(
            "resend",
            ("Se volvió a enviar un mensaje. Motivo: no llegó", "A message was sent again. Reason: no llegó"),
            typed={"reason": "no llegó"},
            gone="form[action$='/resend']",
        ),
        Deed(
            "remind",
            ("recordatorio inmediato a: Paciente", "reminder was sent at once to: Patient"),
            shows=("#messages", "Recordatorio: consentimiento", "Reminder: consent"),
        ),
        Deed(
            "consent",
            ("De qué modo: carpeta 7", "How: carpeta 7"),
            of="second_opinion",
            typed={"reason": "carpeta 7", "until": "2031-12-31"},
            shows=("#consent .badge.good", "otorgado", "given"),
        ),
        Deed(
            "withdraw-consent",
            ("De qué modo: llamó", "How: llamó"),
            of="second_opinion",
            typed={"reason": "llamó"},
            shows=("#consent .badge.bad", "retirado", "withdrawn"),
        ),
    ),
    "papers": (
        Deed(
            "remind",
            ("recordatorio inmediato a: ", "reminder was sent at once to: "),
            shows=("#messages", "Recordatorio: documentos", "Reminder: documents"),
        ),
        Deed(
            "waive",
            ("Médico que estuvo de acuerdo: Dra. Soler", "The physician who agreed: Dra. Soler"),
            of="ecg",
            typed={"reason": "hay otro", "agreed_by": "Dra. Soler"},
            shows=("#checklist li:has-text('hay otro') .badge", "dispensado", "waived"),
        ),
        Deed(
            "waive",
            ("Motivo: basta el TAC", "Reason: basta el TAC"),
            of="echocardiogram",
            typed={"reason": "basta el TAC"},
            shows=("#checklist li:has-text('basta el TAC') .badge", "dispensado", "waived"),
            by=DIRECTOR,
        ),
        Deed(
            "limit",
            ("el informe indicará la limitación. Motivo: ardió", "will state the limitation. Reason: ardió"),
            of="stress_test",
            typed={"reason": "ardió"},
            shows=("#checklist li:has-text('ardió') .badge", "limitación", "limitation"),
        ),
        Deed(
            "confirm",
            ("es de este paciente: apellido de soltera", "about this patient: apellido de soltera"),
            typed={"reason": "apellido de soltera"},
            gone="#documents .badge.bad",
        ),
        Deed(
            "stop-clock",
            ("Se pararon los plazos del informe (se espera al paciente). Motivo: viaja", "(the patient is waited for)"),
            typed={"why": PATIENT, "reason": "viaja"},
            shows=("#clocks", "parado", "stands still"),
        ),
        Deed(
            "start-clock",
            ("Los plazos del informe vuelven a correr", "The report's clocks run again"),
            typed={"why": PATIENT},
            gone="form[action$='/start-clock']",
        ),
        Deed(
            "flag",
            ("Se marcó: Estenosis del tronco", "Marked: Left main coronary stenosis"),
            typed={"key=left_main_disease": True},
            shows=("#facts", "Estenosis del tronco", "Left main coronary stenosis"),
        ),
        Deed(
            "consent",
            ("De qué modo: carpeta 9", "How: carpeta 9"),
            of="quality",
            typed={"reason": "carpeta 9"},
            shows=("#consent li:last-child .badge.good", "otorgado", "given"),
        ),
        Deed(
            "withdraw-consent",
            ("De qué modo: por carta", "How: por carta"),
            of="quality",
            typed={"reason": "por carta"},
            shows=("#consent li:last-child .badge.bad", "retirado", "withdrawn"),
        ),
        Deed(
            "withdraw",
            ("retirado. Motivo: se trata en otro sitio", "withdrawn. Reason: se trata en otro sitio"),
            typed={"reason": "se trata en otro sitio"},
            shows=(".page-head", "retirado", "withdrawn"),
            gone="#actions",
        ),
    ),
    "panel": (
        Deed(
            "extend-clock",
            ("se prorrogó 5 días. Motivo: tumor raro", "was extended by 5 days. Reason: tumor raro"),
            of="report",
            typed={"reason": "tumor raro"},
            gone="form[action$='/extend-clock']",
        ),
        Deed(
            "urgency",
            ("Motivo: operan antes", "Reason: operan antes"),
            typed={"urgency": "P1", "reason": "operan antes"},
            shows=(".page-head", "P1 en 72 horas", "P1 within 72 hours"),
        ),
        Deed(
            "remind",
            ("recordatorio inmediato a: ", "reminder was sent at once to: "),
            shows=("#messages", "Recordatorio: oferta", "Reminder: offer"),
        ),
        Deed(
            "accept",
            ("y declaró que no tiene conflicto de intereses", "and attested that there is no conflict of interest"),
            typed={"attested": True},
            shows=("#panel .badge.accent", "aceptado", "accepted"),
        ),
        Deed(
            "decline",
            ("(rechazado). Motivo: está de congreso", "(declined). Reason: está de congreso"),
            typed={"reason": "está de congreso"},
            shows=("#panel", "rechazado – está de congreso", "declined – está de congreso"),
        ),
        Deed(
            "correct",
            ("Motivo: lado equivocado", "Reason: lado equivocado"),
            typed={"reason": "lado equivocado"},
            shows=("#panel", "escribiendo", "writing"),
            gone="form[action$='/correct']",
        ),
        Deed(
            "reassign",
            ("(retirado). Motivo: no contesta", "(taken back). Reason: no contesta"),
            typed={"reason": "no contesta"},
            shows=("#panel", "retirado – no contesta", "taken back – no contesta"),
        ),
        Deed(
            "hold",
            ("El caso quedó en pausa. Motivo: ingresa hoy", "The case was put on hold. Reason: ingresa hoy"),
            typed={"reason": "ingresa hoy"},
            shows=(".notice.warn", "ingresa hoy", "ingresa hoy"),
        ),
        Deed("resume", ("El caso se reanudó", "The case was resumed"), gone=".notice.warn"),
    ),
    "delivered": (
        Deed(
            "extend-right",
            ("tardará más, hasta", "takes longer, until"),
            of="access",
            typed={"reason": "son muchos documentos"},
            shows=("#rights", "Tarda más: son muchos documentos", "It takes longer: son muchos documentos"),
            gone="form[action$='/extend-right']:has([value='access'])",
        ),
        Deed(
            "answer-right",
            ("supresión de los datos: denegado. Motivo: lo manda la ley", "erasure of the data: refused"),
            of="erasure",
            typed={"answer=refused": True, "reason": "lo manda la ley"},
            shows=("#rights .badge.bad", "Denegado", "Refused"),
            gone="form[action$='/answer-right']:has([value='erasure'])",
            by=DIRECTOR,
        ),
        Deed(
            "amend",
            ("Se enmienda el informe", "The report is to be amended"),
            typed={"reason": "se leyó mal una dosis", "seats": True},
            shows=(".page-head", "En espera de una corrección", "Awaiting correction"),
            gone="form[action$='/amend']",
        ),
    ),
}
