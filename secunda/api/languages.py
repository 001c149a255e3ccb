"""Which of our languages a browser's reader would like best."""

from collections.abc import Iterable


def best_language(accept_language: str, available: Iterable[str], otherwise: str) -> str:
    """The available language that an Accept-Language header (RFC 9110, 12.5.4) ranks highest.

    Looks at the primary subtag only (`es-MX` is `es`); a header that cannot be read counts as none.
    """
    ours = set(available)
    wanted = [_range(part) for part in accept_language.split(",") if part.strip()]
    for _, language in sorted(wanted, key=lambda choice: -choice[0]):
        if language in ours:
            return language
    return otherwise


def _range(part: str) -> tuple[float, str]:
    tag, *parameters = part.strip().lower().split(";")
    quality = next((text.strip()[2:] for text in parameters if text.strip().startswith("q=")), "1")
    try:
        weight = float(quality)
    except ValueError:
        weight = 0.0
    return weight, tag.split("-")[0].strip() if weight > 0 else ""
