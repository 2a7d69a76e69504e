// Names to choose from while one types @ in a post: those who may see the forum. Without
// this script one types the last part of the address of somebody's page.

const WAIT = 150; // after the last key
const TYPED = /(?:^|[\s([{>*_"'«“])@([\p{L}\p{N}_-]{0,30})$/u;

let list, text, timer, request, chosen = 0;

document.addEventListener("input", (event) => {
  if (!event.target.matches("textarea[name=markdown]") || !placeOf(event.target)) return;
  text = event.target;
  stop();
  const typed = typedIn(text);
  if (typed === null) return close();
  timer = setTimeout(ask, WAIT, typed);
});

document.addEventListener("keydown", (event) => {
  if (event.target !== text || !isOpen() || event.isComposing) return;
  const all = options();
  if (event.key === "ArrowDown") choose((chosen + 1) % all.length);
  else if (event.key === "ArrowUp") choose((chosen + all.length - 1) % all.length);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) take(all[chosen]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });

document.addEventListener("focusout", (event) => {
  if (event.target === text) close();
});

function placeOf(area) {
  return area.form?.querySelector("[data-people]")?.dataset;
}

function typedIn(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  return area.value.slice(0, area.selectionStart).match(TYPED)?.[1] ?? null;
}

function stop() {
  clearTimeout(timer);
  request?.abort();
}

async function ask(typed) {
  const { people, thread } = placeOf(text);
  request = new AbortController();
  const query = new URLSearchParams({ q: typed, ...(thread && { thread }) });
  try {
    const answer = await fetch(`${people}?${query}`, { signal: request.signal });
    if (answer.ok && !answer.redirected && typedIn(text) === typed) show(await answer.text());
    else close();
  } catch (error) {
    if (error.name !== "AbortError") close(); // no answer: one types the whole
  }
}

function show(html) {
  if (list?.previousElementSibling !== text) make();
  list.innerHTML = html;
  options().forEach((option, n) => { option.id = `people-${n}`; });
  if (!options().length || document.activeElement !== text) return close();
  list.hidden = false;
  text.setAttribute("aria-controls", list.id);
  choose(0);
  list.scrollIntoView({ block: "nearest" });
}

function make() {
  list?.remove();
  list = document.createElement("div");
  list.id = "people";
  list.className = "suggest names";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", placeOf(text).label);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  text.after(list);
  text.setAttribute("aria-autocomplete", "list");
}

function isOpen() {
  return list && !list.hidden;
}

function options() {
  return [...list.querySelectorAll("[role=option]")];
}

function choose(n) {
  const all = options();
  chosen = n;
  all.forEach((option, at) => option.setAttribute("aria-selected", at === n));
  text.setAttribute("aria-activedescendant", all[n].id);
  all[n].scrollIntoView({ block: "nearest" });
}

function take(option) {
  const end = text.selectionStart;
  text.setSelectionRange(end - typedIn(text).length, end);
  const words = `${option.dataset.handle} `;
  close();
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, text.selectionStart, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function close() {
  stop();
  if (!list) return;
  list.hidden = true;
  text.removeAttribute("aria-activedescendant");
  text.removeAttribute("aria-controls");
}
