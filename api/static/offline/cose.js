// COSE_Sign1 in the one form that is issued: tag 18, ES256, a key id of eight bytes, no more.
// It is read byte by byte: there is one accepted spelling (RFC 9052 sections 3, 4.2 and 4.4).

import { isEqual, joined, utf8 } from "./bytes.js";
import { FORM, HEADER, Refusal, SIGNATURE } from "./refusal.js";

const TAGGED_ARRAY = [0xd2, 0x84];
const PROTECTED = [0xa2, 0x01, 0x26, 0x04, 0x48]; // two parameters: alg ES256, kid of eight bytes
const CRIT = 0x02;
const NOTHING = 0xa0;
const KID_BYTES = 8;
const SIGNATURE_BYTES = 64;
const CONTEXT = joined([0x84, 0x6a], utf8("Signature1"));

/** Take an envelope apart; returns kid, payload, signature and the bytes it covers. */
export function readSign1(raw) {
  if (!isEqual(raw.subarray(0, 2), TAGGED_ARRAY)) throw malformed("no COSE_Sign1 with its tag");
  const [header, afterHeader] = readString(raw, 2);
  const kid = kidIn(header);
  if (raw[afterHeader] !== NOTHING) {
    throw new Refusal("HEADER_REFUSED", HEADER, "an unprotected header");
  }
  const [payload, afterPayload] = readString(raw, afterHeader + 1);
  const [signature, end] = readString(raw, afterPayload);
  if (end !== raw.length) throw malformed("bytes after the envelope");
  if (signature.length !== SIGNATURE_BYTES) {
    throw new Refusal("SIGNATURE_MALFORMED", SIGNATURE, "not a 64-byte ES256 signature");
  }
  const signed = joined(CONTEXT, string(header), string([]), string(payload));
  return { kid, payload, signature, signed };
}

const malformed = (message) => new Refusal("TOKEN_MALFORMED", FORM, message);

function kidIn(header) {
  if (header[1] !== PROTECTED[1] || header[2] !== PROTECTED[2]) {
    throw new Refusal("ALG_REFUSED", HEADER, "only ES256 is accepted");
  }
  if (header[3] === CRIT) {
    throw new Refusal("CRIT_REFUSED", HEADER, "no critical extension is known");
  }
  const whole = PROTECTED.length + KID_BYTES;
  if (header[3] !== PROTECTED[3] || header[4] !== PROTECTED[4] || header.length < whole) {
    throw new Refusal("KID_REFUSED", HEADER, "no key id of ours");
  }
  if (header[0] !== PROTECTED[0] || header.length > whole) {
    throw new Refusal("HEADER_REFUSED", HEADER, "a parameter outside the profile");
  }
  return header.subarray(-KID_BYTES);
}

/** Return a CBOR byte string with the shortest head. */
function string(content) {
  const { length } = content;
  if (length < 24) return joined([0x40 + length], content);
  if (length < 1 << 8) return joined([0x58, length], content);
  return joined([0x59, length >> 8, length & 0xff], content);
}

function readString(raw, at) {
  const head = raw[at] ?? 0;
  let start = at + 1;
  let length = head - 0x40;
  if (head === 0x58 || head === 0x59) {
    start = at + head - 0x58 + 2;
    length = raw.subarray(at + 1, start).reduce((number, each) => number * 256 + each, 0);
  } else if (head < 0x40 || head >= 0x58) {
    throw malformed("a byte string is expected here");
  }
  const content = raw.subarray(start, start + length);
  const spelt = string(content);
  if (content.length !== length || !isEqual(raw.subarray(at, at + spelt.length), spelt)) {
    throw malformed("cut off, or a length spelt long");
  }
  return [content, start + length];
}
