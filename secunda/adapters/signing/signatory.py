"""Who signs a report, and what goes wrong when they cannot."""

from dataclasses import dataclass

from secunda.errors import SecundaError

ORGANISATION = "organisation"  # the key of the seal, which is set last and covers all that came before


class SigningError(SecundaError):
    """A signature could not be made. The message holds neither key material nor patient data.

    `permanent`: trying again does not help before somebody has mended it.
    """

    code = "signing"

    def __init__(self, message: str, remedy: str = "", *, permanent: bool = True) -> None:
        super().__init__(message, remedy)
        self.permanent = permanent


@dataclass(frozen=True)
class Signatory:
    """One signature of a report. `key` names the certificate: `organisation`, or an expert's code in the directory.

    `name` is who signs as the report prints them, `label` what a screen reader says of the field, `reason` what the
    signature states.
    """

    key: str
    name: str
    label: str
    reason: str

    @property
    def is_organisation(self) -> bool:
        return self.key == ORGANISATION


@dataclass(frozen=True)
class EmbeddedFile:
    """A file that travels inside the PDF. `relationship` is the one of PDF/A-3, `AFRelationship`."""

    name: str
    content: bytes
    media_type: str
    description: str
    relationship: str
