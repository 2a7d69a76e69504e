// A thread that is open follows what happens in it. What is not used at once comes when it is.

const posts = document.getElementById("posts");
let busy = false;
let more = false;

posts.addEventListener("live", ask);
posts.addEventListener("live-gone", end);
document.body.addEventListener("thread-news", ask);

async function ask(event) {
  const known = Number(posts.dataset.revision);
  if (event.detail?.revision <= known) return;
  more = true;
  if (busy) return;
  busy = true;
  try {
    while (more) {
      more = false;
      await fetchNews();
    }
  } finally {
    busy = false;
  }
}

async function fetchNews() {
  const { news: address, revision, module } = posts.dataset;
  const answer = await fetch(`${address}&since=${revision}&last=${lastNumber()}`);
  if (answer.status === 404) return posts.dispatchEvent(new CustomEvent("live-gone"));
  if (answer.status !== 200) return;
  const { show } = await import(module);
  show(await answer.text());
}

function lastNumber() {
  const own = [...posts.querySelectorAll("[data-number]:not(.post--answer)")];
  return Number(own.at(-1)?.dataset.number ?? 0);
}

// Quoting comes with the first words one chooses, or a press on Quote, which is then made again.
const chosen = document.querySelector("[data-quote-chosen]");
let quoting;
if (chosen) {
  document.addEventListener("selectionchange", quoteChosen);
  posts.addEventListener("click", quoteWhole);
}

function startQuoting() {
  quoting ??= import(chosen.dataset.module).catch(() => {}).finally(() => {
    document.removeEventListener("selectionchange", quoteChosen);
    posts.removeEventListener("click", quoteWhole);
  });
  return quoting;
}

function quoteChosen() {
  const { isCollapsed, anchorNode } = getSelection();
  if (!isCollapsed && posts.contains(anchorNode)) startQuoting();
}

async function quoteWhole(event) {
  const link = event.target.closest("a[data-quote]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await startQuoting();
  link.click();
}

// What keeps drafts and sends files comes with the form, or where something was left here.
const reply = document.getElementById("reply");
const near = new IntersectionObserver((entries) => {
  if (entries.some((entry) => entry.isIntersecting)) startWriting();
}, { rootMargin: "200px" });
if (reply) near.observe(reply);
document.addEventListener("focusin", ({ target }) => {
  if (target.closest("#reply form")) startWriting();
});
try {
  if (Object.keys(localStorage).some((key) => key.startsWith("attende:draft:"))) startWriting();
} catch { /* forbidden: then nothing was left */ }

function startWriting() {
  for (const { dataset } of document.querySelectorAll("#reply [data-module]")) import(dataset.module);
  near.disconnect();
}

// Access was lost: what stood here goes, and it is said why. What one was writing can be
// copied (draft.js). With the session alone gone, whenever that is heard, it stays in its
// form: it is sent, or found again, after signing in.
document.addEventListener("signed-out", () => {
  const form = document.getElementById("reply");
  if (form) form.hidden = false;
});

function end() {
  if (!posts.isConnected) return;
  const form = document.getElementById("reply");
  if (form) form.hidden = document.getElementById("signed-out")?.hidden !== false;
  const note = document.createElement("p");
  note.className = "ds-alert";
  note.dataset.color = "info";
  note.textContent = posts.dataset.gone;
  for (const other of document.querySelectorAll("main .live, #more, #writing")) other.remove();
  document.querySelector("main .head")?.remove();
  document.querySelector("main aside")?.remove();
  document.querySelector("main nav.crumbs")?.remove();
  document.querySelector("main .ds-pagination")?.remove();
  document.title = document.title.split(" – ").at(-1);
  posts.replaceWith(note);
  document.dispatchEvent(new CustomEvent("say", { detail: note.textContent }));
}
