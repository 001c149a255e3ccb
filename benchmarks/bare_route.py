"""The floor of `benchmarks.api_load`: a FastAPI route that does one SELECT on the same database."""

from fastapi import FastAPI
from sqlalchemy import text

from secunda import db

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/")
def one() -> dict[str, int]:
    with db.engine().connect() as connection:
        return {"one": connection.execute(text("select 1")).scalar_one()}
