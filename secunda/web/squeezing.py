"""Pages as gzip. Their length says nothing exact about what they hold.

A page holds secrets beside what was typed into its address; whoever could make a browser ask for it again and again,
and saw the lengths, might guess them letter by letter (BREACH, 2013). Our cookies are not sent for other sites'
requests; besides, each answer is longer by a random number of bytes, in a field of gzip that nobody reads ("Heal the
BREACH", Palacios and others, 2022).
"""

import gzip
import secrets
from io import BytesIO
from typing import Final

from fastapi import Request

LEVEL: Final = 5  # of 9: two thirds of the time of the default for a fiftieth more bytes
WORTH_IT: Final = 1_000  # bytes
MOST_MORE: Final = 100  # bytes


def squeezed(request: Request, content: bytes) -> bytes:
    """`content` as gzip; empty where the browser does not take it, or where it is too short to gain anything."""
    if len(content) < WORTH_IT or "gzip" not in request.headers.get("accept-encoding", ""):
        return b""
    written = BytesIO()
    with gzip.GzipFile("a" * secrets.randbelow(MOST_MORE), "wb", LEVEL, written, mtime=0) as file:
        file.write(content)
    return written.getvalue()
