// The book credential (SD-JWT VC), checked in the server's steps.

import { isTime, objectIn } from "./encoding.js";
import { openForm } from "./jws.js";
import { CLAIMS, FORM, KEY, Refusal, SIGNATURE } from "./refusal.js";
import { SD_ALG, reveal, split } from "./sd_jwt.js";
import { NOT_CHECKED, refusedBy, stands } from "./standing.js";
import { checkSignature, keyFor } from "./trust.js";

const TYP = "dc+sd-jwt";
const MAX_TOKEN = 512 * 1024;
const VCT_PATH = "/vct/labour-book/1";

/** Answer the three questions about a credential. `now` is in seconds. */
export async function verifyCredential(token, bundle, now) {
  let found;
  try {
    found = await checkIntegrity(token, bundle);
  } catch (error) {
    return refusedBy(error, bundle);
  }
  const verdict = stands(found.claims, found.key, bundle, now);
  const isBook = verdict.claims === null || verdict.claims.vct === bundle.issuer + VCT_PATH;
  if (isBook) return verdict;
  const integrity = { state: "no", reason: "NOT_A_BOOK" };
  return { ...verdict, integrity, status: NOT_CHECKED, claims: null };
}

async function checkIntegrity(token, bundle) {
  // (1) It has the form of our credential, and (2) its header stays within the profile.
  if (token.length > MAX_TOKEN) throw new Refusal("TOO_LARGE", FORM, "the credential is too long");
  const [jwt, disclosures] = split(token);
  const jws = openForm(jwt, TYP);
  // (3) The key it names is pinned for this use.
  const key = keyFor(bundle, jws.kid, jws.x5c, "CREDENTIAL", KEY);
  // (4) The signature covers exactly these bytes. Only now are the claims worth reading.
  await checkSignature(key, jws.signature, jws.signed, SIGNATURE);
  // (5) What is always visible is there.
  const payload = objectIn(jws.payload, CLAIMS);
  checkVisible(payload);
  // (6) Every disclosure belongs, once, where its digest stands.
  return { claims: await reveal(payload, disclosures), key };
}

function checkVisible(payload) {
  const refused = (reason, message) => new Refusal(reason, CLAIMS, message);
  for (const name of ["iss", "vct", "iat", "exp"]) {
    if (!Object.hasOwn(payload, name)) throw refused("CLAIM_MISSING", `${name} is missing`);
  }
  const { iss, vct, iat, exp, nbf = 0 } = payload;
  if (typeof iss !== "string" || typeof vct !== "string") {
    throw refused("CLAIM_TYPE", "iss and vct are strings");
  }
  if (![iat, exp, nbf].every(isTime)) throw refused("CLAIM_TYPE", "times are whole seconds");
  if (payload._sd_alg !== SD_ALG) throw refused("SD_ALG_REFUSED", `only ${SD_ALG} is accepted`);
}
