"""Every example holds."""

from collections.abc import Iterator

from pydantic import ValidationError

from pathways.check.subject import Subject
from pathways.errors import PathwayError, Problem
from pathways.examples import facts_of, run
from pathways.explaining import problems
from pathways.facts import CaseFacts
from pathways.placed import Steps
from pathways.schema import Example
from pathways.wording import suggestion


def examples(subject: Subject) -> Iterator[Problem]:
    """Examples whose facts are none, and those of which the pathway makes something else than they say."""
    for index, example in enumerate(subject.pathway.examples):
        steps: Steps = ("examples", index)
        try:
            facts_of(example)
        except ValidationError as error:
            yield from problems(error, CaseFacts, subject.root, (*steps, "facts"))
            continue
        yield from _flags(subject, steps, example)
        yield from _deviations(subject, steps, example)


def _flags(subject: Subject, steps: Steps, example: Example) -> Iterator[Problem]:
    known = [flag.key for flag in subject.pathway.flags]
    for index, flag in enumerate(facts_of(example).flags):
        if flag not in known:
            remedy = suggestion(flag, known, "add it to `flags:`")
            yield subject.problem((*steps, "facts", "flags", index), f"unknown flag {flag!r}", remedy)


def _deviations(subject: Subject, steps: Steps, example: Example) -> Iterator[Problem]:
    try:
        deviations = run(subject.pathway, example)
    except PathwayError:
        return  # the check of expressions names the rule
    for one in deviations:
        what = f"example {example.name!r}: {one.field} is {one.found}, not {one.expected}"
        remedy = (
            f"mend the rules or expect that (held: {one.reason})" if one.reason else "mend the rules or expect that"
        )
        yield subject.problem((*steps, "expect", one.field), what, remedy)
