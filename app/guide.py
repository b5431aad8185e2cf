"""What can be wrong with a line, in plain sentences, and what then has to be said: pure values."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from app import shown
from app.answers import Book, Employment, Qualification

DAYS = frozenset({"first_day", "last_day", "issued_on"})
MONTHS = frozenset({"first_month", "last_month"})
CHOSEN: Mapping[str, tuple[str, ...]] = {
    "contract_kind": ("INDEFINITE", "FIXED_TERM"),
    "status": ("contributed", "arrears", "none"),
    "kind": ("DIPLOMA", "CERTIFICATE"),
}
"""Fields that are chosen and not typed."""
CODED = ("workplace", "occupation_code")
"""Fields that hold a code, which is looked up by its name."""
NAME_OF = {each: f"{each}.name" for each in CODED}
"""Under what the name of a chosen code is kept beside it: nobody reads codes."""
OPTIONAL = frozenset({"enterprise_code", "last_day", "level", "number", *CODED})
"""Fields that may stay empty beside others."""
PAIRS = (("first_day", "last_day"), ("first_month", "last_month"))
SEVERAL = "several"
"""When several things are wrong, the form begins with what the book says."""
LONGEST_VALUE = 200
LONGEST_WORDS = 2_000
_CODE_DIGITS = frozenset({10, 13})


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that can be wrong: what is asked for, and the fields to be filled in."""

    code: str
    kind: str
    ask: str
    fields: tuple[str, ...] = ()
    claimed: Mapping[str, str] = field(default_factory=dict)
    """What is claimed without being typed."""


_JOB = ("employer", "enterprise_code", "position", "first_day", "last_day")
_STUDY = ("kind", "field", "level", "issuer", "issued_on", "number")
WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "employment": (
        Wrong("never", "employment", "remove"),
        Wrong("first_day", "employment", "change", ("first_day",)),
        Wrong("last_day", "employment", "change", ("last_day",)),
        Wrong("running", "employment", "change", (), {"last_day": ""}),
        Wrong("position", "employment", "change", ("position",)),
        Wrong("employer", "employment", "change", ("employer", "enterprise_code")),
        Wrong("occupation", "employment", "change", ("occupation_code",)),
        Wrong("workplace", "employment", "change", ("workplace",)),
        Wrong("contract", "employment", "change", ("contract_kind",)),
        Wrong("months", "insurance", "change", ("first_month", "last_month", "status")),
        Wrong(SEVERAL, "employment", "change", _JOB),
    ),
    "insurance": (Wrong("months", "insurance", "change", ("first_month", "last_month", "status")),),
    "qualification": (
        Wrong("never", "qualification", "remove"),
        Wrong("field", "qualification", "change", ("field", "level")),
        Wrong("issuer", "qualification", "change", ("issuer",)),
        Wrong("paper", "qualification", "change", ("issued_on", "number")),
    ),
    "missing-job": (Wrong("missing", "employment", "add", (*_JOB, *CODED)),),
    "missing-study": (Wrong("missing", "qualification", "add", _STUDY),),
}
"""By what was tapped: everything that can be said to be wrong with it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What has been written so far; it is kept on the device until it is handed in."""

    subject: str
    """A key of ``WRONGS``."""
    number: int | None
    """Of the line, in that version of the book; None for what is missing."""
    version: int
    code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """By field, as typed."""
    words: str = ""
    case_id: str = ""
    """Of the draft at the server, once there is one."""
    saved_at: str = ""

    @property
    def wrong(self) -> Wrong | None:
        return next((each for each in WRONGS[self.subject] if each.code == self.code), None)

    def body(self, current: Mapping[str, str]) -> dict[str, Any]:
        """Return what the interface is asked for; fields that read as before are left out."""
        wrong = self.wrong
        assert wrong is not None
        typed = {name: wire(name, self.values.get(name, "")) for name in wrong.fields}
        if wrong.kind != "insurance":
            typed = {name: each for name, each in typed.items() if each != current.get(name, "")}
        return {
            "kind": wrong.kind,
            "ask": wrong.ask,
            "version": None if self.number is None else self.version,
            "line": self.number,
            "claimed": {**wrong.claimed, **typed},
            "words": self.words.strip(),
        }

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def draft_of(text: str | None) -> Draft | None:
    """Return a draft that was kept; None if there is none that can be read."""
    try:
        draft = Draft(**json.loads(text or ""))
    except (TypeError, ValueError):
        return None
    return draft if draft.subject in WRONGS else None


def current_of(book: Book, subject: str, number: int | None) -> dict[str, str] | None:
    """Return what the book says now, by field; None if there is no such line."""
    if number is None:
        return {}
    if subject == "qualification":
        found: Employment | Qualification | None = (
            book.qualifications[number - 1] if 0 < number <= len(book.qualifications) else None
        )
    else:
        found = next((each for each in book.employments if each.no == number), None)
    if found is None:
        return None
    names = {name for each in WRONGS[subject] for name in (*each.fields, *each.claimed)}
    return {name: str(getattr(found, name, None) or "") for name in names}


def given_of(params: Mapping[str, str]) -> dict[str, str]:
    """Return what an address hands over to the form about months of insurance, as it is typed."""
    given = {f"{name}_month": typed_of(f"{name}_month", params.get(name, "")) for name in
             ("first", "last")}  # fmt: skip
    status = params.get("status", "")
    given["status"] = status if status in CHOSEN["status"] else ""
    return {name: value for name, value in given.items() if value}


def offered(subject: str, current: Mapping[str, str]) -> tuple[Wrong, ...]:
    """Return what can be said to be wrong with this line; what makes no sense is left out."""
    return tuple(
        each
        for each in WRONGS[subject]
        if not (each.code == "running" and not current.get("last_day"))
    )


def wire(name: str, typed: str) -> str:
    """Return a typed value as the interface takes it: days and months the other way round."""
    text = typed.strip()
    if name in DAYS | MONTHS and text:
        parts = text.replace("-", "/").replace(".", "/").split("/")
        return "-".join(part.strip().zfill(2) for part in reversed(parts))
    return "".join(text.split()) if name == "enterprise_code" else " ".join(text.split())


def typed_of(name: str, value: str) -> str:
    """Return a value of the interface as a person would type it."""
    return shown.partial(value) if name in DAYS | MONTHS and value else value


def mistakes(draft: Draft, current: Mapping[str, str], today: date) -> dict[str, str]:
    """Return, by field, the key of what is wrong with what was typed; empty if nothing is."""
    wrong = draft.wrong
    assert wrong is not None
    found = {
        name: key
        for name in wrong.fields
        if (key := _mistake(wrong, name, draft.values.get(name, ""), today)) is not None
    }
    if not found and wrong.ask == "change" and wrong.fields:
        body = draft.body(current)
        if not body["claimed"]:
            found[wrong.fields[0]] = "correct.wrong.same"
    for first, last in PAIRS:
        if {first, last} <= set(wrong.fields) and not {first, last} & found.keys():
            ends = wire(last, draft.values.get(last, ""))
            if ends and ends < wire(first, draft.values.get(first, ""))[: len(ends)]:
                found[last] = "correct.wrong.order"
    if len(draft.words) > LONGEST_WORDS:
        found["words"] = "correct.wrong.long"
    return found


def _mistake(wrong: Wrong, name: str, typed: str, today: date) -> str | None:
    value = wire(name, typed)
    if not value:
        if name in OPTIONAL and len(wrong.fields) > 1:
            return None
        return "correct.wrong.choose" if name in CODED else "correct.wrong.empty"
    if len(value) > LONGEST_VALUE:
        return "correct.wrong.long"
    if name in DAYS | MONTHS:
        return _mistake_in_date(value, today, is_month=name in MONTHS)
    if name == "enterprise_code":
        digits = value.replace("-", "")
        right = digits.isascii() and digits.isdigit() and len(digits) in _CODE_DIGITS
        return None if right else "correct.wrong.code"
    return None


def _mistake_in_date(value: str, today: date, *, is_month: bool) -> str | None:
    parts = value.split("-")
    lengths = [4, 2] if is_month else [4, 2, 2][: len(parts)]
    kind = "correct.wrong.month" if is_month else "correct.wrong.day"
    if [len(each) for each in parts] != lengths or not all(map(_is_number, parts)):
        return kind
    year, month, day = (*map(int, parts), 1, 1)[:3]
    try:
        begins = date(year, month, day)
    except ValueError:
        return kind
    return "correct.wrong.future" if begins > today else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def kept(draft: Draft, at: datetime) -> Draft:
    """Return a draft as it is kept, with when that was."""
    return replace(draft, saved_at=at.isoformat())
