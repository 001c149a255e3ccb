"""What the patient may allow, each purpose apart (GDPR art. 6, 7 and 9(2)(a))."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import select

from models import Consent
from pathways.vocabulary import Specialty
from secunda.case_context import PURPOSE, CaseContext
from secunda.web.catalogues import N_


@dataclass(frozen=True)
class Purpose:
    """`specialties`: where it is asked; empty: everywhere."""

    key: str
    title: str
    text: str
    without_it: str
    specialties: tuple[Specialty, ...] = ()


RARE: Final = (Specialty.RARE_DISEASE,)
PURPOSES: Final = (
    Purpose(
        PURPOSE,
        N_("The second opinion itself"),
        N_(
            "We collect your medical records, show them to the experts of your case and to nobody else, and keep their "
            "report. It is for this request only."
        ),
        N_("Without this consent there is no second opinion: your request ends, and nobody reads your records."),
    ),
    Purpose(
        "quality",
        N_("Making second opinions better"),
        N_("We may look at your case again, without your name, to see how good our work was."),
        N_("It changes nothing for you if you do not allow it."),
    ),
    Purpose(
        "research_contact",
        N_("Being asked about research"),
        N_("We may write to you when a study looks for people with your illness. You decide each time."),
        N_("It changes nothing for you if you do not allow it."),
    ),
    Purpose(
        "photographs",
        N_("Photographs of you"),
        N_("The experts may see photographs that show you, because some illnesses can be seen."),
        N_("Without it the experts work without photographs."),
        RARE,
    ),
    Purpose(
        "cross_border",
        N_("Experts in other countries"),
        N_("Your records may be shown to experts of a reference network in other countries of the European Union."),
        N_("Without it only experts of this country are asked."),
        RARE,
    ),
)


@dataclass(frozen=True)
class Allowed:
    """A purpose, and whether it is allowed now. `changed_at`: when it was last given or withdrawn."""

    purpose: Purpose
    given: bool
    changed_at: datetime | None

    @property
    def is_main(self) -> bool:
        return self.purpose.key == PURPOSE


def asked_of(context: CaseContext) -> list[Allowed]:
    """What is asked in this case, in order."""
    query = select(Consent).where(Consent.case_id == context.case.id)
    rows = {row.purpose: row for row in context.session.exec(query)}
    return list(_asked(context, rows))


def _asked(context: CaseContext, rows: dict[str, Consent]) -> Iterator[Allowed]:
    for purpose in PURPOSES:
        if purpose.specialties and context.case.specialty not in purpose.specialties:
            continue
        row = rows.get(purpose.key)
        expired = row is not None and row.expires_at is not None and row.expires_at <= context.now
        given = row is not None and row.withdrawn_at is None and not expired
        yield Allowed(purpose, given, (row.withdrawn_at or row.given_at) if row else None)
