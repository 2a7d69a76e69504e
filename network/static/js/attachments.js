// Files are on their way while the post is being written: chosen, dropped or pasted. Without
// this the form sends them itself. Forms come and go with htmx, so all is found from the event.

const PICTURE = /^image\/(jpeg|png|webp|gif|hei[cf])$/;

document.addEventListener("change", (event) => {
  const part = event.target.closest(".attach");
  if (!part) return;
  if (event.target.type === "file") {
    for (const file of event.target.files) add(part, file);
    event.target.value = "";
  }
  if (event.target.name === "removed" && event.target.checked) takeOut(part, event.target.value);
});

document.addEventListener("paste", (event) => {
  const part = partOf(event);
  if (part && event.clipboardData.files.length && !event.clipboardData.types.includes("text/plain")) {
    receive(event, part, event.clipboardData.files);
  }
});

for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    const part = partOf(event);
    if (!part || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    part.closest("form").toggleAttribute("data-over", type === "dragover" || type === "dragenter");
    if (type === "drop") receive(event, part, event.dataTransfer.files);
  });
}

document.addEventListener("click", (event) => {
  const place = event.target.closest(".attach [data-place]");
  if (place) write(textOf(place), reference(place.dataset.place));
});

// A post waits for its files: what is half-way would be lost.
document.addEventListener("submit", (event) => {
  const part = event.target.querySelector?.(".attach:has([data-sending])");
  if (!part) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tell(part, part.dataset.wait);
}, { capture: true });

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));

function prepare(root) {
  for (const button of root.querySelectorAll("[data-place]")) button.hidden = false;
}

function partOf(event) {
  return event.target.closest?.("form")?.querySelector(".attach");
}

function textOf(element) {
  return element.closest("form").querySelector("textarea[name=markdown]");
}

function receive(event, part, files) {
  event.preventDefault();
  for (const file of [...files]) add(part, file);
}

// One file: a line of its own in the list, which tells how far it has come.
async function add(part, file) {
  const line = document.createElement("li");
  line.className = "attach__file";
  const full = [...part.querySelectorAll("[data-file], [data-sending]")]
    .filter((one) => !one.querySelector("[name=removed]:checked")).length >= Number(part.dataset.mostFiles);
  part.querySelector("[data-files]").append(line);
  if (full) return fail(part, line, file.name, part.dataset.tooMany);
  const mark = PICTURE.test(file.type) && `![${file.name.replace(/[[\]\\]/g, "")} …]()`;
  if (mark) write(textOf(part), mark);
  line.dataset.sending = "";
  const light = await lightened(file, Number(part.dataset.longestSide));
  if (light.size > Number(part.dataset.mostBytes)) return fail(part, line, file.name, part.dataset.tooLarge, mark);
  send(part, line, light, mark);
}

function send(part, line, file, mark) {
  const request = new XMLHttpRequest();
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  line.dataset.sending = "";
  line.replaceChildren(named(file.name), bar, button(part.dataset.dismiss, () => {
    request.abort();
    dismiss(part, line, mark);
  }));
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  const again = () => fail(part, line, file.name, part.dataset.failed, mark, () => send(part, line, file, mark));
  request.addEventListener("load", () => {
    if (request.status === 201) arrive(part, line, file, mark, request.responseText);
    else if (request.status === 422) fail(part, line, "", request.responseText, mark);
    else if (request.status === 413) fail(part, line, file.name, part.dataset.tooLarge, mark);
    else again();
  });
  request.addEventListener("error", again);
  const form = new FormData();
  form.append("file", file, file.name);
  request.open("POST", part.dataset.url);
  request.setRequestHeader("X-CSRFToken", part.closest("form").elements.csrfmiddlewaretoken.value);
  request.send(form);
}

function arrive(part, line, file, mark, html) {
  const made = new DOMParser().parseFromString(html, "text/html").querySelector("[data-file]");
  if (mark) swap(textOf(part), mark, reference(made.dataset.file));
  prepare(made);
  line.replaceWith(made);
  tell(part, part.dataset.done.replace("{name}", () => file.name), false);
}

function fail(part, line, name, why, mark, again) {
  delete line.dataset.sending;
  const note = document.createElement("p");
  note.className = "ds-validation-message";
  note.dataset.field = "validation";
  note.textContent = name ? `${name}: ${why}` : why;
  const buttons = document.createElement("div");
  buttons.className = "row";
  if (again) buttons.append(button(part.dataset.again, again));
  buttons.append(button(part.dataset.dismiss, () => dismiss(part, line, mark)));
  line.replaceChildren(note, buttons);
  if (mark && !again) swap(textOf(part), mark, "");
  tell(part, note.textContent, false);
}

function dismiss(part, line, mark) {
  if (mark) swap(textOf(part), mark, "");
  line.remove();
  part.querySelector("input[type=file]").focus();
}

function named(name) {
  return Object.assign(document.createElement("b"), { textContent: name });
}

function button(words, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: words });
  made.addEventListener("click", act);
  return made;
}

// Said to those who listen; what they must act on also stands in the list.
function tell(part, words, seen = true) {
  document.dispatchEvent(new CustomEvent("say", { detail: words }));
  const note = part.querySelector("[data-note]");
  note.textContent = seen ? words : "";
}

// The text: where one writes, on a line of its own.

function reference(id) {
  return `![](attachment:${id})`;
}

function write(text, words) {
  const touched = document.activeElement === text || text.selectionStart > 0;
  const at = touched ? text.selectionEnd : text.value.length;
  const before = text.value.slice(0, at);
  const gap = before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
  const after = text.value.slice(at).startsWith("\n") ? "" : "\n";
  text.setRangeText(gap + words + after, at, at, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function swap(text, words, other) {
  const at = text.value.indexOf(words);
  if (at < 0) return;
  const rest = other ? 0 : text.value.slice(at + words.length).match(/^\n?/)[0].length;
  text.setRangeText(other, at, at + words.length + rest, "preserve");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function takeOut(part, id) {
  const text = textOf(part);
  for (const [words] of text.value.matchAll(new RegExp(`!\\[(?:[^\\[\\]\\\\\\n]|\\\\.)*\\]\\(attachment:${id}\\)`, "g"))) {
    swap(text, words, "");
  }
}

// A large picture is made small before it goes out on a poor line, and leaves behind where it
// was taken. What this browser cannot read the server looks at.
async function lightened(file, side) {
  const ofPhone = /^image\/hei[cf]$/.test(file.type);
  if (!/^image\/(jpeg|png|webp|hei[cf])$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = side / Math.max(picture.width, picture.height);
    if (scale >= 1 && !ofPhone) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * Math.min(scale, 1));
    canvas.height = Math.round(picture.height * Math.min(scale, 1));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const kind = file.type === "image/png" ? "png" : "jpeg";
    const blob = await new Promise((done) => canvas.toBlob(done, `image/${kind}`, 0.85));
    if (!blob || (blob.size >= file.size && !ofPhone)) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + `.${kind}`, { type: blob.type });
  } catch {
    return file;
  }
}
