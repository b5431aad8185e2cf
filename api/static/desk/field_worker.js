// The service worker of the form for the field: keeps the page and its parts, and nothing of anybody.
// The server puts VERSION and SHELL in front of this; another version is another cache.
"use strict";

const FAMILY = "labour-book-field-";
const CACHE = FAMILY + VERSION;
const PAGE = "/desk/collection/form/field";
const LANGUAGES = ["vi", "en"];

// Not one that leads elsewhere: the page of the sign-in must not be kept in place of the form.
async function kept(address) {
  const answer = await fetch(new Request(address, { cache: "reload", redirect: "error" }));
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(SHELL.map(async (address) => cache.put(address, await kept(address))));
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
  return preferred.find((each) => LANGUAGES.includes(each)) ?? "vi";
}

async function answer(request) {
  const url = new URL(request.url);
  const address = url.pathname === PAGE ? `${PAGE}?lang=${languageOf(url)}` : url.pathname + url.search;
  const cache = await caches.open(CACHE);
  return (await cache.match(address, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { pathname, search } = new URL(event.request.url);
  const isOurs = pathname === PAGE || SHELL.includes(pathname + search);
  if (event.request.method === "GET" && isOurs) event.respondWith(answer(event.request));
});
