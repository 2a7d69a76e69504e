// Who else has the thread open, and who writes. The page says that it is looked at, and
// asks who is there when something stirs: as often as the server bids it.

const BEAT = 25_000;
const WRITING = 4000; // a word at most so often, while one writes
const IDLE = 10_000;

const room = document.querySelector("[data-here]");
const target = room.dataset.live;
const list = document.getElementById("here");
let writing = false;
let told = 0;
let idle = 0;
let pace = 1.5;
let asked = -Infinity;
let timer = 0;

function tell(frame) {
  document.dispatchEvent(new CustomEvent("tell-server", { detail: frame }));
}

function beat() {
  if (document.hidden) return;
  told = performance.now();
  tell(writing ? { here: target, writing } : { here: target });
}

document.addEventListener("listening", () => {
  beat();
  soon(1);
});
document.addEventListener("paused", () => isPaused() && forget());
setInterval(beat, BEAT);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    beat();
    soon(1);
  } else {
    writing = false;
    tell({ away: target });
  }
});

document.addEventListener("input", (event) => {
  if (!event.target.closest("#reply textarea")) return;
  clearTimeout(idle);
  idle = setTimeout(rest, IDLE);
  const was = writing;
  writing = event.target.value.trim() !== "";
  if (writing !== was || (writing && performance.now() - told > WRITING)) beat();
});
document.addEventListener("submit", (event) => event.target.closest("#reply") && rest());

function rest() {
  clearTimeout(idle);
  if (!writing) return;
  writing = false;
  beat();
}

room.addEventListener("stir", () => soon(pace));

// So long after the last time, and not all pages at the same moment.
function soon(seconds) {
  clearTimeout(timer);
  const wait = Math.max(0, asked + seconds * 1000 - performance.now());
  timer = setTimeout(ask, wait + Math.random() * pace * 200);
}

async function ask() {
  asked = performance.now();
  if (document.hidden || !room.isConnected) return;
  if (isPaused()) return forget();
  const answer = await fetch(room.dataset.here).catch(() => null);
  if (answer?.status !== 200 || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = page.querySelector("[data-pace]");
  pace = Number(news.dataset.pace);
  document.getElementById("writing")?.replaceWith(news.querySelector("#writing"));
  show(news.querySelector("details"));
  timer = setTimeout(ask, Number(news.dataset.again) * 1000 * (1 + Math.random() / 5));
}

function isPaused() {
  return document.documentElement.hasAttribute("data-paused");
}

function forget() {
  list.replaceChildren();
  document.getElementById("writing")?.replaceChildren();
}

// What is open stays open, and what has focus keeps it.
function show(now) {
  const old = list.querySelector("details");
  if (old && now && (old.open || old.contains(document.activeElement))) {
    old.querySelector("summary").textContent = now.querySelector("summary").textContent;
    if (!old.querySelector("ul").contains(document.activeElement)) {
      old.querySelector("ul").replaceWith(now.querySelector("ul"));
    }
  } else list.replaceChildren(...(now ? [now] : []));
}
