// A wallet (@openid4vc/openid4vci) takes copies: at once with the worker's code, or by two steps.
//
// given: { link, txCode, copies, dpop }              -> everything, to the copies
//        { link, step: "ask", redirectUri }          -> where the browser goes, and what to keep
//        { step: "fetch", kept, redirected, copies } -> the copies
import { Openid4vciClient } from "@openid4vc/openid4vci";
import { ALG, callbacks, given, newKey, signerOf, told, CLIENT_ID } from "./shared.mjs";

const asked = await given();
const dpopKey = asked.kept?.dpopKey ?? (await newKey());
const keys = [dpopKey];
const client = new Openid4vciClient({ callbacks: callbacks(keys) });
const credentialOffer =
  asked.kept?.credentialOffer ?? (await client.resolveCredentialOffer(asked.link));
const issuerMetadata = await client.resolveIssuerMetadata(credentialOffer.credential_issuer);
const [configuration] = credentialOffer.credential_configuration_ids;
const dpop = asked.dpop === false ? undefined : { signer: signerOf(dpopKey) };

if (asked.step === "ask") {
  const started = await client.initiateAuthorization({
    credentialOffer,
    issuerMetadata,
    clientId: CLIENT_ID,
    redirectUri: asked.redirectUri,
    scope: issuerMetadata.credentialIssuer.credential_configurations_supported[configuration].scope,
    additionalRequestPayload: { state: "wallet-state" },
    dpop,
  });
  told({
    flow: started.authorizationFlow,
    url: started.authorizationRequestUrl,
    kept: {
      credentialOffer,
      dpopKey,
      verifier: started.pkce.codeVerifier,
      redirectUri: asked.redirectUri,
    },
  });
} else {
  told(await taken(await token()));
}

async function token() {
  if (asked.step !== "fetch") {
    return client.retrievePreAuthorizedCodeAccessTokenFromOffer({
      credentialOffer,
      issuerMetadata,
      txCode: asked.txCode,
      dpop,
    });
  }
  const answer = client.parseAndVerifyAuthorizationResponseRedirectUrl({
    url: asked.redirected,
    authorizationServerMetadata: issuerMetadata.authorizationServers[0],
  });
  return client.retrieveAuthorizationCodeAccessTokenFromOffer({
    credentialOffer,
    issuerMetadata,
    authorizationCode: answer.code,
    pkceCodeVerifier: asked.kept.verifier,
    redirectUri: asked.kept.redirectUri,
    dpop,
  });
}

async function taken({ accessTokenResponse, dpop: tokenDpop }) {
  const { c_nonce: nonce } = await client.requestNonce({ issuerMetadata });
  const own = await Promise.all(Array.from({ length: asked.copies }, newKey));
  keys.push(...own);
  const proofs = [];
  for (const key of own) {
    const { jwt } = await client.createCredentialRequestJwtProof({
      issuerMetadata,
      credentialConfigurationId: configuration,
      signer: { method: "jwk", alg: ALG, publicJwk: key.public },
      nonce,
    });
    proofs.push(jwt);
  }
  const accessToken = accessTokenResponse.access_token;
  const { credentialResponse } = await client.retrieveCredentials({
    issuerMetadata,
    credentialConfigurationId: configuration,
    accessToken,
    proofs: { jwt: proofs },
    dpop: tokenDpop,
  });
  await client.sendNotification({
    issuerMetadata,
    accessToken,
    dpop: tokenDpop,
    notification: {
      notificationId: credentialResponse.notification_id,
      event: "credential_accepted",
    },
  });
  return {
    tokenType: accessTokenResponse.token_type,
    wallet: credentialResponse.credentials.map((each, at) => ({
      credential: each.credential,
      key: own[at],
    })),
  };
}
