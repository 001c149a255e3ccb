"""How somebody does what the case page offers: open the form, fill it in, send it; and how they see that it is done."""

from playwright.sync_api import Locator, Page, expect

from tests.functional.web.deeds import Deed


def form_of(page: Page, deed: Deed) -> Locator:
    """The form with the button that does it: the first where the page has several alike."""
    place = f"main form[action$='/{deed.action}'], main form:has(button[formaction$='/{deed.action}'])"
    forms = page.locator(place)
    return (forms.filter(has=page.locator(f"[type=hidden][value='{deed.of}']")) if deed.of else forms).first


def does(page: Page, deed: Deed) -> None:
    """On the page of a case, as it stands."""
    form = form_of(page, deed)
    for around in form.locator("xpath=ancestor::details").all():
        if around.get_attribute("open") is None:
            around.locator("> summary").click()
    for name, value in deed.typed.items():
        fills_in(form, name, value)
    button = form.locator(f"button[formaction$='/{deed.action}']")
    (button if button.count() else form.locator("button:not([formaction])")).click()


def fills_in(form: Locator, name: str, value: str | bool) -> None:
    name, _, chosen = name.partition("=")
    place = form.locator(f"[name='{name}']" + (f"[value='{chosen}']" if chosen else "")).first
    if value is True:
        place.check()
    elif form.locator(f"select[name='{name}']").count():
        place.select_option(str(value))
    else:
        place.fill(str(value))


def is_seen(page: Page, deed: Deed, language: str, who: str) -> None:
    """The page says what happened, and the history has it in the name of whoever did it."""
    place = 0 if language == "es" else 1
    if deed.shows:
        where, *words = deed.shows
        expect(page.locator(f"main {where}").filter(has_text=words[place]).first).to_be_visible()
    if deed.gone:
        expect(page.locator(f"main {deed.gone}")).to_have_count(0)
    line = page.locator("#history li").filter(has_text=deed.told[place]).filter(has_text=who)
    expect(line.first).to_be_visible()
