// Compact JWS in the one profile that is issued: ES256 and four header parameters.

import { utf8 } from "./bytes.js";
import { base64urlDecoded, objectIn } from "./encoding.js";
import { FORM, HEADER, Refusal } from "./refusal.js";

const MAX_HEADER = 16 * 1024;
const KID = /^[A-Za-z0-9_-]{43}$/;
const PROFILE = ["alg", "typ", "kid", "x5c"];

/** Take a JWS apart and hold its header against the profile (steps 1 and 2). */
export function openForm(token, typ) {
  const parts = token.split(".");
  if (parts.length !== 3 || !/^[\x00-\x7f]*$/.test(token)) {
    throw new Refusal("TOKEN_MALFORMED", FORM, "a token has three parts");
  }
  const [header, payload, signature] = parts;
  if (header.length > MAX_HEADER) throw new Refusal("TOO_LARGE", FORM, "the header is too long");
  return {
    ...readHeader(objectIn(header, HEADER), typ),
    signed: utf8(`${header}.${payload}`),
    payload,
    signature: base64urlDecoded(signature, FORM),
  };
}

function readHeader(header, typ) {
  const refused = (reason, message) => new Refusal(reason, HEADER, message);
  if (header.alg !== "ES256") throw refused("ALG_REFUSED", "only ES256 is accepted");
  if (header.typ !== typ) throw refused("TYP_REFUSED", `the type must be ${typ}`);
  if (Object.hasOwn(header, "crit")) throw refused("CRIT_REFUSED", "no critical extension is known");
  if (!Object.keys(header).every((name) => PROFILE.includes(name))) {
    throw refused("HEADER_REFUSED", "a parameter outside the profile");
  }
  const { kid, x5c = null } = header;
  if (typeof kid !== "string" || !KID.test(kid)) throw refused("KID_REFUSED", "no key id of ours");
  if (Object.hasOwn(header, "x5c") && !isListOfTexts(x5c)) {
    throw refused("HEADER_REFUSED", "x5c is a list of strings");
  }
  return { kid, x5c };
}

const isListOfTexts = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === "string");
