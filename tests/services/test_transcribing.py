from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from labour_book.documents.scan import LARGEST_FILE, page_scan
from labour_book.errors import Conflict, Invalid
from labour_book.services import access, transcribing
from labour_book.services.access import NotFoundForCaller, Role
from labour_book.services.installation import Installation
from labour_book.services.likeness import OwnRecord
from labour_book.services.transcribing import Line, LinesRefused, Page, SecondPersonNeeded
from tests.services import shares
from tests.services.desk import Desk, official, opened_desk

LINE = Line("Nhà máy Dệt số 3", "Thợ dệt", "1994-03", "1996-03")


def picture(width: int = 900, height: int = 1300, kind: str = "PNG") -> bytes:
    written = BytesIO()
    Image.new("RGB", (width, height), "beige").save(written, kind)
    return written.getvalue()


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return opened_desk(inst, now, people=1)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return opened_desk(sqlite_inst, now, people=1)


def scanned(desk: Desk, now: datetime) -> UUID:
    with access.deed(desk.inst.engine) as db:
        return transcribing.keep_scan(
            db,
            desk.inst,
            desk.collector,
            desk.people[0],
            page_ref="01-273185/tr.6",
            content=picture(),
            now=now,
        )


def transcribed(desk: Desk, now: datetime, *lines: Line) -> UUID:
    page = scanned(desk, now)
    with access.deed(desk.inst.engine) as db:
        transcribing.transcribe(db, desk.inst, desk.collector, page, lines or [LINE], now=now)
    return page


def opened(desk: Desk, page: UUID, now: datetime) -> Page:
    with access.deed(desk.inst.engine) as db:
        return transcribing.open_page(db, desk.inst, desk.colleague, page, now=now)


class TestKeepScan:
    def test_keeps_the_picture_sealed(self, desk: Desk, now: datetime) -> None:
        page = scanned(desk, now)
        with access.deed(desk.inst.engine) as db:
            shown = transcribing.picture_of(db, desk.inst, desk.colleague, page, now=now)

        assert shown.startswith(b"\xff\xd8")
        assert [each["outcome"] for each in shares.traces(desk.inst, "paper.keep")] == [
            "scanned",
            "seen",
        ]
        assert opened(desk, page, now).lines == []

    def test_is_not_for_units_elsewhere_or_the_own_book(self, small: Desk, now: datetime) -> None:
        person = small.people[0]
        own = official(small.inst, Role.COLLECTOR, "UB-00070", now, person_id=person)
        for caller, refused in ((small.elsewhere, NotFoundForCaller), (own, OwnRecord)):
            with pytest.raises(refused), access.deed(small.inst.engine) as db:
                transcribing.keep_scan(
                    db, small.inst, caller, person, page_ref="1", content=picture(), now=now
                )


class TestTranscribe:
    def test_says_which_line_cannot_be_recorded(self, small: Desk, now: datetime) -> None:
        with pytest.raises(LinesRefused) as refused:
            transcribed(small, now, LINE, Line("X", "Y", "1996-05", "1994-01"))

        (wrong,) = refused.value.wrong
        assert wrong.line == 2
        assert wrong.told[0].message_vi

    def test_happens_once(self, desk: Desk, now: datetime) -> None:
        page = transcribed(desk, now)

        with pytest.raises(Conflict), access.deed(desk.inst.engine) as db:
            transcribing.transcribe(db, desk.inst, desk.colleague, page, [LINE], now=now)


class TestCheckRight:
    def test_records_what_two_people_vouch_for(self, desk: Desk, now: datetime) -> None:
        page = transcribed(desk, now)
        with access.deed(desk.inst.engine) as db:
            (receipt,) = transcribing.check_right(db, desk.inst, desk.colleague, page, now=now)

        assert receipt.outcome == "created"
        assert receipt.person_id == desk.people[0]
        done = opened(desk, page, now).on_file
        assert (done.state, done.checked_by) == ("recorded", desk.colleague.id)

    def test_needs_a_second_person(self, desk: Desk, now: datetime) -> None:
        page = transcribed(desk, now)

        with pytest.raises(SecondPersonNeeded), access.deed(desk.inst.engine) as db:
            transcribing.check_right(db, desk.inst, desk.collector, page, now=now)
        with pytest.raises(SecondPersonNeeded), access.deed(desk.inst.engine) as db:
            transcribing.send_back(db, desk.collector, page, "sai", now=now)

    def test_happens_once(self, desk: Desk, now: datetime) -> None:
        page = transcribed(desk, now)
        with access.deed(desk.inst.engine) as db:
            transcribing.check_right(db, desk.inst, desk.colleague, page, now=now)

        with pytest.raises(Conflict), access.deed(desk.inst.engine) as db:
            transcribing.check_right(db, desk.inst, desk.approver, page, now=now)


class TestSendBack:
    def test_lets_the_page_be_transcribed_again_from_what_was_read(
        self, desk: Desk, now: datetime
    ) -> None:
        page = transcribed(desk, now)
        with access.deed(desk.inst.engine) as db:
            transcribing.send_back(db, desk.colleague, page, "Sai tháng", now=now)

        back = opened(desk, page, now)
        assert back.on_file.state == "scanned"
        assert back.on_file.note == "Sai tháng"
        assert back.lines == [LINE]


class TestPages:
    def test_wait_in_the_unit_and_above(self, desk: Desk, now: datetime) -> None:
        page = scanned(desk, now)
        with access.deed(desk.inst.engine) as db:
            for caller in (desk.collector, desk.approver, desk.ministry):
                (found,) = transcribing.pages(db, caller, now=now)
                assert found.id == page
            assert transcribing.pages(db, desk.elsewhere, now=now) == []


class TestPageScan:
    def test_is_no_larger_than_reading_needs(self) -> None:
        with Image.open(BytesIO(page_scan(picture(3000, 4000)))) as made:
            assert made.size == (1800, 2400)
            assert made.format == "JPEG"

    @pytest.mark.parametrize(
        "content", [b"no picture", b"", picture(300, 400), bytes(LARGEST_FILE + 1)]
    )
    def test_refuses_what_nobody_could_read(self, content: bytes) -> None:
        with pytest.raises(Invalid):
            page_scan(content)
