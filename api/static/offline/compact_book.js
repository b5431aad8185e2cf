// What an offline QR code says of a book: a closed form, read back as the issuer writes it.
// A day is one number: ((year - 1900) * 13 + month) * 32 + day; 0 where month or day is not known.

import { CLAIMS, Refusal } from "./refusal.js";

const [NAME, BIRTH_DAY, ID_TAIL, JOBS, TOTALS, BOOK_NO, VERSION] = [1, 2, 3, 5, 6, 7, 8];
const NEEDED = [NAME, JOBS, BOOK_NO, VERSION];
const ALL = [...NEEDED, BIRTH_DAY, ID_TAIL, TOTALS];
const CONTRACT_KINDS = new Map([[1, "INDEFINITE"], [2, "FIXED_TERM"]]);
const MAX_JOBS = 12;
const MAX_TEXT = 200;
const MAX_COUNT = 10_000;
const FIRST_YEAR = 1900;
const END_OF_DAYS = (10_000 - FIRST_YEAR) * 13 * 32;
const FOUR_DIGITS = /^[0-9]{4}$/;
const ENTERPRISE = /^[0-9]{10}(?:-[0-9]{3})?$/;
const OCCUPATION = /^[0-9]{1,6}$/;
const LONG_NUMBER = /\p{Nd}{9}/u; // as long as a personal ID
const UNPRINTABLE = /[\p{C}\p{Z}]/u;

/** Return the facts by the names they have in the book credential. */
export function bookIn(wire) {
  if (!(wire instanceof Map)) throw refused("a compact book is a map");
  const names = [...wire.keys()];
  if (!NEEDED.every((each) => wire.has(each)) || !names.every((each) => ALL.includes(each))) {
    throw refused("a compact book holds these members and no others");
  }
  const jobs = wire.get(JOBS);
  if (!Array.isArray(jobs) || jobs.length > MAX_JOBS) throw refused("too many jobs");
  const facts = {
    book_no: text(wire.get(BOOK_NO)),
    version: count(wire.get(VERSION)),
    worker: known({
      full_name: text(wire.get(NAME)),
      birth_date: wire.has(BIRTH_DAY) ? day(wire.get(BIRTH_DAY)) : null,
      id_tail: wire.has(ID_TAIL) ? matching(FOUR_DIGITS, wire.get(ID_TAIL)) : null,
    }),
    employments: jobs.map(job),
  };
  return wire.has(TOTALS) ? { ...facts, insurance: totals(wire.get(TOTALS)) } : facts;
}

const refused = (message) => new Refusal("CLAIM_TYPE", CLAIMS, message);

const known = (members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));

const unless = (value, read) => (value === null ? null : read(value));

function job(parts) {
  if (!Array.isArray(parts) || parts.length !== 7) throw refused("a job has seven parts");
  const [employer, enterprise, position, occupation, kind, first, last] = parts;
  if (kind !== null && !CONTRACT_KINDS.has(kind)) throw refused("a contract kind without a name");
  return known({
    employer: text(employer),
    enterprise_code: unless(enterprise, (value) => matching(ENTERPRISE, value)),
    position: unless(position, text),
    occupation_code: unless(occupation, (value) => matching(OCCUPATION, value)),
    contract_kind: unless(kind, (value) => CONTRACT_KINDS.get(value)),
    first_day: day(first),
    last_day: unless(last, day),
  });
}

function totals(parts) {
  if (!Array.isArray(parts) || parts.length !== 3) throw refused("totals have three parts");
  const [social, unemployment, asOf] = parts;
  return { SI: count(social), UI: count(unemployment), as_of: day(asOf) };
}

function text(value) {
  const length = typeof value === "string" ? [...value].length : 0;
  if (length < 1 || length > MAX_TEXT) throw refused(`a text has 1 to ${MAX_TEXT} characters`);
  if (UNPRINTABLE.test(value.replaceAll(" ", "")) || LONG_NUMBER.test(value)) {
    throw refused("a control character, or a number as long as an ID");
  }
  return value;
}

function matching(form, value) {
  if (typeof value !== "string" || !form.test(value)) throw refused("a code without its form");
  return value;
}

function count(value) {
  if (!Number.isInteger(value) || value < 0 || value > MAX_COUNT) throw refused("no count");
  return value;
}

function day(number) {
  if (!Number.isInteger(number) || number < 0 || number >= END_OF_DAYS) {
    throw refused("a day is a whole number");
  }
  const [ofMonth, months] = [number % 32, Math.floor(number / 32)];
  const [month, year] = [months % 13, Math.floor(months / 13) + FIRST_YEAR];
  if (ofMonth && !month) throw refused("a day without its month");
  const parts = [String(year), month, ofMonth].filter((each) => each);
  return parts.map((each) => String(each).padStart(2, "0")).join("-");
}
