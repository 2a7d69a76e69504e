// A thread that is open follows what happens in it: new posts come in at the end,
// changed ones change in place, and neither focus nor what one is reading moves.

const posts = document.getElementById("posts");
let busy = false;
let more = false;

posts.addEventListener("live", ask);
posts.addEventListener("live-gone", end);
document.body.addEventListener("thread-news", ask);

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
  for (const { dataset } of document.querySelectorAll("[data-module]")) import(dataset.module);
  near.disconnect();
}

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
  const { news: address, revision } = posts.dataset;
  const answer = await fetch(`${address}&since=${revision}&last=${lastNumber()}`);
  if (answer.status === 404) return end();
  if (answer.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const many = page.querySelector("[data-many]");
  if (many) return offer(many);
  const news = page.querySelector("[data-revision]");
  steady(() => take(news));
  posts.dataset.revision = news.dataset.revision;
}

// Slept for a day: what is many is not poured in here, a line leads to where it begins.
function offer(many) {
  const room = document.getElementById("more");
  const text = many.querySelector("span")?.textContent.trim();
  if (!text) return;
  const focused = room.contains(document.activeElement);
  if (room.querySelector("span")?.textContent.trim() === text) return;
  if (!room.firstChild) document.dispatchEvent(new CustomEvent("say", { detail: text }));
  room.replaceChildren(many);
  if (focused) room.querySelector("a")?.focus({ preventScroll: true });
}

function lastNumber() {
  const own = [...posts.querySelectorAll("[data-number]:not(.post--answer)")];
  return Number(own.at(-1)?.dataset.number ?? 0);
}

function take(news) {
  const said = [];
  for (const number of news.dataset.gone.split(" ")) {
    document.getElementById(`post-${number}`)?.remove();
  }
  for (const post of news.querySelectorAll("[data-number]")) {
    const old = document.getElementById(post.id);
    if (old) replace(old, post);
    else {
      insert(post);
      said.push(post.dataset.say);
    }
  }
  for (const id of ["thread-state", "answers"]) {
    document.getElementById(id)?.replaceWith(news.querySelector(`#${id}`));
  }
  if (said.length) document.dispatchEvent(new CustomEvent("say", { detail: said.join(" ") }));
}

// In its place by number; the accepted answer at the top does not count.
function insert(post) {
  const number = Number(post.dataset.number);
  const later = [...posts.querySelectorAll("[data-number]:not(.post--answer)")].find(
    (other) => Number(other.dataset.number) > number,
  );
  post.classList.add("post--new");
  if (later) later.before(post);
  else posts.append(post);
}

function replace(old, post) {
  const at = focusable(old).indexOf(document.activeElement);
  old.replaceWith(post);
  if (at >= 0) focusable(post)[at]?.focus({ preventScroll: true });
}

function focusable(element) {
  return [...element.querySelectorAll("a[href], button")];
}

// What the reader looks at or types in stays where it is on the screen.
function steady(change) {
  const root = document.scrollingElement;
  const fixed = held();
  root.style.overflowAnchor = "none";
  const before = fixed?.getBoundingClientRect().top;
  change();
  if (fixed?.isConnected) {
    root.scrollBy({ top: fixed.getBoundingClientRect().top - before, behavior: "instant" });
  }
  root.style.overflowAnchor = "";
}

function held() {
  const active = document.activeElement;
  if (active && active !== document.body && onScreen(active)) return active;
  return [...posts.children].find(onScreen);
}

function onScreen(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

// Access was lost: what stood here goes, and it is said why. With the session alone
// gone, what one was writing stays: it is sent, or found again, after signing in.
function end() {
  if (!posts.isConnected) return;
  const signedOut = document.getElementById("signed-out")?.hidden === false;
  const note = document.createElement("p");
  note.className = "ds-alert";
  note.dataset.color = "info";
  note.textContent = posts.dataset.gone;
  if (!signedOut) document.getElementById("reply")?.remove();
  for (const other of document.querySelectorAll("main .live, #more, #writing")) other.remove();
  document.querySelector("main .head")?.remove();
  document.querySelector("main aside")?.remove();
  document.querySelector("main nav.crumbs")?.remove();
  document.querySelector("main .ds-pagination")?.remove();
  document.title = document.title.split(" – ").at(-1);
  posts.replaceWith(note);
  document.dispatchEvent(new CustomEvent("say", { detail: note.textContent }));
}
