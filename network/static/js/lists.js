// A list does not move under its reader: a line says what there is more to show.
// How much that is, the server says, who knows what this reader may see.

const PACE = 5000; // at most so often, and not all pages at the same moment

for (const line of document.querySelectorAll(".live[data-news]")) follow(line);

// On a narrow screen the tab one is at may be beyond the edge of the row.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  tab.closest(".tabs").scrollLeft = tab.offsetLeft - 48;
}

function follow(line) {
  const room = line.querySelector(".live__news");
  let shown = 0;
  let last = -PACE;
  let timer = 0;

  line.addEventListener("live", () => {
    if (timer) return;
    const wait = Math.max(0, last + PACE - performance.now()) + Math.random() * 500;
    timer = setTimeout(ask, wait);
  });

  line.addEventListener("live-gone", () => {
    line.dispatchEvent(new CustomEvent("list-gone", { bubbles: true }));
  });

  async function ask() {
    timer = 0;
    last = performance.now();
    const answer = await fetch(line.dataset.news).catch(() => null);
    if (!answer || answer.redirected) return;
    if (answer.status === 404) return line.dispatchEvent(new CustomEvent("list-gone", { bubbles: true }));
    if (answer.status === 204) return clear();
    if (answer.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = page.querySelector("[data-count]");
    const count = Number(news.dataset.count);
    if (count === shown) return;
    const link = news.querySelector("a");
    link.href = address();
    if (room.contains(document.activeElement)) {
      room.querySelector("span").replaceWith(news.querySelector("span"));
    } else room.replaceChildren(news);
    line.classList.add("live--news");
    if (count > shown) {
      const text = news.querySelector("span") ?? room.querySelector("span");
      document.dispatchEvent(new CustomEvent("say", { detail: text.textContent.trim() }));
    }
    shown = count;
  }

  function clear() {
    shown = 0;
    if (room.contains(document.activeElement)) return;
    room.replaceChildren();
    line.classList.remove("live--news");
  }
}

// The first page of the same list.
function address() {
  const here = new URL(location.href);
  for (const name of ["page", "read"]) here.searchParams.delete(name);
  return here.pathname + here.search;
}

// Access was lost: what stood here goes, and it is said why.
document.addEventListener("list-gone", ({ target }) => {
  const wrap = document.querySelector("main > .wrap:last-child");
  if (!target.isConnected || !wrap) return;
  const note = document.createElement("p");
  note.className = "ds-alert";
  note.dataset.color = "info";
  note.textContent = target.dataset.gone;
  document.querySelector("main nav.crumbs")?.remove();
  document.title = document.title.split(" – ").at(-1);
  wrap.replaceChildren(note);
  document.dispatchEvent(new CustomEvent("say", { detail: note.textContent }));
});
