// "Pause live updates", remembered in this browser for all its pages.

const PAUSED = "attende:paused";
const button = document.querySelector("[data-pause]");
const text = button.querySelector("span");
const pause = text.textContent;

function isPaused() {
  try {
    return Boolean(localStorage.getItem(PAUSED));
  } catch { return false; }
}

function show() {
  const paused = isPaused();
  text.textContent = paused ? button.dataset.pause : pause;
  button.toggleAttribute("data-on", paused);
  document.documentElement.toggleAttribute("data-paused", paused);
}

function changed() {
  show();
  document.dispatchEvent(new Event("paused"));
}

button.addEventListener("click", () => {
  try {
    if (isPaused()) localStorage.removeItem(PAUSED);
    else localStorage.setItem(PAUSED, "yes");
  } catch { /* forbidden: then it cannot be remembered, nor be paused */ }
  changed();
  document.dispatchEvent(new CustomEvent("say", { detail: text.textContent }));
});
// In another tab.
window.addEventListener("storage", ({ key }) => key === PAUSED && changed());
show();
