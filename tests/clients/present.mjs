// A wallet (@openid4vc/openid4vp, dcql, @sd-jwt/sd-jwt-vc) answers a verifier's request.
//
// given: { link, credential, key } -> what the verifier said, and what was shown
import { createHash } from "node:crypto";
import { Openid4vpClient } from "@openid4vc/openid4vp";
import { digest, generateSalt, ES256 } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { DcqlQuery } from "dcql";
import { callbacks, given, told } from "./shared.mjs";

const asked = await given();
const client = new Openid4vpClient({ callbacks: callbacks([]) });
const parsed = client.parseOpenid4vpAuthorizationRequest({ authorizationRequest: asked.link });
const request = await client.resolveOpenId4vpAuthorizationRequest({
  authorizationRequestPayload: parsed.params,
});
const payload = request.authorizationRequestPayload;
const holder = new SDJwtVcInstance({
  hasher: digest,
  saltGenerator: generateSalt,
  kbSignAlg: "ES256",
  kbSigner: await ES256.getSigner(asked.key.private),
});
const claims = await holder.getClaims(asked.credential);

const query = DcqlQuery.parse(request.dcql.query);
DcqlQuery.validate(query);
const matched = DcqlQuery.query(query, [
  {
    credential_format: "dc+sd-jwt",
    vct: claims.vct,
    claims,
    cryptographic_holder_binding: true,
  },
]);
if (!matched.can_be_satisfied) throw new Error(JSON.stringify(matched.credential_matches));
const [queryId] = Object.keys(matched.credential_matches);
const best = matched.credential_matches[queryId].valid_credentials[0];
const set = best.claims.valid_claim_sets[0];
const wanted = set.output;

const names = await (await holder.decode(asked.credential)).presentableKeys(digest);
const presentation = await holder.present(asked.credential, frame(wanted, names), {
  kb: {
    payload: {
      iat: Math.floor(Date.now() / 1000),
      aud: payload.client_id,
      nonce: payload.nonce,
    },
  },
});
const encrypted = payload.response_mode === "direct_post.jwt";
const response = await client.createOpenid4vpAuthorizationResponse({
  authorizationRequestPayload: payload,
  authorizationResponsePayload: { vp_token: { [queryId]: [presentation] } },
  jarm: encrypted
    ? {
        encryption: { nonce: createHash("sha256").update(payload.nonce).digest("base64url") },
        serverMetadata: {
          authorization_signing_alg_values_supported: [],
          authorization_encryption_alg_values_supported: ["ECDH-ES"],
          authorization_encryption_enc_values_supported: [asked.enc ?? "A128GCM"],
        },
      }
    : undefined,
});
const submitted = await client.submitOpenid4vpAuthorizationResponse({
  authorizationRequestPayload: payload,
  authorizationResponsePayload: response.authorizationResponsePayload,
  jarm: response.jarm,
});
told({
  prefix: request.client.prefix,
  clientName: payload.client_metadata.client_name,
  responseMode: payload.response_mode,
  status: submitted.response.status,
  answer: await submitted.response.json(),
  presentation,
  shown: wanted,
});

// Tells the library which disclosures go out. It names the elements of a list by their place among
// all digests, decoys included; the query by their place among the elements there are.
function frame(wantedPart, names, prefix = "") {
  const under = (name) => names.some((each) => each.startsWith(`${prefix}${name}.`));
  const told = {};
  for (const [name, value] of placed(wantedPart, names, prefix)) {
    told[name] = under(name) && value ? frame(value, names, `${prefix}${name}.`) : true;
  }
  return told;
}

function placed(wantedPart, names, prefix) {
  if (!Array.isArray(wantedPart)) return Object.entries(wantedPart);
  const places = names
    .filter((each) => each.startsWith(prefix) && /^\d+$/.test(each.slice(prefix.length)))
    .map((each) => Number(each.slice(prefix.length)))
    .sort((one, other) => one - other);
  return wantedPart.map((value, at) => [places[at], value]).filter(([, value]) => value);
}
