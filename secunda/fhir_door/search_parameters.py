"""Search parameters: read, checked and told back. Source: FHIR R4, 3.1.1 (search)."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from secunda.fhir_door.outcome import DoorError, Issue

USUAL, MOST = 20, 100  # resources on a page
_PREFIXES = ("eq", "ge", "gt", "le", "lt")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?")
_REVIEW = re.compile(r"(?:.*/)?(?:(?:ServiceRequest|ClaimResponse|Claim)/)?(SO-[0-9A-Z]{4}-[0-9A-Z]{4})", re.IGNORECASE)

#: What names a review in each type: they all mean the same thing.
REVIEW_NAMES = {
    "ClaimResponse": ("request", "_id"),
    "ServiceRequest": ("_id",),
    "Task": ("based-on", "focus"),
    "DocumentReference": ("related",),
    "Composition": ("related",),
    "DiagnosticReport": ("based-on",),
    "AuditEvent": ("entity",),
    "Subscription": (),
}
#: What else a type is searched by.
OTHER_NAMES = {
    "ClaimResponse": ("identifier",),
    "ServiceRequest": ("identifier",),
    "Task": ("_id", "identifier", "status"),
    "DocumentReference": ("_id", "identifier", "type", "date"),
    "Composition": ("_id", "identifier", "date"),
    "DiagnosticReport": ("_id", "identifier", "date"),
    "AuditEvent": ("_id", "date"),
    "Subscription": ("_id",),
}
_PAGING = ("_count", "_cursor", "_format", "_pretty", "_total")
#: What would change what is found, or how it is shown: a client that asks for it must not be given something else.
NOT_SUPPORTED = {"_sort", "_include", "_revinclude", "_summary", "_elements", "_contained", "_containedType", "_has"}
NOT_SUPPORTED |= {"_filter", "_query", "_text", "_content", "_list", "_lastUpdated", "_tag", "_profile", "_security"}


@dataclass(frozen=True)
class Span:
    """Moments from `start` on, before `end`."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Search:
    """What is looked for. `used` are the parameters that counted, as they were written."""

    kind: str
    reviews: frozenset[str] | None = None  # case references; None: all of the payer's
    identifiers: frozenset[str] = frozenset()
    ids: frozenset[str] | None = None
    tokens: dict[str, frozenset[str]] = field(default_factory=dict)  # status, type: bare codes
    dates: tuple[Span, ...] = ()
    count: int = USUAL
    after: tuple[datetime, str] | None = None
    used: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()  # parameters that nobody here knows


def read_search(kind: str, parameters: Sequence[tuple[str, str]], *, strict: bool) -> Search:
    """The search that these parameters ask for.

    Raises DoorError 400 for a value that cannot be read, and for a parameter of FHIR that is not supported; for an
    unknown one only where the client wants it (`Prefer: handling=strict`): otherwise it is left out of the self link,
    as FHIR asks, and named in the answer.
    """
    known = {*REVIEW_NAMES[kind], *OTHER_NAMES[kind], *_PAGING}
    unknown = [name for name, _ in parameters if name not in known]
    if unknown and strict:
        shown = ", ".join(sorted(known - set(_PAGING)))
        text = "A search parameter is not known here."
        raise DoorError(400, Issue("not-supported", text, f"Known for {kind}: {shown}, _count."))
    refused = sorted({name.partition(":")[0] for name in unknown} & NOT_SUPPORTED)
    if refused:
        text = f"The parameter {refused[0]} is not supported."
        remedy = "Leave it out: what is found comes oldest first and whole; metadata lists what is searched by."
        raise DoorError(400, Issue("not-supported", text, remedy))
    used = [(name, value[:500]) for name, value in parameters if name in known]
    reviews = _reviews(kind, used)
    return Search(
        kind=kind,
        reviews=reviews,
        identifiers=frozenset(_values(used, "identifier")),
        ids=frozenset(_values(used, "_id")) if "_id" in OTHER_NAMES[kind] and _has(used, "_id") else None,
        tokens={
            name: frozenset(value.rpartition("|")[2] for value in _values(used, name))
            for name in ("status", "type")
            if _has(used, name)
        },
        dates=tuple(_span(value) for name, value in used if name == "date"),
        count=_count(used),
        after=_after(used),
        used=tuple((name, value) for name, value in used if name not in ("_format", "_pretty")),
        ignored=tuple(dict.fromkeys(unknown)),
    )


def _has(used: Iterable[tuple[str, str]], name: str) -> bool:
    return any(one == name for one, _ in used)


def _values(used: Iterable[tuple[str, str]], name: str) -> list[str]:
    """A comma is an "or"."""
    return [part.strip() for one, value in used if one == name for part in value.split(",") if part.strip()]


def _reviews(kind: str, used: list[tuple[str, str]]) -> frozenset[str] | None:
    found: frozenset[str] | None = None
    for name in REVIEW_NAMES[kind]:
        if not _has(used, name):
            continue
        matches = (_REVIEW.fullmatch(value) for value in _values(used, name))
        meant = frozenset(match[1].upper() for match in matches if match is not None)
        found = meant if found is None else found & meant
    return found


def _count(used: list[tuple[str, str]]) -> int:
    written = next((value for name, value in used if name == "_count"), str(USUAL))
    if not written.isdigit() or len(written) > 9:
        raise DoorError(400, Issue("value", "_count is no number.", f"Write one from 1 to {MOST}."))
    return max(1, min(int(written), MOST))


def _span(written: str) -> Span:
    prefix = written[:2] if written[:2] in _PREFIXES else "eq"
    text = written.removeprefix(prefix)
    if not _DATE.fullmatch(text):
        raise _wrong_date()
    try:
        start, end = _moments(text)
    except (ValueError, OverflowError):
        raise _wrong_date() from None
    spans = {"ge": Span(start), "gt": Span(end), "le": Span(None, end), "lt": Span(None, start)}
    return spans.get(prefix, Span(start, end))


def _wrong_date() -> DoorError:
    issue = Issue("value", "The date cannot be read.", "Write it like ge2026-03-01 or lt2026-03-01T09:00:00Z.")
    return DoorError(400, issue)


def _moments(text: str) -> tuple[datetime, datetime]:
    """From where to where a date reaches, to the precision that it is written in."""
    if "T" in text:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at, at + timedelta(seconds=1 if text.count(":") > 1 else 60)
    parts = [int(part) for part in text.split("-")]
    first = date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    if len(parts) == 3:
        following = first + timedelta(days=1)
    elif len(parts) == 2:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    else:
        following = date(first.year + 1, 1, 1)
    return tuple(datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, following))  # type: ignore[return-value]


def cursor(at: datetime, identity: str) -> str:
    """Where the next page begins: after this one."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), identity]).encode()).decode().rstrip("=")


def _after(used: list[tuple[str, str]]) -> tuple[datetime, str] | None:
    written = next((value for name, value in used if name == "_cursor"), "")
    if not written:
        return None
    try:
        at, identity = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
        moment = datetime.fromisoformat(at)
        if not isinstance(identity, str) or moment.tzinfo is None or "\0" in identity:
            raise ValueError(identity)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        issue = Issue("value", "The cursor is none of ours.", "Follow the next link as it is, or begin anew.")
        raise DoorError(400, issue) from None
    return moment, identity
