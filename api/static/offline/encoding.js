// Base45 (RFC 9285), base64url and base64 (RFC 4648), JSON: one value has one accepted spelling.

import { textOf } from "./bytes.js";
import { Refusal } from "./refusal.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const VALUES = new Map(Array.from(ALPHABET, (letter, value) => [letter, value]));
const MAX_DEPTH = 1_024; // where the server's parser stops
const [QUOTE, BACKSLASH, OPENING, CLOSING] = [0x22, 0x5c, [0x5b, 0x7b], [0x5d, 0x7d]];
const BASE64URL = /^[A-Za-z0-9_-]*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function base45Decoded(text, step) {
  const raw = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = Array.from(text.slice(at, at + 3), (letter) => VALUES.get(letter));
    const [low, middle, high = 0] = group;
    const value = low + middle * 45 + high * 2025; // NaN if a letter is foreign or missing
    if (!(value < (group.length === 3 ? 0x10000 : 0x100))) {
      throw new Refusal("BASE45_INVALID", step, "this is no base45");
    }
    if (group.length === 3) raw.push(value >> 8);
    raw.push(value & 0xff);
  }
  return Uint8Array.from(raw);
}

const fromBinary = (binary) => Uint8Array.from(binary, (letter) => letter.charCodeAt(0));

export const base64 = (bytes) => btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));

export const base64url = (bytes) =>
  base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

export function base64urlDecoded(text, step) {
  const canonical = BASE64URL.test(text) && text.length % 4 !== 1;
  const raw = canonical && fromBinary(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  if (!raw || base64url(raw) !== text) {
    throw new Refusal("BASE64_NOT_CANONICAL", step, "not canonical base64url");
  }
  return raw;
}

/** Return the bytes in standard base64; throws a RangeError if it is none. */
export function base64Decoded(text) {
  if (!BASE64.test(text)) throw new RangeError("this is no base64");
  return fromBinary(atob(text));
}

/** Return the value; refuses deep nesting and texts that are no Unicode, as the server does. */
export function jsonOf(bytes, step) {
  if (depthOf(bytes) > MAX_DEPTH) throw new Refusal("JSON_TOO_DEEP", step, "JSON nests too deep");
  try {
    return JSON.parse(textOf(bytes), wellFormed);
  } catch {
    throw new Refusal("JSON_INVALID", step, "this is no JSON");
  }
}

function wellFormed(name, value) {
  if (!name.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) {
    throw new SyntaxError("half a character");
  }
  return value;
}

/** Return how deep lists and objects nest, outside of texts. */
function depthOf(bytes) {
  let [depth, deepest, inText, escaped] = [0, 0, false, false];
  for (const each of bytes) {
    if (inText) {
      if (!escaped && each === QUOTE) inText = false;
      escaped = !escaped && each === BACKSLASH;
    } else if (each === QUOTE) inText = true;
    else if (OPENING.includes(each)) deepest = Math.max(deepest, (depth += 1));
    else if (CLOSING.includes(each)) depth -= 1;
  }
  return deepest;
}

export function objectIn(encoded, step) {
  const value = jsonOf(base64urlDecoded(encoded, step), step);
  if (!isObject(value)) throw new Refusal("JSON_INVALID", step, "a JSON object is expected here");
  return value;
}

export const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value);

const MAX_TIME = 253_402_300_799; // the last second of the year 9999

/** Tell whether a claim is a NumericDate in whole seconds that a calendar can show. */
export const isTime = (value) => Number.isInteger(value) && value >= 0 && value <= MAX_TIME;

/** Return JSON as RFC 8785 writes it; our records hold no floats. */
export function canonicalJson(value) {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`).join(",")}}`;
}
