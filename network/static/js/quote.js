// Quoting without leaving the page: the words one has chosen, or the whole post. Without
// this script, which thread.js brings when it is first used, the link of each post opens
// the form with the post quoted.

const posts = document.getElementById("posts");
const button = document.querySelector("[data-quote-chosen]");
let words = null; // what is chosen: { post, text }

const form = () => document.querySelector("#reply textarea[name=markdown]");
const linkOf = (post) => post.querySelector("a[data-quote]");

let timer;
document.addEventListener("selectionchange", lookSoon);
lookSoon(); // at what was chosen before this script was here

function lookSoon() {
  clearTimeout(timer);
  timer = setTimeout(look, 200);
}

function look() {
  const chosen = getSelection();
  if (!chosen.rangeCount || document.activeElement === button) return;
  const range = chosen.getRangeAt(0);
  const around = range.commonAncestorContainer;
  const text = (around.nodeType === 1 ? around : around.parentElement)?.closest(".post > .text");
  const said = chosen.toString().trim();
  words = text && said && form() && linkOf(text.parentElement) ? { post: text.parentElement, text: said } : null;
  button.hidden = !words;
  if (!words) return;
  // Beside the words for the hand, after them for the keyboard.
  text.after(button);
  const place = words.post.getBoundingClientRect();
  const end = range.getBoundingClientRect();
  button.style.insetBlockStart = `${end.bottom - place.top + 6}px`;
  button.style.insetInlineStart = `${Math.max(0, Math.min(end.left - place.left, place.width - 140))}px`;
}

button.addEventListener("click", () => quote(linkOf(words.post)));

posts.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-quote]");
  if (!link || !form() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  quote(link);
});

async function quote(link) {
  const chosen = words?.post === link.closest(".post") ? words.text : "";
  const address = link.dataset.quote;
  if (chosen) return write(quoted(address.replace(/quote\/$/, ""), chosen));
  try {
    const answer = await fetch(address);
    if (answer.ok && !answer.redirected) return write(await answer.text());
  } catch { /* no line: the page itself may still be asked for */ }
  location.assign(link.href);
}

function quoted(address, text) {
  return [address, ...text.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n") + "\n\n";
}

// Below what is already there, and ready to go on.
function write(text) {
  const area = form();
  const before = area.value.trimEnd();
  area.focus();
  area.setSelectionRange(before.length, area.value.length);
  const all = (before ? "\n\n" : "") + text;
  if (!document.execCommand("insertText", false, all)) {
    area.setRangeText(all, before.length, area.value.length, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.scrollTop = area.scrollHeight;
  area.scrollIntoView({ block: "center" });
  getSelection().removeAllRanges();
  area.focus();
  button.hidden = true;
  words = null;
}
