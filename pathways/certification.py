"""What a payer is told about its prior authorisation once the opinion is there.

The clinical opinion and the coverage decision are separate: the opinion never depends on this, and this never denies.
It certifies only where the payer's own file says that agreement certifies; everything else is pended to the payer's
medical director, with the reason.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pathways.eligibility import fits_any
from pathways.opinion import Stance
from pathways.payer import CertificationRule, Payer
from pathways.readings import Adjudication
from pathways.source import read
from pathways.vocabulary import Coding, Frozen, Text


class CoverageAnswer(StrEnum):
    """All that can be answered. There is no denial among it."""

    CERTIFIED = "certified"
    PENDED_TO_MEDICAL_DIRECTOR = "pended_to_medical_director"


class Ground(StrEnum):
    """Why the answer is what it is."""

    AGREEMENT_CERTIFIES = "agreement_certifies"
    NO_RULE = "no_rule"
    OTHER_PROCEDURE = "other_procedure"
    NO_REPORT = "no_report"
    NO_POSITION = "no_position"
    NOT_SUPPORTED = "not_supported"
    TREATMENT_DIFFERS = "treatment_differs"
    DISSENT = "dissent"


class Answered(Frozen):
    """The answer, the ground that it stands on, and the same in words."""

    answer: CoverageAnswer
    ground: Ground
    reason: Text

    @property
    def certifies(self) -> bool:
        return self.answer is CoverageAnswer.CERTIFIED


REASONS = Path(__file__).parent / "terminology" / "coverage_reasons.yaml"


@lru_cache(maxsize=1)
def reasons() -> dict[Ground, Text]:
    """Every ground in words."""
    return {Ground(key): Text.model_validate(written) for key, written in read(REASONS).items()}


def answered(payer: Payer | None, procedure: Coding, opinion: Adjudication | None) -> Answered:
    """The answer to a payer.

    `payer` is None where it has no file; `opinion` is None where the case ended without a report.
    """
    ground = _ground(payer.certification if payer else CertificationRule(), procedure, opinion)
    certified = ground is Ground.AGREEMENT_CERTIFIES
    answer = CoverageAnswer.CERTIFIED if certified else CoverageAnswer.PENDED_TO_MEDICAL_DIRECTOR
    return Answered(answer=answer, ground=ground, reason=reasons()[ground])


def _ground(rule: CertificationRule, procedure: Coding, opinion: Adjudication | None) -> Ground:
    """The first thing that stands against certifying; that agreement certifies where nothing does."""
    if opinion is None:
        return Ground.NO_REPORT
    if not rule.agreement_certifies:
        return Ground.NO_RULE
    if rule.only and not fits_any(rule.only, procedure):
        return Ground.OTHER_PROCEDURE
    return _disagreement(rule, opinion) or Ground.AGREEMENT_CERTIFIES


def _disagreement(rule: CertificationRule, opinion: Adjudication) -> Ground | None:
    """What keeps the opinion from being agreement, as the rule takes it."""
    if opinion.position is None:
        return Ground.NO_POSITION
    if opinion.position.stance is not Stance.SUPPORTED:
        return Ground.NOT_SUPPORTED
    if opinion.position.treatment_concordance not in rule.treatment:
        return Ground.TREATMENT_DIFFERS
    return Ground.DISSENT if rule.unanimous and opinion.dissent else None
