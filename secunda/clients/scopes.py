"""What a client may be allowed to do."""

from secunda.errors import BadInputError

SCOPES: dict[str, str] = {
    "reviews:read": "See the payer's own reviews, and the pathways.",
    "reviews:write": "Ask for reviews and withdraw them.",
    "documents:write": "Send documents of the payer's own reviews.",
    "reports:read": "Fetch reports and opinions.",
    "mandates:read": "See which procedures the payer mandates.",
    "webhooks:manage": "Say where notices go.",
    "credentials:manage": "Make, rotate and revoke the client's own credentials.",
}
#: SMART backend scopes, as a FHIR client asks for them, and what each is here.
SMART: dict[str, tuple[str, ...]] = {
    "system/*.read": ("reviews:read", "reports:read"),
    "system/*.rs": ("reviews:read", "reports:read"),
    "system/*.write": ("reviews:write", "documents:write"),
    "system/*.cud": ("reviews:write", "documents:write"),
    "system/*.*": ("reviews:read", "reports:read", "reviews:write", "documents:write"),
    "system/*.cruds": ("reviews:read", "reports:read", "reviews:write", "documents:write"),
    "system/Subscription.*": ("webhooks:manage",),
}
#: The same by FHIR type: what reading it takes, and what writing.
_BY_TYPE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Claim": (("reviews:read",), ("reviews:write",)),
    "ClaimResponse": (("reviews:read",), ()),
    "ServiceRequest": (("reviews:read",), ("reviews:write",)),
    "Task": (("reviews:read",), ()),
    "AuditEvent": (("reviews:read",), ()),
    "DocumentReference": (("reviews:read",), ("documents:write",)),
    "Binary": (("reports:read",), ("documents:write",)),
    "Composition": (("reports:read",), ()),
    "DiagnosticReport": (("reports:read",), ()),
    "Subscription": (("webhooks:manage",), ("webhooks:manage",)),
}
for _type, (_reading, _writing) in _BY_TYPE.items():
    SMART |= {f"system/{_type}.{verb}": _reading for verb in ("read", "r", "rs")}
    SMART |= {f"system/{_type}.{verb}": _writing for verb in ("write", "c", "cu", "cud") if _writing}
    SMART |= {f"system/{_type}.{verb}": tuple(dict.fromkeys(_reading + _writing)) for verb in ("*", "cruds")}


def meant(asked: str) -> set[str]:
    """The scopes that a space-separated list comes to; a word that is not known comes to itself."""
    return {scope for word in asked.split() for scope in SMART.get(word, (word,))}


def check_scopes(scopes: list[str]) -> list[str]:
    """The scopes in order, each once. Raises BadInputError for one that there is not."""
    for scope in scopes:
        if scope not in SCOPES:
            raise BadInputError(f"There is no scope {scope!r}.", f"Known: {', '.join(SCOPES)}.", place="scopes")
    return [scope for scope in SCOPES if scope in scopes]
