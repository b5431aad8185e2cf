// What the wallet's libraries ask of whoever uses them: keys, hashes, signatures, and fetching.
import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { text } from "node:stream/consumers";
import * as jose from "jose";
import { clientAuthenticationNone, setGlobalConfig } from "@openid4vc/oauth2";

setGlobalConfig({ allowInsecureUrls: true }); // the server under test is on loopback

export const CLIENT_ID = "wallet.example";
export const ALG = "ES256";

export async function given() {
  return JSON.parse(await text(process.stdin));
}

export function told(answer) {
  process.stdout.write(JSON.stringify(answer));
}

export async function newKey() {
  const pair = await jose.generateKeyPair(ALG, { extractable: true });
  return { private: await jose.exportJWK(pair.privateKey), public: await jose.exportJWK(pair.publicKey) };
}

export function signerOf(key) {
  return { method: "jwk", alg: ALG, publicJwk: key.public };
}

// `keys` are the wallet's own: the one with the signer's public part signs.
export function callbacks(keys) {
  return {
    fetch,
    hash: (data, alg) => createHash(alg.replace("-", "")).update(data).digest(),
    generateRandom: (length) => randomBytes(length),
    clientAuthentication: clientAuthenticationNone({ clientId: CLIENT_ID }),
    getX509CertificateMetadata: (certificate) => {
      const names = new X509Certificate(Buffer.from(certificate, "base64")).subjectAltName ?? "";
      const uris = names.split(", ").filter((name) => name.startsWith("URI:"));
      return { sanDnsNames: [], sanUriNames: uris.map((name) => name.slice("URI:".length)) };
    },
    signJwt: async (signer, { header, payload }) => {
      const key = keys.find((each) => each.public.x === signer.publicJwk.x);
      const jwt = await new jose.SignJWT(payload)
        .setProtectedHeader(header)
        .sign(await jose.importJWK(key.private, ALG));
      return { jwt, signerJwk: key.public };
    },
    verifyJwt: async (signer, { compact }) => {
      const key =
        signer.method === "x5c"
          ? await jose.importX509(pem(signer.x5c[0]), signer.alg, { extractable: true })
          : await jose.importJWK(signer.publicJwk, signer.alg);
      try {
        await jose.compactVerify(compact, key, { algorithms: [ALG] });
        return { verified: true, signerJwk: await jose.exportJWK(key) };
      } catch {
        return { verified: false };
      }
    },
    encryptJwe: async (encryptor, data) => ({
      encryptionJwk: encryptor.publicJwk,
      jwe: await new jose.CompactEncrypt(new TextEncoder().encode(data))
        .setProtectedHeader({ alg: "ECDH-ES", enc: encryptor.enc, kid: encryptor.publicJwk.kid })
        .encrypt(await jose.importJWK(encryptor.publicJwk, "ECDH-ES")),
    }),
    decryptJwe: async () => ({ decrypted: false }),
  };
}

function pem(certificate) {
  return `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----`;
}
