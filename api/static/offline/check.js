// From what was scanned, pasted or sent in to what to say about it.

import { PREFIX, verifyCompact } from "./compact.js";
import { verifyCredential } from "./credential.js";
import { textOf } from "./bytes.js";
import { verifyPdf } from "./pdf.js";

const PDF_MARK = "%PDF-";
const PDF_MARK_WITHIN = 1_024; // bytes; ISO 32000-1, implementation note 13

export const isPdf = (bytes) =>
  String.fromCharCode(...bytes.subarray(0, PDF_MARK_WITHIN)).includes(PDF_MARK);

/** Return the address in a link code, or null. */
export const linkIn = (text) => (/^https?:\/\/\S+$/i.test(text) ? text : null);

/** Check the text of a code or a credential; `now` in seconds. */
export function checkText(text, bundle, now) {
  const given = text.trim();
  if (given.startsWith("eyJ")) return verifyCredential(given, bundle, now);
  // A letter at the end of base45 may be a space, and trimming takes it away.
  const whole = text.startsWith(PREFIX) ? text.replace(/[\r\n]+$/, "") : given;
  return verifyCompact(whole, bundle, now);
}

/** Check a file that is no picture: a PDF, or a credential or code as text. */
export function checkFile(bytes, bundle, now) {
  if (isPdf(bytes)) return verifyPdf(bytes, bundle, now);
  let text;
  try {
    text = textOf(bytes);
  } catch {
    text = ""; // neither text nor PDF: a code without its prefix
  }
  return checkText(text, bundle, now);
}

/** What to say first, and how loudly, as the page with a network does. */
const HEADLINES = new Map([
  ["SUPERSEDED", ["superseded", "warn"]],
  ["EXPIRED", ["expired", "warn"]],
  ["SUSPENDED", ["paused", "warn"]],
  ["NOT_YET_VALID", ["paused", "warn"]],
  ["REVOKED", ["revoked", "no"]],
]);

export function headlineOf({ integrity, status, issuer }) {
  if (integrity.reason === "PREFIX_UNKNOWN") return ["foreign", "unknown"];
  if (integrity.state === "no" || issuer.state === "no") {
    return [integrity.state === "unknown" ? "stranger" : "false", "no"];
  }
  if (integrity.state === "unknown") return ["unknown", "unknown"];
  if (status.state === "yes") return ["good", "yes"];
  if (status.reason === "STATUS_LIST_EXPIRED") return ["stale", "warn"];
  if (status.state === "unknown") return ["unlisted", "warn"];
  return HEADLINES.get(status.reason) ?? ["paused", "warn"];
}
