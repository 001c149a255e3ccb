"""What is asked when a case is launched, and which pathway takes it."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from pathways import loader
from pathways.eligibility import Suggestion, eligibility, suggest
from pathways.loader import LoadedPathway
from pathways.vocabulary import CodeSystem, Coding, Specialty
from secunda.adapters.facts import case_facts
from secunda.adapters.fhir.incoming import IncomingBundle
from secunda.errors import BadInputError
from secunda.settings import settings

#: Characters that the case's row has room for.
LONGEST = {
    "requester": 120,
    "requester_email": 254,
    "payer": 40,
    "first_institution": 200,
    "operating_site": 200,
    "planned_procedure": 64,
}


@dataclass(frozen=True)
class Request:
    """What is asked besides the bundle. Empty fields are taken from the bundle's own request, if it has one.

    `why_not_eligible` is the reason for launching although the codes or the age do not fit the pathway.
    `planned_system` is whose code `planned_procedure` is; `payer_reference` tells two requests of a payer apart.
    """

    specialty: Specialty | None = None
    requester: str = ""
    requester_email: str = ""
    payer: str = ""
    language: str = ""
    jurisdiction: str = ""
    first_institution: str = ""
    operating_site: str = ""
    questions: tuple[str, ...] = ()
    patient_questions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    planned_procedure: str = ""
    planned_system: CodeSystem = CodeSystem.CPT
    payer_reference: str = ""
    procedure_on: date | None = None
    treatment_starts_on: date | None = None
    first_symptoms_on: date | None = None
    why_not_eligible: str = ""


def check_lengths(request: Request) -> None:
    """Raises BadInputError for a text that is longer than the case keeps."""
    for name, written in vars(request).items():
        longest = LONGEST.get(name)
        if longest is not None and len(written) > longest:
            raise BadInputError("The text is too long.", f"Write at most {longest} characters.", place=name)


def digest(incoming: IncomingBundle, request: Request, loaded: LoadedPathway) -> str:
    """The same bundle and questions for the same pathway, requester and payer are the same request."""
    said = (
        incoming.sha256,
        loaded.pathway.pathway,
        request.requester,
        request.payer,
        request.planned_procedure,
        *request.questions,
        *request.patient_questions,
        *filter(None, [request.payer_reference]),
    )
    return sha256("\x1f".join(said).encode()).hexdigest()


def codings(incoming: IncomingBundle, request: Request) -> list[Coding]:
    """The codes that eligibility goes by: what is asked about, active conditions, procedures, then the history."""
    record, asked = incoming.record, incoming.request
    items = [*(item for item in record.conditions if item.active), *record.procedures]
    items += [item for item in record.conditions if not item.active]
    found = [coding for item in items for coding in item.codings]
    if asked is not None:
        found = [*asked.reason_codings, *([asked.planned_procedure] if asked.planned_procedure else []), *found]
    if request.planned_procedure:
        found.insert(0, Coding(system=request.planned_system, code=request.planned_procedure))
    return found


def fits(incoming: IncomingBundle, request: Request, loaded: LoadedPathway, today: date) -> bool:
    """Whether the codes and the age let the case into the pathway by themselves."""
    facts = case_facts(incoming.record, today=today)
    return eligibility(loaded.pathway, facts, codings(incoming, request)).eligible


def choose_pathway(incoming: IncomingBundle, request: Request, today: date) -> LoadedPathway:
    """The pathway named, or the one whose codes fit best; raises BadInputError when the case may not enter it."""
    pathways = loader.load_all(settings().pathway_folder)
    codes = codings(incoming, request)
    if request.specialty is not None and request.why_not_eligible.strip():
        return pathways[request.specialty]
    fitting = suggest({name: loaded.pathway for name, loaded in pathways.items()}, codes)
    if request.specialty is None:
        return _best(pathways, fitting)
    loaded = pathways[request.specialty]
    allowed = eligibility(loaded.pathway, case_facts(incoming.record, today=today), codes)
    if allowed.eligible:
        return loaded
    others = ", ".join(suggestion.specialty for suggestion in fitting) or "none"
    raise BadInputError(
        " ".join(allowed.reasons),
        f"Pathways that fit: {others}. Or say why it may enter: `--accept-ineligible '…'`.",
        place="pathway",
    )


def _best(pathways: dict[Specialty, LoadedPathway], fitting: tuple[Suggestion, ...]) -> LoadedPathway:
    if not fitting:
        raise BadInputError(
            "No pathway takes these conditions.",
            "Name one and say why: `--pathway chronic_disease --accept-ineligible '…'`.",
            place="/entry",
        )
    return pathways[fitting[0].specialty]
