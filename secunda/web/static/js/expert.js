// The opinion's form: says whether what was written is saved, and tries again when the connection was lost.
"use strict";
(() => {
  const form = document.getElementById("opinion");
  const saving = document.getElementById("saving");
  if (!form || !saving || !window.htmx) return;
  const RETRY = 5000;
  let unsaved = false;
  let timer = 0;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => window.htmx.trigger(form, "keep"), RETRY);
  };
  form.addEventListener("input", () => { unsaved = true; saving.textContent = ""; });  // what it said is over
  form.addEventListener("submit", () => { unsaved = false; });
  form.addEventListener("htmx:beforeRequest", () => { unsaved = false; saving.textContent = form.dataset.saving; });
  for (const lost of ["htmx:sendError", "htmx:timeout"]) {
    form.addEventListener(lost, () => { unsaved = true; saving.textContent = form.dataset.offline; again(); });
  }
  form.addEventListener("htmx:responseError", () => { unsaved = true; saving.textContent = form.dataset.ended; again(); });
  window.addEventListener("online", () => { if (unsaved) window.htmx.trigger(form, "keep"); });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
})();
