// Completions under every search field: the ARIA combobox with a list. Without this
// script, which site.js brings when a field is first used, it is a plain form.

const WAIT = 150; // after the last key
const FEWEST = 2; // letters

for (const form of document.querySelectorAll("form[data-suggest]")) combobox(form);

function combobox(form) {
  const input = form.querySelector("input[name=q]");
  const list = document.createElement("div");
  list.id = `suggest-${[...document.querySelectorAll("form[data-suggest]")].indexOf(form)}`;
  list.className = "suggest";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  list.hidden = true;
  form.append(list);
  set(input, { autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id });

  let timer, request, chosen = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];

  input.addEventListener("input", typed);
  if (input.value !== input.defaultValue) typed(); // before this script was here

  function typed() {
    stop();
    if (input.value.trim().length < FEWEST) return close();
    timer = setTimeout(ask, WAIT);
  }

  function stop() {
    clearTimeout(timer);
    request?.abort();
  }

  async function ask() {
    request = new AbortController();
    const url = `${form.dataset.suggest}?${new URLSearchParams({ q: input.value })}`;
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { Accept: "text/html" } });
      if (answer.ok) show(await answer.text());
      else close();
    } catch (error) {
      if (error.name !== "AbortError") close(); // no answer: the form works without
    }
  }

  function show(html) {
    list.innerHTML = html;
    options().forEach((option, n) => { option.id = `${list.id}-${n}`; });
    choose(-1);
    const open = options().length > 0 && document.activeElement === input;
    list.hidden = !open;
    input.setAttribute("aria-expanded", open);
  }

  function close() {
    stop();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  function choose(n) {
    const all = options();
    chosen = n;
    all.forEach((option, at) => option.setAttribute("aria-selected", at === n));
    if (n < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", all[n].id);
    all[n].scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("keydown", (event) => {
    const last = options().length - 1;
    if (list.hidden || last < 0) return;
    if (event.key === "ArrowDown") choose(chosen < last ? chosen + 1 : -1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? last : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) options()[chosen].click();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps focus
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
