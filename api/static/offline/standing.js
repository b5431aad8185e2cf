// Does what is genuine still stand? Issuer, period and status, for every kind of document.

import { KEY, Refusal, STATUS } from "./refusal.js";
import { isObject } from "./encoding.js";
import { statusAt } from "./status.js";
import { mayAsk, refusalOf } from "./trust.js";

export const LEEWAY = 60; // seconds
export const YES = { state: "yes", reason: "OK" };
export const NOT_CHECKED = { state: "unknown", reason: "NOT_CHECKED" };
const [VALID, REVOKED, SUSPENDED, SUPERSEDED] = [0, 1, 2, 3];
// For ever, so an old list is good enough to say it
const FOR_EVER = new Map([[REVOKED, "REVOKED"], [SUPERSEDED, "SUPERSEDED"]]);

const no = (reason) => ({ state: "no", reason });
const unknown = (reason) => ({ state: "unknown", reason });

/** Answer what is left to ask of claims whose integrity is proved (steps 7 to 9). */
export function stands(claims, key, bundle, now) {
  const issuer = issuerOf(claims, key, bundle, now);
  const [status, snapshot] = statusOf(claims, bundle, now);
  return {
    integrity: YES,
    status,
    issuer,
    claims: issuer === YES ? claims : null,
    step: STATUS,
    kid: key.kid,
    trustAsOf: bundle.issuedAt,
    statusAsOf: snapshot?.issuedAt ?? null,
  };
}

/** Say no - or, without a trusted key, that integrity could not be checked. */
export function refusedBy(error, bundle) {
  if (!(error instanceof Refusal)) throw error;
  const withoutKey = error.step === KEY;
  return {
    integrity: withoutKey ? unknown(error.reason) : no(error.reason),
    status: NOT_CHECKED,
    issuer: withoutKey ? no(error.reason) : NOT_CHECKED,
    claims: null,
    step: error.step,
    kid: null,
    trustAsOf: bundle.issuedAt,
    statusAsOf: null,
  };
}

function issuerOf(claims, key, bundle, now) {
  // (7) The issuer is ours, and the key may vouch for that day.
  if (claims.iss !== bundle.issuer) return no("ISSUER_MISMATCH");
  const refusal = refusalOf(key, claims.iat, now);
  return refusal === null ? YES : no(refusal);
}

function statusOf(claims, bundle, now) {
  // (8) It is within its period.
  if (now + LEEWAY < Math.max(claims.iat, claims.nbf ?? 0)) return [no("NOT_YET_VALID"), null];
  if (now - LEEWAY >= claims.exp) return [no("EXPIRED"), null];
  // (9) Its status list says so.
  const entry = isObject(claims.status) ? claims.status.status_list : null;
  if (!isObject(entry) || !("idx" in entry) || typeof entry.uri !== "string") {
    return [no("STATUS_MISSING"), null];
  }
  if (!Number.isInteger(entry.idx) || entry.idx < 0) return [no("STATUS_INDEX_REFUSED"), null];
  if (!mayAsk(bundle, entry.uri)) return [unknown("STATUS_URI_UNKNOWN"), null];
  const snapshot = bundle.status.get(entry.uri);
  if (!snapshot) return [unknown("STATUS_UNAVAILABLE"), null];
  if (snapshot.uri !== entry.uri) return [unknown("STATUS_LIST_MISMATCH"), null];
  return [weighed(snapshot, entry.idx, now), snapshot];
}

function weighed(snapshot, index, now) {
  const status = statusAt(snapshot, index);
  if (status === null) return no("STATUS_INDEX_REFUSED");
  if (FOR_EVER.has(status)) return no(FOR_EVER.get(status));
  if (now - LEEWAY >= snapshot.expiresAt) return unknown("STATUS_LIST_EXPIRED");
  if (status === SUSPENDED) return no("SUSPENDED");
  return status === VALID ? YES : unknown("STATUS_VALUE_UNKNOWN");
}
