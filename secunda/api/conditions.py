"""ETag, If-Match and If-None-Match (RFC 9110, section 13)."""

from secunda.api.problems import header_problem


def tag_of(state: str, language: str) -> str:
    """The strong validator of a state as it is told in one language."""
    return f'"{state}-{language}"'


def listed(header: str | None) -> list[str]:
    return [one.strip() for one in (header or "").split(",")]


def is_same(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has it already (304)."""
    return bool({"*", tag, f"W/{tag}"} & set(listed(if_none_match)))


def check_match(if_match: str | None, state: str) -> None:
    """Raises ProblemError 412 when the client saw another state, in whatever language. No header, no condition."""
    seen = listed(if_match)
    if if_match is not None and "*" not in seen and not any(one.startswith(f'"{state}-') for one in seen):
        detail = "The review has changed since."
        raise header_problem(412, "changed", "If-Match", detail, "Fetch it again, and decide anew.")
