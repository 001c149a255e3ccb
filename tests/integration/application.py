"""The application that the tests of a process ask: it keeps nothing, and its first answer takes a tenth of a second."""

from functools import cache

from fastapi import FastAPI

from secunda.api.app import create_app


@cache
def application() -> FastAPI:
    """One for all."""
    return create_app()
