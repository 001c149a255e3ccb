"""How many SMS a text costs, and how to write it so that it costs few.

3GPP TS 23.038: the GSM 7-bit alphabet (160 characters in one SMS, 153 in each part of a longer one; the characters of
the extension table count twice); every other text is sent as UCS-2 (70 and 67 UTF-16 units).
"""

import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_LOOK_ALIKES: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "ª": "a", "·": "."}
)


def fits_gsm7(text: str) -> bool:
    """Whether every character is in the GSM 7-bit alphabet."""
    return all(character in BASIC or character in EXTENDED for character in text)


def to_gsm7(text: str) -> str:
    """The text with the letters that the alphabet lacks unaccented (`á` → `a`); what has no base letter stays."""
    plain = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    return "".join(_nearest(character) for character in plain)


def _nearest(character: str) -> str:
    if fits_gsm7(character):
        return character
    if character.isspace():
        return " "
    base = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return base if base and fits_gsm7(base) else character


def segments(text: str) -> int:
    """How many SMS the text is sent as; at least one."""
    if fits_gsm7(text):
        length, single, part = sum(2 if character in EXTENDED else 1 for character in text), 160, 153
    else:
        length, single, part = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // part)
