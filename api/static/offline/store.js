// The newest trust list, with its status lists, kept on the device between visits.

import { readTrustList } from "./trust_list.js";
import { Refusal } from "./refusal.js";

const CACHE = "labour-book-trust";
const KEPT = "/offline/kept/trust-list";
const SOURCE = "/trust/list";
const WAIT_MS = 10_000;

/** Return the trust that is on the device, verified as of now: a bundle, or why there is none. */
export async function keptTrust(root, now) {
  const kept = await (await caches.open(CACHE)).match(KEPT);
  if (!kept) return { bundle: null, reason: "NO_TRUST_LIST" };
  return read(await kept.text(), root, now, 0);
}

/**
 * Fetch the newest trust list and keep it, unless it is older than the one at hand or not in order.
 * Returns whether there was an answer, and the reason if it was refused.
 */
export async function refreshTrust(root, now, atHand) {
  let token;
  try {
    const signal = AbortSignal.timeout(WAIT_MS);
    const answer = await fetch(SOURCE, { cache: "no-store", signal });
    if (!answer.ok) return { answered: false, reason: null };
    token = await answer.text();
  } catch {
    return { answered: false, reason: null }; // no network is what this page is made for
  }
  const { bundle, reason } = await read(token, root, now, atHand?.issuedAt ?? 0);
  if (bundle) await (await caches.open(CACHE)).put(KEPT, new Response(token));
  return { answered: true, reason };
}

async function read(token, root, now, newerThan) {
  try {
    return { bundle: await readTrustList(token.trim(), root, now, newerThan), reason: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { bundle: null, reason: error.reason };
  }
}

/** Return since when the status of books is known: the oldest list in a bundle, in seconds. */
export const statusAsOf = (bundle) =>
  bundle.status.size ? Math.min(...Array.from(bundle.status.values(), (each) => each.issuedAt)) : null;
