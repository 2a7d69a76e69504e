// One socket a page. An element with data-live="thread.41" gets a "live" event when
// that changes, with the server's news as detail, and "live-gone" when it may not be
// heard any more. What changed is fetched over HTTP by whoever listens.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
// Codes of network/consumers.py: signed out, or a frame of ours was refused.
const FINAL = [4400, 4401, 4413, 4422];

let socket = null;
let tries = 0;
let timer = 0;
const missed = new Map();

const listeners = (target) =>
  [...document.querySelectorAll("[data-live]")].filter(
    (element) => !target || element.dataset.live === target,
  );

function tell(target, news) {
  if (document.hidden) return missed.set(target, news);
  for (const element of listeners(target)) {
    element.dispatchEvent(new CustomEvent("live", { detail: news }));
  }
}

function lose(target) {
  for (const element of listeners(target)) {
    element.dispatchEvent(new CustomEvent("live-gone"));
  }
}

function connect() {
  const targets = new Set(listeners().map((element) => element.dataset.live));
  if (socket || !targets.size) return;
  clearTimeout(timer);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}/ws/`);
  socket.addEventListener("open", () => {
    tries = 0;
    socket.send(JSON.stringify({ listen: [...targets] }));
  });
  socket.addEventListener("message", (event) => {
    const { target, news, gone } = JSON.parse(event.data);
    if (gone) lose(gone);
    else tell(target, news);
  });
  socket.addEventListener("close", (event) => {
    socket = null;
    if (event.code === 4401) for (const target of targets) tell(target, {});
    if (!FINAL.includes(event.code)) again();
  });
}

// Further apart each time, and not all pages at once when a server comes back.
function again() {
  const wait = Math.min(FIRST_WAIT * 2 ** tries, LONGEST_WAIT);
  tries += 1;
  timer = setTimeout(connect, wait * (0.5 + Math.random() / 2));
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const [target, news] of missed) tell(target, news);
  missed.clear();
  connect();
});
window.addEventListener("online", connect);
window.addEventListener("pageshow", connect);
connect();

// The bell, in the head of every page of a member.
document.getElementById("bell")?.addEventListener("live", async (event) => {
  const bell = event.currentTarget;
  const { unread } = event.detail;
  if (unread === Number(bell.dataset.unread)) return;
  const answer = await fetch("/inbox/bell/");
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("bell");
  const more = Number(now.dataset.unread) > Number(bell.dataset.unread);
  bell.replaceChildren(...now.childNodes);
  bell.dataset.unread = now.dataset.unread;
  if (more) say(bell.textContent.trim());
});

document.addEventListener("say", (event) => say(event.detail));

function say(text) {
  document.getElementById("live").textContent = text;
}
