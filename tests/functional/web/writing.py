"""Filling in the opinion's form as somebody does who leaves nothing out."""

from playwright.sync_api import Page

SCALES = {"diagnosis_concordance": "confirmed", "treatment_concordance": "confirmed", "stance": "supported"}
#: One call for the whole form: hundreds of fields, each by the keyboard, would take a minute.
FILL = """([form, scales]) => {
  const fill = (field, value) => { field.value = value; field.dispatchEvent(new Event("input", {bubbles: true})); };
  for (const field of form.querySelectorAll("textarea")) if (!field.value) fill(field, `Reviewed: ${field.id}`);
  for (const field of form.querySelectorAll("select")) if (!field.value) fill(field, field.options[1].value);
  for (const field of form.querySelectorAll("input[type=text], input:not([type]), input[type=number]")) {
    if (field.value || field.id === "translator") continue;
    fill(field, field.type === "number" ? "1" : field.inputMode === "decimal" ? "12" : "noted");
  }
  const names = new Set([...form.querySelectorAll("input[type=radio]")].map(field => field.name));
  for (const name of names) {
    const buttons = [...form.querySelectorAll("input[type=radio]")].filter(field => field.name === name);
    const wanted = buttons.find(field => field.value === scales[name]) || buttons[Math.floor(buttons.length / 2)];
    if (!buttons.some(field => field.checked)) wanted.click();
  }
  for (const field of form.querySelectorAll("input[type=checkbox]")) if (!field.checked) field.click();
}"""


def fill_in_everything(page: Page) -> None:
    page.evaluate(FILL, [page.locator("#opinion").element_handle(), SCALES])
