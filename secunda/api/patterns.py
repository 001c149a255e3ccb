"""The patterns that texts must match, and what is said to whoever sends another: one table for all fields."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Expected:
    """What a pattern asks for, in words that follow "Write", and one text that matches it."""

    words: str
    example: str

    def __str__(self) -> str:
        return f"Write {self.words}, like {self.example}."


LINE: Final = r"^[^\x00-\x1f\x7f]+$"
LINE_OR_NOTHING: Final = r"^[^\x00-\x1f]*$"
PAYER_REFERENCE: Final = r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$"
SYSTEM: Final = r"^(https?://|urn:)[\x21-\x7e]{1,190}$"
CODE: Final = r"^[^\s]+( [^\s]+)*$"
EMAIL: Final = r"^[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s]{2,60}$"
PHONE: Final = r"^\+[1-9]\d{6,14}$"
CASE_REFERENCE: Final = r"^SO-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$"
LOINC: Final = r"^\d{1,7}-\d$"
LOINC_OR_NOTHING: Final = r"^(\d{1,7}-\d)?$"
COMPLETE: Final = r"^\?[01]$"
FILENAME: Final = r"^[^\x00-\x1f/\\]*$"
MEDIA_TYPE: Final = r"^[\x21-\x7e]*$"
SHA256: Final = r"^([0-9a-f]{64})?$"
URL: Final = r"^https?://[\x21-\x7e]+$"

_DIGEST: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

EXPECTED: Final[dict[str, Expected]] = {
    LINE: Expected("one line without control characters", "Maria"),
    LINE_OR_NOTHING: Expected("one line without control characters", "Letter of the surgeon"),
    PAYER_REFERENCE: Expected("letters, digits and signs of ASCII, no space first or last", "PA-2026-000117"),
    SYSTEM: Expected("a URL or URN without spaces", "http://www.ama-assn.org/go/cpt"),
    CODE: Expected("a code without spaces around it, and no two in a row", "27447"),
    EMAIL: Expected("one e-mail address", "maria@example.org"),
    PHONE: Expected("an international number without spaces (E.164)", "+34931234567"),
    CASE_REFERENCE: Expected("the reference as it was answered to you", "SO-7K2M-Q9ZD"),
    LOINC: Expected("a LOINC code", "34814-4"),
    LOINC_OR_NOTHING: Expected("a LOINC code, or leave it out", "34814-4"),
    COMPLETE: Expected("?1 with the last part and ?0 with each before it", "?1"),
    FILENAME: Expected("a file's name without its folder", "letter.pdf"),
    MEDIA_TYPE: Expected("a media type without spaces", "application/pdf"),
    SHA256: Expected("the SHA-256 as 64 small hexadecimal digits, or leave it out", _DIGEST),
    URL: Expected("an address that begins with https:// and has no spaces", "https://hooks.example.org/reviews"),
}
