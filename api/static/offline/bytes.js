// Bytes: joining, comparing, hashing, strict text, and inflating within a limit.

import { Refusal } from "./refusal.js";

const STRICT = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

export const utf8 = (text) => ENCODER.encode(text);

/** Return the text in UTF-8 bytes; throws a TypeError if they are none. */
export const textOf = (bytes) => STRICT.decode(bytes);

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of parts) {
    whole.set(each, at);
    at += each.length;
  }
  return whole;
}

export const isEqual = (one, other) =>
  one.length === other.length && one.every((each, at) => each === other[at]);

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

export const hexOf = (bytes) =>
  Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");

/**
 * Unpack a zlib stream, stopping at `limit` bytes; refuses what is cut off or has a tail.
 * `broken` is the reason code for a stream that is none.
 */
export async function inflate(packed, limit, step, broken) {
  const reader = new Blob([packed])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"))
    .getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch {
      throw new Refusal(broken, step, "no whole zlib stream");
    }
    if (part.done) return joined(...parts);
    length += part.value.length;
    if (length > limit) {
      reader.cancel().catch(() => {}); // nobody waits for a bomb to be put away
      throw new Refusal("TOO_LARGE", step, "it inflates too far");
    }
    parts.push(part.value);
  }
}
