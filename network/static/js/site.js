// What every page does with JavaScript; each of these has a plain way without it.

// Menus and the facet sheet close by Escape, by a click beside them and when focus moves on.
const opened = () => document.querySelectorAll("details.menu[open], details.sheet[open]");

for (const type of ["click", "focusin"]) {
  document.addEventListener(type, (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of opened()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// <button data-confirm="Delete this?"> asks first, then submits as it would have done.
const dialog = document.getElementById("confirm");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (!button || button.dataset.confirmed) return;
  event.preventDefault();
  event.stopPropagation();
  dialog.querySelector("#confirm-text").textContent = button.dataset.confirm;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return button.focus();
    button.dataset.confirmed = "yes";
    button.click();
    delete button.dataset.confirmed;
  }, { once: true });
}, { capture: true });

// <button data-copy="/forums/thread/4/2/" data-done="Copied"> puts that address on the clipboard.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const address = new URL(button.dataset.copy, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
  } catch { // no leave, or no https: then it can be taken from here
    return window.prompt("", address);
  }
  const words = button.lastChild;
  const before = words.data;
  if (before === button.dataset.done) return;
  words.data = button.dataset.done;
  document.dispatchEvent(new CustomEvent("say", { detail: button.dataset.done }));
  setTimeout(() => { words.data = before; }, 3000);
});

// A search field is called from the start what it becomes when it is first used (suggest.js).
for (const input of document.querySelectorAll("form[data-suggest] input[name=q]")) {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
}

function complete(field) {
  const module = field?.closest("form[data-suggest]")?.dataset.module;
  if (module) import(module).catch(() => {}); // no line: it stays a plain field
}

document.addEventListener("focusin", ({ target }) => complete(target));
complete(document.activeElement);

// A form that has been sent is not sent again; after a download or the back button it is free.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || hasHtmx(form)) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(free, 8000, form);
});

window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// Nothing that was typed here stays on a phone that others use, too (draft.js).
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[action^='/account/logout/']")) return;
  document.dispatchEvent(new Event("signing-out"));
  try {
    const kept = Object.keys(localStorage).filter((key) => key.startsWith("attende:draft:"));
    for (const key of kept) localStorage.removeItem(key);
    localStorage.setItem("attende:signed-out", Date.now());
  } catch { /* forbidden: then nothing was kept either */ }
});

// Whoever comes after does not go back to what the last one read.
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  try {
    const left = Number(localStorage.getItem("attende:signed-out"));
    if (left > performance.timeOrigin) location.reload();
  } catch { /* forbidden: then nobody knows */ }
});

function hasHtmx(form) {
  return form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]");
}

// Facets answer at once where they stand beside the results; on the sheet a button sends them.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && matchMedia("(min-width: 64rem)").matches) form.requestSubmit();
});

// "84 of 120" below a field that has a limit, once half of it is used, of a long one nine tenths.
function count(note) {
  const field = document.getElementById(note.dataset.counter);
  const from = note.dataset.max > 5000 ? 0.9 : 0.5;
  const show = () => {
    note.hidden = field.value.length < note.dataset.max * from;
    note.textContent = note.dataset.words
      .replace("{n}", field.value.length)
      .replace("{max}", note.dataset.max);
  };
  field.addEventListener("input", show);
  show();
}

// An answer with errors starts at its summary; only a page just asked for may move focus.
function prepare(root) {
  for (const note of root.querySelectorAll("[data-counter]:empty")) count(note);
  root.querySelector("[data-focus]")?.focus();
}

// A poor line must not look like a dead button.
let gone;
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, ({ detail }) => {
    if (detail.elt?.closest("[data-quiet]")) return; // offered, not asked for
    const failed = document.getElementById("failed");
    failed.hidden = false;
    clearTimeout(gone);
    gone = setTimeout(() => { failed.hidden = true; }, 8000);
  });
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
