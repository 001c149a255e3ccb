"""What a drawing of a pathway shows: its steps in order, each with its clock and its cards."""

from collections.abc import Callable, Mapping

from pathways.draw.words import NO_BREAK, TERMS, WORDS, span
from pathways.errors import PathwayError
from pathways.schema import ChaseStep, DocumentFormat, DocumentRequirement, Obligation, Pathway, Role
from pathways.spans import Span
from pathways.triage import UNIVERSAL_RULES
from pathways.vocabulary import Frozen, Text, Urgency

Say = Callable[[Text, str], str]
LONGEST_CONDITION = 60  # characters; a longer one, or one with functions, is told as "where the case calls for it"


class Card(Frozen):
    """One document, class, role or section: a title and lines under it.

    `tone` is a class or an obligation, `label` the same in words where the title does not say it.
    """

    title: str
    lines: tuple[str, ...] = ()
    tone: str = ""
    label: str = ""


class Step(Frozen):
    """One step of the pathway; `notes` are its clocks and how it is chased."""

    key: str
    title: str
    notes: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()


def steps(pathway: Pathway, language: str = "en", say: Say = Text.in_language) -> tuple[Step, ...]:
    """The steps of the pathway in one of the six languages. Raises PathwayError for another one.

    `say`: what tells a text of the file in a language, where something knows more of them than the file does.
    """
    if language not in WORDS:
        raise PathwayError(f"There is no drawing in {language!r}.", f"Languages: {', '.join(WORDS)}.", place="language")
    return _Teller(pathway, language, say).steps()


class _Teller:
    def __init__(self, pathway: Pathway, language: str, say: Say) -> None:
        self._pathway, self._language, self._say = pathway, language, say
        self._words, self._terms = WORDS[language], TERMS[language]

    def steps(self) -> tuple[Step, ...]:
        deadlines, chase = self._pathway.deadlines, self._pathway.chase
        return (
            self._step("consent", self._within(deadlines.consent), chase.consent),
            self._step("documents", self._within(deadlines.documents), chase.documents, self._documents()),
            self._step("triage", (), (), self._classes()),
            self._step("panel", self._classed("accept", deadlines.acceptance), chase.acceptance, self._roles()),
            self._step("opinions", self._classed("within", deadlines.opinion), chase.opinion),
            self._step(
                "adjudication", self._classed("within", deadlines.adjudication), chase.adjudication, self._decision()
            ),
            self._step("report", self._classed("within", deadlines.report), (), self._sections()),
        )

    def _step(
        self, key: str, clocks: tuple[str, ...], ladder: tuple[ChaseStep, ...], cards: tuple[Card, ...] = ()
    ) -> Step:
        rungs = ", ".join(f"{self._terms[rung.do]}{NO_BREAK}{span(rung.at, self._language)}" for rung in ladder)
        notes = (*clocks, self._words["chase"].format(rungs)) if rungs else clocks
        return Step(key=key, title=self._words[key], notes=notes, cards=cards)

    def _documents(self) -> tuple[Card, ...]:
        order = list(Obligation)
        listed = sorted(self._pathway.documents, key=lambda one: order.index(one.obligation))
        return tuple(self._document(one) for one in listed)

    def _document(self, one: DocumentRequirement) -> Card:
        lines = [f"LOINC {', '.join(one.loinc)}"]
        if one.format is not DocumentFormat.ANY:
            lines.append(self._terms[one.format])
        if one.maximum_age:
            lines.append(self._words["maximum_age"].format(span(one.maximum_age, self._language)))
        lines += self._condition(one.when)
        title, label = self._say(one.title, self._language), self._terms[one.obligation]
        return Card(title=title, lines=tuple(lines), tone=one.obligation, label=label)

    def _classes(self) -> tuple[Card, ...]:
        triage = self._pathway.triage
        cards = []
        for urgency in Urgency:
            rules = [rule for rule in (*triage.rules, *UNIVERSAL_RULES) if rule.urgency is urgency]
            lines = [f"• {self._say(rule.reason, self._language)}" for rule in rules]
            if urgency is triage.default:
                lines.append(f"• {self._words['otherwise']}")
            due = self._pathway.deadlines.report.get(urgency)
            told = self._words["emergency"] if urgency is Urgency.P0 else ""
            if due:
                told = f"{self._words['report']} {self._words['within'].format(span(due, self._language))}"
            if lines:
                cards.append(Card(title=f"{urgency}: {told}", lines=tuple(lines), tone=urgency))
        return tuple(cards)

    def _roles(self) -> tuple[Card, ...]:
        panel = self._pathway.panel
        extra = (self._role(panel.extra_reader, self._words["extra"]),) if panel.extra_reader else ()
        return tuple(self._role(role) for role in panel.roles) + extra

    def _role(self, role: Role, note: str = "") -> Card:
        lines = [note] if note else []
        if role.key == self._pathway.panel.chair:
            lines.append(self._words["chair"])
        if role.seats > 1:
            lines.append(self._words["seats"].format(role.seats))
        if role.blind_first:
            lines.append(self._words["blind"])
        return Card(title=self._say(role.title, self._language), lines=(*lines, *self._condition(role.when)))

    def _decision(self) -> tuple[Card, ...]:
        panel = self._pathway.panel
        board = (self._words["board"].format(panel.board_when),) if panel.board_when else ()
        return (Card(title=self._terms[panel.adjudication], lines=board),)

    def _sections(self) -> tuple[Card, ...]:
        report = self._pathway.report
        titles = tuple(Card(title=self._say(section.title, self._language)) for section in report.sections)
        families = ", ".join(guideline.key for guideline in report.guidelines)
        return (*titles, Card(title=self._words["guidelines"], lines=(families,)))

    def _condition(self, when: str) -> tuple[str, ...]:
        written = " ".join(when.split())
        if written == "true":
            return ()
        is_short = len(written) <= LONGEST_CONDITION and "(" not in written
        return (self._words["if"].format(written) if is_short else self._words["conditional"],)

    def _within(self, value: Span) -> tuple[str, ...]:
        return (self._words["within"].format(span(value, self._language)),)

    def _classed(self, word: str, by_class: Mapping[Urgency, Span]) -> tuple[str, ...]:
        told = (f"{urgency}{NO_BREAK}{span(by_class[urgency], self._language)}" for urgency in sorted(by_class))
        return (self._words[word].format("; ".join(told)),)
