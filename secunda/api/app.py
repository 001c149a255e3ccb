"""The HTTP application. Each room of it is a router in its own file; this file only puts them together."""

from fastapi import FastAPI

from secunda import __version__
from secunda.api import health, landing
from secunda.api.security import guard

ROUTERS = (health.router, landing.router)


def create_app() -> FastAPI:
    """A new application. Its interactive documentation stays off: it loads scripts from elsewhere."""
    app = FastAPI(title="Secunda", version=__version__, docs_url=None, redoc_url=None)
    app.middleware("http")(guard)
    for router in ROUTERS:
        app.include_router(router)
    return app


app = create_app()
