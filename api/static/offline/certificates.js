// The few members of a certificate that trust rests on. Whatever else it says, says nothing here.

import { hexOf, isEqual, sha256, textOf, utf8 } from "./bytes.js";
import { BIT_STRING, OCTET_STRING, OID, SEQUENCE, SET, childrenOf, only, rawSignature } from "./der.js";
import { base64Decoded, base64url } from "./encoding.js";

const ES256 = { name: "ECDSA", hash: "SHA-256" };
const P256 = { name: "ECDSA", namedCurve: "P-256" };
const ECDSA_WITH_SHA256 = "2a8648ce3d040302";
const UNIT = "55040b"; // organizationalUnitName
const ALTERNATIVE_NAME = "551d11";
const [VERSION, EXTENSIONS, URI] = [0xa0, 0xa3, 0x86];

/** Read a certificate in standard base64; throws if it has another form than ours have. */
export async function certificateIn(encoded) {
  const whole = base64Decoded(encoded);
  const [signedPart, algorithm, sealed] = childrenOf(only(whole, SEQUENCE), SEQUENCE);
  const members = childrenOf(signedPart, SEQUENCE);
  if (members[0].tag === VERSION) members.shift();
  const [, inner, issuer, period, subject, publicInfo, ...rest] = members;
  if (!isEqual(inner.whole, algorithm.whole)) throw new RangeError("two algorithms");
  if (oidOf(childrenOf(algorithm, SEQUENCE)[0]) !== ECDSA_WITH_SHA256) {
    throw new RangeError("not signed with ECDSA and SHA-256");
  }
  const [notBefore, notAfter] = childrenOf(period, SEQUENCE).map(secondsOf);
  const publicKey = await crypto.subtle.importKey("spki", publicInfo.whole, P256, true, ["verify"]);
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  return {
    encoded,
    der: whole,
    signed: signedPart.whole,
    signature: rawSignature(bitsOf(sealed)),
    issuer: issuer.whole,
    serial: members[0].whole,
    subject: subject.whole,
    units: unitsOf(subject),
    uris: urisOf(rest),
    notBefore,
    notAfter,
    publicKey,
    jwk: { crv, kty, x, y },
    kid: base64url(await sha256(utf8(JSON.stringify({ crv, kty, x, y })))), // RFC 7638
  };
}

export const verifies = (publicKey, signature, signed) =>
  crypto.subtle.verify(ES256, publicKey, signature, signed);

/** Tell whether a certificate is the direct work of a certifier. */
export async function isIssuedBy(certificate, certifier) {
  return (
    isEqual(certificate.issuer, certifier.subject) &&
    verifies(certifier.publicKey, certificate.signature, certificate.signed)
  );
}

function oidOf(node) {
  if (node.tag !== OID) throw new RangeError("no object identifier");
  return hexOf(node.content);
}

function bitsOf({ tag, content }) {
  if (tag !== BIT_STRING || content[0] !== 0) throw new RangeError("no whole bytes");
  return content.subarray(1);
}

/** Return whole seconds of an UTCTime (RFC 5280: 1950 to 2049) or a GeneralizedTime. */
function secondsOf({ tag, content }) {
  const digits = textOf(content);
  const year = tag === 0x17 ? `${digits.slice(0, 2) < "50" ? "20" : "19"}${digits}` : digits;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(year);
  if (parts === null) throw new RangeError("no time in UTC");
  const [y, month, day, hour, minute, second] = parts.slice(1).map(Number);
  return Date.UTC(y, month - 1, day, hour, minute, second) / 1000;
}

const unitsOf = (name) =>
  childrenOf(name, SEQUENCE)
    .flatMap((each) => childrenOf(each, SET))
    .map((each) => childrenOf(each, SEQUENCE))
    .filter(([type]) => oidOf(type) === UNIT)
    .map(([, value]) => textOf(value.content));

function urisOf(members) {
  const found = members.filter((each) => each.tag === EXTENSIONS);
  const extensions = found.flatMap((each) => childrenOf(only(each.content, SEQUENCE)));
  return extensions
    .map((each) => childrenOf(each, SEQUENCE))
    .filter(([type]) => oidOf(type) === ALTERNATIVE_NAME)
    .flatMap((parts) => childrenOf(only(contentOf(parts.at(-1)), SEQUENCE)))
    .filter((each) => each.tag === URI)
    .map((each) => textOf(each.content));
}

function contentOf({ tag, content }) {
  if (tag !== OCTET_STRING) throw new RangeError("no octet string");
  return content;
}
