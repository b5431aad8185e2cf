// Loaded before the client: what it needs in a browser, and has no setting for.
"use strict";

// No connection: said in Vietnamese and English, instead of the client's own "Working...".
(() => {
  const shown = (on) => {
    const screen = document.getElementById("offline");
    if (screen) screen.hidden = !on;
  };
  let opened = false;
  let timer;
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => {
        opened = true;
        clearTimeout(timer);
        shown(false);
      });
      this.addEventListener("close", () => {
        clearTimeout(timer);
        if (opened) timer = setTimeout(() => shown(true), 400);
      });
    }
  };
})();

// Text size and language: the client follows the root element; the app keeps the choice.
(() => {
  const root = document.documentElement;
  const SIZE = "flutter.labour-book.text-size";
  const LANGUAGE = "flutter.labour-book.language";
  const kept = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const follow = () => {
    const size = Number(kept(SIZE));
    root.style.fontSize = size >= 0.8 && size <= 2 ? `${16 * size}px` : "";
    root.lang = kept(LANGUAGE) === "en" ? "en" : "vi";
  };
  const set = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    set.call(this, key, value);
    if (key === SIZE || key === LANGUAGE) follow();
  };
  follow();
})();

// The tree for screen readers is built at once, not when somebody finds the hidden button for it.
(() => {
  const timer = setInterval(() => {
    const button = document.querySelector("flt-semantics-placeholder");
    if (!button) return;
    clearInterval(timer);
    button.click();
  }, 50);
})();
