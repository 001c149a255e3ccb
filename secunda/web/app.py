"""The pages' routers, put together."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from secunda.web import assets
from secunda.web.by_link_routers import BY_LINK
from secunda.web.coordinator import (
    board,
    case,
    case_actions,
    cases,
    documents,
    export,
    launch,
    overview,
    panel_actions,
    paper_actions,
    pathways,
    rights_actions,
)
from secunda.web.lost import not_found
from secunda.web.ops import case as ops_case
from secunda.web.ops import lists, now, prefect
from secunda.web.public import about, account, elsewhere, sign_in

ROUTERS = (
    assets.router,
    about.router,
    sign_in.router,
    elsewhere.router,
    account.router,
    cases.router,
    export.router,
    case.router,
    case_actions.router,
    panel_actions.router,
    paper_actions.router,
    rights_actions.router,
    board.router,
    documents.router,
    launch.router,
    pathways.router,
    overview.router,
    now.router,
    lists.router,
    ops_case.router,
    prefect.router,
    *BY_LINK,
)


def install(app: FastAPI) -> None:
    """Add all pages to the application, and the page for an address that there is not."""
    app.add_exception_handler(HTTPException, not_found)
    for router in ROUTERS:
        app.include_router(router)
