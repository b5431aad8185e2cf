// The part of CBOR that our payloads use, each value in its one shortest spelling (RFC 8949).
// Tags, half floats, indefinite lengths, repeated keys and deep nesting are refused.

import { textOf } from "./bytes.js";
import { CLAIMS, Refusal } from "./refusal.js";

const MAX_DEPTH = 6;
const SIMPLE = new Map([[20, false], [21, true], [22, null]]);

/** A number that is written as a float, so that 1.0 is not taken for 1. */
export class Float {
  constructor(value) {
    this.value = value;
  }

  toJSON() {
    return this.value;
  }
}

/** Return the value: maps become `Map`, whole numbers beyond 2^53 `BigInt`. */
export function cborOf(bytes) {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw refused("bytes after the value");
  return value;
}

/** Return maps with text keys as objects; `Float` stays. */
export function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(Array.from(value, ([key, each]) => [key, plain(each)]));
}

const refused = (message) => new Refusal("CBOR_INVALID", CLAIMS, message);

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  value(depth) {
    if (depth > MAX_DEPTH) throw refused("it nests too deep");
    const [head] = this.take(1);
    const major = head >> 5;
    if (major === 7) return this.special(head & 31);
    const number = this.argument(head & 31);
    if (major === 0) return number;
    if (major === 1) return typeof number === "bigint" ? -1n - number : -1 - number;
    if (typeof number === "bigint") throw refused("longer than the input");
    if (major === 2) return this.take(number);
    if (major === 3) return this.text(number);
    if (major === 4) return this.array(number, depth);
    if (major === 5) return this.map(number, depth);
    throw refused("a tag");
  }

  take(length) {
    const start = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw refused("cut off");
    return this.bytes.subarray(start, this.at);
  }

  argument(short) {
    if (short < 24) return short;
    const start = this.at;
    this.take({ 24: 1, 25: 2, 26: 4, 27: 8 }[short] ?? Infinity);
    if (short === 27) return this.wide(this.view.getBigUint64(start));
    const read = { 24: "getUint8", 25: "getUint16", 26: "getUint32" }[short];
    const number = this.view[read](start);
    if (number < { 24: 24, 25: 1 << 8, 26: 1 << 16 }[short]) throw refused("a number spelt long");
    return number;
  }

  wide(number) {
    if (number < 1n << 32n) throw refused("a number spelt long");
    return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : number;
  }

  special(short) {
    if (SIMPLE.has(short)) return SIMPLE.get(short);
    if (short !== 27) throw refused("a simple value or a float of another width");
    const start = this.at;
    this.take(8);
    return new Float(this.view.getFloat64(start));
  }

  text(length) {
    const raw = this.take(length);
    try {
      return textOf(raw);
    } catch {
      throw refused("a text that is no UTF-8");
    }
  }

  array(length, depth) {
    if (length > this.bytes.length) throw refused("longer than the input");
    return Array.from({ length }, () => this.value(depth + 1));
  }

  map(length, depth) {
    const members = new Map();
    for (let each = 0; each < length; each += 1) {
      const key = this.value(depth + 1);
      if (typeof key !== "number" && typeof key !== "string") throw refused("a key of another kind");
      if (members.has(key)) throw refused("a key that is there twice");
      members.set(key, this.value(depth + 1));
    }
    return members;
  }
}
