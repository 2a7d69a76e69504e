// What is new in an open thread, as thread.js fetched it: new posts come in at the end,
// changed ones change in place, and neither focus nor what one is reading moves.

const posts = document.getElementById("posts");

export function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
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
