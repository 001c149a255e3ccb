"""An expert (FHIR Practitioner + PractitionerRole)."""

from datetime import date

from sqlmodel import Field

from models.base import Row, json_list


class Expert(Row, table=True):
    """`licences`: {"country": "ES", "valid_until": "2027-12-31"}; `leave`: {"from": "2026-08-01", "to": "2026-08-31"}.

    `capacity` is how many live assignments the expert takes at once; `quality` is 0 to 1.
    """

    __tablename__ = "expert"

    code: str = Field(unique=True, max_length=40)  # the directory's own key
    name: str
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=30)
    subspecialties: list[str] = json_list()
    languages: list[str] = json_list()
    institution: str = ""
    licences: list[dict[str, str]] = json_list()
    leave: list[dict[str, str]] = json_list()
    financial_interests: list[str] = json_list()  # payer slugs, sponsor or institution names declared
    practising_since: date | None = None  # full time
    capacity: int = 3
    quality: float = 0.5
    active: bool = True
