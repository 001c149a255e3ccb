"""What a check says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `remedy` is empty when there is nothing to do."""

    name: str
    ok: bool
    what: str
    remedy: str = ""
