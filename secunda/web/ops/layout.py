"""What the pages of ops share: their tabs, their words, and that they renew themselves."""

from typing import Any, Final

from fastapi import Request, Response

from secunda import clock
from secunda.prefect_environment import DASHBOARD, run_page
from secunda.views.words import STAGES
from secunda.web.catalogues import N_
from secunda.web.coordinator import case_words
from secunda.web.coordinator import words as case_list_words
from secunda.web.ops import words
from secunda.web.pages import page

TABS: Final = (
    ("now", "/ops", N_("Now")),
    ("backlog", "/ops/backlog", N_("Backlog")),
    ("failures", "/ops/failures", N_("Failures")),
    ("repairs", "/ops/repairs", N_("Repairs")),
    ("storage", "/ops/storage", N_("Storage and certificates")),
)


def ops_page(request: Request, name: str, **values: Any) -> Response:
    """`templates/web/ops/<name>.html.j2`. With `?still=1` in the address it does not renew itself."""
    shared: dict[str, Any] = {
        "tabs": TABS,
        "tab": name,
        "still": request.query_params.get("still") == "1",
        "words": words,
        "told": case_words,
        "specialties": case_list_words.SPECIALTIES,
        "stages": STAGES,
        "dashboard": f"{DASHBOARD}/",
        "run_page": run_page,
        "at": clock.wall(),
    }
    return page(request, f"ops/{name}.html.j2", **shared, **values)
