// The buttons above a post's text, and their keys. They write the Markdown that one could
// type; without this script one does. Undo takes back what they wrote.

const KEYS = { b: "bold", i: "italic", k: "link", e: "code" };
const LINES = { quote: () => "> ", list: () => "- ", numbers: (n) => `${n + 1}. ` };
const MARK = /^(> |- |\d+\. )/;

const ACTS = {
  bold: (text) => wrap(text, "**"),
  italic: (text) => wrap(text, "*"),
  code: (text) => (chosen(text).includes("\n") ? fence(text) : wrap(text, "`")),
  link,
  quote: (text) => lines(text, LINES.quote),
  list: (text) => lines(text, LINES.list),
  numbers: (text) => lines(text, LINES.numbers),
  mention: (text) => put(text, /(^|\s)$/.test(text.value.slice(0, text.selectionStart)) ? "@" : " @"),
  file: (text) => text.form.querySelector("input[type=file]")?.click(),
};

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

function prepare(root) {
  for (const tools of root.querySelectorAll(".editing[hidden]")) {
    const text = textOf(tools);
    if (!text) continue;
    text.before(tools);
    tools.hidden = false;
    import(tools.dataset.names).catch(() => {}); // no line: a name is typed
    for (const [n, button] of buttons(tools).entries()) button.tabIndex = n ? -1 : 0;
  }
}

function textOf(element) {
  return element.closest("form")?.elements.markdown;
}

function buttons(tools) {
  return [...tools.querySelectorAll("button")];
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".editing [data-do]");
  if (button) act(textOf(button), button.dataset.do);
});

document.addEventListener("keydown", (event) => {
  const tools = event.target.closest?.(".editing");
  if (tools) return move(tools, event);
  const text = event.target;
  if (!text.matches?.("textarea[name=markdown]") || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    text.form.requestSubmit(text.form.querySelector("[type=submit]:not([formaction], [name])"));
  }
  const name = event.shiftKey ? null : KEYS[event.key.toLowerCase()];
  if (!name) return;
  event.preventDefault();
  act(text, name);
});

// One stop for Tab; arrows go from button to button.
function move(tools, event) {
  const all = buttons(tools);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = all[(to + all.length) % all.length];
  for (const button of all) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

function act(text, name) {
  if (name !== "file") text.focus();
  ACTS[name](text);
}

function chosen(text) {
  return text.value.slice(text.selectionStart, text.selectionEnd);
}

// Puts words in the place of what is chosen, as if typed: the browser can undo it.
function put(text, words, from = words.length, to = from) {
  const start = text.selectionStart;
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, start, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.setSelectionRange(start + from, start + to);
}

// Pressed again on the same words it takes its marks away.
function wrap(text, mark) {
  const { selectionStart: start, selectionEnd: end, value } = text;
  const words = chosen(text);
  const size = mark.length;
  if (words.length > 2 * size && words.startsWith(mark) && words.endsWith(mark)) {
    return put(text, words.slice(size, -size), 0, words.length - 2 * size);
  }
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark) {
    text.setSelectionRange(start - size, end + size);
    return put(text, words, 0, words.length);
  }
  put(text, mark + words + mark, size, size + words.length);
}

function fence(text) {
  const words = chosen(text).replace(/\n$/, "");
  put(text, `\`\`\`\n${words}\n\`\`\`\n`, 4, 4 + words.length);
}

function link(text) {
  const words = chosen(text);
  if (/^https?:\/\/\S+$/.test(words)) return put(text, `[](${words})`, 1);
  const address = "https://";
  put(text, `[${words}](${address})`, words ? words.length + 3 : 1, words ? words.length + 3 + address.length : 1);
}

// Whole lines, however little of them is chosen; a list stands apart from what is before it.
function lines(text, markOf) {
  const { value } = text;
  const start = value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  const until = value.indexOf("\n", text.selectionEnd);
  text.setSelectionRange(start, until < 0 ? value.length : until);
  const all = chosen(text).split("\n");
  const marked = all.every((line, n) => line.startsWith(markOf(n)));
  const changed = all.map((line, n) => (marked ? line.slice(markOf(n).length) : markOf(n) + line.replace(MARK, "")));
  const gap = start > 0 && !marked && value[start - 2] !== "\n" ? "\n" : "";
  const words = changed.join("\n");
  const from = all.length > 1 ? gap.length : gap.length + words.length;
  put(text, gap + words, from, gap.length + words.length);
}
