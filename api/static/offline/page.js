// The verifier page: takes a code, a picture, a file or text, and says what became of it.

import { checkFile, checkText, isPdf, linkIn } from "./check.js";
import { Camera, codeInPicture, reader } from "./scan.js";
import { keptTrust, refreshTrust, statusAsOf } from "./store.js";
import { View } from "./view.js";

const REFRESH_MS = 15 * 60_000;
const MAX_FILE = 32 * 1024 * 1024;
const page = JSON.parse(document.getElementById("page").textContent);
const view = new View(page);
const at = (id) => document.getElementById(id);
const seconds = () => Math.floor(Date.now() / 1_000);
const camera = new Camera(at("video"));

let trust = { bundle: null, reason: "NO_TRUST_LIST" };
let installed = false;
let refreshed = { answered: true, reason: null };

function show(parts) {
  const result = at("result");
  result.replaceChildren(...parts);
  result.hidden = false;
  result.scrollIntoView({ block: "start" });
  result.focus({ preventScroll: true });
}

/** Take the last answer away: it must not be read as the answer about what comes next. */
function begin() {
  at("result").replaceChildren();
  at("result").hidden = true;
}

/** Check with the trust as it is now: a list that ran out since the page was opened is not used. */
async function checked(check) {
  trust = await keptTrust(page.root, seconds());
  showReadiness();
  if (trust.bundle === null) return show(view.trouble(troubleOf(trust.reason)));
  return show(view.verdict(await check(trust.bundle, seconds()), seconds()));
}

function troubleOf(reason) {
  return { NO_TRUST_LIST: "unready", TRUST_LIST_EXPIRED: "outdated", NOT_YET_VALID: "clock" }[reason] ?? "untrusted";
}

async function checkGiven(text) {
  const address = linkIn(text.trim());
  if (address) return show(view.link(address));
  return checked((bundle, now) => checkText(text, bundle, now));
}

async function checkUpload(file) {
  if (file.size > MAX_FILE) return show(view.trouble("too_large"));
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isText = !isPdf(bytes) && bytes.length < MAX_FILE / 32 && !bytes.includes(0);
  if (isPdf(bytes) || (isText && !file.type.startsWith("image/"))) {
    return checked((bundle, now) => checkFile(bytes, bundle, now));
  }
  let code;
  try {
    code = await codeInPicture(file);
  } catch (error) {
    if (error.name === "InvalidStateError") return show(view.trouble("no_picture"));
    throw error;
  }
  return code === null ? show(view.trouble("no_code")) : checkGiven(code);
}

async function scan() {
  begin();
  at("scan").disabled = true;
  try {
    await camera.start();
  } catch (error) {
    stopScanning();
    const trouble = { NotAllowedError: "camera_denied", NotFoundError: "camera_none" };
    return show(view.trouble(trouble[error.name] ?? "camera_busy"));
  }
  at("viewfinder").hidden = false;
  at("torch").hidden = !camera.hasTorch;
  at("viewfinder").scrollIntoView({ block: "center" });
  const code = await camera.code();
  stopScanning();
  return code === null ? undefined : checkGiven(code);
}

function stopScanning() {
  camera.stop();
  at("viewfinder").hidden = true;
  at("torch").setAttribute("aria-pressed", "false");
  at("scan").disabled = false;
}

async function toggleTorch() {
  const on = at("torch").getAttribute("aria-pressed") !== "true";
  await camera.light(on);
  at("torch").setAttribute("aria-pressed", String(on));
}

function showReadiness() {
  const { bundle, reason } = trust;
  const now = seconds();
  const ready = installed && bundle !== null;
  at("ready").className = `card ready ${ready ? "is-ready" : "is-not-ready"}`;
  at("ready-sign").replaceChildren(view.sign(ready ? "yes" : "warn"));
  at("ready-state").textContent = ready
    ? view.say("ready.yes")
    : view.say(bundle === null ? `${troubleOf(reason)}.title` : "ready.no");
  const since = bundle && statusAsOf(bundle);
  at("trust-age").textContent = bundle
    ? view.say("trust.age", { age: view.age(bundle.issuedAt, now) })
    : view.say("trust.none");
  at("status-age").textContent = since
    ? view.say("status.age", { age: view.age(since, now) })
    : view.say("status.none");
  at("refresh-state").textContent = refreshed.reason
    ? view.say("refresh.refused", { reason: refreshed.reason })
    : view.say(refreshed.answered ? "refresh.done" : "refresh.no_network");
}

async function refresh() {
  refreshed = await refreshTrust(page.root, seconds(), trust.bundle);
  trust = await keptTrust(page.root, seconds());
  showReadiness();
}

async function install() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/offline/sw.js", { scope: "/offline" });
  await navigator.serviceWorker.ready;
  installed = true;
  await navigator.storage?.persist?.();
  showReadiness();
}

/** Show what went wrong in the page itself: it must never look like an answer about a book. */
function failed(error) {
  stopScanning();
  show(view.trouble("failed"));
  throw error;
}

const on = (id, event, deed) =>
  at(id).addEventListener(event, (happened) => Promise.resolve(deed(happened)).catch(failed));

on("scan", "click", scan);
on("stop", "click", stopScanning);
on("torch", "click", toggleTorch);
on("check", "click", () => {
  begin();
  return checkGiven(at("text").value);
});
on("refresh", "click", refresh);
on("file", "change", async ({ target }) => {
  const [file] = target.files;
  begin();
  if (file) await checkUpload(file);
  target.value = ""; // the same file may be chosen again
});

trust = await keptTrust(page.root, seconds());
showReadiness();
at("ways").hidden = false;
if (location.hash === "#camera") scan().catch(failed); // where the app leads to
setInterval(showReadiness, 60_000);
setInterval(refresh, REFRESH_MS);
addEventListener("online", refresh);
await Promise.all([refresh(), install().catch(() => showReadiness())]);
document.body.dataset.settled = "yes";
await reader();
