"""Invented report contents, one a specialty."""

from pathlib import Path

from ruamel.yaml import YAML

from pathways.vocabulary import AdjudicationRule, Text
from secunda.reporting.classification import Classification
from secunda.reporting.content import ReportContent
from secunda.reporting.people import PanelDecision, Requester

FOLDER = Path(__file__).parent / "contents"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def sample(name: str) -> ReportContent:
    """The content of `contents/NAME.yaml`."""
    return ReportContent.model_validate(YAML(typ="safe").load(FOLDER / f"{name}.yaml"))


def minimal() -> ReportContent:
    """The least that can be reported: one expert, one question, short texts."""
    full = sample("orthopedics")
    text = Text(en="One expert answers. Result: the proposed treatment is supported.", es="Responde un solo experto.")
    return full.model_copy(
        update={
            "version": 1,
            "classification": Classification(by_rules=full.urgency),
            "amendment": None,
            "requester": Requester(name="Hospital de Llevant"),
            "questions": (full.questions[0].model_copy(update={"answer": "Sí, está indicada."}),),
            "documents": full.documents[:1],
            "history": "Dolor de rodilla desde 2024.",
            "findings": (),
            "diagnosis": "Gonartrosis.",
            "treatment": "Prótesis total.",
            "alternatives": (),
            "recommendations": (),
            "guidelines": (),
            "sections": (),
            "clinical_impact": "",
            "limits": "Sin exploración.",
            "red_flags": "",
            "plain_summary": "Operarse es razonable.",
            "panel": full.panel[:1],
            "decision": PanelDecision(rule=AdjudicationRule.SINGLE, agreeing=1, voting=1, explanation=text),
            "timeline": (),
            "due_at": None,
        }
    )


def long(times: int = 1) -> ReportContent:
    """About a dozen pages a time: many documents, findings and recommendations, long prose."""
    full = sample("oncology")
    prose = "\n\n".join([full.treatment, full.diagnosis, full.history] * 4 * times)
    documents = tuple(
        full.documents[number % len(full.documents)].model_copy(update={"numbers": (number + 1,)})
        for number in range(48 * times)
    )
    return full.model_copy(
        update={
            "documents": documents,
            "findings": full.findings * 6 * times,
            "recommendations": full.recommendations * 4 * times,
            "treatment": prose,
            "history": prose,
        }
    )
