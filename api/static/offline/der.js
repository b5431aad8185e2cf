// DER: definite lengths in their shortest spelling, as certificates and seals are written.

import { isEqual, joined } from "./bytes.js";

export const [INTEGER, BIT_STRING, OCTET_STRING, OID, SEQUENCE, SET] = [
  0x02, 0x03, 0x04, 0x06, 0x30, 0x31,
];

/** Return the node at a place: tag, content, whole (with its head) and where it ends. */
export function nodeAt(bytes, at = 0) {
  const tag = bytes[at];
  let length = bytes[at + 1];
  let start = at + 2;
  if (length > 0x80) {
    const wide = length - 0x80;
    length = bytes.subarray(start, start + wide).reduce((number, each) => number * 256 + each, 0);
    start += wide;
  }
  const end = start + length;
  if (!(end <= bytes.length)) throw new RangeError("DER that is cut off");
  const node = { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end), end };
  if (!isEqual(bytes.subarray(at, start), headOf(tag, length))) {
    throw new RangeError("a length that is spelt long");
  }
  return node;
}

/** Return the one node that the bytes are; throws a RangeError if there is more. */
export function only(bytes, tag) {
  const node = nodeAt(bytes);
  if (node.end !== bytes.length || node.tag !== tag) throw new RangeError("another DER node");
  return node;
}

export function childrenOf(node, tag = node.tag) {
  if (node.tag !== tag) throw new RangeError("another DER node");
  const children = [];
  for (let at = 0; at < node.content.length; at = children.at(-1).end) {
    children.push(nodeAt(node.content, at));
  }
  return children;
}

function headOf(tag, length) {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const digits = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 + digits.length, ...digits);
}

export function der(tag, ...parts) {
  const content = joined(...parts);
  return joined(headOf(tag, content.length), content);
}

/** Return r || s of a DER signature: 64 bytes, as WebCrypto wants it. */
export function rawSignature(bytes) {
  const numbers = childrenOf(only(bytes, SEQUENCE));
  if (numbers.length !== 2) throw new RangeError("a signature is two numbers");
  return joined(...numbers.map(coordinate));
}

function coordinate({ tag, content }) {
  const digits = content[0] === 0 && content[1] >= 0x80 ? content.subarray(1) : content;
  const negative = content[0] >= 0x80;
  const padded = digits[0] === 0 && content.length > 1;
  if (tag !== INTEGER || negative || padded || !digits.length || digits.length > 32) {
    throw new RangeError("no number of this curve");
  }
  return joined(new Uint8Array(32 - digits.length), digits);
}
