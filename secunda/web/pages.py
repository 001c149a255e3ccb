"""How a page is rendered: its template in the reader's language, with who reads it and what every page has."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pathways.terminology import grade
from secunda.api.languages import best_language
from secunda.permissions import Permission
from secunda.views.words import WORDS
from secunda.web import assets, csrf, dates, numbers, sizes
from secunda.web.catalogues import LANGUAGES, translations
from secunda.web.navigation import PLACES
from secunda.web.refusals import refusal, say
from secunda.web.security import PAGE_HEADERS, cookie_name
from secunda.web.session import who_is_it
from secunda.web.squeezing import squeezed

DEFAULT_LANGUAGE: Final = "es"


def language_of(request: Request) -> str:
    """The reader's own setting, else what this browser chose, else what a visitor by link is written to in, else what
    the browser prefers, else Spanish."""
    person = who_is_it(request)
    known = (
        person.language if person else "",
        request.cookies.get(cookie_name("language"), ""),
        getattr(request.state, "visitor_language", ""),
    )
    chosen = next((language for language in known if language in LANGUAGES), "")
    if chosen:
        return chosen
    return best_language(request.headers.get("accept-language", ""), LANGUAGES, DEFAULT_LANGUAGE)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render `templates/web/<template>`. A missing value is an error here, never a gap in the page."""
    language = language_of(request)
    text = environment(language).get_template(template).render(_shared(request, language) | values)
    headers = {**PAGE_HEADERS, "Content-Language": language}
    if short := squeezed(request, text.encode()):
        return HTMLResponse(short, status, headers=headers | {"Content-Encoding": "gzip"})
    return HTMLResponse(text, status, headers=headers)


def _shared(request: Request, language: str) -> dict[str, Any]:
    """What every template may use."""
    person = who_is_it(request)
    reader = person if person and person.verified else None
    return {
        "language": language,
        "languages": LANGUAGES,
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "person": reader,
        "places": [place for place in PLACES if reader and reader.may(place.permission)],
        "csrf_token": csrf.token_for(csrf.visit_of(request)),
        "in_place": bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted"),
        "asset": assets.address_of,
        "keys": "off" if request.cookies.get(cookie_name("keys")) == "off" else "on",
        "Permission": Permission,
        "domain": WORDS,
    }


@lru_cache
def environment(language: str) -> Environment:
    """Jinja2 for one language: strict, escaping, sandboxed."""
    made = ImmutableSandboxedEnvironment(
        loader=PackageLoader("templates", "web"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    texts = translations(language)
    made.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True, pgettext=texts.pgettext)  # type: ignore[attr-defined]
    made.globals["ngettext"] = _counting(cast(Callable[..., str], made.globals["ngettext"]), language)
    for name in ("number", "percent"):
        made.filters[name] = partial(getattr(numbers, name), language=language)
    made.filters["size"] = partial(sizes.size, language=language)
    for name in ("moment", "exact", "day", "span", "extent"):
        made.filters[name] = partial(getattr(dates, name), language=language)
    made.filters["grade"] = partial(grade, language=language)
    made.filters["say"] = partial(say, language=language)
    made.filters["refusal"] = partial(refusal, language=language)
    made.filters["translated"] = lambda words: [(key, texts.gettext(word)) for key, word in words.items()]
    made.filters["capital"] = lambda word: word[:1].upper() + word[1:]
    made.filters["pairs"] = lambda words: [(word, word) for word in words]
    return made


def _counting(ngettext: Callable[..., str], language: str) -> Callable[..., str]:
    """The same, with its number written as the language does."""

    @pass_context
    def counted(context: Context, singular: str, plural: str, num: int, **values: object) -> str:
        return ngettext(context, singular, plural, num, **{"num": numbers.number(num, language), **values})

    return counted
