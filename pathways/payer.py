"""A payer's own file: which procedures it mandates a review for, its clocks, whom to tell, and what agreement means.

One file a payer in payers/, named like the payer. A payer without a file has the lists of the pathways and of the
jurisdiction, the clocks of the law, and an answer that is always pended to its medical director.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator, model_validator

from pathways.calendars import WorkingCalendar
from pathways.overlay import StopReason
from pathways.schema import CodeRange, Version
from pathways.spans import Span
from pathways.vocabulary import Concordance, Frozen, Language, Slug, Specialty, Text, Urgency
from pathways.wording import E_164, MAILBOX

PayerSlug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Address = Annotated[str, StringConstraints(pattern=MAILBOX)]
Phone = Annotated[str, StringConstraints(pattern=E_164)]


class Contact(Frozen):
    """Somebody on the payer's side who is written to, never with anything about the patient."""

    name: str = Field(default="", max_length=120)
    email: Address
    phone: Phone | None = None
    language: Language = Language.EN


class DefaultList(StrEnum):
    """The lists that hold where the payer writes none of its own."""

    PATHWAYS = "pathways"
    JURISDICTION = "jurisdiction"


class Others(StrEnum):
    """What becomes of a request for a procedure that is not mandated."""

    REFUSE = "refuse"
    ACCEPT = "accept"


class MandateRule(Frozen):
    """Procedures that the payer wants reviewed before they are done.

    `diagnoses`: where not empty, only with one of these. `pathway`: which one takes the case; without it, the one that
    fits the codes best. `since` and `until` (both included) are days on which the procedure is planned or asked for.
    """

    key: Slug
    title: Text
    procedures: tuple[CodeRange, ...] = Field(min_length=1)
    diagnoses: tuple[CodeRange, ...] = ()
    pathway: Specialty | None = None
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "MandateRule":
        if self.since and self.until and self.until < self.since:
            raise ValueError("the rule ends before it begins; exchange `since` and `until`")
        return self


class Exemption(Frozen):
    """Procedures that the payer does not want reviewed, although a list has them, and why."""

    procedures: tuple[CodeRange, ...] = Field(min_length=1)
    reason: Text


class Mandates(Frozen):
    """The payer's own list, which stands in the place of the default ones; `besides` keeps them as well."""

    rules: tuple[MandateRule, ...] = ()
    besides: tuple[DefaultList, ...] = ()
    exempt: tuple[Exemption, ...] = ()
    others: Others = Others.REFUSE


class DeterminationStart(StrEnum):
    """What a payer's clock counts from."""

    REQUEST = "request"
    FILE_COMPLETE = "file_complete"


class PayerClock(Frozen):
    """One clock within which the payer answers; `source` names where the payer promises it."""

    key: Slug
    title: Text
    duration: Span
    starts: DeterminationStart = DeterminationStart.REQUEST
    urgency: tuple[Urgency, ...] = (Urgency.P1, Urgency.P2, Urgency.P3)
    stops_for: tuple[StopReason, ...] = ()
    source: str = ""

    @field_validator("duration")
    @classmethod
    def _is_a_length(cls, written: Span) -> Span:
        if written.is_share or written.amount == 0:
            raise ValueError(f"{str(written)!r} is not a length; write '72 h', '7 days' or '5 working days'")
        return written


class Told(StrEnum):
    """Who is told that a clock runs out."""

    COORDINATOR = "coordinator"
    MEDICAL_DIRECTOR = "medical_director"
    PAYER = "payer"


class Escalation(Frozen):
    """At this share of the clock, these are told."""

    at: Span
    to: tuple[Told, ...] = Field(min_length=1)

    @field_validator("at")
    @classmethod
    def _is_a_share(cls, written: Span) -> Span:
        if not written.is_share or not 0 < written.amount <= 100:
            raise ValueError(f"{str(written)!r} is not a share of the clock; write one from '1 %' to '100 %'")
        return written


#: Breach is escalated before it happens: the last step comes when the clock runs out, not after.
ESCALATIONS = (
    Escalation(at=Span.parse("50 %"), to=(Told.COORDINATOR,)),
    Escalation(at=Span.parse("80 %"), to=(Told.COORDINATOR, Told.PAYER)),
    Escalation(at=Span.parse("100 %"), to=(Told.COORDINATOR, Told.MEDICAL_DIRECTOR, Told.PAYER)),
)


class Determination(Frozen):
    """The payer's clocks, beside those of the law, which hold in any case: the sooner of the two binds.

    `calendar`: the payer's own working days; without it, the jurisdiction's.
    """

    clocks: tuple[PayerClock, ...] = ()
    calendar: WorkingCalendar | None = None
    escalations: tuple[Escalation, ...] = Field(default=ESCALATIONS, min_length=1)

    @field_validator("escalations")
    @classmethod
    def _come_in_order(cls, written: tuple[Escalation, ...]) -> tuple[Escalation, ...]:
        shares = [one.at.amount for one in written]
        if shares != sorted(set(shares)):
            raise ValueError("the escalations do not come one after the other; write each share once, the least first")
        return written


class CertificationRule(Frozen):
    """Where the payer says that agreement certifies. Without `agreement_certifies`, nothing ever does.

    `treatment`: the concordances that are agreement; a treatment that was changed is none. `unanimous`: dissent of any
    reader is no agreement. `only`: where not empty, for these procedures alone.
    """

    agreement_certifies: bool = False
    treatment: tuple[Concordance, ...] = Field(default=(Concordance.CONFIRMED,), min_length=1)
    unanimous: bool = True
    only: tuple[CodeRange, ...] = ()

    @field_validator("treatment")
    @classmethod
    def _is_agreement(cls, written: tuple[Concordance, ...]) -> tuple[Concordance, ...]:
        if Concordance.CHANGED in written:
            raise ValueError("a changed treatment is no agreement; write 'confirmed', or 'confirmed' and 'clarified'")
        return written


class Payer(Frozen):
    """One payer. `medical_director` is to whom an answer is pended; `escalation_contact` hears when a clock runs out,
    and is the medical director where it is not written."""

    payer: PayerSlug
    version: Version
    title: Text
    jurisdiction: str
    medical_director: Contact
    escalation_contact: Contact | None = None
    mandates: Mandates | None = None
    determination: Determination = Determination()
    certification: CertificationRule = CertificationRule()

    @property
    def escalates_to(self) -> Contact:
        return self.escalation_contact or self.medical_director
