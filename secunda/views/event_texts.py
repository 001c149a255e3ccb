"""Every kind of event as a sentence; `telling.py` fills it. A test holds the list to what the code records.

English and Spanish stand here, the other languages in the catalogues (`secunda/web/locales/*/events.po`).
"""

from collections.abc import Mapping
from typing import Final

from pathways.vocabulary import Text

#: A sentence, and what is added where the event has that value.
Sentence = tuple[Text, dict[str, Text]]


def _say(en: str, es: str, **more: tuple[str, str]) -> Sentence:
    return Text(en=en, es=es), {key: Text(en=also[0], es=also[1]) for key, also in more.items()}


REASON: Final = ("Reason: {reason}.", "Motivo: {reason}.")
PURPOSE: Final = ("For: {purpose}.", "Para: {purpose}.")
HOW: Final = ("How: {how}.", "De qué modo: {how}.")

SENTENCES: Final[Mapping[str, Sentence]] = {
    "launched": _say(
        "The case was launched on the pathway {specialty}; expected class {expected_urgency}.",
        "Se abrió el caso en el itinerario {specialty}; clase prevista {expected_urgency}.",
        why_not_eligible=(
            "It may enter although it does not fit: {why_not_eligible}.",
            "Entra aunque no cumple los criterios: {why_not_eligible}.",
        ),
    ),
    "review_requested": _say("A payer asked for the review.", "Una entidad aseguradora pidió la revisión."),
    "determination_escalated": _say(
        "{share} of the time for the payer's answer is used; told: {told}.",
        "Se ha usado el {share} del plazo de respuesta a la entidad; avisados: {told}.",
    ),
    "review_answered": _say(
        "The payer was answered: {answer} ({ground}).", "Se respondió a la entidad: {answer} ({ground})."
    ),
    "webhook_failed": _say(
        "The payer's system could not be told after {attempts} attempts.",
        "No se pudo avisar al sistema de la entidad tras {attempts} intentos.",
    ),
    "webhook_redelivered": _say(
        "The payer's system is told again.", "Se vuelve a avisar al sistema de la entidad.", reason=REASON
    ),
    "review_updated": _say("The payer updated its claim.", "La entidad aseguradora actualizó su solicitud."),
    "read": _say("Read: {what}.", "Consulta: {what}."),
    "document_received": _say(
        "Document {number} was received.",
        "Se recibió el documento {number}.",
        warnings=("Look at it: {warnings}.", "Revíselo: {warnings}."),
    ),
    "patient_confirmed": _say(
        "Document {number} was confirmed to be about this patient: {reason}.",
        "Se confirmó que el documento {number} es de este paciente: {reason}.",
    ),
    "document_named": _say(
        "Document {number} was named; its content has not been received.",
        "Se anunció el documento {number}; aún no se ha recibido su contenido.",
    ),
    "document_refused": _say(
        "Document {number} could not be taken in.",
        "No se pudo incorporar el documento {number}.",
    ),
    "consent_given": _say(
        "The patient's consent was recorded.", "Se registró el consentimiento del paciente.", purpose=PURPOSE, how=HOW
    ),
    "consent_withdrawn": _say(
        "The patient's consent was withdrawn.", "El paciente retiró el consentimiento.", purpose=PURPOSE, how=HOW
    ),
    "question_asked": _say("The patient asked question {number}.", "El paciente hizo la pregunta {number}."),
    "right_requested": _say(
        "The patient asks for {right}; the answer is due within a month.",
        "El paciente pide {right}; la respuesta se debe en un mes.",
    ),
    "right_extended": _say(
        "The answer about {right} takes longer, until {due_at}.",
        "La respuesta sobre {right} tardará más, hasta {due_at}.",
        reason=REASON,
    ),
    "right_answered": _say(
        "The patient was answered about {right}: {answer}.",
        "Se respondió al paciente sobre {right}: {answer}.",
        reason=REASON,
    ),
    "document_unobtainable": _say(
        "“{key}” is said not to be obtainable.", "Se comunica que «{key}» no se puede conseguir.", reason=REASON
    ),
    "requirement_added": _say("“{key}” is asked for.", "Se pide «{key}»."),
    "requirement_dropped": _say("“{key}” is not asked for any more.", "Ya no se pide «{key}»."),
    "requirement_met": _say(
        "“{key}” is there.",
        "«{key}» ya está.",
        document=("It is document {document}.", "Es el documento {document}."),
    ),
    "requirement_waived": _say(
        "“{key}” was waived.",
        "Se dispensó «{key}».",
        reason=REASON,
        obligation=("The pathway calls it {obligation}.", "El itinerario lo considera {obligation}."),
        agreed_by=("The physician who agreed: {agreed_by}.", "Médico que estuvo de acuerdo: {agreed_by}."),
    ),
    "requirement_limited": _say(
        "“{key}” cannot be obtained; the report will state the limitation.",
        "No se puede obtener «{key}»; el informe indicará la limitación.",
        reason=REASON,
    ),
    "file_completed": _say("The file is complete.", "El expediente está completo."),
    "flags_set": _say("Marked: {flags}.", "Se marcó: {flags}."),
    "triaged": _say(
        "Triaged as class {urgency}.",
        "Clasificado como clase {urgency}.",
        rules=("Rules that held: {rules}.", "Reglas cumplidas: {rules}."),
        report_due_at=("The report is due on {report_due_at}.", "El informe vence el {report_due_at}."),
    ),
    "urgency_overridden": _say(
        "The class was changed from {before} to {urgency}; the rules say {by_rules}.",
        "La clase pasó de {before} a {urgency}; las reglas indican {by_rules}.",
        reason=REASON,
        report_due_at=("The report is due on {report_due_at}.", "El informe vence el {report_due_at}."),
    ),
    "expert_offered": _say(
        "The place of {role} was offered to {expert}, to answer by {accept_by}.",
        "Se ofreció el puesto de {role} a {expert}; debe responder antes del {accept_by}.",
    ),
    "no_expert": _say("No expert may take the place of {role}.", "Nadie puede ocupar el puesto de {role}."),
    "offer_accepted": _say(
        "{expert} accepted the place of {role} and attested that there is no conflict of interest.",
        "{expert} aceptó el puesto de {role} y declaró que no tiene conflicto de intereses.",
        opinion_due_at=("The opinion is due on {opinion_due_at}.", "La opinión vence el {opinion_due_at}."),
    ),
    "assignment_ended": _say(
        "{expert} does not have the place of {role} any more ({status}).",
        "{expert} ya no ocupa el puesto de {role} ({status}).",
        reason=REASON,
    ),
    "opinion_saved": _say(
        "A draft of the opinion of {role} was saved (version {version}).",
        "Se guardó un borrador de la opinión de {role} (versión {version}).",
    ),
    "opinion_locked_provisional": _say(
        "The opinion of {role}, read blind, was signed (version {version}).",
        "Se firmó la opinión a ciegas de {role} (versión {version}).",
    ),
    "opinion_locked_final": _say(
        "The opinion of {role} was signed (version {version}).", "Se firmó la opinión de {role} (versión {version})."
    ),
    "first_opinion_shown": _say(
        "The first opinion was shown to {expert} ({role}).", "Se mostró la primera opinión a {expert} ({role})."
    ),
    "correction_requested": _say(
        "{expert} was asked to correct the opinion of {role}, by {opinion_due_at}.",
        "Se pidió a {expert} que corrija la opinión de {role}, antes del {opinion_due_at}.",
        reason=REASON,
    ),
    "steps_reopened": _say("These steps are done once more: {steps}.", "Estos pasos se repiten: {steps}."),
    "third_reader_called": _say(
        "The readers disagree; a third one is called ({role}).",
        "Los lectores discrepan; se llama a un tercero ({role}).",
    ),
    "board_decided": _say(
        "The board decided: the proposed treatment is {stance}.",
        "El comité decidió: el tratamiento propuesto {stance}.",
    ),
    "adjudicated": _say(
        "The opinions became one by the rule “{rule}” ({result}).",
        "Las opiniones se unificaron por la regla «{rule}» ({result}).",
        stance=("The proposed treatment is {stance}.", "El tratamiento propuesto {stance}."),
        dissent=("Dissent: {dissent}.", "Discrepancia: {dissent}."),
    ),
    "report_incomplete": _say(
        "The report cannot be printed yet; missing: {gaps}.", "El informe aún no puede imprimirse; falta: {gaps}."
    ),
    "report_rendered": _say(
        "Version {version} of the report was printed; pages: {pages}.",
        "Se imprimió la versión {version} del informe; páginas: {pages}.",
    ),
    "amendment_requested": _say(
        "The report is to be amended: a new version will replace version {version}.",
        "Se enmienda el informe: una versión nueva sustituirá a la {version}.",
        reason=REASON,
    ),
    "status_changed": _say("Stage: {after}.", "Fase: {after}."),
    "step_finished": _say("The step “{step}” is done.", "El paso «{step}» está hecho."),
    "chased": _say(
        "Waiting for {subject}: {action} (step {rung} of the ladder).",
        "En espera de {subject}: {action} (peldaño {rung}).",
    ),
    "reminded": _say(
        "A reminder was sent at once to: {recipients}.", "Se envió un recordatorio inmediato a: {recipients}."
    ),
    "held": _say("The case was put on hold.", "El caso quedó en pausa.", reason=REASON),
    "resumed": _say("The case was resumed.", "El caso se reanudó.", reason=REASON),
    "deadlines_moved": _say(
        "Open deadlines moved by the {stopped_seconds} that the case stood still.",
        "Los plazos abiertos se aplazaron {stopped_seconds}, lo que el caso estuvo parado.",
        report_due_at=("The report is due on {report_due_at}.", "El informe vence el {report_due_at}."),
    ),
    "clocks_stopped": _say(
        "The report's clocks were stopped ({why}).", "Se pararon los plazos del informe ({why}).", reason=REASON
    ),
    "clocks_started": _say(
        "The report's clocks run again ({why}); they stood still for {stopped_seconds}.",
        "Los plazos del informe vuelven a correr ({why}); estuvieron parados {stopped_seconds}.",
        report_due_at=("The report is due on {report_due_at}.", "El informe vence el {report_due_at}."),
    ),
    "clock_extended": _say(
        "The clock “{clock}” was extended by {by}.",
        "El plazo «{clock}» se prorrogó {by}.",
        reason=REASON,
        report_due_at=("The report is due on {report_due_at}.", "El informe vence el {report_due_at}."),
    ),
    "message_sent": _say(
        "The message “{event}” was sent to {recipient} by {channel}.",
        "Se envió el mensaje «{event}» a {recipient} por {channel}.",
    ),
    "message_deferred": _say(
        "The message “{event}” to {recipient} could not be sent by {channel}; it is tried again ({reason}).",
        "El mensaje «{event}» a {recipient} no pudo enviarse por {channel}; se reintentará ({reason}).",
    ),
    "message_failed": _say(
        "The message “{event}” to {recipient} cannot be sent by {channel} ({reason}).",
        "El mensaje «{event}» a {recipient} no puede enviarse por {channel} ({reason}).",
    ),
    "message_requeued": _say(
        "The message “{event}” to {recipient} was interrupted and is sent again by {channel}.",
        "El mensaje «{event}» a {recipient} se interrumpió y se envía de nuevo por {channel}.",
    ),
    "message_unknown": _say(
        "Whether the message “{event}” left for {recipient} by {channel} is not known; it is not sent again by itself.",
        "No se sabe si el mensaje «{event}» salió hacia {recipient} por {channel}; no se reenvía por sí solo.",
    ),
    "message_cancelled": _say(
        "The message “{event}” to {recipient} was taken back, because it would come too late.",
        "El mensaje «{event}» a {recipient} se retiró, porque llegaría demasiado tarde.",
    ),
    "message_resent": _say("A message was sent again.", "Se volvió a enviar un mensaje.", reason=REASON),
    "pathway_moved": _say(
        "The case was moved from version {version_before} of its pathway to version {version}.",
        "El caso pasó de la versión {version_before} de su itinerario a la versión {version}.",
        reason=REASON,
        report_due_at=("The report is due on {report_due_at}.", "El informe vence el {report_due_at}."),
    ),
    "run_changed": _say("Another Prefect run carries the case.", "Otra ejecución de Prefect lleva el caso."),
    "ended_early": _say("The case ended early: {outcome}.", "El caso terminó antes: {outcome}.", reason=REASON),
    "closed": _say("The case was closed: {outcome}.", "El caso se cerró: {outcome}."),
}
