from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

import signing
from labour_book.documents.photo import HEIGHT, WIDTH
from labour_book.domain.cv_lines import Contact, Section
from labour_book.domain.europass import to_europass
from labour_book.domain.own_cv import Choices, OwnCv, OwnLine
from labour_book.errors import Invalid, NotFound
from labour_book.queries import own_cv as queries
from labour_book.services import cv_printing, own_cv
from labour_book.services.access import open_credential
from labour_book.services.callers import Action, Caller, Role
from labour_book.services.cv_printing import PrintableCv
from labour_book.services.installation import Installation
from labour_book.services.own_cv import CvChanged, CvPage
from labour_book.services.permission import DeniedToRole, LevelTooLow, deed
from tests.documents import reading
from tests.services import people, shares
from tests.services.shares import OTHER, WORKER

SKILL = OwnLine("", Section.SKILLS, "Lái xe nâng", text="Bí mật 4711")
JOB = OwnLine("", Section.WORK, "Thợ may tại nhà", first_day="2009", last_day="2012")
NOT_VERIFIED = "tự khai, chưa xác thực"


def page(inst: Installation, now: datetime, caller: Caller = WORKER) -> CvPage:
    with deed(inst.engine) as db:
        return own_cv.cv_page(db, inst, caller, now=now)


def save(inst: Installation, revision: int, choices: Choices, now: datetime) -> CvPage:
    with deed(inst.engine) as db:
        return own_cv.save_choices(db, inst, WORKER, revision, choices, now=now)


def add(inst: Installation, line: OwnLine, now: datetime, caller: Caller = WORKER) -> CvPage:
    with deed(inst.engine) as db:
        return own_cv.add_line(db, inst, caller, line, now=now)


def printable(inst: Installation, now: datetime) -> PrintableCv:
    with deed(inst.engine) as db:
        return cv_printing.cv_of(db, inst, WORKER, people.person_id(), purpose="", now=now)


def picture(kind: str = "JPEG") -> bytes:
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    Image.new("RGB", (600, 800), "red").save(written, kind, exif=exif)
    return written.getvalue()


def stored(inst: Installation, table: str) -> list[sa.Row[tuple[object, ...]]]:
    with inst.engine.connect() as connection:
        return list(connection.execute(sa.text(f"SELECT * FROM {table}")))


class TestCvPage:
    def test_offers_the_lines_of_the_book_before_anything_was_chosen(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)

        found = page(inst, now)

        assert (found.revision, found.choices, found.has_photo) == (0, Choices(), False)
        assert [(each.line.title, each.shown, each.own) for each in found.lines] == [
            ("Thợ hàn", True, False),
            ("Hàn", True, False),
        ]

    def test_needs_a_book(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine, 1)

        with pytest.raises(NotFound):
            page(sqlite_inst, now)

    def test_is_the_owners(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now, 2)
        add(sqlite_inst, SKILL, now)
        official = Caller("official", "o", "", Role.APPROVER, unit_code="BNV")

        assert not any(each.own for each in page(sqlite_inst, now, OTHER).lines)
        with pytest.raises(DeniedToRole):
            page(sqlite_inst, now, official)


class TestOwnLines:
    def test_are_added_changed_and_removed(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        (added,) = [each.line for each in add(inst, SKILL, now).lines if each.own]

        with deed(inst.engine) as db:
            changed = replace(SKILL, line_id=added.ref, title="Lái xe tải")
            titles = own_cv.change_line(db, inst, WORKER, changed, now=now)
        with deed(inst.engine) as db:
            without = own_cv.remove_line(db, inst, WORKER, added.ref, now=now)

        assert [each.line.title for each in titles.lines if each.own] == ["Lái xe tải"]
        assert not any(each.own for each in without.lines)
        assert without.revision == 3

    def test_carry_no_mark_of_being_verified(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)

        own = [each.line for each in add(inst, JOB, now).lines if each.own]

        assert [(each.verified, each.assurance) for each in own] == [(False, None)]

    def test_are_sealed_where_they_lie(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        add(inst, SKILL, now)

        (row,) = stored(inst, "own_cv")

        assert b"4711" not in bytes(row.sealed)  # type: ignore[attr-defined]  # a column
        assert "4711" not in str(row)

    def test_do_not_get_into_the_signed_credential(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = shares.issued(sqlite_inst, now)
        add(sqlite_inst, SKILL, now)
        shares.issue(sqlite_inst, person, now)

        with deed(sqlite_inst.engine) as db:
            token = open_credential(db, sqlite_inst, WORKER, person, purpose="", now=now)

        assert "4711" not in str(signing.read_disclosed(token))

    def test_leave_nothing_behind_when_they_are_refused(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(Invalid):
            add(sqlite_inst, replace(SKILL, title=""), now)
        assert stored(sqlite_inst, "own_cv") == []

    def test_need_a_strong_sign_in(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(LevelTooLow):
            add(sqlite_inst, SKILL, now, replace(WORKER, level=1))
        assert len(page(sqlite_inst, now, replace(WORKER, level=1)).lines) == 2


class TestSaveChoices:
    def test_is_refused_on_a_page_that_is_no_longer_the_newest(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        first = save(inst, 0, Choices(headline="Thợ hàn"), now)

        with pytest.raises(CvChanged):
            save(inst, 0, Choices(headline="Khác"), now)

        assert first.revision == 1
        assert page(inst, now).choices.headline == "Thợ hàn"

    def test_takes_one_of_two_that_were_made_of_the_same_page(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = shares.issued(inst, now)

        with deed(inst.engine) as db:
            taken = [
                queries.save_cv(db, inst.vault, person, OwnCv(), revision=revision, now=now)
                for revision in (0, 0, 1, 1, 2)
            ]

        assert taken == [True, False, True, False, True]

    def test_traces_each_change(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = shares.issued(sqlite_inst, now)
        save(sqlite_inst, 0, Choices(headline="Bí mật 4711"), now)

        (row,) = shares.traces(sqlite_inst, Action.CV_CHANGE)

        assert row["person_id"] == person
        assert "4711" not in str(row)


class TestPhoto:
    def test_is_written_anew_and_sealed(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        with deed(inst.engine) as db:
            own_cv.put_photo(db, inst, WORKER, picture("PNG"), now=now)
        with deed(inst.engine) as db:
            own_cv.put_photo(db, inst, WORKER, picture(), now=now)

        with deed(inst.engine) as db:
            jpeg = own_cv.photo(db, inst, WORKER, now=now)
        (row,) = stored(inst, "cv_photo")
        with Image.open(BytesIO(jpeg)) as small:
            assert (small.format, small.size) == ("JPEG", (WIDTH, HEIGHT))
            assert not small.getexif()
        assert b"JFIF" not in bytes(row.sealed)  # type: ignore[attr-defined]  # a column
        assert page(inst, now).has_photo

    def test_is_gone_once_it_is_removed(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        with deed(inst.engine) as db:
            own_cv.put_photo(db, inst, WORKER, picture(), now=now)
        with deed(inst.engine) as db:
            own_cv.remove_photo(db, WORKER, now=now)

        assert stored(inst, "cv_photo") == []
        with pytest.raises(NotFound), deed(inst.engine) as db:
            own_cv.photo(db, inst, WORKER, now=now)
        with pytest.raises(NotFound), deed(inst.engine) as db:
            own_cv.remove_photo(db, WORKER, now=now)

    def test_is_refused_if_it_is_none(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            own_cv.put_photo(db, sqlite_inst, WORKER, b"%PDF-", now=now)


class TestCvOf:
    def test_has_the_lines_of_the_book_and_where_to_check_them(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)

        cv = printable(inst, now).cv

        assert [line.title for line in cv.lines] == ["Thợ hàn", "Hàn"]
        assert cv.verify_at is not None
        assert cv.verify_at.startswith("https://so.example.vn/v/")

    def test_is_as_its_owner_wants_it(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        found = add(inst, JOB, now)
        diploma = next(each.line.ref for each in found.lines if each.line.title == "Hàn")
        contact = Contact("a@b.vn", "0912 345 678")
        save(inst, found.revision, Choices("Thợ", "Quen việc", contact, (diploma,)), now)

        cv = printable(inst, now).cv

        assert [(each.title, each.verified) for each in cv.lines] == [
            ("Thợ hàn", True),
            ("Thợ may tại nhà", False),
        ]
        assert (cv.headline, cv.summary, cv.contact) == ("Thợ", "Quen việc", contact)
        assert NOT_VERIFIED in str(to_europass(cv))

    def test_prints_the_photo_unless_it_is_not_wanted(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            own_cv.put_photo(db, sqlite_inst, WORKER, picture(), now=now)

        assert printable(sqlite_inst, now).photo is not None
        save(sqlite_inst, 0, Choices(with_photo=False), now)
        assert printable(sqlite_inst, now).photo is None

    def test_is_printed_and_previewed_alike(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        add(sqlite_inst, JOB, now)
        found = printable(sqlite_inst, now)

        text = reading.flat(cv_printing.print_cv(found, now=now))
        with Image.open(BytesIO(cv_printing.preview_of(found, now=now))) as shown:
            width, height = shown.size
            codes = reading.qr_codes(shown.convert("RGB"))

        assert "Thợ may tại nhà" in text
        assert NOT_VERIFIED in text
        assert height / width == pytest.approx(297 / 210, rel=0.01)
        assert codes == [found.cv.verify_at]
        with pytest.raises(NotFound):
            cv_printing.preview_of(found, page=9, now=now)
