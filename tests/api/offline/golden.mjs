// The vectors that server, page and app share, through the page's own modules.
// One function without imports of its own: it runs in Node and, as text, in a page.

export async function answersOf(file, base) {
  const [{ verifyCompact }, trust, { certificateIn }, { snapshotOf }] = await Promise.all(
    ["compact.js", "trust.js", "certificates.js", "status.js"].map((name) => import(base + name)),
  );
  const root = await certificateIn(file.trust.root);
  const seconds = (text) => Date.parse(text) / 1000;

  async function bundleOf(vector) {
    const keys = new Map();
    for (const entry of file.trust[vector.trust]) {
      const key = await trust.trustedKey(entry.x5c[0], entry.vn_revoked_from ?? null);
      await trust.checkCertified(key, root, file.trust.issuer);
      if (key.kid !== entry.kid || key.certificate.jwk.x !== entry.x) throw new Error("another key");
      keys.set(key.kid, key);
    }
    const status = new Map();
    const list = file.status[vector.status];
    if (list) {
      const [issued, expires] = [list.issued_at, list.expires_at].map(seconds);
      status.set(list.uri, await snapshotOf(list.uri, issued, expires, list));
    }
    return { issuer: file.trust.issuer, root, keys, status, issuedAt: seconds(vector.now) };
  }

  const answers = {};
  for (const vector of file.vectors) {
    const now = seconds(vector.now);
    const verdict = await verifyCompact(vector.text, await bundleOf(vector), now);
    const { integrity, status, issuer, step, claims } = verdict;
    answers[vector.name] = JSON.parse(JSON.stringify({ integrity, status, issuer, step, claims }));
  }
  return answers;
}
