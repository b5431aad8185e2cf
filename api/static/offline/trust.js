// Whom we trust: an issuer's pinned keys. Nothing in a document can add to them.

import { isEqual } from "./bytes.js";
import { certificateIn, isIssuedBy, verifies } from "./certificates.js";
import { base64urlDecoded, canonicalJson } from "./encoding.js";
import { CLAIMS, Refusal } from "./refusal.js";

const SHORT_KID_BYTES = 8;
const SIGNATURE_BYTES = 64;
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n; // of P-256
const [DAY, VIET_NAM] = [86_400, 7 * 3_600]; // seconds; one legal time, no summer time

const malformed = (message) => new Refusal("TRUST_LIST_MALFORMED", CLAIMS, message);

/**
 * Make a trusted key of its one certificate.
 *
 * A use that this page has never heard of is kept: nobody will ask for such a key, and an installed
 * page goes on reading the lists of a newer server.
 */
export async function trustedKey(encoded, revokedFrom = null) {
  const certificate = await certificateIn(encoded);
  const [use] = certificate.units;
  if (certificate.units.length !== 1) throw malformed("the certificate names no single use");
  const { kid, notBefore, notAfter } = certificate;
  const shortKid = base64urlDecoded(kid, CLAIMS).subarray(0, SHORT_KID_BYTES);
  return { kid, shortKid, use, notBefore, notAfter, revokedFrom, certificate, x5c: [encoded] };
}

/** Refuse a key whose certificate is not the root's work for this issuer. */
export async function checkCertified(key, root, issuer) {
  const { certificate } = key;
  if (certificate.encoded === root.encoded || !(await isIssuedBy(certificate, root))) {
    throw malformed("the root has not certified this key");
  }
  if (certificate.uris.length !== 1 || certificate.uris[0] !== issuer) {
    throw malformed("the certificate is for another issuer");
  }
  const within = root.notBefore <= key.notBefore && key.notAfter <= root.notAfter;
  if (!within || key.notBefore > key.notAfter) throw malformed("a period outside the root's");
}

/** Make a bundle of the entries of a trust list, each of which the root has certified. */
export async function bundleOf(issuer, root, entries, issuedAt, expiresAt = null) {
  const keys = new Map();
  for (const entry of entries) {
    const key = await keyIn(entry);
    await checkCertified(key, root, issuer);
    if (keys.has(key.kid)) throw malformed("a key is in the bundle twice");
    keys.set(key.kid, key);
  }
  return { issuer, root, keys, issuedAt, expiresAt, status: new Map() };
}

async function keyIn(entry) {
  const { x5c, vn_revoked_from: revokedFrom = null } = entry;
  if (x5c.length !== 1) throw malformed("a chain is one leaf below the root");
  const key = await trustedKey(x5c[0], revokedFrom);
  const expected = {
    ...key.certificate.jwk,
    alg: "ES256",
    kid: key.kid,
    use: "sig",
    x5c,
    vn_use: key.use,
    vn_not_before: key.notBefore,
    vn_not_after: key.notAfter,
    ...(revokedFrom === null ? {} : { vn_revoked_from: revokedFrom }),
  };
  if (canonicalJson(expected) !== canonicalJson(entry)) {
    throw malformed("a key and its certificate disagree");
  }
  return key;
}

/** Return the pinned key of that id; the certificates in a token must be the pinned ones. */
export function keyFor(bundle, kid, x5c, use, step) {
  const key = forUse(bundle.keys.get(kid), use, step);
  if (x5c !== null && canonicalJson(x5c) !== canonicalJson(key.x5c)) {
    throw new Refusal("X5C_MISMATCH", step, "x5c is not the pinned chain");
  }
  return key;
}

export function keyForShort(bundle, shortKid, use, step) {
  const found = [...bundle.keys.values()].find((each) => isEqual(each.shortKid, shortKid));
  return forUse(found, use, step);
}

function forUse(key, use, step) {
  if (!key) throw new Refusal("KEY_UNKNOWN", step, "no trusted key has this id");
  if (key.use !== use) throw new Refusal("KEY_WRONG_USE", step, `a ${key.use} key, not ${use}`);
  return key;
}

/** Refuse a raw ES256 signature that a key did not make over these bytes. */
export async function checkSignature(key, signature, signed, step) {
  const malformedBy = (message) => new Refusal("SIGNATURE_MALFORMED", step, message);
  if (signature.length !== SIGNATURE_BYTES) throw malformedBy("not a 64-byte ES256 signature");
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)].map(numberOf);
  if (!(r > 0n && r < ORDER && s > 0n && s < ORDER)) throw malformedBy("r or s is out of range");
  if (!(await verifies(key.certificate.publicKey, signature, signed))) {
    throw new Refusal("SIGNATURE_WRONG", step, "the signature does not cover these bytes");
  }
}

const numberOf = (bytes) => bytes.reduce((number, each) => number * 256n + BigInt(each), 0n);

/**
 * Return why a key cannot vouch for what it signed at that time, or null. All in seconds.
 *
 * A withdrawn key vouches for nothing: whoever holds a stolen key writes the date as well.
 */
export function refusalOf(key, signedAt, now) {
  if (key.revokedFrom !== null && now >= key.revokedFrom) return "KEY_WITHDRAWN";
  const begins = key.notBefore + VIET_NAM; // dates in credentials are rounded down to the day
  const firstMoment = begins - (begins % DAY) - VIET_NAM;
  return firstMoment <= signedAt && signedAt < key.notAfter ? null : "KEY_OUT_OF_PERIOD";
}

/** Tell whether a status list may live at this address: the issuer's own, or pinned. */
export const mayAsk = (bundle, uri) =>
  bundle.status.has(uri) || uri.startsWith(`${bundle.issuer.replace(/\/+$/, "")}/`);
