"""What still blocks signing an opinion: everything that a report owes, and everything that is written wrongly.

Each gap is told with its place, so that a form can show it beside the field. The texts hold no clinical content.
"""

from collections.abc import Collection, Iterator, Mapping

from pathways import sections
from pathways.facts import CaseFacts
from pathways.gaps import Gap, gap
from pathways.opinion import OpinionContent, Recommendation
from pathways.schema import Guideline, Pathway
from pathways.vocabulary import Language, Slug, Text

#: What every opinion holds, and whether a provisional one does too: read blind, nothing can be compared yet.
OWED: tuple[tuple[str, bool, Text], ...] = (
    ("history", False, Text(en="The complaints and history are missing.", es="Faltan el motivo y los antecedentes.")),
    ("findings", True, Text(en="No finding is written.", es="No hay ningún hallazgo.")),
    ("diagnosis", True, Text(en="The diagnosis is missing.", es="Falta el diagnóstico.")),
    (
        "diagnosis_concordance",
        False,
        Text(
            en="Say whether the first diagnosis is confirmed, clarified or changed.",
            es="Indique si el primer diagnóstico se confirma, se matiza o se modifica.",
        ),
    ),
    (
        "treatment",
        False,
        Text(en="The opinion on the proposed treatment is missing.", es="Falta la opinión sobre el tratamiento."),
    ),
    (
        "treatment_concordance",
        False,
        Text(
            en="Say whether the proposed treatment is confirmed, clarified or changed.",
            es="Indique si el tratamiento propuesto se confirma, se matiza o se modifica.",
        ),
    ),
    (
        "stance",
        False,
        Text(
            en="Say whether the proposed treatment is supported, uncertain or not supported.",
            es="Indique si el tratamiento propuesto se apoya, queda en duda o no se apoya.",
        ),
    ),
    ("clinical_impact", False, Text(en="The clinical impact is missing.", es="Falta el impacto clínico.")),
    ("confidence", True, Text(en="The confidence is missing.", es="Falta el grado de confianza.")),
    (
        "limits",
        False,
        Text(en="The limits of this remote review are missing.", es="Faltan los límites de esta revisión a distancia."),
    ),
    (
        "plain_summary",
        False,
        Text(en="The plain-language summary is missing.", es="Falta el resumen en lenguaje sencillo."),
    ),
    (
        "independence_declared",
        True,
        Text(en="Independence has not been declared.", es="Falta la declaración de independencia."),
    ),
)
TRANSLATOR = Text(
    en="Written in {written}, owed in {owed}: name the translator.",
    es="Escrito en {written}, se debe en {owed}: indique quién traduce.",
)
UNANSWERED = Text(en="Question {number} is not answered.", es="La pregunta {number} no está contestada.")
UNASKED = Text(en="There is no question {number}.", es="No existe la pregunta {number}.")
ANSWERED_TWICE = Text(en="Question {number} is answered twice.", es="La pregunta {number} está contestada dos veces.")
NO_TEXT = Text(en="Recommendation {number} has no text.", es="La recomendación {number} no tiene texto.")
NO_REASON = Text(en="Recommendation {number} has no reason.", es="La recomendación {number} no tiene motivo.")
NO_CITATION = Text(
    en="Recommendation {number} cites no guideline.", es="La recomendación {number} no cita ninguna guía."
)
UNKNOWN_GUIDELINE = Text(
    en="Recommendation {number} cites {guideline}; this pathway knows {known}.",
    es="La recomendación {number} cita {guideline}; esta vía conoce {known}.",
)
NO_REFERENCE = Text(
    en="Recommendation {number} does not say where in {guideline}.",
    es="La recomendación {number} no dice en qué lugar de {guideline}.",
)
NO_LEVEL = Text(
    en="Recommendation {number} has no level of evidence.", es="La recomendación {number} no tiene nivel de evidencia."
)
UNKNOWN_LEVEL = Text(
    en="Recommendation {number} has a level of evidence that its guidelines do not use; they use {known}.",
    es="La recomendación {number} tiene un nivel de evidencia que sus guías no usan; usan {known}.",
)
NO_DOCUMENT = Text(
    en="Finding {number} does not say in which document it was seen.",
    es="El hallazgo {number} no dice en qué documento se vio.",
)
UNKNOWN_DOCUMENT = Text(
    en="Finding {number} points to document {document}, which is not in the list.",
    es="El hallazgo {number} remite al documento {document}, que no está en la lista.",
)
NO_PAGE = Text(
    en="Finding {number} does not say on which of the {pages} pages of document {document} it was seen.",
    es="El hallazgo {number} no dice en cuál de las {pages} páginas del documento {document} se vio.",
)
UNKNOWN_PAGE = Text(
    en="Finding {number} points to page {page}; document {document} has {pages}.",
    es="El hallazgo {number} remite a la página {page}; el documento {document} tiene {pages}.",
)
NO_FINDING_TEXT = Text(en="Finding {number} has no text.", es="El hallazgo {number} no tiene texto.")


def gaps(
    content: OpinionContent,
    pathway: Pathway,
    *,
    role: Slug,
    seats: Collection[Slug],
    facts: CaseFacts,
    questions: Collection[int],
    documents: Mapping[int, int | None],
    language: Language,
    provisional: bool = False,
) -> tuple[Gap, ...]:
    """Everything that blocks signing, in the order of the form; empty when the opinion can be signed.

    `role`: the expert's; `seats`: the roles on the panel. `questions`: their numbers. `documents`: the number of each
    document that the expert may see, with its page count, None where it is not known. `language`: the report's.
    `provisional`: the opinion is locked before the first opinion is shown; concordances, answers and sections are
    not owed yet, but what is written must be right.
    """
    found = [*_fields(content, provisional), *_translator(content, language), *_findings(content, documents)]
    found += _answers(content, questions, provisional)
    for index, recommendation in enumerate(content.recommendations):
        found += _recommendation(index, recommendation, pathway.report.guidelines)
    owed = () if provisional else sections.owed(pathway, role, seats, facts)
    return (*found, *sections.gaps(content.sections, pathway.report.sections, owed))


def _fields(content: OpinionContent, provisional: bool) -> Iterator[Gap]:
    for name, owed_early, message in OWED:
        if (owed_early or not provisional) and not getattr(content, name):
            yield Gap(place=f"/{name}", message=message)


def _translator(content: OpinionContent, language: Language) -> Iterator[Gap]:
    if content.language is not language and not content.translator.strip():
        yield gap("/translator", TRANSLATOR, written=content.language.value, owed=language.value)


def _findings(content: OpinionContent, documents: Mapping[int, int | None]) -> Iterator[Gap]:
    for index, finding in enumerate(content.findings):
        place, number, document = f"/findings/{index}", index + 1, finding.document
        if not finding.text:
            yield gap(f"{place}/text", NO_FINDING_TEXT, number=number)
        if document is None:
            yield gap(f"{place}/document", NO_DOCUMENT, number=number)
        elif document not in documents:
            yield gap(f"{place}/document", UNKNOWN_DOCUMENT, number=number, document=document)
        elif finding.page is None and (documents[document] or 0) > 1:
            yield gap(f"{place}/page", NO_PAGE, number=number, document=document, pages=documents[document])
        elif (pages := documents[document]) is not None and (finding.page or 1) > pages:
            yield gap(f"{place}/page", UNKNOWN_PAGE, number=number, page=finding.page, document=document, pages=pages)


def _answers(content: OpinionContent, questions: Collection[int], provisional: bool) -> Iterator[Gap]:
    answered: set[int] = set()
    for index, answer in enumerate(content.answers):
        if answer.question not in questions:
            yield gap(f"/answers/{index}", UNASKED, number=answer.question)
        elif answer.question in answered:
            yield gap(f"/answers/{index}", ANSWERED_TWICE, number=answer.question)
        if answer.text:
            answered.add(answer.question)
    for number in sorted(set(questions) - answered):
        if not provisional:
            yield gap("/answers", UNANSWERED, number=number)


def _recommendation(index: int, recommendation: Recommendation, guidelines: Collection[Guideline]) -> Iterator[Gap]:
    place, number, level = f"/recommendations/{index}", index + 1, recommendation.evidence_level.strip()
    known = {guideline.key: guideline.levels for guideline in guidelines}
    cited = [citation.guideline for citation in recommendation.citations]
    levels = list(dict.fromkeys(level for family in cited for level in known.get(family, ())))
    if not recommendation.text:
        yield gap(f"{place}/text", NO_TEXT, number=number)
    if not recommendation.reason:
        yield gap(f"{place}/reason", NO_REASON, number=number)
    if not cited:
        yield gap(f"{place}/citations", NO_CITATION, number=number)
    for position, family in enumerate(cited):
        if family not in known:
            where, names = f"{place}/citations/{position}/guideline", ", ".join(known)
            yield gap(where, UNKNOWN_GUIDELINE, number=number, guideline=family, known=names)
    for position, citation in enumerate(recommendation.citations):
        if not citation.reference.strip():
            where = f"{place}/citations/{position}/reference"
            yield gap(where, NO_REFERENCE, number=number, guideline=citation.guideline)
    if not level:
        yield gap(f"{place}/evidence_level", NO_LEVEL, number=number)
    elif levels and level not in levels:
        yield gap(f"{place}/evidence_level", UNKNOWN_LEVEL, number=number, known=", ".join(levels))
