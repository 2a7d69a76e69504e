// <button data-copy="/forums/thread/4/2/" data-done="Copied"> puts that address on the clipboard.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const address = new URL(button.dataset.copy, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
  } catch { // no leave, or no https: then it can be taken from here
    return window.prompt("", address);
  }
  const words = button.lastChild;
  const before = words.data;
  if (before === button.dataset.done) return;
  words.data = button.dataset.done;
  document.dispatchEvent(new CustomEvent("say", { detail: button.dataset.done }));
  setTimeout(() => { words.data = before; }, 3000);
});
