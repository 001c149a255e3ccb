"""Spans of time in the reader's language."""

import pytest

from pathways.spans import Span
from secunda.web.catalogues import LANGUAGES
from secunda.web.dates import extent

FIVE_DAYS = {"es": "5 días", "ca": "5 dies", "en": "5 days", "fr": "5 jours", "de": "5 Tage", "pt": "5 dias"}
HOURS = {"es": "72 horas", "ca": "72 hores", "en": "72 hours", "fr": "72 heures", "de": "72 Stunden", "pt": "72 horas"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_rule_grants_keeps_its_unit_in_every_language(language: str) -> None:
    said = [extent(Span.parse(written), language).replace("\N{NO-BREAK SPACE}", " ") for written in ("5 days", "72 h")]
    assert said == [FIVE_DAYS[language], HOURS[language]]
