// The inbox does not move under its reader: a line says that there is more to show.

const note = document.querySelector("[data-inbox]");
const bell = document.getElementById("bell");
const seen = Number(bell?.dataset.unread);

note.addEventListener("live", ({ detail }) => {
  if (!(detail.unread > seen) || note.childElementCount) return;
  const line = document.createElement("p");
  const link = document.createElement("a");
  line.className = "unread";
  link.href = location.pathname;
  link.textContent = note.dataset.link;
  line.append(`${note.dataset.text} `, link);
  note.append(line);
});
