// Loaded before the client: what it needs in a browser, and has no setting for.
"use strict";

// Opening, and no connection: said in Vietnamese and English, instead of the client's "Working...".
(() => {
  const LINES_AT_MOST = 200;
  const CLOSED_FOR = 400; // milliseconds; a reload closes the connection too
  const SLOW = 15000; // milliseconds without a connection after which that is said
  const PAINTED_AFTER = 300; // milliseconds: a picture comes later than its tree
  const byId = (id) => document.getElementById(id);
  const show = (id, on) => {
    const screen = byId(id);
    if (screen) screen.hidden = !on;
  };

  // What was on screen, as a screen reader would read it: it stays readable while nothing answers.
  const linesOnScreen = () => {
    const host = document.querySelector("flt-semantics-host");
    const said = [];
    for (const each of host ? host.querySelectorAll("flt-semantics") : []) {
      const own = [...each.childNodes].filter((node) => node.nodeName !== "FLT-SEMANTICS-CONTAINER");
      const text = each.getAttribute("aria-label") || own.map((node) => node.textContent).join(" ");
      for (const line of text.split("\n").map((part) => part.trim())) {
        if (line && line !== said[said.length - 1]) said.push(line);
      }
    }
    return said.slice(0, LINES_AT_MOST);
  };
  const keepReadable = () => {
    const copy = byId("offline-copy");
    const lines = linesOnScreen();
    if (!copy || lines.length === 0) return;
    const time = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
    byId("offline-time").textContent = time;
    byId("offline-age").hidden = false;
    copy.replaceChildren(
      ...lines.map((line) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = line;
        return paragraph;
      }),
    );
  };

  let opened = false;
  let timer;
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => {
        opened = true;
        clearTimeout(timer);
        show("offline", false);
      });
      this.addEventListener("close", () => {
        clearTimeout(timer);
        if (!opened) return;
        if (byId("offline").hidden) keepReadable();
        timer = setTimeout(() => show("offline", true), CLOSED_FOR);
      });
    }
  };

  setTimeout(() => show("opening-slow", !opened), SLOW);

  // Our own screen stands over the client's until something of the app is painted.
  const waiting = setInterval(() => {
    if (!opened || !document.querySelector('[flt-semantics-identifier="screen"]')) return;
    clearInterval(waiting);
    setTimeout(() => requestAnimationFrame(() => show("opening", false)), PAINTED_AFTER);
  }, 50);
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
