// Run with `node --test tests/api/offline/*.test.mjs`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { answersOf } from "./golden.mjs";

const VECTORS = new URL("../../signing/vectors/compact.json", import.meta.url);
const MODULES = new URL("../../../api/static/offline/", import.meta.url);

const file = JSON.parse(readFileSync(VECTORS, "utf-8"));
const answers = await answersOf(file, MODULES.href);

for (const vector of file.vectors) {
  test(vector.name, () => {
    const { integrity, status, issuer, step, claims } = vector.expected;
    assert.deepEqual(answers[vector.name], { integrity, status, issuer, step, claims });
  });
}
