"""`secunda case launch` and `secunda case attach`: what comes in from outside."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from secunda.cli.options import Actor, Reference, day, known_word, who, word_of
from secunda.cli.output import AsJson, print_done
from secunda.errors import BadInputError

if TYPE_CHECKING:
    from secunda.actions.launch import Launched

Many = list[str] | None


def launch(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A FHIR R4 bundle in JSON; - reads standard input.")],
    pathway: Annotated[
        str | None, typer.Option(metavar="SPECIALTY", help="Without it, the pathway whose codes fit best.")
    ] = None,
    question: Annotated[Many, typer.Option(help="What the requester asks; may be repeated.")] = None,
    patient_question: Annotated[Many, typer.Option(help="What the patient asks; may be repeated.")] = None,
    flag: Annotated[Many, typer.Option(help="A clinical situation of the pathway; may be repeated.")] = None,
    requester: Annotated[str, typer.Option(help="Who asks: coordinator, insurer, hospital.")] = "",
    requester_email: Annotated[str, typer.Option()] = "",
    payer: Annotated[str, typer.Option(help="Who pays, as a slug.")] = "",
    procedure: Annotated[str, typer.Option(metavar="CPT", help="The planned procedure.")] = "",
    procedure_on: Annotated[str | None, typer.Option(metavar="DATE", help="ISO 8601.")] = None,
    treatment_starts_on: Annotated[str | None, typer.Option(metavar="DATE", help="ISO 8601.")] = None,
    first_symptoms_on: Annotated[str | None, typer.Option(metavar="DATE", help="ISO 8601.")] = None,
    language: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="Of the report, like es.")] = None,
    jurisdiction: Annotated[str, typer.Option(metavar="OVERLAY", help="Whose law and calendar, like es-ct.")] = "",
    first_institution: Annotated[str, typer.Option(help="Where the first opinion was given.")] = "",
    operating_site: Annotated[str, typer.Option(help="Where the procedure is planned.")] = "",
    accept_ineligible: Annotated[
        str, typer.Option(metavar="REASON", help="Why it may enter although codes or age do not fit.")
    ] = "",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the case's reference and nothing else, for a script.")
    ] = False,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Open a case from a FHIR R4 bundle. Everything is checked first; a refused bundle changes nothing."""
    from pathways.vocabulary import Language, Specialty
    from secunda.launch_request import Request

    request = Request(
        specialty=word_of(Specialty, pathway, "--pathway"),
        requester=requester.strip(),
        requester_email=_address(requester_email),
        payer=payer.strip(),
        language=word_of(Language, language, "--language") or "",
        jurisdiction=jurisdiction.strip(),
        first_institution=first_institution.strip(),
        operating_site=operating_site.strip(),
        questions=_texts(question, "--question"),
        patient_questions=_texts(patient_question, "--patient-question"),
        flags=tuple(flag or ()),
        planned_procedure=procedure.strip(),
        procedure_on=day(procedure_on, "--procedure-on"),
        treatment_starts_on=day(treatment_starts_on, "--treatment-starts-on"),
        first_symptoms_on=day(first_symptoms_on, "--first-symptoms-on"),
        why_not_eligible=accept_ineligible.strip(),
    )
    from secunda.actions.launch import launch as open_case

    launched = open_case(source(file), request, who(actor))
    print_done(launched, launched.reference if quiet else _told(launched), as_json=as_json)


def _told(launched: "Launched") -> str:
    lines = [
        f"{launched.reference} was opened on the pathway {launched.specialty}; expected class "
        f"{launched.expected_urgency}; documents stored: {launched.documents}."
    ]
    lines += [f"  refused: {refusal}" for refusal in launched.refused_documents]
    lines += [f"  noticed: {warning}" for warning in launched.warnings]
    return "\n".join([*lines, f"  → `secunda case show {launched.reference}` shows it."])


def attach(
    reference: Reference,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="PDF, DICOM, C-CDA, picture, text; - reads it from stdin.")
    ],
    loinc: Annotated[str, typer.Option(metavar="CODE", help="What kind of document it is, like 11526-1.")] = "",
    title: Annotated[str, typer.Option()] = "",
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="The document's own date, ISO 8601, or today.")
    ] = None,
    origin: Annotated[str, typer.Option("--source", help="Institution or person that it came from.")] = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Add a document to a case. It is streamed, examined and stored whole, or refused and nothing changes."""
    from secunda.documents import Said

    said = Said(title=title.strip(), loinc=_loinc(loinc), documented_on=day(date, "--date"), source=origin.strip())
    from secunda.actions.attach import attach as add

    attached = add(reference, source(file), who(actor), said)
    numbers = ", ".join(str(document.number) for document in attached.documents)
    told = (
        "The case has this file already."
        if attached.already_there
        else f"Attached as document{'s' if len(attached.documents) > 1 else ''} {numbers}."
    )
    facts = {
        "documents": [
            document.model_dump(include={"number", "loinc", "media_type", "sha256", "size", "pages", "frames"})
            for document in attached.documents
        ],
        "warnings": attached.warnings,
        "already_there": attached.already_there,
    }
    print_done(
        facts, "\n".join([told, *(f"  look at it: {warning}" for warning in attached.warnings)]), as_json=as_json
    )


def source(file: str) -> Path | BinaryIO:
    """The file, or standard input for `-`; neither is read yet. Raises BadInputError for a file that is not there."""
    if file == "-":
        return sys.stdin.buffer
    path = Path(file)
    if not path.is_file():
        what = "This is a folder." if path.is_dir() else "There is no such file."
        raise BadInputError(what, "Name a file, or - for standard input.", place=file)
    return path


def _texts(written: Many, option: str) -> tuple[str, ...]:
    texts = tuple(text.strip() for text in written or ())
    if not all(texts):
        raise BadInputError("A question is empty.", "Write it out, or leave the option away.", place=option)
    return texts


def _address(written: str) -> str:
    """Enough of a check to catch a slip of the hand; whether it exists shows when it is written to."""
    address = written.strip()
    name, at, domain = address.rpartition("@")
    if address and not (name and at and "." in domain and " " not in address):
        raise BadInputError("This is no e-mail address.", "Write it like name@example.org.", place="--requester-email")
    return address


def _loinc(code: str) -> str:
    from pathways.terminology import document_types

    return known_word(code.strip(), document_types(), "--loinc") if code.strip() else ""


COMMANDS: dict[str, Callable[..., Any]] = {"launch": launch, "attach": attach}
