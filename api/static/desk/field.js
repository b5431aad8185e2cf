// Form 03 where there is no network. What is filled in is sealed and kept on the device until it
// can be sent. The device can seal by itself; to open again, it needs the key that the server
// hands to the official who is signed in. So a lost device gives away nothing.
"use strict";

(() => {
  const PAGE = "/desk/collection/form/field";
  const words = JSON.parse(document.getElementById("words").textContent);
  const at = (id) => document.getElementById(id);
  const form = at("form");
  const text = new TextEncoder();
  const CURVE = { name: "ECDH", namedCurve: "P-256" };
  let mending = null;

  const say = (key, values = {}) =>
    Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), words[key]);

  // --- what is on the device ---------------------------------------------------------------

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("labour-book-field", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("seats", { keyPath: "seat" });
      asked.result.createObjectStore("forms", { keyPath: "key" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  async function inStore(name, mode, deed) {
    const transaction = (await opened).transaction(name, mode);
    const asked = deed(transaction.objectStore(name));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const all = (name) => inStore(name, "readonly", (store) => store.getAll());
  const put = (name, row) => inStore(name, "readwrite", (store) => store.put(row));
  const drop = (key) => inStore("forms", "readwrite", (store) => store.delete(key));

  async function lastSeat() {
    const seats = await all("seats");
    return seats.sort((one, other) => other.seen - one.seen)[0] ?? null;
  }

  // --- sealing -----------------------------------------------------------------------------

  const bytes = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const keyOf = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

  async function shared(own, theirs) {
    const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own, 256);
    const whole = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: text.encode("field-form") };
    return crypto.subtle.deriveKey(how, whole, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  const publicKey = (jwk) => crypto.subtle.importKey("jwk", jwk, CURVE, true, []);

  async function encrypted(key, content) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, content) };
  }

  const decrypted = (key, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);

  async function newSeat({ seat, key }) {
    const pair = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    const secret = text.encode(JSON.stringify(await crypto.subtle.exportKey("jwk", pair.privateKey)));
    const wrapped = await encrypted(await keyOf(bytes(key)), secret);
    return { seat, wrapped, open: await crypto.subtle.exportKey("jwk", pair.publicKey) };
  }

  async function sealed(seat, values) {
    const once = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    const key = await shared(once.privateKey, await publicKey(seat.open));
    const by = await crypto.subtle.exportKey("jwk", once.publicKey);
    return { by, ...(await encrypted(key, text.encode(JSON.stringify(values)))) };
  }

  async function unsealed(secret, box) {
    const key = await shared(secret, await publicKey(box.by));
    return JSON.parse(new TextDecoder().decode(await decrypted(key, box)));
  }

  async function secretOf(seat, key) {
    const jwk = JSON.parse(new TextDecoder().decode(await decrypted(await keyOf(bytes(key)), seat.wrapped)));
    return crypto.subtle.importKey("jwk", jwk, CURVE, false, ["deriveBits"]);
  }

  // --- the server --------------------------------------------------------------------------

  /** Return who is signed in, or why nobody is known: "offline" or "signed_out". */
  async function online() {
    let answer;
    try {
      answer = await fetch(`${PAGE}/seat`, { cache: "no-store", headers: { Accept: "application/json" } });
    } catch {
      return { why: "offline" };
    }
    if (!answer.ok) return { why: "signed_out" };
    const told = await answer.json();
    const known = (await all("seats")).find((each) => each.seat === told.seat) ?? (await newSeat(told));
    const seat = { ...known, communes: told.communes, seen: Date.now() };
    await put("seats", seat);
    return { seat, csrf: told.csrf, secret: await secretOf(seat, told.key) };
  }

  async function post(values, csrf, isSure) {
    const body = new URLSearchParams(values);
    body.set("csrf", csrf);
    if (isSure) body.set("sure", "yes");
    const language = document.documentElement.lang;
    const answer = await fetch(`${PAGE}?lang=${language}`, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    const isTold = (answer.headers.get("content-type") ?? "").startsWith("application/json");
    if (!isTold) throw new Error(String(answer.status));
    return answer.json();
  }

  // --- deeds -------------------------------------------------------------------------------

  async function keep(event) {
    event.preventDefault();
    const seat = await lastSeat();
    if (seat === null) return show(say("never_online"));
    const key = mending ?? crypto.randomUUID();
    const values = [...new FormData(form)].filter(([name, value]) => name !== "key" && value !== "");
    const box = await sealed(seat, [["key", key], ...values]);
    await put("forms", { key, seat: seat.seat, at: Date.now(), box, state: "waiting", said: [] });
    mending = null;
    form.reset();
    begin(seat);
    await list();
    show(say("kept"));
    at("said").focus();
  }

  async function send(only = null, isSure = false) {
    at("send").disabled = true;
    try {
      const { why, seat, csrf, secret } = await online();
      if (why) return show(say(why));
      const own = (await all("forms")).filter((each) => each.seat === seat.seat);
      const chosen = own.filter((each) => (only === null ? each.state === "waiting" : each.key === only));
      let done = 0;
      for (const each of chosen) {
        const told = await post(await unsealed(secret, each.box), csrf, isSure);
        if (told.state === "entered" || told.state === "kept") {
          await drop(each.key);
          done += 1;
        } else {
          await put("forms", { ...each, state: told.state, said: told.said });
        }
      }
      show(say("sent", { done, left: own.length - done }));
    } catch {
      show(say("broken_off"));
    } finally {
      at("send").disabled = false;
      await list();
    }
  }

  async function mend(key) {
    const { why, seat, secret } = await online();
    if (why) return show(say(why));
    const kept = (await all("forms")).find((each) => each.key === key && each.seat === seat.seat);
    form.reset();
    for (const [name, value] of await unsealed(secret, kept.box)) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
        else field.value = value;
      }
    }
    mending = key;
    show(say("mending"));
    form.scrollIntoView();
    form.querySelector("[name=full_name]").focus();
  }

  async function throwAway(key) {
    if (!window.confirm(say("sure_to_drop"))) return;
    await drop(key);
    await list();
  }

  // --- what is shown -----------------------------------------------------------------------

  function show(said) {
    at("waiting").hidden = false;
    at("said").textContent = said;
  }

  function made(name, content, deed) {
    const found = document.createElement(name);
    found.textContent = content;
    if (deed) {
      found.type = "button";
      found.className = "small-button quiet";
      found.addEventListener("click", deed);
    }
    return found;
  }

  function item(row, number) {
    const found = document.createElement("li");
    const when = new Date(row.at).toLocaleString(document.documentElement.lang === "vi" ? "vi-VN" : "en-GB");
    found.append(made("b", say("number", { number })), ` ${when} – `, made("span", say(`state.${row.state}`)));
    const reasons = document.createElement("ul");
    reasons.append(...row.said.map((each) => made("li", each)));
    if (row.said.length) found.append(reasons);
    const deeds = document.createElement("p");
    if (row.state === "doubtful") deeds.append(made("button", say("record"), () => send(row.key, true)), " ");
    if (row.state !== "waiting") deeds.append(made("button", say("mend"), () => mend(row.key)), " ");
    deeds.append(made("button", say("drop"), () => throwAway(row.key)));
    found.append(deeds);
    return found;
  }

  async function list() {
    const seat = await lastSeat();
    const kept = (await all("forms")).sort((one, other) => one.at - other.at);
    const own = kept.filter((each) => each.seat === seat?.seat);
    at("list").replaceChildren(...own.map((row, index) => item(row, index + 1)));
    at("waiting").hidden = false;
    at("send").hidden = !own.length;
    const others = kept.length - own.length;
    at("others").hidden = others === 0;
    at("others").textContent = others ? say("others", { count: others }) : "";
    if (!own.length && !at("said").textContent) at("said").textContent = say("none");
  }

  function begin(seat) {
    const commune = form.querySelector("[name=commune_code]");
    if (seat.communes.length) {
      commune.setAttribute("list", "communes");
      at("communes").replaceChildren(...seat.communes.map(([code, name]) => Object.assign(new Option(name, code))));
      commune.value ||= seat.communes[0][0];
    }
    const now = new Date();
    const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
    form.querySelector("[name=collected_on]").value = today.toISOString().slice(0, 10);
  }

  async function start() {
    form.addEventListener("submit", keep);
    at("send").addEventListener("click", () => send());
    const { why } = await online();
    const seat = await lastSeat();
    if (seat) begin(seat);
    await list();
    try {
      await navigator.serviceWorker.register(`${PAGE}/sw.js`, { scope: PAGE });
      await navigator.serviceWorker.ready;
      at("readiness").textContent = seat ? say(why ? "ready_offline" : "ready") : say("never_online");
    } catch {
      at("readiness").textContent = seat && why === "offline" ? say("ready_offline") : say("not_ready");
    }
    document.body.dataset.settled = "yes";
  }

  start();
})();
