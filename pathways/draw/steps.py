"""What a drawing of a pathway shows: its steps in order, each with its clock and its cards."""

from collections.abc import Callable, Mapping

from pathways.draw.words import NO_BREAK, TERMS, WORDS, span
from pathways.errors import PathwayError
from pathways.schema import ChaseStep, DocumentFormat, DocumentRequirement, Obligation, Pathway, Role
from pathways.spans import Span
from pathways.triage import UNIVERSAL_RULES
from pathways.vocabulary import Frozen, Text, Urgency

Say = Callable[[Text, str], str]
Tell = Callable[[str], str | None]
ALWAYS = "true"
LONGEST_CONDITION = 60  # characters; a longer one, or one with functions, is told as "where the case calls for it"
LONGEST_TOLD = 110  # characters of a condition in words


class Rule(Frozen):
    """A rule as the file has it, and in words where there are some; `title` is the file's own explanation.

    Without `written` it is what holds where no rule does.
    """

    written: str = ""
    told: str | None = None
    title: str = ""


class Card(Frozen):
    """One document, class, role or section: a title and lines under it.

    `tone` is a class or an obligation, `label` the same in words where the title does not say it. `rules` say when
    it applies, `short` the same in the few words that a drawing has room for.
    """

    title: str
    lines: tuple[str, ...] = ()
    tone: str = ""
    label: str = ""
    rules: tuple[Rule, ...] = ()
    short: tuple[str, ...] = ()

    @property
    def drawn(self) -> tuple[str, ...]:
        """The lines of a drawing."""
        return (*self.lines, *self.short)


class Step(Frozen):
    """One step of the pathway; `notes` are its clocks and how it is chased."""

    key: str
    title: str
    notes: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()


def untold(_: str) -> None:
    """No rule has words."""


def steps(pathway: Pathway, language: str = "en", say: Say = Text.in_language, tell: Tell = untold) -> tuple[Step, ...]:
    """The steps of the pathway in one of the six languages. Raises PathwayError for another one.

    `say`: what tells a text of the file in a language, where something knows more of them than the file does.
    `tell`: what says a rule in that language, None where it has no words for it.
    """
    if language not in WORDS:
        raise PathwayError(f"There is no drawing in {language!r}.", f"Languages: {', '.join(WORDS)}.", place="language")
    return _Teller(pathway, language, say, tell).steps()


class _Teller:
    def __init__(self, pathway: Pathway, language: str, say: Say, tell: Tell) -> None:
        self._pathway, self._language, self._say, self._tell = pathway, language, say, tell
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
        title, label = self._say(one.title, self._language), self._terms[one.obligation]
        rules, short = self._rules(one.when), self._short(one.when)
        return Card(title=title, lines=tuple(lines), tone=one.obligation, label=label, rules=rules, short=short)

    def _classes(self) -> tuple[Card, ...]:
        triage = self._pathway.triage
        cards = []
        for urgency in Urgency:
            asked = [rule for rule in (*triage.rules, *UNIVERSAL_RULES) if rule.urgency is urgency]
            rules = [self._rule(rule.when, title=self._say(rule.reason, self._language)) for rule in asked]
            if urgency is triage.default:
                rules.append(Rule(title=self._words["otherwise"]))
            due = self._pathway.deadlines.report.get(urgency)
            told = self._words["emergency"] if urgency is Urgency.P0 else ""
            if due:
                told = f"{self._words['report']} {self._words['within'].format(span(due, self._language))}"
            if rules:
                short = tuple(f"• {rule.title}" for rule in rules)
                cards.append(Card(title=f"{urgency}: {told}", tone=urgency, rules=tuple(rules), short=short))
        return tuple(cards)

    def _roles(self) -> tuple[Card, ...]:
        panel = self._pathway.panel
        extra = (self._role(panel.extra_reader, self._words["extra"]),) if panel.extra_reader else ()
        return tuple(self._role(role) for role in panel.roles) + extra

    def _role(self, role: Role, note: str = "") -> Card:
        lines = [note] if note else []
        title = self._say(role.title, self._language)
        if role.key == self._pathway.panel.chair and "," not in title:  # which says it itself
            lines.append(self._words["chair"])
        if role.seats > 1:
            lines.append(self._words["seats"].format(role.seats))
        if role.blind_first:
            lines.append(self._words["blind"])
        rules, short = self._rules(role.when), self._short(role.when)
        return Card(title=title, lines=tuple(lines), rules=rules, short=short)

    def _decision(self) -> tuple[Card, ...]:
        panel = self._pathway.panel
        when = panel.board_when or ALWAYS
        rules, short = self._rules(when, "board"), self._short(when, "board")
        return (Card(title=self._terms[panel.adjudication], rules=rules, short=short),)

    def _sections(self) -> tuple[Card, ...]:
        report = self._pathway.report
        titles = (
            Card(title=self._say(one.title, self._language), rules=self._rules(one.when)) for one in report.sections
        )
        families = ", ".join(guideline.key for guideline in report.guidelines)
        return (*titles, Card(title=self._words["guidelines"], lines=(families,)))

    def _rules(self, when: str, word: str = "if") -> tuple[Rule, ...]:
        return () if when.strip() == ALWAYS else (self._rule(when, word),)

    def _rule(self, when: str, word: str = "if", title: str = "") -> Rule:
        told = self._tell(when)
        return Rule(written=" ".join(when.split()), told=told and self._words[word].format(told), title=title)

    def _short(self, when: str, word: str = "if") -> tuple[str, ...]:
        """The rule for a drawing: in words, else as written, where that is short."""
        if when.strip() == ALWAYS:
            return ()
        told, written = self._tell(when), " ".join(when.split())
        is_short = len(told) <= LONGEST_TOLD if told else len(written) <= LONGEST_CONDITION and "(" not in written
        return (self._words[word].format(told or written) if is_short else self._words["conditional"],)

    def _within(self, value: Span) -> tuple[str, ...]:
        return (self._words["within"].format(span(value, self._language)),)

    def _classed(self, word: str, by_class: Mapping[Urgency, Span]) -> tuple[str, ...]:
        told = (f"{urgency}{NO_BREAK}{span(by_class[urgency], self._language)}" for urgency in sorted(by_class))
        return (self._words[word].format("; ".join(told)),)
