// A verifier of somebody else's (@sd-jwt/sd-jwt-vc): key from the issuer's metadata, status list.
//
// given: { presentation, audience?, nonce? } -> { valid, claims } or { valid: false, error }
import { digest, ES256 } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import * as jose from "jose";
import { given, told } from "./shared.mjs";

const asked = await given();
const token = asked.presentation.split("~", 1)[0];
const { kid } = jose.decodeProtectedHeader(token);
const { iss } = jose.decodeJwt(token);
const issuer = await published(iss);

const verifier = new SDJwtVcInstance({
  hasher: digest,
  verifier: await verifierOf(kid),
  kbVerifier: async (data, signature, payload) =>
    (await ES256.getVerifier(payload.cnf.jwk))(data, signature),
  statusVerifier: async (data, signature) => (await statusVerifier)(data, signature),
  statusListFetcher: fetchList,
});
let statusVerifier;

try {
  const options = asked.nonce ? { keyBindingNonce: asked.nonce } : {};
  const { payload, kb } = await verifier.verify(asked.presentation, options);
  if (asked.audience && kb.payload.aud !== asked.audience) throw new Error("another audience");
  told({ valid: true, claims: payload });
} catch (error) {
  told({ valid: false, error: String(error.message ?? error) });
}

async function published(issuerUrl) {
  const { origin, pathname } = new URL(issuerUrl);
  const path = pathname === "/" ? "" : pathname;
  const answer = await fetch(`${origin}/.well-known/jwt-vc-issuer${path}`);
  const metadata = await answer.json();
  if (metadata.issuer !== issuerUrl) throw new Error("the metadata is another issuer's");
  return metadata;
}

async function verifierOf(name) {
  const key = issuer.jwks.keys.find((each) => each.kid === name);
  if (!key) throw new Error("the issuer does not publish this key");
  return ES256.getVerifier(key);
}

async function fetchList(uri) {
  const answer = await fetch(uri, { headers: { accept: "application/statuslist+jwt" } });
  if (!answer.ok) throw new Error(`the status list answers ${answer.status}`);
  const list = await answer.text();
  statusVerifier = verifierOf(jose.decodeProtectedHeader(list).kid);
  return list;
}
