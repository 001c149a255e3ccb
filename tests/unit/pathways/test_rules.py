"""Rules in CEL: true or false, or an error that names the expression."""

import subprocess
import sys
from pathlib import Path

import pytest

from pathways import rules
from pathways.errors import PathwayError
from pathways.facts import CaseFacts
from pathways.rules import holds, variables

FACTS = CaseFacts(age=70, flags=("syncope",), conditions=("I35.0", "60573004"), observations={"2160-0": 1.4})


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("true", True),
        ("age >= 70 && 'syncope' in flags", True),
        ("conditions.exists(c, c.startsWith('I35'))", True),
        ("'2160-0' in observations && observations['2160-0'] > 1.5", False),
        ("'1-8' in observations && observations['1-8'] > 1.5", False),
        ("days_to_procedure == 9999", True),
        ("payer != ''", False),
        ("age > 18 ? sex == 'unknown' : false", True),
    ],
)
def test_a_rule_holds_or_not(expression: str, expected: bool) -> None:
    assert holds(expression, FACTS) is expected
    assert holds(expression, variables(FACTS)) is expected


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("age >", "is not CEL: at character 6"),
        ("age", "gives a number, not true or false"),
        ("flags", "gives a list, not true or false"),
        ("agee > 3", "Undefined variable or function: 'agee'"),
        ("observations['1-8'] > 2.0", "asks for an observation that the case does not have"),
        ("age > 'x'", "compare a number with a number"),
        ("1 / 0 > 1", "division by zero"),
        ("'a'.matches('(')", "not a valid regex"),
        ("(" * 900, "is not CEL"),
    ],
)
def test_an_expression_that_is_neither_true_nor_false_is_named(expression: str, said: str) -> None:
    with pytest.raises(PathwayError) as error:
        holds(expression, FACTS)
    assert said in str(error.value)
    assert f"`{expression}`" in str(error.value)


def test_an_error_never_tells_a_fact() -> None:
    with pytest.raises(PathwayError) as error:
        holds("conditions[0] > age", FACTS)
    assert "I35.0" not in str(error.value)
    assert "70" not in str(error.value)


@pytest.mark.parametrize("order", ["import cel; {}", "{}; import cel"])
def test_the_engine_lives_beside_an_ordinary_import_of_it(order: str) -> None:
    ours = "from pathways import rules, facts; assert rules.holds('age > 3', facts.CaseFacts())"
    code = order.format(ours) + "; assert cel.compile('1 < 2').execute({})"
    subprocess.run([sys.executable, "-c", code], check=True)


ALL_AT_ONCE = """
import sys, threading
sys.setswitchinterval(1e-6)
from pathways import rules
together, wrong = threading.Barrier(16), []
def ask():
    together.wait()
    try:
        assert rules.holds("1 < 2", {})
    except BaseException as error:
        wrong.append(type(error).__name__)
threads = [threading.Thread(target=ask) for _ in range(16)]
[one.start() for one in threads]
[one.join() for one in threads]
sys.exit(len(wrong))
"""


def test_the_first_rules_of_a_process_may_be_asked_by_many_threads_at_once() -> None:
    """Two launches in the first second of a process: one met the engine half imported."""
    root = Path(rules.__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", ALL_AT_ONCE], cwd=root, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0
