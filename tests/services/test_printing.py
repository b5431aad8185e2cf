import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

import signing
from labour_book.database import reading
from labour_book.documents import Issuer, render_book_pdf
from labour_book.domain.book import claims
from labour_book.errors import Conflict, NotFound, Unavailable
from labour_book.queries import versions
from labour_book.queries.rows import table_of
from labour_book.services import keys, printing, verifying
from labour_book.services.access import (
    Caller,
    NotFoundForCaller,
    Role,
    deed,
    open_credential,
    operator,
)
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.verifying import BOOK_CREDENTIAL, BOOK_JSON, record_in
from labour_book.tables import BookVersion, EmployerName
from signing import Use
from tests.services import people

OPERATOR = operator("test")
WORKER = Caller("worker", "w1", "", Role.WORKER, person_id=people.person_id(1))
DAY = timedelta(days=1)


def issue(inst: Installation, now: datetime) -> None:
    with deed(inst.engine) as db:
        issue_book(db, inst, people.person_id(), by=OPERATOR, now=now)


@pytest.fixture
def issued(sqlite_inst: Installation, now: datetime) -> Installation:
    people.add_people(sqlite_inst.engine)
    issue(sqlite_inst, now)
    return sqlite_inst


def printed(inst: Installation, now: datetime, *, whole: bool = False) -> bytes:
    with deed(inst.engine) as db:
        return printing.pdf_of(
            db,
            inst,
            WORKER,
            people.person_id(),
            purpose="",
            now=now,
            whole_personal_id=whole,
        )


def inside(inst: Installation, pdf: bytes, now: datetime) -> dict[str, bytes]:
    with reading(inst.engine) as db:
        bundle = keys.trust_bundle(db, inst, now)
    return dict(signing.verify_pdf(pdf, bundle, now).attachments)


def states(inst: Installation, pdf: bytes, now: datetime) -> list[str]:
    with deed(inst.engine) as db:
        checked = verifying.verify_document(db, inst, pdf, now=now)
    return [each.reason for each in (checked.genuine, checked.current, checked.issuer)]


class TestPdfOf:
    def test_is_sealed_and_verifies(self, issued: Installation, now: datetime) -> None:
        pdf = printed(issued, now)

        assert states(issued, pdf, now) == ["OK", "OK", "OK"]

    def test_holds_the_claims_without_pay_and_id(self, issued: Installation, now: datetime) -> None:
        files = inside(issued, printed(issued, now), now)

        assert set(files) == {BOOK_JSON, BOOK_CREDENTIAL}
        record = json.loads(files[BOOK_JSON])
        assert "personal_id" not in record["worker"]
        assert "wage_base_vnd" not in record["employments"][0]
        assert record["employments"][0]["contract_id"] == "HD-00000001"

    def test_holds_the_id_when_asked_but_never_pay(
        self, issued: Installation, now: datetime
    ) -> None:
        pdf = printed(issued, now, whole=True)

        record = json.loads(inside(issued, pdf, now)[BOOK_JSON])
        assert record["worker"]["personal_id"] == people.personal_id()
        assert "wage_base_vnd" not in record["employments"][0]
        assert states(issued, pdf, now) == ["OK", "OK", "OK"]

    def test_with_any_changed_byte_is_not_genuine(
        self, issued: Installation, now: datetime
    ) -> None:
        pdf = printed(issued, now)

        for place in range(0, len(pdf), len(pdf) // 25):
            changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
            with deed(issued.engine) as db:
                checked = verifying.verify_document(db, issued, changed, now=now)
            assert checked.genuine.state != "yes"
            assert checked.claims is None

    def test_says_superseded_after_a_correction(self, issued: Installation, now: datetime) -> None:
        pdf = printed(issued, now)
        people.add_diploma(issued.engine, people.person_id(), 1, at=now + DAY)
        issue(issued, now + DAY)

        assert states(issued, pdf, now + DAY) == ["OK", "SUPERSEDED", "OK"]

    def test_of_another_version_inside_a_seal_of_ours_is_found(
        self, issued: Installation, now: datetime
    ) -> None:
        credential = signing.disclose(_credential(issued, now), lambda path: path[-1] == "book_no")
        for files, reason in (
            ({BOOK_JSON: b"{}", BOOK_CREDENTIAL: credential.encode()}, "ATTACHMENT_DIFFERS"),
            ({BOOK_JSON: b"{}"}, "ATTACHMENT_MISSING"),
        ):
            pdf = _sealed_with(issued, files, now)

            assert states(issued, pdf, now)[0] == reason

    def test_with_a_withdrawn_seal_key_is_not_believed(
        self, issued: Installation, now: datetime
    ) -> None:
        pdf = printed(issued, now)
        kid = issued.key_ring.signer(Use.PDF).kid
        with deed(issued.engine) as db:
            keys.withdraw(db, kid, revoked_from=now, by=OPERATOR, now=now)

        assert states(issued, pdf, now) == ["OK", "NOT_CHECKED", "KEY_WITHDRAWN"]

    def test_without_a_key_is_unavailable(self, issued: Installation, now: datetime) -> None:
        ring = replace(issued.key_ring, signers={})

        with pytest.raises(Unavailable):
            printed(replace(issued, key_ring=ring), now)

    def test_of_others_is_not_found(self, issued: Installation, now: datetime) -> None:
        other = replace(WORKER, person_id=people.person_id(2))

        with pytest.raises(NotFoundForCaller), deed(issued.engine) as db:
            printing.pdf_of(db, issued, other, people.person_id(), purpose="", now=now)

    def test_of_a_version_never_issued_is_not_found(
        self, issued: Installation, now: datetime
    ) -> None:
        with pytest.raises(NotFound), deed(issued.engine) as db:
            printing.pdf_of(db, issued, WORKER, people.person_id(), purpose="", now=now, version=2)

    def test_of_an_altered_row_is_a_conflict(self, issued: Installation, now: datetime) -> None:
        with issued.engine.begin() as connection:
            connection.execute(sa.update(table_of(BookVersion)).values(credential=bytes(64)))

        with pytest.raises(Conflict):
            printed(issued, now)


class TestRebuilt:
    def test_gives_every_old_version_to_the_byte(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)
        issue(inst, now)
        people.add_diploma(inst.engine, people.person_id(), 1, at=now + DAY)
        issue(inst, now + DAY)
        people.void_employment(inst.engine, 1, at=now + 2 * DAY)
        issue(inst, now + 2 * DAY)

        for number in (1, 2, 3):
            with reading(inst.engine) as db:
                version = versions.signed_version(db, people.person_id(), number)
                assert version is not None
                record = record_in(signing.read_disclosed(_credential(inst, now, number)))
                book = printing.rebuilt(db, inst, version, record)
            assert book is not None
            again = claims(book) | {
                name: record[name] for name in ("version", "prev_sha256") if name in record
            }
            assert signing.canonical_json(again) == signing.canonical_json(record)

    def test_is_told_when_the_past_was_changed_and_what_was_signed_is_printed(
        self, issued: Installation, now: datetime
    ) -> None:
        with issued.engine.begin() as connection:
            connection.execute(sa.update(table_of(EmployerName)).values(name="Another name"))

        with deed(issued.engine) as db:
            found = printing.printable_of(
                db, issued, WORKER, people.person_id(), purpose="", now=now
            )

        (entry,) = found.book.employments
        assert (entry.employer, entry.sources) == ("Công ty Cổ phần Thép Hồng Hà", ())
        pdf = printing.print_book(issued, found, now=now)
        assert states(issued, pdf, now) == ["OK", "OK", "OK"]


def _credential(inst: Installation, now: datetime, version: int | None = None) -> str:
    with deed(inst.engine) as db:
        return open_credential(
            db, inst, OPERATOR, people.person_id(), purpose="", now=now, version=version
        )


def _sealed_with(inst: Installation, files: dict[str, bytes], now: datetime) -> bytes:
    with deed(inst.engine) as db:
        found = printing.printable_of(db, inst, WORKER, people.person_id(), purpose="", now=now)
    pages = render_book_pdf(
        found.book,
        issuer=Issuer("A", "B", "C"),
        version=1,
        issued_on=now.date(),
        verify_url="https://so.example.vn/v/X",
        lookup_code="X",
        attachments=files,
    )
    return signing.seal_pdf(pages, inst.key_ring.signer(Use.PDF), reason="test", now=now)
