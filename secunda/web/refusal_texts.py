"""The texts of errors, as they are written where they are raised: what the catalogues must have of them.

A text with values in it is kept as a template, `Case {reference} is not on hold.`, each value by its name in the code.
"""

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
#: Where what the pages' readers do can be refused.
REFUSING: Final = (
    "actions",
    "accounts",
    "adapters",
    "drafting",
    "outbox/resending.py",
    "views/reports.py",
    "visits",
    "web",
)
BESIDE: Final = ("cases.py", "launch_request.py", "links.py", "opinion_preview.py", "panel.py", "views/reading.py")
#: Of those, what only the command line, the API or a directory of experts runs into.
ELSEWHERE: Final = (
    "accounts/managing.py",
    "actions/experts.py",
    "actions/pathway.py",
    "adapters/expert_",
    "adapters/review_",
    "adapters/signing/",
    "adapters/storage.py",
    "adapters/dicom_",
    "adapters/fhir/resource_file.py",
)
#: Functions that make an error of their first two arguments.
MAKERS: Final = ("_refused",)


def refusals() -> list[str]:
    """Every template once."""
    found = [text for file in _files() for text in texts_of(file.read_text(encoding="utf-8"))]
    entering = texts_of((ROOT.parent / "pathways" / "eligibility.py").read_text(encoding="utf-8"), ("append",))
    return list(dict.fromkeys((*found, *entering)))


def texts_of(source: str, makers: Collection[str] = MAKERS) -> Iterator[str]:
    """The templates of one file: the first two arguments of every error, and of what makes one."""
    tree = ast.parse(source)
    named = {
        one.targets[0].id: one.value
        for one in tree.body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (kept := _arguments(node, makers)):
            for argument in node.args[:kept]:
                said = named.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
                yield from (text for text in _templates(said) if _is_for_people(text))


def _arguments(call: ast.Call, makers: Collection[str]) -> int:
    """How many arguments say something: two of an error, all of what files are known and refused by."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name == "_signatures":
        return len(call.args)
    return 2 if (name.endswith("Error") or name in makers) and name != "ProblemError" else 0


def _files() -> Iterator[Path]:
    for name in (*REFUSING, *BESIDE):
        for file in sorted((ROOT / name).rglob("*.py")) if "." not in name else [ROOT / name]:
            if not file.relative_to(ROOT).as_posix().startswith(ELSEWHERE):
                yield file


def _templates(written: ast.expr) -> Iterator[str]:
    if isinstance(written, ast.Constant) and isinstance(written.value, str):
        yield written.value
    elif isinstance(written, ast.JoinedStr):
        yield _numbered("".join(_part(one) for one in written.values))
    elif isinstance(written, ast.IfExp):
        yield from (*_templates(written.body), *_templates(written.orelse))
    elif isinstance(written, ast.BoolOp | ast.Tuple):
        for one in written.values if isinstance(written, ast.BoolOp) else written.elts[1:]:
            yield from _templates(one)


def _part(one: ast.expr) -> str:
    if isinstance(one, ast.Constant):
        return str(one.value).replace("{", "").replace("}", "")
    return "{" + _name(one.value if isinstance(one, ast.FormattedValue) else one) + "}"


def _numbered(template: str) -> str:
    """The second value of one name is `{name_2}`."""
    seen: dict[str, int] = {}

    def name(found: re.Match[str]) -> str:
        seen[found[1]] = seen.get(found[1], 0) + 1
        return found[0] if seen[found[1]] == 1 else f"{{{found[1]}_{seen[found[1]]}}}"

    return re.sub(r"{(\w+)}", name, template)


def _name(value: ast.expr) -> str:
    """`{context.case.reference}` is `reference`; what has no name is `value`."""
    if isinstance(value, ast.Attribute):
        return _name(value.value) if value.attr in ("value", "en") else value.attr
    return value.id.lower() if isinstance(value, ast.Name) else "value"


def _is_for_people(text: str) -> bool:
    """No code, and no advice for the command line; more than a value and its full stop."""
    words = [word for word in text.split() if "{" not in word]
    return len(words) > 1 and "`" not in text and "SECUNDA_" not in text
