"""The design tokens of the style sheet, put in place once: to resolve them for every element takes long."""

import re

_ROOT = re.compile(r":root \{(.*?)\}", re.DOTALL)
_TOKEN = re.compile(r"--([a-z]+):\s*([^;]+);")
_USE = re.compile(r"var\(--([a-z]+)\)")


def resolved(styles: str) -> str:
    """`styles` with every `var(--token)` replaced by what `:root` says; raises KeyError for a token that it lacks."""
    tokens = {name: value.strip() for root in _ROOT.findall(styles) for name, value in _TOKEN.findall(root)}
    return _USE.sub(lambda use: tokens[use[1]], _ROOT.sub("", styles))
