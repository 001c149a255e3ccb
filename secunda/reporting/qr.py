"""The QR code in the footer (ISO/IEC 18004): a picture of one bit a module, which every page of the PDF shares."""

from functools import lru_cache

import segno

QUIET = 2  # modules of white that the picture brings itself; the footer's own white gives the rest of the four


@lru_cache(maxsize=64)
def picture(address: str) -> str:
    """The code of `address` as a `data:` address of a PNG, of level M (15 % may be dirt); empty where there is none."""
    return segno.make_qr(address, error="m").png_data_uri(scale=1, border=QUIET) if address else ""
