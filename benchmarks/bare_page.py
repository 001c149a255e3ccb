"""The floor of `benchmarks.pages`: a FastAPI route that does one SELECT and renders one Jinja template."""

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlalchemy import text

from secunda import db

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
page = Environment(autoescape=True).from_string("<!doctype html><title>{{ one }}</title><p>{{ one }}</p>")


@app.get("/", response_class=HTMLResponse)
def one() -> HTMLResponse:
    with db.engine().connect() as connection:
        return HTMLResponse(page.render(one=connection.execute(text("select 1")).scalar_one()))
