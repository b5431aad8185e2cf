// Asks the page's modules: JSON in, JSON out. In: root, trust, now, newer, and files (base64) or
// credentials (texts). Out: a verdict with its headline for each, or why the trust list is refused.

import { readFileSync } from "node:fs";

const MODULES = new URL("../../../api/static/offline/", import.meta.url);
const [{ checkFile, headlineOf }, { verifyCredential }, { readTrustList }] = await Promise.all(
  ["check.js", "credential.js", "trust_list.js"].map((name) => import(new URL(name, MODULES).href)),
);

const { root, trust, now, newer = 0, files = [], credentials = [] } = JSON.parse(
  readFileSync(0, "utf-8"),
);

async function answers() {
  let bundle;
  try {
    bundle = await readTrustList(trust, root, now, newer);
  } catch (error) {
    return { refused: error.reason, message: error.message };
  }
  const verdicts = [];
  for (const each of files) {
    verdicts.push(await checkFile(new Uint8Array(Buffer.from(each, "base64")), bundle, now));
  }
  for (const each of credentials) verdicts.push(await verifyCredential(each, bundle, now));
  const told = verdicts.map((each) => ({ ...each, headline: headlineOf(each)[0] }));
  return { verdicts: told };
}

process.stdout.write(JSON.stringify(await answers()));
