"""An expert as matching sees them, what a case asks of one, and what became of considering them."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from pathways.vocabulary import Frozen, Language, Slug, Text

Country = Annotated[str, StringConstraints(to_upper=True, strip_whitespace=True, max_length=2)]  # ISO 3166-1


class Licence(Frozen):
    """A licence to practise in a country; `valid_until` is the last valid day, None for no end."""

    country: Country
    valid_until: date | None = None


class Leave(Frozen):
    """Days away, both included."""

    model_config = ConfigDict(validate_by_name=True)

    from_: date = Field(alias="from")
    to: date


class ExpertProfile(Frozen):
    """What of an expert matters for a match (FHIR PractitionerRole).

    `languages`: the mother tongue first. `licences`: the country where they practise first. `load`: live
    assignments now. `quality`: 0 to 1. `on_time`: the share of offers and opinions answered in time, 0 to 1,
    None while there is no history. `financial_interests`: payers, sponsors and institutions declared.
    """

    code: str
    name: str = ""
    subspecialties: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    institution: str = ""
    licences: tuple[Licence, ...] = ()
    leave: tuple[Leave, ...] = ()
    financial_interests: tuple[str, ...] = ()
    practising_since: date | None = None
    capacity: int = 3
    load: int = Field(default=0, ge=0)
    quality: float = Field(default=0.5, ge=0, le=1)
    on_time: float | None = Field(default=None, ge=0, le=1)
    active: bool = True


class MatchRequest(Frozen):
    """One role of one case that needs experts, and the days on which they would work.

    `subspecialties`: any one qualifies, the first fits best. `seats`: the open seats of this role. `country`: of the
    patient's jurisdiction; empty where it is not known, then any valid licence will do. `licensed_in`: the countries
    whose licences that jurisdiction accepts, where it names them. `treated_by`: names or directory codes of those who
    treated the patient. `parties`: payer, requester, sponsors: whoever gains by the answer. `on_panel`, `declined`,
    `replaced`: codes of experts, of this whole case.
    """

    case_reference: str
    role: Slug
    seats: tuple[int, ...] = (1,)
    subspecialties: tuple[Slug, ...] = Field(min_length=1)
    language: Language
    translation_booked: bool = False
    country: Country = ""
    licensed_in: tuple[Country, ...] = ()
    first_institution: str = ""
    operating_site: str = ""
    treated_by: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    works_from: date
    works_until: date
    minimum_years: int = 0
    on_panel: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()


class Exclusion(Frozen):
    """A hard reason against; `code` is a `pathways.exclusions.Reason`."""

    code: str
    text: Text


class Considered(Frozen):
    """One expert considered: points out of 100 with the part of each measure, or why they are excluded."""

    expert: str
    score: float | None = None
    parts: dict[str, float] = Field(default_factory=dict)
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def is_available(self) -> bool:
        return not self.exclusions
