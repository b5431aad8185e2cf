// Token Status List: so many bits for each credential, counted from the least significant one.

import { inflate } from "./bytes.js";
import { base64urlDecoded, isObject, isTime, objectIn } from "./encoding.js";
import { openForm } from "./jws.js";
import { CLAIMS, FORM, KEY, Refusal, SIGNATURE } from "./refusal.js";
import { checkSignature, keyFor, refusalOf } from "./trust.js";

const TYP = "statuslist+jwt";
const MAX_TOKEN = 8 * 1024 * 1024;
const MAX_PACKED = 4 * 1024 * 1024;
const WIDTHS = [1, 2, 4, 8];
const LEEWAY = 60;

/** Verify a status list and unpack it; an expired one is read too, its age is weighed later. */
export async function readStatusList(token, bundle, now, uri) {
  if (token.length > MAX_TOKEN) throw new Refusal("TOO_LARGE", FORM, "the list is too long");
  const jws = openForm(token, TYP);
  const key = keyFor(bundle, jws.kid, jws.x5c, "STATUS_LIST", KEY);
  await checkSignature(key, jws.signature, jws.signed, SIGNATURE);
  const claims = objectIn(jws.payload, CLAIMS);
  if (claims.sub !== uri) {
    throw new Refusal("STATUS_LIST_MISMATCH", CLAIMS, "a list for another address");
  }
  if (![claims.iat, claims.exp, claims.ttl].every(isTime) || claims.ttl === 0) {
    throw new Refusal("CLAIM_TYPE", CLAIMS, "iat, exp and ttl are whole seconds");
  }
  if (claims.iat > now + LEEWAY) {
    throw new Refusal("NOT_YET_VALID", CLAIMS, "the list is from the future");
  }
  const refusal = refusalOf(key, claims.iat, now);
  if (refusal !== null) throw new Refusal(refusal, KEY, "the key cannot vouch for this list");
  return snapshotOf(uri, claims.iat, claims.exp, claims.status_list);
}

/** Unpack the `status_list` member of a list whose signature has been checked. */
export async function snapshotOf(uri, issuedAt, expiresAt, member) {
  if (!isObject(member) || !WIDTHS.includes(member.bits) || typeof member.lst !== "string") {
    throw new Refusal("STATUS_LIST_MALFORMED", CLAIMS, "a status list has bits and lst");
  }
  const raw = base64urlDecoded(member.lst, CLAIMS);
  const packed = await inflate(raw, MAX_PACKED, CLAIMS, "STATUS_LIST_MALFORMED");
  return { uri, issuedAt, expiresAt, bits: member.bits, packed };
}

/** Return the status at an index, or null outside the list. */
export function statusAt(snapshot, index) {
  const { bits, packed } = snapshot;
  if (index >= Math.floor((packed.length * 8) / bits)) return null;
  const place = index * bits;
  return (packed[Math.floor(place / 8)] >> (place % 8)) & ((1 << bits) - 1);
}
