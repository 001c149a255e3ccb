"""What an expert who reads blind may not see until their provisional opinion is locked.

Knowing the first opinion shifts the second (domain reference, "Expert matching"), so its conclusion stays hidden. A
note holds its conclusion and its question in one text that cannot be cut apart; the whole note is hidden, and the
reader gets the questions, the facts and every primary record instead.
"""

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

from pathways.vocabulary import Text

FIRST_OPINION = Text(
    en="It holds the first opinion's conclusion.",
    es="Contiene la conclusión de la primera opinión.",
)
REFERRAL = Text(
    en="The referral note tells the first opinion's conclusion; its questions are shown on their own.",
    es="La nota de derivación cuenta la conclusión de la primera opinión; sus preguntas se muestran aparte.",
)

UNKNOWN = Text(
    en="Nobody has said what kind of document this is; it may hold the first opinion.",
    es="Nadie ha indicado qué tipo de documento es; puede contener la primera opinión.",
)

#: Consult notes (C-CDA value set ConsultDocumentType, the specialties of our pathways) and referral notes. Not
#: psychology (34791-4): its test results are primary records.
HIDDEN_WHILE_BLIND: dict[str, Text] = {
    "11488-4": FIRST_OPINION,  # consult note
    "47040-1": FIRST_OPINION,  # second-opinion consult note
    "34104-0": FIRST_OPINION,  # hospital
    "51845-6": FIRST_OPINION,  # outpatient
    "34764-1": FIRST_OPINION,  # general medicine
    "34101-6": FIRST_OPINION,  # general medicine, outpatient
    "34099-2": FIRST_OPINION,  # cardiology
    "34779-9": FIRST_OPINION,  # haematology and medical oncology
    "34805-2": FIRST_OPINION,  # oncology
    "34831-8": FIRST_OPINION,  # radiation oncology
    "34797-1": FIRST_OPINION,  # neurology
    "34798-9": FIRST_OPINION,  # neurological surgery
    "34814-4": FIRST_OPINION,  # orthopaedics
    "34822-7": FIRST_OPINION,  # physical medicine and rehabilitation
    "57133-1": REFERRAL,
    "": UNKNOWN,
}


class Readable(Protocol):
    """What a document must tell: its LOINC code, and its DICOM modality where it is images."""

    @property
    def loinc(self) -> str: ...

    @property
    def modality(self) -> str: ...


Document = TypeVar("Document", bound=Readable)


def hidden_because(document: Readable, also_hidden: Collection[str] = ()) -> Text | None:
    """Why a blind reader may not see this document, or None. Images are primary records and never hidden.

    `also_hidden`: further LOINC codes that hold the first opinion for this role (`Role.hidden_while_blind`), such as
    the report of the study that is read again.
    """
    if document.modality:
        return None
    if document.loinc in HIDDEN_WHILE_BLIND:
        return HIDDEN_WHILE_BLIND[document.loinc]
    return FIRST_OPINION if document.loinc in also_hidden else None


def visible_documents(
    assignment_blind: bool,
    unblinded: bool,
    documents: Iterable[Document],
    also_hidden: Collection[str] = (),
) -> tuple[Document, ...]:
    """The documents that this expert may see now, in the order given."""
    if unblinded or not assignment_blind:
        return tuple(documents)
    return tuple(document for document in documents if hidden_because(document, also_hidden) is None)
