// Why something cannot be trusted: a permanent reason code, and the numbered step of the check.
// Codes and steps are those of the server's `signing` package.

export const [FORM, HEADER, KEY, SIGNATURE, CLAIMS, DISCLOSURES, ISSUER, PERIOD, STATUS] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9,
];

export class Refusal extends Error {
  constructor(reason, step, message) {
    super(`step ${step}: ${message} [${reason}]`);
    this.reason = reason;
    this.step = step;
  }
}
