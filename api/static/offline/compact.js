// The offline QR code: VNL1: + base45 + zlib + COSE_Sign1 + CWT, checked in the server's steps.

import { inflate } from "./bytes.js";
import { cborOf, plain } from "./cbor.js";
import { bookIn } from "./compact_book.js";
import { readSign1 } from "./cose.js";
import { base45Decoded, isTime } from "./encoding.js";
import { CLAIMS, FORM, KEY, Refusal, SIGNATURE } from "./refusal.js";
import { refusedBy, stands } from "./standing.js";
import { checkSignature, keyForShort } from "./trust.js";

export const PREFIX = "VNL1:";
const MAX_LETTERS = 4_296;
const MAX_INFLATED = 16 * 1024;
const [ISS, EXP, IAT, STATUS_CLAIM, BOOK] = [1, 4, 6, 65535, -65537];
const REQUIRED = [ISS, EXP, IAT, BOOK];

/** Answer the three questions about the text of an offline QR code. `now` is in seconds. */
export async function verifyCompact(text, bundle, now) {
  let found;
  try {
    found = await checkIntegrity(text, bundle);
  } catch (error) {
    return refusedBy(error, bundle);
  }
  return stands(found.claims, found.key, bundle, now);
}

async function checkIntegrity(text, bundle) {
  // (1) It has the form of our QR code, and (2) its header stays within the profile.
  const envelope = await unwrap(text);
  // (3) The key it names is pinned for this use.
  const key = keyForShort(bundle, envelope.kid, "QR", KEY);
  // (4) The signature covers exactly these bytes. Only now are the claims worth reading.
  await checkSignature(key, envelope.signature, envelope.signed, SIGNATURE);
  // (5) The claims are there, have their types, and nothing else is there.
  const claims = claimsIn(envelope.payload);
  const status = plain(claims.get(STATUS_CLAIM) ?? null);
  const named = { iss: claims.get(ISS), exp: claims.get(EXP), iat: claims.get(IAT), status };
  return { claims: { ...named, ...bookIn(claims.get(BOOK)) }, key };
}

async function unwrap(text) {
  if (!text.startsWith(PREFIX)) {
    throw new Refusal("PREFIX_UNKNOWN", FORM, `it does not begin with ${PREFIX}`);
  }
  if (text.length > MAX_LETTERS) {
    throw new Refusal("TOO_LARGE", FORM, "longer than a QR code can be");
  }
  const packed = base45Decoded(text.slice(PREFIX.length), FORM);
  return readSign1(await inflate(packed, MAX_INFLATED, FORM, "ZLIB_INVALID"));
}

function claimsIn(payload) {
  const claims = cborOf(payload);
  if (!(claims instanceof Map) || !REQUIRED.every((each) => claims.has(each))) {
    throw new Refusal("CLAIM_MISSING", CLAIMS, "iss, exp, iat or book is missing");
  }
  if (![...claims.keys()].every((each) => REQUIRED.includes(each) || each === STATUS_CLAIM)) {
    throw new Refusal("CLAIM_TYPE", CLAIMS, "a claim outside the profile");
  }
  if (typeof claims.get(ISS) !== "string" || !isTime(claims.get(EXP)) || !isTime(claims.get(IAT))) {
    throw new Refusal("CLAIM_TYPE", CLAIMS, "iss is a text, exp and iat are seconds");
  }
  return claims;
}
