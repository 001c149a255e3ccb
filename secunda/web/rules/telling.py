"""One rule as a sentence. `not` is said of what is asked, so that `!(a && b)` is "not a or not b"."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from babel.lists import format_list

from pathways.expression import At, Call, Items, Literal, Name, Node, NotReadError, Operation, tree
from pathways.schema import Pathway
from pathways.terminology import document_types
from pathways.vocabulary import Text
from secunda.web.catalogues import LOCALES, translations
from secunda.web.numbers import number
from secunda.web.refusals import say
from secunda.web.rules import asked, facts
from secunda.web.rules.codes import NotCodesError, system

FEW = 3  # codes of a system that are said one by one; of more, how many they are
DECIMALS = 3
EITHER = ("&&", "||")


class RuleTeller:
    """Says the rules of one pathway in one language."""

    def __init__(self, pathway: Pathway, language: str) -> None:
        self._language, self._texts = language, translations(language)
        readers = (*pathway.panel.roles, *filter(None, (pathway.panel.extra_reader,)))
        self._titles: Mapping[str, Mapping[str, Text]] = {
            "flags": {one.key: one.title for one in pathway.flags},
            "roles": {one.key: one.title for one in readers},
            "documents": document_types(),
        }

    def __call__(self, expression: str) -> str | None:
        """The rule in words; None where it uses what `facts` has no words for."""
        try:
            return self._said(tree(expression), yes=True)
        except (NotReadError, NotCodesError, KeyError):
            return None

    def _said(self, node: Node, *, yes: bool) -> str:
        if not isinstance(node, Operation):
            return self._single(node, yes=yes)
        if node.operator == "!":
            return self._said(node.parts[0], yes=not yes)
        if node.operator in EITHER:
            return self._joined(node, yes=yes)
        return self._compared(node, yes=yes)

    def _joined(self, node: Operation, *, yes: bool) -> str:
        operator = node.operator if yes else EITHER[node.operator == "&&"]
        form = self._texts.gettext(facts.JOINED[operator])
        return reduce(lambda first, second: form % {"first": first, "second": second}, self._parts(node, yes=yes))

    def _parts(self, node: Operation, *, yes: bool) -> list[str]:
        """What is joined: both ends of a number are said at once, and a result that is compared is not asked for."""
        parts, said = list(node.parts), []
        if node.operator == "&&" and yes:
            parts = [one for one in parts if not asked.is_only_asked(one, parts)]
            while (span := asked.between(parts)) is not None:
                low, high = span
                values = {"low": self._literal(low.parts[1]), "high": self._literal(high.parts[1])}
                said.append(self._texts.gettext(facts.BETWEEN) % {"what": self._what(low.parts[0]), **values})
                parts = [one for one in parts if one not in span]
        return said + [self._bracketed(one, yes=yes) for one in parts]

    def _bracketed(self, node: Node, *, yes: bool) -> str:
        """In brackets where it joins parts of its own."""
        is_joined = isinstance(node, Operation) and node.operator in EITHER and len(self._parts(node, yes=yes)) > 1
        said = self._said(node, yes=yes)
        return f"({said})" if is_joined else said

    def _single(self, node: Node, *, yes: bool) -> str:
        match node:
            case Name(name):
                return self._pair(facts.TRUTHS[name], yes=yes)
            case Call("exists", Name(listed), (Name(bound), what)):
                return self._exists(listed, list(asked.alternatives(what)), bound, yes=yes)
            case Call("matches" | "startsWith", Name(listed), (Literal(),)):
                return self._coded(listed, [node], listed, yes=yes)
        raise NotReadError

    def _compared(self, node: Operation, *, yes: bool) -> str:
        left, right = node.parts
        if node.operator == "in":
            return self._contained(left, right, yes=yes)
        if isinstance(left, Literal) and not isinstance(right, Literal):
            return self._compared(Operation(facts.TURNED[node.operator], (right, left)), yes=yes)
        operator = node.operator if yes else facts.OPPOSITES[node.operator]
        if isinstance(right, Literal) and isinstance(right.value, str):
            return self._text(left, right.value, operator)
        if operator == ">" and isinstance(left, Call) and isinstance(right, Literal):  # more than 0 medicines
            operator, right = ">=", Literal(int(right.value) + 1)
        said = {"what": self._what(left), "number": self._literal(right)}
        return self._texts.gettext(facts.COMPARISONS[operator]) % said

    def _contained(self, left: Node, right: Node, *, yes: bool) -> str:
        match left, right:
            case Literal(value), Name(listed) if listed in facts.NAMED:
                return self._pair(facts.NAMED[listed], yes=yes, name=self._name(listed, str(value)))
            case Literal(), Name(listed):
                return self._coded(listed, [Operation("==", (Name(listed), left))], listed, yes=yes)
            case Name(listed), Items():
                return self._coded(listed, [Operation("in", (left, right))], listed, yes=yes)
        raise NotReadError

    def _text(self, what: Node, value: str, operator: str) -> str:
        if not isinstance(what, Name) or operator not in ("==", "!="):
            raise NotReadError
        yes = operator == "=="
        if not value:
            return self._pair(facts.GIVEN[what.name], yes=not yes)
        if what.name in facts.CODED:
            return self._coded(what.name, [Operation("==", (what, Literal(value)))], what.name, yes=yes)
        called = self._texts.gettext(facts.SEXES[value]) if what.name == "sex" else value
        return self._pair(facts.SAME[what.name], yes=yes, value=called)

    def _exists(self, listed: str, questions: list[Node], bound: str, *, yes: bool) -> str:
        if listed not in facts.ANY_NAMED:
            return self._coded(listed, questions, bound, yes=yes)
        keys = [key for one in questions for key in self._keys(listed, one, bound)]
        if len(keys) == 1:
            return self._pair(facts.NAMED[listed], yes=yes, name=self._name(listed, keys[0]))
        names = self._listed((self._name(listed, key) for key in keys), "or")
        return self._pair(facts.ANY_NAMED[listed], yes=yes, names=names)

    def _keys(self, listed: str, question: Node, bound: str) -> list[str]:
        match question:
            case Call("startsWith", Name(name), (Literal(beginning),)) if name == bound:
                return [key for key in self._titles[listed] if key.startswith(str(beginning))]
        return asked.literals(question, bound)

    def _coded(self, listed: str, questions: Iterable[Node], bound: str, *, yes: bool) -> str:
        by_system: dict[str, list[str]] = {}
        for one in questions:
            for code in asked.codes(one, bound):
                by_system.setdefault(system(code), []).append(code)
        codes = self._listed((self._few(name, found) for name, found in by_system.items()), "or")
        return self._pair(facts.CODED[listed], yes=yes, codes=codes)

    def _few(self, called: str, codes: list[str]) -> str:
        if len(codes) > FEW and not any("–" in code for code in codes) and called.startswith("SNOMED"):
            counted = self._texts.ngettext("%(num)s %(system)s code", "%(num)s %(system)s codes", len(codes))
            return counted % {"num": len(codes), "system": called}
        return f"{called} {', '.join(codes)}".strip()

    def _what(self, node: Node) -> str:
        match node:
            case Name(name):
                return self._texts.gettext(facts.NUMBERS[name])
            case Call("size", None, (Name(name),)) | Call("size", Name(name), ()):
                return self._texts.gettext(facts.SIZES[name])
            case At(Name("observations"), Literal(code)):
                return self._name("observations", str(code))
        raise NotReadError

    def _name(self, listed: str, key: str) -> str:
        if listed == "observations":
            return self._texts.gettext(facts.RESULTS[key]) if key in facts.RESULTS else f"LOINC {key}"
        title = self._titles[listed][key]
        return self._texts.gettext("“%(name)s”") % {"name": say(title, self._language).rstrip(".")}

    def _literal(self, node: Node) -> str:
        if not isinstance(node, Literal) or isinstance(node.value, str | bool):
            raise NotReadError
        return number(node.value, self._language, DECIMALS)

    def _listed(self, names: Iterable[str], style: Any) -> str:
        return str(format_list(list(names), style=style, locale=LOCALES[self._language]))

    def _pair(self, pair: facts.Pair, *, yes: bool, **values: str) -> str:
        return self._texts.gettext(pair[not yes]) % values
