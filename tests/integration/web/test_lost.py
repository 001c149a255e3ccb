"""Addresses that there are not."""

from tests.integration.web.browsing import Browser


def test_a_browser_gets_a_page_and_a_machine_a_problem_document(store: str) -> None:
    browser = Browser()
    page = browser.open("/nothing-here", accept="text/html")
    assert page.status_code == 404 and "There is nothing under this address." in browser.text
    for path, accept in (("/nothing-here", "*/*"), ("/api/v1/nothing-here", "text/html")):
        answer = browser.open(path, accept=accept)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("application/problem+json")


def test_pages_are_compressed_for_whoever_takes_it_and_each_time_to_another_length(store: str) -> None:
    browser = Browser()
    lengths = {browser.open("/about", **{"accept-encoding": "gzip"}).headers["content-length"] for _ in range(8)}
    assert len(lengths) > 1 and browser.answer.headers["content-encoding"] == "gzip"
    assert "Secunda" in browser.text
    assert "content-encoding" not in browser.open("/about", **{"accept-encoding": "identity"}).headers
