"""A pathway's page says its rules in words, and the rules as the file has them stay within reach."""

from models.user_status import Role
from tests.integration.web.browsing import Browser, signed_in


def reading_in(language: str) -> Browser:
    browser = signed_in(Role.COORDINATOR)
    browser.http.headers["accept-language"] = language
    return browser


def test_a_pathways_page_says_its_rules_in_words_beside_what_the_file_has(store: None) -> None:
    browser = reading_in("es")
    browser.open("/pathways/radiology")
    assert "si se ha marcado «Región: tórax» o se ha recibido «TC de tórax»" in browser.text
    assert browser.page.xpath("//ol//*[not(self::code)]/text()[contains(., '&&') or contains(., ' in flags')]") == []
    raw = browser.page.xpath("//details[summary='Tal como está en el archivo']//code/text()")
    assert '"region_chest" in flags || "24627-2" in documents' in raw


def test_the_drawing_says_short_rules_in_words_too(store: None) -> None:
    browser = reading_in("de")
    drawing = browser.open("/pathways/radiology/drawing.svg").text
    assert "Region: Kopf und" in drawing and "in flags" not in drawing
