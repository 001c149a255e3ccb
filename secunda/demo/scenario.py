"""What happens in the demonstration, as a table: which cases, and how the people around them behave."""

from dataclasses import dataclass, field
from datetime import timedelta

from pathways.opinion import Stance
from pathways.vocabulary import Concordance, Specialty


@dataclass(frozen=True)
class Manner:
    """How one expert behaves in the first search for a role: who replaces them behaves ordinarily."""

    accepts_after: timedelta | None = timedelta(hours=2)  # None: never answers
    declines: bool = False
    writes_after: timedelta | None = timedelta(hours=20)  # after accepting; None: never writes
    stance: Stance | None = None
    treatment_concordance: Concordance | None = None


ORDINARY = Manner()
DECLINES = Manner(declines=True)
SILENT = Manner(accepts_after=None)
DISAGREES = Manner(stance=Stance.NOT_SUPPORTED, treatment_concordance=Concordance.CHANGED)
QUICK = Manner(accepts_after=timedelta(hours=1), writes_after=timedelta(hours=12))


@dataclass(frozen=True)
class DemoCase:
    """One case. `documents_after`: how long after they were asked for the missing papers come."""

    key: str
    specialty: Specialty
    story: str
    language: str = "en"
    documents_after: timedelta = timedelta(hours=20)
    consent_after: timedelta = timedelta(hours=3)
    treatment_in_days: int | None = None
    starts_after: timedelta = timedelta()
    manners: dict[str, Manner] = field(default_factory=dict)  # by role; "*" is everybody on the first search
    first_role: Manner = ORDINARY  # for the first seat of the panel, whatever its role is called
    last_role: Manner = ORDINARY  # for the last one
    payer: str = ""
    board_after: timedelta = timedelta(hours=10)


CASES = (
    DemoCase(
        "oncology",
        Specialty.ONCOLOGY,
        "papers come late and are chased",
        documents_after=timedelta(hours=110),
        last_role=DECLINES,
    ),
    DemoCase(
        "cardiology",
        Specialty.CARDIOLOGY,
        "the panel disagrees and is adjudicated",
        language="es",
        last_role=DISAGREES,
        payer="aseguradora-demo",
    ),
    DemoCase(
        "orthopedics",
        Specialty.ORTHOPEDICS,
        "one expert never answers and is replaced",
        language="es",
        first_role=SILENT,
    ),
    DemoCase(
        "rare",
        Specialty.RARE_DISEASE,
        "one expert declines",
        documents_after=timedelta(hours=30),
        first_role=DECLINES,
    ),
    DemoCase(
        "urgent",
        Specialty.ONCOLOGY,
        "treatment starts in five days: P1 overtakes the others",
        documents_after=timedelta(hours=2),
        consent_after=timedelta(hours=0.5),
        treatment_in_days=5,
        starts_after=timedelta(hours=24),
        first_role=QUICK,
        last_role=QUICK,
        manners={"*": QUICK},
    ),
)
