// What pages do more comfortably with JavaScript. Everything works without it.
"use strict";
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (menu) {
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  }
  // "/" goes to the search field, as in most lists.
  const search = event.key === "/" && document.body.dataset.keys !== "off" && document.querySelector("input[type=search]");
  if (search && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    search.focus();
  }
});
document.addEventListener("keydown", (event) => {
  // In the work list the arrows go from case to case; Home and End to the first and the last.
  const links = [...document.querySelectorAll("#case-table a.case-link")];
  const here = links.indexOf(document.activeElement);
  const steps = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 };
  const fromSearch = event.key === "ArrowDown" && document.activeElement.matches("input[type=search]");
  const next = here >= 0 ? links[steps[event.key]] : fromSearch && links[0];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
document.addEventListener("submit", (event) => {
  // A second click on a form that is under way does nothing.
  if (event.target.dataset.sent === "yes") event.preventDefault();
  else if (event.target.method === "post" && !event.target.hasAttribute("hx-post")) event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
