// One socket a page. An element with data-live="thread.41" gets a "live" event when
// that changes, with the server's news as detail, and "live-gone" when it may not be
// heard any more; "stir" when others come, go or write there. What changed is fetched
// over HTTP by whoever listens.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
// A nudge may get lost on its way: a page that is looked at asks anyway, now and then,
// and so finds out, too, that its line is dead.
const ASK_ANYWAY = 240_000;
const ANSWERS_WITHIN = 8000;
// Codes of network/sockets.py: signed out, or a frame of ours was refused.
const SIGNED_OUT = 4401;
const FINAL = [4400, 4413, 4422];

let socket = null;
let tries = 0;
let timer = 0;
let silence = 0;
const missed = new Map();

const listeners = (target) =>
  [...document.querySelectorAll("[data-live]")].filter(
    (element) => !target || element.dataset.live === target,
  );

function send(target, event) {
  for (const element of listeners(target)) element.dispatchEvent(event);
}

function tell(target, news) {
  if (document.hidden) return missed.set(target, news);
  send(target, new CustomEvent("live", { detail: news }));
}

function lose(target) {
  if (target === "inbox") signedOut();
  send(target, new CustomEvent("live-gone"));
}

function listen() {
  const targets = new Set(listeners().map((element) => element.dataset.live));
  socket.send(JSON.stringify({ listen: [...targets] }));
  clearTimeout(silence);
  silence = setTimeout(anew, ANSWERS_WITHIN);
}

function connect() {
  if (socket || isPaused() || !listeners().length) return;
  clearTimeout(timer);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const own = new WebSocket(`${scheme}//${location.host}/ws/`);
  socket = own;
  own.addEventListener("open", () => {
    if (socket !== own) return;
    tries = 0;
    listen();
    document.dispatchEvent(new Event("listening"));
  });
  own.addEventListener("message", (event) => {
    if (socket !== own) return;
    clearTimeout(silence);
    const { target, news, gone, stir } = JSON.parse(event.data);
    if (gone) lose(gone);
    else if (stir) send(stir, new CustomEvent("stir"));
    else tell(target, news);
  });
  own.addEventListener("close", async (event) => {
    if (socket !== own) return;
    hangUp();
    if (event.code === SIGNED_OUT && await isSignedOut()) {
      signedOut();
      for (const { dataset } of listeners()) tell(dataset.live, {});
    } else if (!FINAL.includes(event.code)) again();
  });
}

function hangUp() {
  clearTimeout(silence);
  clearTimeout(timer);
  const old = socket;
  socket = null;
  old?.close();
}

function anew() {
  hangUp();
  connect();
}

// Further apart each time, and not all pages at once when a server comes back.
function again() {
  const wait = Math.min(FIRST_WAIT * 2 ** tries, LONGEST_WAIT);
  tries += 1;
  timer = setTimeout(connect, wait * (0.5 + Math.random() / 2));
}

// After sleep a line may look open and be dead: what is asked must be answered.
function wake() {
  if (document.hidden || isPaused()) return;
  for (const [target, news] of missed) tell(target, news);
  missed.clear();
  if (socket?.readyState === WebSocket.OPEN) listen();
  else if (!socket) connect();
}

document.addEventListener("visibilitychange", wake);
window.addEventListener("online", wake);
window.addEventListener("pageshow", (event) => event.persisted && wake());
setInterval(wake, ASK_ANYWAY);
// What the page says of its reader: js/here.js.
document.addEventListener("tell-server", ({ detail }) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(detail));
});

// Who changed the password in another tab has a new session there, once that is answered.
async function isSignedOut() {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  try {
    const now = await bellNow();
    return !now || now.dataset.person !== document.getElementById("bell")?.dataset.person;
  } catch { return false; /* no line: it is asked when there is one again */ }
}

// Whose session has ended is told so; what they typed stays where it is. That a thread is
// lost with it may be heard before or after.
function signedOut() {
  const note = document.getElementById("signed-out");
  if (note) note.hidden = false;
  document.dispatchEvent(new Event("signed-out"));
}

// "Pause live updates", remembered in this browser for all its pages.
const PAUSED = "attende:paused";
const pause = document.querySelector("[data-pause]");
const words = pause?.querySelector("span");
const goesOn = words?.textContent;

function isPaused() {
  try {
    return Boolean(localStorage.getItem(PAUSED));
  } catch { return false; }
}

function pauseOrGoOn() {
  const paused = isPaused();
  document.documentElement.toggleAttribute("data-paused", paused);
  pause?.toggleAttribute("data-on", paused);
  if (pause) words.textContent = paused ? pause.dataset.pause : goesOn;
  if (paused) hangUp();
  else connect();
  document.dispatchEvent(new Event("paused"));
}

pause?.addEventListener("click", () => {
  try {
    if (isPaused()) localStorage.removeItem(PAUSED);
    else localStorage.setItem(PAUSED, "yes");
  } catch { /* forbidden: then it cannot be remembered, nor be paused */ }
  pauseOrGoOn();
  say(words.textContent);
});
// In another tab.
window.addEventListener("storage", ({ key }) => key === PAUSED && pauseOrGoOn());
pauseOrGoOn();

// The bell, in the head of every page of a member. One question at a time: what was
// counted first may be answered last.
let unread;
let counting = false;

document.getElementById("bell")?.addEventListener("live", async (event) => {
  const bell = event.currentTarget;
  unread = event.detail.unread;
  if (counting || unread === Number(bell.dataset.unread)) return;
  counting = true;
  let asked;
  try {
    do {
      asked = unread;
      show(bell, await bellNow());
    } while (asked !== unread);
  } finally {
    counting = false;
  }
});

function show(bell, now) {
  if (!now) return;
  const more = Number(now.dataset.unread) > Number(bell.dataset.unread);
  bell.replaceChildren(...now.childNodes);
  bell.dataset.unread = now.dataset.unread;
  if (more) say(bell.textContent.trim());
}

async function bellNow() {
  const answer = await fetch("/inbox/bell/");
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById("bell");
}

document.addEventListener("say", (event) => say(event.detail));

function say(text) {
  document.getElementById("live").textContent = text;
}
