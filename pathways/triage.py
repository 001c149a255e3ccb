"""Triage: the most urgent class of all rules that hold."""

from pathways import rules
from pathways.facts import CaseFacts
from pathways.schema import Pathway, TriageRule
from pathways.vocabulary import Frozen, Text, Urgency

#: Rules of every pathway, whatever its file says.
UNIVERSAL_RULES = (
    TriageRule(
        key="procedure_within_7_days",
        when="days_to_procedure >= 0 && days_to_procedure <= 7",
        urgency=Urgency.P1,
        reason=Text(
            en="A procedure is dated within seven days.",
            es="Hay un procedimiento previsto en siete días.",
            ca="Hi ha un procediment previst d'aquí a set dies.",
            fr="Une intervention est prévue dans les sept jours.",
            de="Ein Eingriff ist binnen sieben Tagen angesetzt.",
            pt="Há um procedimento previsto em sete dias.",
        ),
    ),
)


class HeldRule(Frozen):
    """A rule that held, with the class it asks for and why."""

    key: str
    urgency: Urgency
    reason: Text


class TriageResult(Frozen):
    """The urgency class, the rules that held (most urgent first), and whether none did and the default was used."""

    urgency: Urgency
    held: tuple[HeldRule, ...]
    is_default: bool

    @property
    def deciding(self) -> tuple[HeldRule, ...]:
        """The rules that gave the class."""
        return tuple(rule for rule in self.held if rule.urgency == self.urgency)


def triage(pathway: Pathway, facts: CaseFacts) -> TriageResult:
    """The case's urgency class. Raises PathwayError naming a rule's expression that cannot be evaluated."""
    context = rules.variables(facts)
    held = [
        HeldRule(key=rule.key, urgency=rule.urgency, reason=rule.reason)
        for rule in (*pathway.triage.rules, *UNIVERSAL_RULES)
        if rules.holds(rule.when, context)
    ]
    held.sort(key=lambda rule: rule.urgency)
    urgency = held[0].urgency if held else pathway.triage.default
    return TriageResult(urgency=urgency, held=tuple(held), is_default=not held)
