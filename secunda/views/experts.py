"""The directory of experts, with the load that each has now."""

from datetime import date

from pathways.vocabulary import Frozen
from secunda.views.reading import Reader, rows


class ExpertLine(Frozen):
    """One expert. `countries`: where a licence is valid today; `load`: live assignments, of `capacity` at once."""

    code: str
    name: str
    subspecialties: tuple[str, ...]
    languages: tuple[str, ...]
    institution: str
    countries: tuple[str, ...]
    load: int
    capacity: int
    is_on_leave: bool
    active: bool


QUERY = """
    select code, name, subspecialties, languages, institution, capacity, active,
           array(select licence ->> 'country' from jsonb_array_elements(licences) as licence
                  where coalesce(licence ->> 'valid_until', 'infinity')::date >= %(today)s) as countries,
           exists(select from jsonb_array_elements(leave) as away
                   where %(today)s between (away ->> 'from')::date and (away ->> 'to')::date) as is_on_leave,
           (select count(*) from assignment where expert_id = expert.id
               and status in ('requested', 'accepted', 'in-progress')) as load
      from expert
     where (%(subspecialty)s::text is null or subspecialties ? %(subspecialty)s)
       and (%(language)s::text is null or languages ? %(language)s)
     order by code
"""


def expert_list(
    reader: Reader, today: date, *, subspecialty: str | None = None, language: str | None = None
) -> list[ExpertLine]:
    """By code; only those of a subspecialty or language where one is asked for."""
    values = {"today": today, "subspecialty": subspecialty, "language": language}
    return [ExpertLine.model_validate(row) for row in rows(reader, QUERY, values)]
