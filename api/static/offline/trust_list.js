// The trust list: keys and status lists in one signed file, held against the pinned root.

import { certificateIn, isIssuedBy } from "./certificates.js";
import { isObject, isTime, objectIn } from "./encoding.js";
import { openForm } from "./jws.js";
import { CLAIMS, FORM, KEY, Refusal, SIGNATURE } from "./refusal.js";
import { readStatusList } from "./status.js";
import { bundleOf, checkCertified, checkSignature, refusalOf, trustedKey } from "./trust.js";

const TYP = "vn-trustlist+jwt";
const MAX_TOKEN = 32 * 1024 * 1024;
const LEEWAY = 60;

/**
 * Verify a trust list against the pinned root (a certificate in base64); `now` in seconds.
 *
 * With `newerThan`, an older list is refused: it could hide that a key has been withdrawn since.
 */
export async function readTrustList(token, pinned, now, newerThan = 0) {
  if (token.length > MAX_TOKEN) throw new Refusal("TOO_LARGE", FORM, "the list is too long");
  const root = await certificateIn(pinned);
  const jws = openForm(token, TYP);
  const signer = await certifiedSigner(jws, root);
  await checkSignature(signer, jws.signature, jws.signed, SIGNATURE);
  const claims = objectIn(jws.payload, CLAIMS);
  checkPeriod(claims, signer, now, newerThan);
  const bundle = await bundleIn(claims, root);
  await checkCertified(signer, root, bundle.issuer);
  await addStatusLists(bundle, claims.status_lists, now);
  return bundle;
}

async function certifiedSigner(jws, root) {
  const refused = (reason, message) => new Refusal(reason, KEY, message);
  let key;
  try {
    if (jws.x5c?.length !== 1) throw new RangeError("one leaf is expected");
    key = await trustedKey(jws.x5c[0]);
    if (!(await isIssuedBy(key.certificate, root))) throw new RangeError("another root");
  } catch (error) {
    throw refused("CERTIFICATE_REFUSED", `not certified by the pinned root: ${error.message}`);
  }
  if (key.kid !== jws.kid) throw refused("KEY_UNKNOWN", "the key id is not the certificate's");
  if (key.use !== "TRUST") throw refused("KEY_WRONG_USE", `a ${key.use} key signs no trust list`);
  return key;
}

function checkPeriod({ iat, exp }, signer, now, newerThan) {
  const refused = (reason, message) => new Refusal(reason, CLAIMS, message);
  if (!isTime(iat) || !isTime(exp)) throw refused("CLAIM_TYPE", "iat and exp are whole seconds");
  if (iat > now + LEEWAY) throw refused("NOT_YET_VALID", "the list is from the future");
  if (now >= exp) throw refused("TRUST_LIST_EXPIRED", "the list has expired");
  if (iat < newerThan) throw refused("TRUST_LIST_OLDER", "older than the list at hand");
  const refusal = refusalOf(signer, iat, now);
  if (refusal !== null) throw new Refusal(refusal, KEY, "the key cannot vouch for this list");
}

async function bundleIn(claims, root) {
  try {
    if (claims.root !== root.encoded) throw new RangeError("the list is for another root");
    if (typeof claims.iss !== "string") throw new RangeError("the list names no issuer");
    return await bundleOf(claims.iss, root, claims.keys, claims.iat, claims.exp);
  } catch (error) {
    throw new Refusal("TRUST_LIST_MALFORMED", CLAIMS, `not a trust list: ${error.message}`);
  }
}

async function addStatusLists(bundle, tokens, now) {
  const lists = isObject(tokens) ? Object.entries(tokens) : [["", null]];
  if (!lists.every(([, token]) => typeof token === "string")) {
    throw new Refusal("TRUST_LIST_MALFORMED", CLAIMS, "status lists by address");
  }
  for (const [uri, token] of lists) {
    bundle.status.set(uri, await readStatusList(token, bundle, now, uri));
  }
}
