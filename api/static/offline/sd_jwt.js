// Selective disclosure (RFC 9901): putting disclosures back in place, each where its digest stands.

import { sha256, utf8 } from "./bytes.js";
import { base64url, base64urlDecoded, isObject, jsonOf } from "./encoding.js";
import { DISCLOSURES, FORM, Refusal } from "./refusal.js";

export const SD_ALG = "sha-256";
const MAX_DISCLOSURES = 2_000;
const MAX_DEPTH = 32;
const [DIGESTS, ELEMENT] = ["_sd", "..."];
const RESERVED = [DIGESTS, ELEMENT];
const PROTECTED = ["iss", "nbf", "exp", "iat", "cnf", "vct", "status", "_sd_alg"];

const refused = (reason, message) => new Refusal(reason, DISCLOSURES, message);

/** Return the issuer-signed JWT and the disclosures of `<jwt>~<disclosure>~...~`. */
export function split(token) {
  const [jwt, ...disclosures] = token.split("~");
  if (!disclosures.length) throw new Refusal("TOKEN_MALFORMED", FORM, "an SD-JWT has a '~'");
  const last = disclosures.pop();
  if (disclosures.length > MAX_DISCLOSURES) {
    throw new Refusal("DISCLOSURES_TOO_MANY", FORM, `more than ${MAX_DISCLOSURES} disclosures`);
  }
  if (last) throw new Refusal("KEY_BINDING_REFUSED", FORM, "no key binding is expected here");
  if (!disclosures.every((each) => each) || !/^[\x00-\x7f]*$/.test(token)) {
    throw new Refusal("TOKEN_MALFORMED", FORM, "a disclosure is empty or not ASCII");
  }
  return [jwt, disclosures];
}

/** Return the payload with its disclosures in place. */
export async function reveal(payload, disclosures) {
  const pending = new Map();
  for (const each of disclosures) {
    const digest = base64url(await sha256(utf8(each)));
    if (pending.has(digest)) throw refused("DISCLOSURE_REPEATED", "a disclosure is there twice");
    pending.set(digest, partsOf(each));
  }
  const claims = new Revealer(pending).members(payload, 0);
  if (pending.size) throw refused("DISCLOSURE_UNKNOWN", "a disclosure that no digest stands for");
  delete claims._sd_alg;
  return claims;
}

function partsOf(disclosure) {
  const parts = jsonOf(base64urlDecoded(disclosure, DISCLOSURES), DISCLOSURES);
  if (!Array.isArray(parts)) throw refused("DISCLOSURE_MALFORMED", "a disclosure is a list");
  return parts;
}

/** One walk through a payload; what is left in `pending` at its end belongs nowhere. */
class Revealer {
  constructor(pending) {
    this.pending = pending;
    this.seen = new Set();
  }

  members(node, depth) {
    if (Object.hasOwn(node, ELEMENT)) throw refused("DISCLOSURE_NAME_REFUSED", "'...' is no name");
    const found = Object.create(null); // a claim may be called like anything
    for (const [name, value] of Object.entries(node)) {
      if (name !== DIGESTS) found[name] = this.value(value, depth + 1);
    }
    if (!Object.hasOwn(node, DIGESTS)) return found;
    this.see(node[DIGESTS]);
    for (const digest of node[DIGESTS]) {
      const parts = this.taken(digest, 3);
      if (parts) this.add(found, parts, depth);
    }
    return found;
  }

  add(found, [, name, value], depth) {
    if (typeof name !== "string") throw refused("DISCLOSURE_MALFORMED", "a name is a text");
    if (RESERVED.includes(name)) throw refused("DISCLOSURE_NAME_REFUSED", "a reserved name");
    if (depth === 0 && PROTECTED.includes(name)) {
      throw refused("DISCLOSURE_PROTECTED", `${name} may not be disclosable`);
    }
    if (name in found) throw refused("DISCLOSURE_OVERWRITES", "a claim is there already");
    found[name] = this.value(value, depth + 1);
  }

  value(value, depth) {
    if (depth > MAX_DEPTH) throw refused("JSON_TOO_DEEP", "claims nest too deep");
    if (Array.isArray(value)) return value.flatMap((item) => this.element(item, depth + 1));
    return isObject(value) ? this.members(value, depth) : value;
  }

  /** Return the element in a list of its own, or an empty one if it is hidden. */
  element(item, depth) {
    if (!isObject(item) || !Object.hasOwn(item, ELEMENT)) return [this.value(item, depth)];
    if (Object.keys(item).length !== 1) throw refused("DIGEST_MALFORMED", "'...' stands alone");
    this.see([item[ELEMENT]]);
    const parts = this.taken(item[ELEMENT], 2);
    return parts ? [this.value(parts[1], depth)] : [];
  }

  taken(digest, length) {
    const parts = this.pending.get(digest);
    this.pending.delete(digest);
    if (parts && (parts.length !== length || typeof parts[0] !== "string")) {
      throw refused("DISCLOSURE_MALFORMED", "salt, name and value are expected");
    }
    return parts;
  }

  /** Refuse what is no list of digests, or a digest that stood somewhere before. */
  see(digests) {
    if (!Array.isArray(digests) || !digests.every((each) => typeof each === "string")) {
      throw refused("DIGEST_MALFORMED", "a digest is a string");
    }
    for (const digest of digests) {
      if (this.seen.has(digest)) throw refused("DIGEST_REPEATED", "a digest in two places");
      this.seen.add(digest);
    }
  }
}
