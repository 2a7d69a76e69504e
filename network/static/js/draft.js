// What one writes is kept: on the server when typing pauses, and where there is no line
// on this device, under its writer's id, until the server has it (forums/actions/drafts.py).

const PREFIX = "attende:draft:"; // site.js clears these at sign-out
const PAUSE = 1500;
const BETWEEN = 5000;
const RETRY = 20_000;
const LASTS = 14 * 24 * 60 * 60 * 1000;
const NAMES = ["markdown", "title", "kind", "language", "themes"];
const STALE = 409;

let stopped = false;
let keeper = null;

class Keeper {
  constructor(line) {
    this.line = line;
    this.form = line.closest("form");
    this.newer = this.form.querySelector("[data-newer]");
    this.key = `${PREFIX}${line.dataset.writer}:${line.dataset.draft}`;
    this.rendered = fieldsOf(asRendered(this.form));
    this.known = JSON.stringify(this.rendered);
    this.first = this.value("sequence");
    this.conflict = this.newer.hidden ? null : { sequence: this.value("sequence") };
    this.lastSaved = 0;
    this.failing = this.sending = this.resumed = this.restored = false;
    this.form.addEventListener("input", () => this.touched());
    this.form.addEventListener("change", () => this.touched());
    this.resume();
    this.remember();
  }

  value(name, given) {
    const field = this.form.elements[name];
    if (given !== undefined) field.value = given;
    return field.value;
  }

  get changed() {
    return JSON.stringify(fieldsOf(this.form)) !== this.known;
  }

  // What this device kept because the server was not reached, or was not heard.
  resume() {
    const kept = read(this.key);
    if (!kept || JSON.stringify(kept.fields) === this.known) return this.forget();
    fill(this.form, kept.fields);
    this.value("sequence", kept.sequence);
    this.value("token", kept.token);
    this.resumed = true;
    this.save();
  }

  // The browser may have put back what was typed before, and maybe sent.
  remember() {
    if (!this.changed || this.resumed) return;
    this.touched();
    this.restored = true;
  }

  touched() {
    this.resumed = this.restored = false;
    if (this.conflict) return this.keepHere();
    if (this.failing) this.keepHere();
    this.later(Math.max(PAUSE, this.lastSaved + BETWEEN - Date.now()));
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save(leaving = false) {
    clearTimeout(this.timer);
    if (this.sending || stopped || !this.changed || !this.form.isConnected) return;
    if (leaving || this.conflict) this.keepHere();
    if (this.conflict) return;
    const now = JSON.stringify(fieldsOf(this.form));
    if (this.underway === now) return;
    if (this.underway && !leaving) return this.later(PAUSE);
    this.underway = now;
    this.lastSaved = Date.now();
    const answer = await post(this.line.dataset.save, this.entry(), leaving);
    this.underway = null;
    if (this.form.isConnected && !this.sending) this.heard(answer, now);
  }

  heard({ status, told }, now) {
    if (status === 200 && told.token) return this.isDoneWith(told);
    if (status === 200) return this.saved(told.sequence, now);
    if (status === STALE) return this.differs(told);
    this.keepHere();
    const words = status ? this.line.dataset.refused : this.line.dataset.unsaved;
    this.show(this.isKeptHere ? words : this.line.dataset.nowhere, !this.failing);
    this.failing = true;
    this.later(RETRY);
  }

  saved(sequence, now) {
    this.known = now;
    this.value("sequence", sequence);
    if (!this.changed) this.forget();
    if (sequence) this.show(this.savedWords, this.failing);
    else this.line.hidden = true;
    this.failing = false;
    if (this.changed) this.later(PAUSE);
  }

  get savedWords() {
    const time = new Date().toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    });
    return this.line.dataset.saved.replace("{time}", time);
  }

  differs(newer) {
    this.conflict = newer;
    this.keepHere();
    this.show(this.line.dataset.refused);
    this.newer.querySelector("[data-newer-text]").textContent = newer.fields.markdown ?? "";
    this.newer.hidden = false;
    say(this.newer.querySelector("p").textContent);
  }

  // Sent or discarded: what was kept of it, or put back, goes; what is typed after that is
  // a new text.
  isDoneWith({ token, same }) {
    this.value("token", token);
    if (!this.resumed && !this.restored && same) return;
    if (!this.resumed && !same) return this.later(PAUSE);
    fill(this.form, this.rendered);
    this.value("sequence", this.first);
    this.forget();
  }

  take(event) {
    if (!this.conflict.fields) { // its page shows it
      this.sending = true;
      return this.forget();
    }
    event.preventDefault();
    fill(this.form, this.conflict.fields);
    this.settle();
    this.known = JSON.stringify(fieldsOf(this.form));
    this.forget();
  }

  mine(event) {
    event.preventDefault();
    this.known = null;
    this.settle();
    this.save();
  }

  settle() {
    this.value("sequence", this.conflict.sequence);
    if (this.conflict.token) this.value("token", this.conflict.token);
    this.conflict = null;
    this.newer.hidden = true;
    this.form.elements.markdown.focus();
  }

  show(words, aloud) {
    this.line.hidden = false;
    this.line.querySelector("[data-status]").textContent = words;
    this.line.querySelector("[data-discard]").hidden = false;
    this.line.querySelector("[data-restore]")?.remove();
    if (aloud) say(words);
  }

  entry() {
    const [sequence, token, writer] = ["sequence", "token", "writer"].map((x) => this.value(x));
    return { fields: fieldsOf(this.form), sequence, token, writer, at: Date.now(), save: this.line.dataset.save };
  }

  keepHere() {
    if (stopped) return;
    try {
      localStorage.setItem(this.key, JSON.stringify(this.entry()));
      this.isKeptHere = true;
    } catch {
      this.isKeptHere = false; // full, or forbidden
    }
  }

  forget() {
    remove(this.key);
  }

  leave(submitter) {
    clearTimeout(this.timer);
    this.sending = true;
    if (submitter?.matches("[data-discard]")) this.forget();
    else if (this.changed || this.failing) this.keepHere();
  }

  stay() {
    this.sending = false;
    this.keepHere();
    this.later(RETRY);
  }
}

function fieldsOf(form) {
  const data = new FormData(form);
  const fields = Object.fromEntries(NAMES.map((name) => [name, data.get(name)]));
  for (const name of ["themes", "attachments"]) {
    const all = data.getAll(name);
    fields[name] = all.length ? all : null;
  }
  for (const pk of fields.attachments ?? []) fields[`alt-${pk}`] = data.get(`alt-${pk}`);
  return fields;
}

// Before somebody typed, or the browser put back what they had typed before.
function asRendered(form) {
  const copy = form.cloneNode(true);
  copy.reset();
  return copy;
}

function fill(form, fields) {
  for (const element of form.elements) {
    if (!NAMES.includes(element.name)) continue;
    const value = fields[element.name];
    if (["radio", "checkbox"].includes(element.type)) {
      element.checked = [value ?? []].flat().map(String).includes(element.value);
    } else if (value != null || element.type !== "select-one") element.value = value ?? "";
  }
}

// {status, told}; status 0: no answer. Only text goes, whatever else the form may hold.
async function post(address, { fields, sequence, token, writer }, keepalive = false) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields, sequence, token, writer })) {
    for (const one of [value ?? []].flat()) body.append(name, one);
  }
  const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") };
  try {
    const answer = await fetch(address, { method: "POST", body, headers, keepalive });
    const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    return { status: answer.status, told };
  } catch {
    return { status: 0, told: {} };
  }
}

function cookie(name) {
  return document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    if (kept && kept.at > Date.now() - LASTS) return kept;
    remove(key);
  } catch {
    remove(key);
  }
  return null;
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch { /* forbidden: then nothing is kept either */ }
}

function say(words) {
  document.dispatchEvent(new CustomEvent("say", { detail: words }));
}

function begin(root) {
  const line = root.querySelector("[data-draft]");
  if (line && line !== keeper?.line) keeper = new Keeper(line);
}

// What this device still keeps of other places; true if the server has taken any of it.
async function sendOthers(writer) {
  let taken = false;
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${writer}:`));
  } catch { /* forbidden */ }
  for (const key of keys) {
    const kept = key === keeper?.key ? null : read(key);
    if (!kept) continue;
    const { status, told } = await post(kept.save, kept);
    if (status === 200) remove(key);
    taken ||= status === 200 && told.sequence > 0;
  }
  return taken;
}

async function start() {
  begin(document);
  const list = document.querySelector("[data-drafts]");
  const writer = keeper?.line.dataset.writer ?? list?.dataset.drafts;
  if (writer && (await sendOthers(writer)) && list) location.reload();
}

const mine = (element) => keeper && element?.closest?.("form") === keeper.form;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-keep], [data-take], [data-mine]");
  if (!mine(button) || !keeper) return;
  if (button.matches("[data-take]") && keeper.conflict) keeper.take(event);
  else if (button.matches("[data-mine]") && keeper.conflict) keeper.mine(event);
  else if (button.matches("[data-keep]")) {
    event.preventDefault();
    if (keeper.changed) keeper.save().then(() => say(keeper.line.textContent.trim()));
    else if (keeper.value("markdown").trim()) keeper.show(keeper.savedWords, true);
  }
});

document.addEventListener("submit", (event) => {
  if (mine(event.target) && !event.defaultPrevented) keeper.leave(event.submitter);
});
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  if (mine(elt) && elt.matches("form, [data-discard], [data-restore]")) keeper.leave(elt);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!mine(detail.requestConfig.elt) || !keeper.sending) return;
  if (detail.successful) keeper.forget();
  else keeper.stay();
});
document.addEventListener("htmx:load", (event) => begin(event.detail.elt));

document.addEventListener("visibilitychange", () => {
  if (document.hidden) keeper?.save(true);
});
window.addEventListener("pagehide", () => keeper?.save(true));
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && keeper?.sending) { // whether it came through, the server knows
    keeper.sending = false;
    keeper.known = null;
  }
  keeper?.remember();
});
window.addEventListener("online", () => keeper?.save());

// On a phone that several share nothing is left behind.
document.addEventListener("signing-out", () => {
  keeper?.save(true);
  stopped = true;
});
window.addEventListener("storage", ({ key }) => {
  if (key === "attende:signed-out") stopped = true;
});

// Access was lost: the thread goes from the page (thread.js), one's own words do not. With
// the session alone gone, they stand in their form.
document.addEventListener("signed-out", () => document.getElementById("left")?.remove());
document.addEventListener("live-gone", ({ target }) => {
  if (target.id !== "posts" || document.getElementById("signed-out")?.hidden === false) return;
  const text = keeper?.value("markdown");
  if (!text?.trim() || !document.getElementById("reply")?.contains(keeper.form)) return;
  const label = document.createElement("label");
  const field = document.createElement("textarea");
  Object.assign(field, { value: text, readOnly: true, rows: 8, className: "ds-input" });
  label.id = "left";
  label.className = "flow gap-2 mt-5";
  label.append(keeper.line.dataset.left, field);
  queueMicrotask(() => document.querySelector("main > .wrap:last-of-type")?.append(label));
}, { capture: true });

start();
