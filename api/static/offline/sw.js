// The service worker: keeps the page and its parts, so that they open without a network.
// The server puts VERSION and SHELL in front of this; another version is another cache.

const FAMILY = "labour-book-offline-";
const CACHE = FAMILY + VERSION;
const PAGE = "/offline";
const LANGUAGES = ["vi", "en"];

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((address) => new Request(address, { cache: "reload" })));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

function languageOf(url) {
  const asked = url.searchParams.get("lang");
  if (LANGUAGES.includes(asked)) return asked;
  const preferred = navigator.languages.map((each) => each.slice(0, 2));
  return preferred.find((each) => LANGUAGES.includes(each)) ?? "en";
}

async function answer(request) {
  const url = new URL(request.url);
  const kept = url.pathname === PAGE ? `${PAGE}?lang=${languageOf(url)}` : url.pathname;
  const cache = await caches.open(CACHE);
  return (await cache.match(kept, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(`${self.location.origin}${PAGE}`)) {
    event.respondWith(answer(event.request));
  }
});
