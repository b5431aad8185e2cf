// The provider of `oidc-provider`, with one client. It prints its issuer and the client's secret,
// and runs until its input ends.
// Whoever opens /be/<account> first is signed in as that without being asked. Who signs out here
// is told of at the second address (Back-Channel Logout).
import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const [redirect, toldAt] = process.argv.slice(2);
const secret = randomBytes(24).toString("base64url");
const { privateKey } = await generateKeyPair("ES256", { extractable: true });
const key = { ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: "independent-1" };

let handle = (request, response) => response.end();
const server = createServer((request, response) => handle(request, response));
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

// The package refuses to tell addresses on this machine; here that is where the client is.
const onLoopback = (address, { dispatcher, ...options }) => fetch(address, options);
const names = ["pin", "full_name", "loa", "org_id"];
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "so-lao-dong",
      client_secret: secret,
      redirect_uris: [redirect],
      response_types: ["code"],
      grant_types: ["authorization_code"],
      id_token_signed_response_alg: "ES256",
      subject_type: "pairwise",
      backchannel_logout_uri: toldAt,
      backchannel_logout_session_required: true,
    },
  ],
  jwks: { keys: [key] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  claims: { openid: ["sub", ...names] },
  conformIdTokenClaims: false,
  subjectTypes: ["pairwise"],
  pairwiseIdentifier: async (ctx, accountId) => Buffer.from(accountId).toString("base64url").slice(-40),
  pkce: { required: () => true },
  fetch: onLoopback,
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 300 },
  findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ ...JSON.parse(id), sub: id }) }),
});

provider.on("backchannel.error", (ctx, error) => console.error(error));

async function agree(request, response, account) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: account, clientId: params.client_id });
  grant.addOIDCScope("openid");
  const result = { login: { accountId: account }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const callback = provider.callback();
handle = (request, response) => {
  const [, first, rest] = request.url.split("/");
  if (first === "be") {
    response.setHeader("Set-Cookie", `account=${rest}; Path=/`);
    response.end();
  } else if (first === "interaction") {
    const cookie = /account=([0-9a-f]+)/.exec(request.headers.cookie ?? "")[1];
    const account = Buffer.from(Buffer.from(cookie, "hex").toString(), "base64").toString();
    agree(request, response, account).catch((error) => {
      response.statusCode = 500;
      response.end(String(error.stack));
    });
  } else {
    callback(request, response);
  }
};
process.stdin.on("end", () => process.exit()).resume();
console.log(JSON.stringify({ issuer, secret }));
