"""What callers do in the soak: a deed is one or a few requests behind one another."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from _soak_traffic import Caller

from tests.services import people

PURPOSE = "soak"
LEAST_LOOKS = 400
SHARE_VIEWS = 40


def act(caller: Caller, due: float | None = None) -> None:
    """Do one deed, drawn by its weight; latency counts from when it was due."""
    (name,) = caller.draw.choices(NAMES, WEIGHTS)
    if due is not None:
        caller.is_due(due)
    DEEDS[name].do(caller)


def verify_page(caller: Caller) -> None:
    caller.ask("verify page", "GET", f"/v/{caller.reader().code}")


def verify_json(caller: Caller) -> None:
    body = {"credential": caller.draw.choice(caller.traffic.credentials)}
    caller.ask("verify", "POST", "/verify", body=body)


def own_book(caller: Caller) -> None:
    caller.ask("own book", "GET", "/me/book", headers=caller.reader().headers)


def book_for_official(caller: Caller) -> None:
    by = caller.draw.choice(caller.traffic.callers.approvers)
    path = f"/workers/{caller.reader().person}/book?purpose={PURPOSE}"
    caller.ask("book for an official", "GET", path, headers=by)


def book_as_pdf(caller: Caller) -> None:
    caller.ask("PDF", "GET", "/me/book.pdf", headers=caller.reader().headers)


def status_list(caller: Caller) -> None:
    caller.ask("status list", "GET", "/status/1", headers={"Accept-Encoding": "gzip"})


def key_set(caller: Caller) -> None:
    caller.ask("keys", "GET", "/jwks")


def notices(caller: Caller) -> None:
    caller.ask("notices", "GET", "/me/notices?limit=20", headers=caller.reader().headers)


def queue(caller: Caller) -> None:
    by = caller.draw.choice(caller.traffic.callers.approvers)
    caller.ask("queue", "GET", "/corrections?limit=20", headers=by)


def share(caller: Caller) -> None:
    form = {"preset": "GENERAL", "audience": "anyone", "purpose": PURPOSE, "max_views": SHARE_VIEWS}
    by = caller.reader().headers
    made = caller.ask("share", "POST", "/me/shares", headers=by, body=form, repeats=False)
    if made is not None:
        with caller.traffic.lock:
            caller.traffic.ledger.shares.append(made["share_id"])
            looks = [(made["code"], made["share_id"])] * SHARE_VIEWS
            caller.traffic.open_shares.extend(looks)


def open_share(caller: Caller) -> None:
    with caller.traffic.lock:
        looks = caller.traffic.open_shares
        at = caller.draw.randrange(len(looks)) if len(looks) > LEAST_LOOKS else None
        if at is not None:  # some share or other: one share is not opened by all at once
            looks[at], looks[-1] = looks[-1], looks[at]
            look = looks.pop()
    if at is None:
        share(caller)
        return
    code, share_id = look
    form = {"code": code}
    shown = caller.ask("share opened", "POST", "/shares/open", body=form, repeats=False)
    if shown is not None:
        with caller.traffic.lock:
            caller.traffic.ledger.views[share_id] += 1


def file_hire(caller: Caller) -> None:
    """Declare a hire; sent twice under one key it is filed once."""
    number = caller.traffic.next_of(caller.traffic.hired)
    if number is None:
        own_book(caller)
        return
    key = str(uuid4())
    form = {
        "kind": "hire",
        "worker": {
            "personal_id": people.personal_id(number),
            "full_name": f"Nguyễn Thị Số {number}",
            "birth_date": "1990-05-17",
        },
        "first_day": "2026-11-02",
        "position": "Kế toán viên",
        "contract_kind": "INDEFINITE",
    }
    by = {**caller.draw.choice(caller.traffic.callers.employers), "Idempotency-Key": key}
    made = caller.ask("declaration", "POST", "/filings", headers=by, body=form)
    if made is not None:
        with caller.traffic.lock:
            caller.traffic.ledger.filed[key] = made["filing_id"]


def correct(caller: Caller) -> None:
    """Ask for a correction, hand it in, and let an official decide it: a new version follows."""
    someone = caller.traffic.next_of(caller.traffic.askers)
    if someone is None:
        own_book(caller)
        return
    ledger, lock = caller.traffic.ledger, caller.traffic.lock
    form = {
        "kind": "employment",
        "ask": "change",
        "version": 1,
        "line": 1,
        "claimed": {"first_day": "2021-03-01"},
        "words": "Tôi vào làm từ đầu tháng 3.",
    }
    mine = someone.headers
    begun = caller.ask(
        "correction begun", "POST", "/me/corrections", headers=mine, body=form, repeats=False
    )
    if begun is None:
        return
    case = begun["line"]["case_id"]
    with lock:
        ledger.cases.append(case)
    path = f"/me/corrections/{case}/submission"
    keyed = {**mine, "Idempotency-Key": str(uuid4())}
    if caller.ask("correction handed in", "POST", path, headers=keyed) is None:
        return
    with lock:
        ledger.submitted.append(case)
    verdict = {"outcome": "approved", "reason_code": "EVIDENCE_CONVINCES", "words": "Rõ."}
    by = {**caller.draw.choice(caller.traffic.callers.approvers), "Idempotency-Key": str(uuid4())}
    path = f"/corrections/{case}/decision"
    if caller.ask("correction decided", "POST", path, headers=by, body=verdict) is not None:
        with lock:
            ledger.decided.append(case)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something callers do, how often of a thousand, and how many requests it is."""

    do: Callable[[Caller], None]
    weight: int
    requests: int = 1


DEEDS = {
    "verify page": Deed(verify_page, 300),
    "verify": Deed(verify_json, 150),
    "own book": Deed(own_book, 120),
    "book for an official": Deed(book_for_official, 80),
    "share opened": Deed(open_share, 100),
    "notices": Deed(notices, 70),
    "status list": Deed(status_list, 60),
    "keys": Deed(key_set, 50),
    "queue": Deed(queue, 20),
    "share": Deed(share, 6),
    "declaration": Deed(file_hire, 12),
    "correction": Deed(correct, 6, requests=3),
    "PDF": Deed(book_as_pdf, 2),
}
NAMES = list(DEEDS)
WEIGHTS = [each.weight for each in DEEDS.values()]
PER_DEED = sum(each.weight * each.requests for each in DEEDS.values()) / sum(WEIGHTS)
"""Requests of a deed on average."""
