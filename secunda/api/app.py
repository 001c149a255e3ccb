"""The HTTP application. Each room of it is a router in its own file; this file only puts them together."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from secunda import __version__
from secunda.api import checking, handlers, health, metrics, oauth, openapi, v1
from secunda.api.fhir import app as fhir
from secunda.api.security import Guard
from secunda.settings import settings
from secunda.web import app as web

ROUTERS = (health.router, metrics.router, checking.router, oauth.router, *v1.ROUTERS)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """From the start to the end of a process that serves the application."""
    current_default_thread_limiter().total_tokens = settings().api_threads
    gc.collect()
    gc.freeze()  # else the collector now and then looks at all that was imported: 0.14 s in which nobody is answered
    yield
    gc.unfreeze()


def create_app() -> FastAPI:
    """A new application. Its interactive documentation stays off: it loads scripts from elsewhere."""
    app = FastAPI(
        title="Secunda", version=__version__, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan
    )
    app.add_middleware(Guard)
    handlers.install(app)
    for router in ROUTERS:
        app.include_router(router)
    app.state.addresses = [route for router in ROUTERS for route in router.routes]
    web.install(app)
    openapi.install(app)
    fhir.install(app)
    return app


app = create_app()
