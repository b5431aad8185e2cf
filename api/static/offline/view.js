// From a verdict to what the page shows. Everything is text: nothing is ever parsed as HTML.

import { headlineOf } from "./check.js";

const QUESTIONS = [["genuine", "integrity"], ["current", "status"], ["issuer", "issuer"]];
const LOUD = { SUPERSEDED: "warn", EXPIRED: "warn", SUSPENDED: "warn", NOT_YET_VALID: "warn" };
// What newer lists may answer: here the next step is to fetch them, not to come back later.
const LISTS_MAY_TELL = ["STATUS_LIST_EXPIRED", "STATUS_UNAVAILABLE", "KEY_UNKNOWN"];
const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

/** Make an element; attributes may be left out. */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children.flat().filter((each) => each !== null));
  return element;
}

/** Speaks the page's language: `page` is the JSON that the server put into it. */
export class View {
  constructor(page) {
    this.page = page;
  }

  say(key, values = {}) {
    const sentence = this.page.words[key];
    if (sentence === undefined) throw new RangeError(`no words for ${key}`);
    return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  /** Say how long ago something was; both in seconds. */
  age(then, now) {
    const seconds = Math.max(0, now - then);
    if (seconds < MINUTE) return this.say("age.now");
    if (seconds < 2 * HOUR) return this.say("age.minutes", { count: Math.floor(seconds / MINUTE) });
    if (seconds < 3 * DAY) return this.say("age.hours", { count: Math.floor(seconds / HOUR) });
    return this.say("age.days", { count: Math.floor(seconds / DAY) });
  }

  verdict(verdict, now) {
    const [headline, tone] = headlineOf(verdict);
    const ages = this.ages(verdict, now);
    const values = { age: verdict.statusAsOf ? this.age(verdict.statusAsOf, now) : "" };
    return [
      this.banner(tone, this.say(`headline.${headline}`, values), this.say(`lead.${headline}`)),
      ages.length ? el("p", { class: "small ages" }, ages.join(" · ")) : null,
      verdict.claims && tone !== "no" ? this.holder(verdict.claims) : null,
      this.answers(verdict),
      this.next(verdict),
      verdict.claims && tone !== "no" ? this.book(verdict.claims) : null,
    ].filter((each) => each !== null);
  }

  /** Show a link code: checking it needs a network, so the address is given as text. */
  link(address) {
    return [
      this.banner("unknown", this.say("link.title"), this.say("link.text")),
      el("p", { class: "card" }, el("a", { href: address, rel: "noreferrer" }, address)),
    ];
  }

  /** Say that nothing could be checked, and why. */
  trouble(key) {
    return [this.banner("unknown", this.say(`${key}.title`), this.say(`${key}.text`))];
  }

  banner(tone, title, text) {
    return el(
      "div",
      { class: `verdict ${tone}` },
      this.sign(tone),
      el("div", null, el("h2", null, title), el("p", null, text)),
    );
  }

  sign(tone) {
    return document.getElementById(`sign-${tone}`).content.firstElementChild.cloneNode(true);
  }

  ages({ trustAsOf, statusAsOf }, now) {
    const said = [];
    if (statusAsOf) said.push(this.say("status.age", { age: this.age(statusAsOf, now) }));
    if (trustAsOf) said.push(this.say("trust.age", { age: this.age(trustAsOf, now) }));
    return said;
  }

  words(question, reason) {
    const { reasons } = this.page;
    return reasons[`${reason}.${question}`] ?? reasons[reason] ?? [reason, "", ""];
  }

  answers(verdict) {
    const items = QUESTIONS.map(([question, name]) => {
      const { state, reason } = verdict[name];
      const tone = state === "no" ? (LOUD[reason] ?? "no") : state;
      const [said, why] = this.words(question, reason);
      const named = question === "issuer" && state === "yes";
      const answer = named ? this.say("issued_by", { issuer: this.page.issuerName }) : said;
      return el(
        "li",
        null,
        el("span", { class: `tone-${tone}` }, this.sign(tone)),
        el(
          "div",
          null,
          el("h3", null, this.say(`question.${question}`)),
          el("p", { class: `said tone-${tone}` }, answer),
          el("p", { class: "small" }, why),
          el("p", { class: "soft small" }, `${this.say("code")}: `, el("code", null, reason)),
        ),
      );
    });
    return el("section", null, el("h2", null, this.say("answers")), el("ol", { class: "plain answers" }, items));
  }

  next(verdict) {
    const steps = QUESTIONS.map(([question, name]) => {
      const { reason } = verdict[name];
      const isOld = LISTS_MAY_TELL.includes(reason);
      return isOld ? this.say("next.connect") : this.words(question, reason)[2];
    });
    const said = [...new Set(steps)].filter((each) => each);
    if (!said.length) return null;
    return el(
      "section",
      null,
      el("h2", null, this.say("next")),
      said.map((each) => el("p", { class: "next" }, each)),
    );
  }

  /** Say who holds it: what the checker compares with the ID card. */
  holder({ worker = {} }) {
    const tail = worker.id_tail ?? worker.personal_id?.slice(-4);
    const facts = [
      ["id_tail", tail],
      ["birth_date", worker.birth_date && shownDay(worker.birth_date)],
    ];
    if (!worker.full_name) return null;
    return el(
      "section",
      { class: "card holder" },
      el("p", { class: "name", lang: "vi" }, worker.full_name),
      this.facts(facts),
      el("p", { class: "next" }, this.say(tail ? "compare" : "compare.name")),
    );
  }

  facts(facts) {
    const known = facts.filter(([, value]) => value !== undefined && value !== null);
    const rows = known.map(([name, value]) => [
      el("dt", null, this.say(`fact.${name}`)),
      el("dd", { class: "nums" }, String(value)),
    ]);
    return el("dl", null, rows.flat());
  }

  book({ book_no: number, version, insurance = {}, employments = [] }) {
    const asOf = insurance.as_of ?? insurance.as_of_month;
    const facts = [
      ["book_no", number],
      ["version", version],
      ["SI", insurance.SI],
      ["UI", insurance.UI],
      ["as_of", asOf && shownDay(asOf)],
    ];
    const jobs = employments.map((each) => this.job(each));
    return el(
      "section",
      null,
      el("h2", null, this.say("shown")),
      el("div", { class: "card" }, this.facts(facts)),
      jobs.length ? el("ol", { class: "plain" }, jobs) : null,
    );
  }

  job(job) {
    const first = shownDay(job.first_day ?? job.known_since ?? "");
    const last = job.last_day ? shownDay(job.last_day) : this.say("until_now");
    const more = [job.position, job.occupation_code, job.enterprise_code].filter((each) => each);
    return el(
      "li",
      { class: "card entry", lang: "vi" },
      el("h3", null, job.employer ?? ""),
      el("p", { class: "nums" }, `${first} – ${last}`),
      el("p", { class: "soft small" }, more.join(" · ")),
    );
  }
}

/** Return a partial date as Vietnamese documents write it: day first. */
export const shownDay = (text) => text.split("-").reverse().join("/");
