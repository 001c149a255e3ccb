"""Every rule of every pathway is said in words, in each of the six languages, and the words say what the rule does."""

import json
import random
import re
from collections.abc import Iterator

import pytest

from pathways import loader, rules
from pathways.adjudication import BOARD_VARIABLES
from pathways.check.samples import sampled
from pathways.draw.steps import steps
from pathways.expression import At, Call, Items, Literal, Name, Node, NotReadError, Operation, tree
from pathways.facts import CaseFacts
from pathways.schema import DocumentRequirement, Pathway, ReportSection, Role, TriageRule
from pathways.triage import UNIVERSAL_RULES
from pathways.vocabulary import Specialty
from secunda.web.catalogues import LANGUAGES, WRITTEN_IN
from secunda.web.rules import RuleTeller, facts
from secunda.web.rules.codes import NotCodesError, of_pattern, system

SHIPPED = {specialty: loader.load(specialty).pathway for specialty in Specialty}


def written(pathway: Pathway) -> set[str]:
    """Every rule of the file, but those that always hold."""
    panel = pathway.panel
    asked: tuple[DocumentRequirement | TriageRule | Role | ReportSection, ...]
    readers = (*panel.roles, *filter(None, (panel.extra_reader,)))
    asked = (*pathway.documents, *pathway.triage.rules, *UNIVERSAL_RULES, *readers, *pathway.report.sections)
    return {one.when for one in asked} | {panel.board_when or "true"} - {"true"}


RULES = {rule for pathway in SHIPPED.values() for rule in written(pathway)} - {"true"}
PATTERNS = sorted({pattern for rule in RULES for pattern in re.findall(r'matches\("([^"]+)"\)', rule)})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("specialty", Specialty)
def test_every_rule_of_every_shipped_pathway_comes_out_in_words(specialty: Specialty, language: str) -> None:
    pathway = SHIPPED[specialty]
    tell, in_english = RuleTeller(pathway, language), RuleTeller(pathway, WRITTEN_IN)
    said = {rule: tell(rule) for rule in written(pathway) - {"true"}}
    assert [rule for rule, words in said.items() if not words] == []
    assert [
        words for words in said.values() if words and re.search(r"&&|\|\||[=!<>]=|matches|exists|_|%\(", words)
    ] == []
    if language != WRITTEN_IN:
        assert [rule for rule, words in said.items() if words == in_english(rule)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("specialty", Specialty)
def test_the_steps_of_a_pathway_carry_every_rule_with_its_words(specialty: Specialty, language: str) -> None:
    pathway = SHIPPED[specialty]
    drawn = steps(pathway, language, tell=RuleTeller(pathway, language))
    carried = [rule for step in drawn for card in step.cards for rule in card.rules if rule.written]
    assert {rule.written for rule in carried} == {" ".join(rule.split()) for rule in written(pathway) - {"true"}}
    assert all(rule.told for rule in carried)


def test_everything_that_a_rule_may_ask_has_words() -> None:
    tables = (
        facts.NUMBERS,
        facts.SIZES,
        facts.CODED,
        facts.NAMED,
        facts.GIVEN,
        facts.SAME,
        facts.TRUTHS,
    )
    assert set().union(*tables) == set(CaseFacts.model_fields) | set(BOARD_VARIABLES)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("age < 16", "age in years: under 16"),
        ("!(age < 16)", "age in years: at least 16"),
        ("16 > age", "age in years: under 16"),
        ("age >= 18 && age <= 65", "age in years: from 18 to 65"),
        ("size(medications) > 4", "medicines taken: at least 5"),
        ('"left_main_disease" in flags', "“Left main coronary stenosis” is ticked"),
        ('!("18745-0" in documents)', "“Cardiac catheterisation” was not received"),
        ('conditions.exists(c, c.matches("^I2[0-5]"))', "there is a diagnosis of ICD-10 I20–I25"),
        ('!conditions.exists(c, c == "53741008")', "there is no diagnosis of SNOMED CT 53741008"),
        ('conditions.exists(c, c in ["10000", "20000"])', "there is a diagnosis of CPT 10000, 20000"),
        ('!(planned_procedure == "" || cine_imaging)', "a procedure is planned and no moving pictures were received"),
        (
            'age < 9 || (sex == "female" && age > 60)',
            "age in years: under 9 or (the patient's sex: female and age in years: over 60)",
        ),
        ('"2160-0" in observations && observations["2160-0"] > 1.5', "LOINC 2160-0: over 1.5"),
        ('payer != "" && jurisdiction == "es-an"', "a payer is named and the jurisdiction is es-an"),
        ("!unanimous && not_supported >= 2", None),
    ],
)
def test_a_rule_reads_as_a_sentence(rule: str, words: str | None) -> None:
    said = RuleTeller(SHIPPED[Specialty.CARDIOLOGY], "en")(rule)
    expected = "the opinions do not all agree and opinions that do not support the proposed treatment: at least 2"
    assert said == (words or expected)


@pytest.mark.parametrize(
    "rule",
    [
        "age + 1 > 16",
        "age % 2 == 0",
        "age > 3 ? true : false",
        "size(conditions) > size(procedures)",
        'conditions.exists(c, c.matches("I2.*"))',
        'conditions.exists(c, c.contains("I2"))',
        'conditions.all(c, c == "I20")',
        '"nobody_has_heard_of_it" in flags',
        "shoe_size > 40",
        "age >",
    ],
)
def test_a_rule_that_has_no_words_is_left_as_it_is_written(rule: str) -> None:
    pathway = SHIPPED[Specialty.CARDIOLOGY]
    tell = RuleTeller(pathway, "en")
    assert tell(rule) is None
    document = pathway.documents[0].model_copy(update={"when": rule})
    one = pathway.model_copy(update={"documents": (document,)})
    card = next(step for step in steps(one, "en", tell=tell) if step.key == "documents").cards[0]
    assert [(found.written, found.told) for found in card.rules] == [(rule, None)]


def again(node: Node) -> str:
    """The tree as an expression, every part in brackets."""
    match node:
        case Literal(value):
            return json.dumps(value)
        case Name(name):
            return name
        case Operation("!", (part,)):
            return f"!({again(part)})"
        case Operation(operator, parts):
            return f" {operator} ".join(f"({again(part)})" for part in parts)
    return of_calls_and_lists(node)


def of_calls_and_lists(node: Node) -> str:
    match node:
        case Items(parts):
            return f"[{', '.join(map(again, parts))}]"
        case At(of, key):
            return f"{again(of)}[{again(key)}]"
        case Call(name, of, arguments):
            return f"{again(of) + '.' if of else ''}{name}({', '.join(map(again, arguments))})"
    raise AssertionError(node)


def test_a_rule_is_read_as_the_engine_reads_it() -> None:
    asked = [rule for rule in RULES if not set(rules.compiled(rule).variables()) & set(BOARD_VARIABLES)]
    assert len(asked) > 100
    for rule in asked:
        for case in sampled(rule):
            assert rules.holds(again(tree(rule)), case) == rules.holds(rule, case), rule


@pytest.mark.parametrize("expression", ["age > 1 age", "(age > 1", "[1, 2", "a.b", "a[1", "f(1 2)", "", "|| a"])
def test_what_cannot_be_read_to_its_end_is_not_read(expression: str) -> None:
    with pytest.raises(NotReadError):
        tree(expression)


def codes_of(ranges: tuple[str, ...]) -> Iterator[str]:
    for one in ranges:
        low, _, high = one.partition("–")
        digits = len(re.search(r"\d*$", low)[0])  # type: ignore[index]
        first, last = (int(end[-digits:]) for end in (low, high or low))
        yield from (f"{low[:-digits]}{number:0{digits}}" for number in range(first, last + 1))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_ranges_that_are_said_are_the_codes_that_the_pattern_means(pattern: str) -> None:
    ranges = of_pattern(pattern)
    said = set(codes_of(ranges))
    assert [code for code in said if not re.search(pattern, code)] == []
    chance = random.Random(pattern)
    letters = "".join(sorted({code[0] for code in said if code[0].isalpha()}))
    for _ in range(300):
        code = f"{chance.choice(letters)}{chance.randrange(100):02}" if letters else f"{chance.randrange(100_000):05}"
        if letters and chance.random() < 0.5:
            code += f".{chance.randrange(10)}"
        assert bool(re.search(pattern, code)) == (code in said or code.partition(".")[0] in said), code
    assert {system(one) for one in ranges} <= {"ICD-10", "CPT"}


@pytest.mark.parametrize(
    "pattern", ["I2", "^I2.*", "^I2+", "^I20$", "^(I2", "^I[^2]", "I2$", "^", "^I2)", "^[0-9]{9}$"]
)
def test_a_pattern_that_is_no_list_of_codes_is_refused(pattern: str) -> None:
    with pytest.raises(NotCodesError):
        of_pattern(pattern)
