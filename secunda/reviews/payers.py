"""Payers' own files on this installation, and what they say of a procedure."""

from collections.abc import Sequence
from datetime import date

from pathways import loader, overlay, payer_files
from pathways.errors import PathwayFileError
from pathways.mandates import Answer, Lists, Mandate, answer, mandates
from pathways.payer import Payer
from pathways.vocabulary import Coding
from secunda import logs
from secunda.settings import settings


def payer_of(slug: str) -> Payer | None:
    """The payer's file; None where it has none. Raises PathwayFileError with what is wrong in it."""
    return payer_files.load(slug, settings().payer_folder)


def payer_of_case(slug: str) -> Payer | None:
    """The same for a case on its way, which a mistake in the file must not stop.

    While the file cannot be read, the payer is one without a file: the clocks of the law hold and nothing certifies.
    """
    try:
        return payer_of(slug)
    except PathwayFileError as error:
        logs.warning("payer_file_unreadable", payer=slug, place=error.place)
        return None


def jurisdiction_of(slug: str) -> str:
    """The overlay that a payer's reviews run under: its file's, else the installation's."""
    known = payer_of(slug)
    return known.jurisdiction if known else settings().jurisdiction


def lists_of(slug: str, jurisdiction: str = "") -> Lists:
    """The lists of procedures that hold for a payer. Raises PathwayError for a jurisdiction that there is not."""
    pathways = {name: loaded.pathway for name, loaded in loader.load_all(settings().pathway_folder).items()}
    return Lists(overlay.load(jurisdiction or jurisdiction_of(slug)), pathways, payer_of(slug))


def mandates_of(slug: str, jurisdiction: str = "") -> tuple[Mandate, ...]:
    """Every procedure that the payer mandates a review for, by rule."""
    return mandates(lists_of(slug, jurisdiction))


def mandate_of(slug: str, procedure: Coding, diagnoses: Sequence[Coding], on: date, jurisdiction: str = "") -> Answer:
    """Whether the payer mandates a review before that procedure on that day, and why or why not."""
    return answer(lists_of(slug, jurisdiction), procedure, diagnoses, on)
