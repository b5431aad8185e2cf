// Loaded before the client: what it needs in a browser, and has no setting for.
"use strict";

// What the client will ask for is fetched at once, not file after file. Only where it is going to be
// the WebAssembly build: browsers without these get another one.
(() => {
  if (!("ImageDecoder" in window && "v8BreakIterator" in Intl)) return;
  const early = (rel, name) => {
    const link = Object.assign(document.createElement("link"), { rel, href: name });
    if (rel === "preload") Object.assign(link, { as: "fetch", crossOrigin: "anonymous" });
    document.head.append(link);
  };
  early("preload", "main.dart.wasm");
  early("preload", "canvaskit/skwasm.wasm");
  early("modulepreload", "main.dart.mjs");
  early("modulepreload", "canvaskit/skwasm.js");
})();

// Opening, and no connection: said in Vietnamese and English, instead of the client's "Working...".
(() => {
  const LINES_AT_MOST = 200;
  const CLOSED_FOR = 400; // milliseconds; a reload closes the connection too
  const SLOW = 15000; // milliseconds without a connection after which that is said
  const STILL = [200, 1000]; // milliseconds without a new picture: at least, at most
  const PAINTED_AFTER = 1500; // milliseconds in which the picture comes, if it has not already
  const AT_MOST = 10000; // milliseconds: for browsers in which no picture is seen to come
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
  let connected = false;
  let timer;
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => {
        opened = connected = true;
        clearTimeout(timer);
        show("offline", false);
      });
      this.addEventListener("close", () => {
        connected = false;
        clearTimeout(timer);
        if (!opened) return;
        if (byId("offline").hidden) keepReadable();
        timer = setTimeout(() => show("offline", true), CLOSED_FOR);
      });
    }
  };

  // A phone says at once that it has no network; its connection notices minutes later.
  addEventListener("offline", () => {
    if (!opened) return;
    if (byId("offline").hidden) keepReadable();
    show("offline", true);
  });
  addEventListener("online", () => {
    if (connected) show("offline", false);
  });

  setTimeout(() => show("opening-slow", !opened), SLOW);

  // Our own screen stands over the client's until the picture of the app is there. It comes later
  // than the tree that tells of it, and after pictures of the client's own: so until one has come,
  // and none after it for a moment.
  let pictures = 0;
  let last = 0;
  let slowest = 0; // milliseconds from one picture to the next: a slow device is waited for longer
  if ("ImageBitmapRenderingContext" in window) {
    const draw = ImageBitmapRenderingContext.prototype.transferFromImageBitmap;
    ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (bitmap) {
      draw.call(this, bitmap);
      const now = performance.now();
      if (pictures > 0) slowest = Math.max(slowest, now - last);
      pictures += 1;
      last = now;
    };
  }
  let told = 0; // when the tree first told of the app
  const waiting = setInterval(() => {
    const now = performance.now();
    if (!told && opened && document.querySelector('[flt-semantics-identifier="screen"]')) {
      told = now;
    }
    if (!told) return;
    const still = Math.min(Math.max(STILL[0], 2 * slowest), STILL[1]);
    const isStill = pictures > 0 && now - last > still;
    const isThere = last > told || now - told > PAINTED_AFTER;
    if (!(isStill && isThere) && now - told < AT_MOST) return;
    clearInterval(waiting);
    show("opening", false);
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
