// A sealed PDF: is it as it was sealed, by whom, and what stands in its attachments?
//
// Bytes first, as on the server: one byte range covers the file, and the CMS container in the gap
// is, byte for byte, the one that the issuer writes. A file that is read further is the issuer's
// own, so a few patterns find its parts. A time-stamp is left to the check with a network.

import { hexOf, inflate, isEqual, joined, sha256 } from "./bytes.js";
import { verifies } from "./certificates.js";
import { verifyCredential } from "./credential.js";
import { OCTET_STRING, SEQUENCE, SET, childrenOf, der, nodeAt, rawSignature } from "./der.js";
import { canonicalJson } from "./encoding.js";
import { Refusal } from "./refusal.js";
import { NOT_CHECKED } from "./standing.js";
import { refusalOf } from "./trust.js";

const [FORM, CONTAINER, KEY, SIGNATURE, STRUCTURE, ISSUER] = [1, 2, 3, 4, 5, 6];
const MAX_PDF = 32 * 1024 * 1024;
const MAX_ATTACHMENT = 1024 * 1024;
const BYTE_RANGE = /\/ByteRange\s*\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]/g;
const SEALED_AT = /\/M\s*\(((?:[^()\\]|\\\d{3})+)\)/;
const ENVELOPE = ["iss", "vct", "iat", "nbf", "exp", "status", "cnf", "_sd_alg"];
const hex = (digits) => Uint8Array.from(digits.match(/../g), (each) => parseInt(each, 16));
const SIGNED_DATA = hex("06092a864886f70d010702");
const DATA = hex("06092a864886f70d010701");
const SHA256 = hex("300d06096086480165030402010500");
const ECDSA_WITH_SHA256 = hex("300a06082a8648ce3d040302");
const CONTENT_TYPE = hex("06092a864886f70d010903");
const MESSAGE_DIGEST = hex("06092a864886f70d010904");
const SIGNING_CERTIFICATE = hex("060b2a864886f70d010910022f");
const ONE = hex("020101");
const [TAGGED_0, TAGGED_1] = [0xa0, 0xa1];

/** Answer the three questions about a PDF; its credential is checked only behind a good seal. */
export async function verifyPdf(pdf, bundle, now) {
  let seal;
  let files;
  try {
    seal = await checkSeal(pdf, bundle, now);
    files = seal.issuer.state === "yes" ? await attachmentsOf(seal.text, pdf) : null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refusedSeal(error, bundle);
  }
  const common = { step: ISSUER, kid: seal.key.kid, trustAsOf: bundle.issuedAt, statusAsOf: null };
  const sealed = { integrity: { state: "yes", reason: "OK" }, issuer: seal.issuer, ...common };
  const failed = { ...sealed, status: NOT_CHECKED, claims: null };
  if (files === null) return failed;
  const altered = (reason) => ({ ...failed, integrity: { state: "no", reason } });
  if (!files.credential || !files.data) return altered("ATTACHMENT_MISSING");
  const verdict = await verifyCredential(latin1(files.credential).trim(), bundle, now);
  if (verdict.claims !== null && !saysTheSame(verdict.claims, files.data)) {
    return altered("ATTACHMENT_DIFFERS");
  }
  return verdict;
}

const latin1 = (bytes) => new TextDecoder("latin1").decode(bytes);
const malformed = (message) => new Refusal("PDF_SEAL_MALFORMED", CONTAINER, message);

function refusedSeal(error, bundle) {
  const unknown = error.step === KEY;
  const answer = { state: "no", reason: error.reason };
  return {
    integrity: unknown ? { state: "unknown", reason: error.reason } : answer,
    status: NOT_CHECKED,
    issuer: unknown ? answer : NOT_CHECKED,
    claims: null,
    step: error.step,
    kid: null,
    trustAsOf: bundle.issuedAt,
    statusAsOf: null,
  };
}

async function checkSeal(pdf, bundle, now) {
  // (1) One byte range covers the whole file but the place of the seal itself.
  const text = pdf.length > MAX_PDF ? "" : latin1(pdf);
  const [covered, place] = rangesOf(pdf, text);
  // (2) In that place stands a container of the one form that we write.
  const container = openContainer(place);
  // (3) Its certificate is one we have pinned for PDF.
  const key = [...bundle.keys.values()].find(
    (each) => each.use === "PDF" && isEqual(each.certificate.der, container.certificate),
  );
  if (!key) throw new Refusal("KEY_UNKNOWN", KEY, "sealed with a certificate we do not trust");
  // (4) The signature covers the attributes, and these the bytes.
  await checkSigned(key, container);
  const stated = statedIn(container.attributes);
  if (!isEqual(stated.digest, await sha256(covered))) {
    throw new Refusal("PDF_CHANGED", SIGNATURE, "the file has been altered");
  }
  // (5) The attributes are those of PAdES: the content is data, and the certificate is this one.
  if (!isEqual(stated.certificateHash, await sha256(container.certificate))) {
    throw new Refusal("PDF_SEAL_MALFORMED", STRUCTURE, "sealed for another certificate");
  }
  // (6) The key may vouch for what it sealed at that time.
  const refusal = refusalOf(key, sealedAt(text), now);
  const issuer = refusal === null ? { state: "yes", reason: "OK" } : { state: "no", reason: refusal };
  return { key, issuer, text };
}

function rangesOf(pdf, text) {
  if (pdf.length > MAX_PDF) throw new Refusal("TOO_LARGE", FORM, `larger than ${MAX_PDF} bytes`);
  const found = [...text.matchAll(BYTE_RANGE)];
  if (!text.startsWith("%PDF-") || !found.length) {
    throw new Refusal("PDF_NOT_SEALED", FORM, "a PDF without a seal");
  }
  const [start, before, after, length] = found[0].slice(1).map(Number);
  if (found.length > 1 || start !== 0 || before >= after || after + length !== pdf.length) {
    throw new Refusal("PDF_NOT_COVERED", FORM, "the seal does not cover the file");
  }
  return [joined(pdf.subarray(0, before), pdf.subarray(after)), pdf.subarray(before, after)];
}

/** Return the parts of a container in our exact form. */
function openContainer(place) {
  const spelt = latin1(place);
  if (!/^<(?:[0-9A-F]{2})+>$/.test(spelt)) throw malformed("no hexadecimal digits");
  const padded = hex(spelt.slice(1, -1));
  let parts;
  let rebuilt;
  try {
    const content = childrenOf(childrenOf(nodeAt(padded), SEQUENCE)[1], TAGGED_0)[0];
    const [, , , certificates, signers] = childrenOf(content, SEQUENCE);
    parts = partsOf(certificates.content, childrenOf(childrenOf(signers, SET)[0], SEQUENCE));
    rebuilt = containerOf(parts);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw malformed(`the seal cannot be read: ${error.message}`); // a part is not where it belongs
  }
  const filling = padded.subarray(rebuilt.length);
  if (!isEqual(padded.subarray(0, rebuilt.length), rebuilt) || filling.some((each) => each)) {
    throw malformed("not the form that we write");
  }
  return parts;
}

/** Return how a seal names its signer: by the issuer and number of the certificate in it. */
function signerIn(certificate) {
  const members = childrenOf(childrenOf(nodeAt(certificate), SEQUENCE)[0], SEQUENCE);
  const [serial, , issuer] = members[0].tag === TAGGED_0 ? members.slice(1) : members;
  return der(SEQUENCE, issuer.whole, serial.whole);
}

function partsOf(certificate, [, , , attributes, , signature, ...more]) {
  return {
    certificate,
    sid: signerIn(certificate),
    attributes,
    signature: signature.content,
    unsigned: more.map((each) => each.whole),
  };
}

async function checkSigned(key, { attributes, signature }) {
  let isRight = false;
  try {
    const signed = joined([SET], attributes.whole.subarray(1));
    isRight = await verifies(key.certificate.publicKey, rawSignature(signature), signed);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // what is no DER is no signature
  }
  if (!isRight) throw new Refusal("SIGNATURE_WRONG", SIGNATURE, "not over these bytes");
}

/** Return what the attributes state of the file and of the certificate, once they are signed. */
function statedIn(attributes) {
  const values = new Map(
    childrenOf(attributes, TAGGED_0).map((each) => {
      const [type, set] = childrenOf(each, SEQUENCE);
      return [hexOf(type.whole), childrenOf(set, SET)];
    }),
  );
  const one = (type) => values.get(hexOf(type))[0];
  if (!isEqual(one(CONTENT_TYPE).whole, DATA)) throw malformed("the seal is for something else");
  const id = childrenOf(childrenOf(childrenOf(one(SIGNING_CERTIFICATE))[0])[0])[0];
  // SHA-256 is the default (RFC 5035), and not spelt
  return { digest: one(MESSAGE_DIGEST).content, certificateHash: id.content };
}

function containerOf({ certificate, sid, attributes, signature, unsigned }) {
  if (unsigned.length > 1 || unsigned.some((each) => each[0] !== TAGGED_1)) {
    throw malformed("more than a time-stamp is unsigned");
  }
  const sealed = der(OCTET_STRING, signature);
  const tail = [ECDSA_WITH_SHA256, sealed, ...unsigned];
  const signer = der(SEQUENCE, ONE, sid, SHA256, attributes.whole, ...tail);
  const what = [ONE, der(SET, SHA256), der(SEQUENCE, DATA), der(TAGGED_0, certificate)];
  const content = der(SEQUENCE, ...what, der(SET, signer));
  return der(SEQUENCE, SIGNED_DATA, der(TAGGED_0, content));
}

/** Return the time that is sealed with the file (ISO 32000-1, 7.9.4), in seconds. */
function sealedAt(text) {
  const found = SEALED_AT.exec(text.slice(text.indexOf("/ByteRange")));
  const octal = (_, digits) => String.fromCharCode(parseInt(digits, 8));
  const date = found?.[1].replace(/\\(\d{3})/g, octal) ?? "";
  const parts = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|([+-])(\d\d)'(\d\d)'?)/.exec(date);
  if (parts === null) throw new Refusal("PDF_SEAL_MALFORMED", STRUCTURE, "no time of sealing");
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const east = parts[7] ? Number(`${parts[7]}1`) * (parts[8] * 3_600 + parts[9] * 60) : 0;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - east;
}

/** Return the two files inside a book, told by their media types. */
async function attachmentsOf(text, pdf) {
  const data = await attachment(text, pdf, "application#2fjson");
  const credential = await attachment(text, pdf, "application#2fdc+sd-jwt");
  return { data, credential };
}

async function attachment(text, pdf, mediaType) {
  const head = text.indexOf(`/Type /EmbeddedFile/Subtype /${mediaType}`);
  if (head < 0) return null;
  const start = text.indexOf("stream\n", head);
  const described = text.slice(head, start);
  const length = Number(/\/Length (\d{1,10})/.exec(described)?.[1]);
  if (start < 0 || !described.includes("/Filter /FlateDecode") || !length) return null;
  const packed = pdf.subarray(start + 7, start + 7 + length);
  return inflate(packed, MAX_ATTACHMENT, STRUCTURE, "PDF_SEAL_MALFORMED");
}

function saysTheSame(claims, data) {
  const record = Object.entries(claims).filter(([name]) => !ENVELOPE.includes(name));
  const expected = new TextEncoder().encode(canonicalJson(Object.fromEntries(record)));
  return isEqual(expected, data);
}
