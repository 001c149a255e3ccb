"""Which procedures the payer mandates a review for, and whether one of them is among these."""

from datetime import date
from typing import Annotated

from fastapi import Query

from pathways.mandates import Answer, Mandate, MandateSource, WhyNot
from pathways.schema import CodeRange
from pathways.vocabulary import Specialty, Text
from secunda import clock
from secunda.adapters import code_systems
from secunda.api.authentication import caller
from secunda.api.problems import Fault, ProblemError
from secunda.api.v1.door import LIST, problems, router
from secunda.api.v1.shapes import CodeWord, Day, System, Told
from secunda.reviews.payers import mandate_of, mandates_of

routes = router("mandates")


class CodesOut(Told):
    """One code, a prefix, or a range such as 33510-33536."""

    system: str
    code: str
    display: str


class MandateOut(Told):
    """A rule. `source`: the payer's own list, the jurisdiction's, or the pathways'."""

    key: str
    title: Text
    source: MandateSource
    source_name: str
    legal_source: str
    procedures: list[CodesOut]
    diagnoses: list[CodesOut]
    pathway: Specialty | None
    since: date | None
    until: date | None


class MandateList(Told):
    items: list[MandateOut]


class MandateAnswer(Told):
    """Whether a review is mandated, and why or why not. `accepted`: whether one may be asked for all the same."""

    mandated: bool
    accepted: bool
    reason: Text
    why_not: WhyNot | None
    mandate: MandateOut | None


@routes.get("/mandates", response_model=MandateList, operation_id="list_mandates", responses=problems(*LIST))
def list_mandates(who: caller("mandates:read")) -> MandateList:  # type: ignore[valid-type]
    """Every procedure that you mandate a review for, by rule."""
    return MandateList(items=[_out(one) for one in mandates_of(who.payer)])


@routes.get("/mandates/answer", response_model=MandateAnswer, operation_id="ask_mandate", responses=problems(*LIST))
def ask_mandate(
    who: caller("mandates:read"),  # type: ignore[valid-type]
    code: Annotated[CodeWord, Query(description="The procedure.", examples=["27447"])],
    system: Annotated[System, Query(description="Its code system.")] = "http://www.ama-assn.org/go/cpt",
    diagnosis: Annotated[list[CodeWord], Query(max_length=50, description="ICD-10 codes.")] = [],  # noqa: B006
    on: Annotated[Day | None, Query(description="The day on which it is planned; today.")] = None,
) -> MandateAnswer:
    """Whether you mandate a review before a procedure, and why or why not."""
    procedure = code_systems.coding(system, code)
    if procedure is None:
        detail = "This is no code."
        raise ProblemError(
            422, "invalid", detail, "Give the code of the procedure.", (Fault(detail, "#/code", "query"),)
        )
    known = [code_systems.coding("http://hl7.org/fhir/sid/icd-10-cm", one) for one in diagnosis]
    found = mandate_of(who.payer, procedure, [one for one in known if one], on or clock.now().date())
    return _answer(found)


def _answer(found: Answer) -> MandateAnswer:
    return MandateAnswer(
        mandated=found.mandated,
        accepted=found.accepted,
        reason=found.reason,
        why_not=found.why_not,
        mandate=_out(found.mandate) if found.mandate else None,
    )


def _out(one: Mandate) -> MandateOut:
    kept = {name: getattr(one, name) for name in MandateOut.model_fields if name not in ("procedures", "diagnoses")}
    return MandateOut(**kept, procedures=_codes(one.procedures), diagnoses=_codes(one.diagnoses))


def _codes(ranges: tuple[CodeRange, ...]) -> list[CodesOut]:
    return [CodesOut(system=one.system.value, code=one.code, display=one.display) for one in ranges]
