"""The work list's address: reading what is asked for, and writing it again for the next page and for saved views."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeSerializer

from models.status import CaseStatus, Owner
from pathways.vocabulary import Specialty, Urgency
from secunda.settings import settings
from secunda.views.work_list import ORDERS, Part, Wanted

KEPT = ("part", "search", "specialty", "status", "urgency", "must_act", "payer", "sort")
Word = TypeVar("Word", bound=StrEnum)


def wanted_of(query: Mapping[str, str], payer_only: str) -> Wanted:
    """What an address asks for; a word that is not known asks for nothing."""
    part = _word(Part, query) or (Part.OPEN if payer_only else Part.MINE)
    sort = query.get("sort", "")
    return Wanted(
        part=part,
        search=query.get("search", "")[:100].strip(),
        specialty=_word(Specialty, query, "specialty"),
        status=_word(CaseStatus, query, "status"),
        urgency=_word(Urgency, query, "urgency"),
        must_act=_word(Owner, query, "must_act"),
        payer=query.get("payer", "")[:40],
        sort=sort if sort in ORDERS else "urgency",
        after=_place(query.get("after", "")),
        payer_only=payer_only,
    )


def address_of(wanted: Wanted, **changed: object) -> str:
    """The work list's address for this, with some of it changed; without the page unless `after` is given."""
    return f"/cases?{query_of(wanted, **changed)}"


def query_of(wanted: Wanted, **changed: object) -> str:
    said = {name: getattr(wanted, name) for name in KEPT} | changed
    if said.get("after"):
        said["after"] = _signer().dumps(list(said["after"]))
    if said["sort"] == "urgency":
        said["sort"] = ""
    return urlencode({name: str(value) for name, value in said.items() if value})


def _word(kind: type[Word], query: Mapping[str, str], name: str = "part") -> Word | None:
    try:
        return kind(query.get(name, ""))
    except ValueError:
        return None


def _place(written: str) -> tuple[str, ...]:
    """A page's place is signed: nobody but us makes one."""
    try:
        return tuple(str(one) for one in _signer().loads(written)) if written else ()
    except (BadData, TypeError):
        return ()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key.get_secret_value(), salt="secunda.work-list")
