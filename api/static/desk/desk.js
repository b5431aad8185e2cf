// Makes the desk quicker for whoever has script: keys for rows, and answers without a reload.
// Everything here can also be done without it.
"use strict";

(() => {
  const KEPT = "desk-keys";
  const help = document.querySelector("[data-keys]");
  const rows = [...document.querySelectorAll("table[data-rows] tbody tr")];
  let at = -1;

  const isOn = () => localStorage.getItem(KEPT) !== "off";

  const go = (to) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    for (const row of rows) row.classList.toggle("here", row === rows[at]);
    rows[at].tabIndex = -1;
    rows[at].focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };

  const press = (element) => element && element.click();

  const keys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    o: () => press(rows[at]?.querySelector("[data-open]")),
    n: () => press(document.querySelector("[data-next]")),
    "/": () => document.querySelector("[accesskey=s]")?.focus(),
    "?": () => {
      if (!help) return;
      help.open = !help.open;
      help.querySelector("summary").focus();
    },
  };

  const isWriting = (target) => target.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.isComposing;
    const deed = keys[event.key];
    if (!plain || !deed || !isOn() || isWriting(event.target)) return;
    event.preventDefault();
    deed();
  });

  rows.forEach((row, index) => row.addEventListener("focusin", () => (at = index)));

  if (help) {
    help.hidden = false;
    const choice = help.querySelector("[data-keys-on]");
    choice.checked = isOn();
    choice.addEventListener("change", () => {
      localStorage.setItem(KEPT, choice.checked ? "on" : "off");
    });
  }

  // A form whose answer takes a while puts it into its place on the page; if that fails for any
  // reason, the form is sent as without script.
  for (const form of document.querySelectorAll("form[data-fetch]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const place = document.getElementById(form.dataset.fetch);
      const button = form.querySelector("button");
      place.setAttribute("aria-busy", "true");
      button.disabled = true;
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new URLSearchParams(new FormData(form)),
          headers: { "X-Fragment": "1" },
        });
        if (!answer.ok) throw new Error(String(answer.status));
        place.innerHTML = await answer.text();
      } catch {
        form.submit();
      } finally {
        place.removeAttribute("aria-busy");
        button.disabled = false;
      }
    });
  }
})();
