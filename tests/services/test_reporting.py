"""Reports: two officials, numbers that stay, files that are made again byte for byte."""

import io
import json
from datetime import date, datetime, timedelta
from uuid import UUID

import openpyxl
import pypdfium2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from labour_book.database import transaction
from labour_book.domain.notices import NoticeKind
from labour_book.domain.reports import TRANSITIONS, ReportState, ReportStep
from labour_book.errors import Invalid, NotFound
from labour_book.services import report_due, report_files, reporting
from labour_book.services.access import Caller, DeniedToRole, NotFoundForCaller
from labour_book.services.installation import Installation
from labour_book.services.report_due import Entry
from labour_book.services.reporting import OwnReport, ReportMovedOn
from labour_book.tables import Notice
from signing.pyhanko_calls import asn1
from tests.services import checks
from tests.services import coverage as c

DAY = timedelta(days=1)
WORDS = "Đề nghị hỗ trợ lao động tự do.\n=1+1"


@pytest.fixture
def country(sqlite_inst: Installation, now: datetime) -> Installation:
    c.add_country(sqlite_inst)
    c.count(sqlite_inst, now)
    c.supply(sqlite_inst, now, ("VN", 18), ("01", 12))
    return sqlite_inst


def begun(inst: Installation, now: datetime, by: Caller = c.COUNTING) -> UUID:
    with transaction(inst.engine) as db:
        return reporting.begin(db, inst, by, "asked", c.QUARTER, now=now)


def sent(inst: Installation, now: datetime) -> UUID:
    report_id = begun(inst, now)
    with transaction(inst.engine) as db:
        reporting.write(db, inst, c.COUNTING, report_id, revision=0, words=WORDS, now=now)
        reporting.send(db, c.COUNTING, report_id, revision=1, now=now)
    return report_id


def approved(inst: Installation, now: datetime) -> UUID:
    report_id = sent(inst, now)
    with transaction(inst.engine) as db:
        reporting.approve(db, c.APPROVING, report_id, revision=2, now=now)
    return report_id


def taken(inst: Installation, report_id: UUID, form: report_files.Form, now: datetime) -> bytes:
    with transaction(inst.engine) as db:
        return report_files.take(db, c.COUNTING, report_id, form, now=now).content


class TestTransitions:
    def test_know_every_step_and_lead_to_every_state_there_is(self) -> None:
        reached = {state for _, state in TRANSITIONS.values()} | {ReportState.NOT_BEGUN}

        assert set(TRANSITIONS) == set(ReportStep)
        assert reached == set(ReportState)


class TestArchive:
    def test_keeps_files_that_stay_the_same_when_more_arrives(
        self, country: Installation, now: datetime
    ) -> None:
        report_id = approved(country, now)  # two PDFs are laid out and drawn: that takes seconds
        with pytest.raises(NotFound):  # as after a crash, or without a key to seal with
            taken(country, report_id, "pdf", now)
        assert report_files.archive_approved(country, c.CLOCK, now=now) == 1
        kept = taken(country, report_id, "pdf", now), taken(country, report_id, "xlsx", now)

        c.late_insurance(country, 8, now + DAY)
        c.count(country, now + DAY)
        c.supply(country, now + DAY, ("VN", 9))

        later = now + 2 * DAY
        assert report_files.is_reproduced(country, report_id) == {"pdf": True, "xlsx": True}
        assert (
            taken(country, report_id, "pdf", later),
            taken(country, report_id, "xlsx", later),
        ) == kept
        assert not report_files.archive(country, c.APPROVING, report_id, now=later)
        self._is_signed_and_says(country, kept[0], now)
        self._holds_the_same_numbers(kept[1])

    def _is_signed_and_says(self, inst: Installation, pdf: bytes, now: datetime) -> None:
        root = inst.key_ring.anchor.root
        (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        context = ValidationContext(trust_roots=asn1([root]), moment=now)
        status = validate_pdf_signature(signature, context)
        pages = pypdfium2.PdfDocument(pdf)
        text = " ".join(" ".join(each.get_textpage().get_text_range().split()) for each in pages)

        assert status.bottom_line
        assert status.coverage.name == "ENTIRE_FILE"
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in text
        assert "Số: 01/BC-BNV" in text
        assert "ngày 20 tháng 11 năm 2026" in text
        assert "Niên giám, số liệu ngày 01/01/2026" in text
        assert "44,44 %" in text
        assert "Trịnh Thị Bích" in text

    def _holds_the_same_numbers(self, xlsx: bytes) -> None:
        book = openpyxl.load_workbook(io.BytesIO(xlsx))
        first = list(book["Chỉ tiêu"].iter_rows())
        social = next(
            row for row in first if row[0].value == "Lao động trong độ tuổi tham gia BHXH"
        )
        trend = list(book["Diễn biến"].iter_rows(min_row=2))

        assert [each.value for each in social[1:4]] == [8, 18, 0.4444]
        assert (social[1].data_type, social[3].number_format) == ("n", "0.00%")
        assert trend[0][1].is_date
        assert book["Định nghĩa"].max_row == 6
        assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


class TestSteps:
    def test_are_taken_by_two_officials(self, country: Installation, now: datetime) -> None:
        report_id = sent(country, now)

        with transaction(country.engine) as db:
            for by in (c.COUNTING, c.PROVINCE):
                with pytest.raises(DeniedToRole):
                    reporting.approve(db, by, report_id, revision=2, now=now)
            with pytest.raises(NotFoundForCaller):
                reporting.approve(db, c.COMMUNE, report_id, revision=2, now=now)
            same = Caller("official", c.COUNTING.id, "", c.APPROVING.role, "BNV")
            with pytest.raises(OwnReport):
                reporting.approve(db, same, report_id, revision=2, now=now)

    def test_change_nothing_once_it_is_sent(self, country: Installation, now: datetime) -> None:
        report_id = sent(country, now)

        with transaction(country.engine) as db:
            for revision in (1, 2):
                with pytest.raises(ReportMovedOn):
                    reporting.write(
                        db, country, c.COUNTING, report_id, revision=revision, words="", now=now
                    )
            with pytest.raises(ReportMovedOn):
                reporting.approve(db, c.APPROVING, report_id, revision=1, now=now)

    def test_take_newer_numbers_into_a_draft_that_was_sent_back(
        self, country: Installation, now: datetime
    ) -> None:
        report_id = sent(country, now)
        with transaction(country.engine) as db:
            with pytest.raises(Invalid):
                reporting.send_back(db, c.APPROVING, report_id, revision=2, reason=" ", now=now)
            reporting.send_back(db, c.APPROVING, report_id, revision=2, reason="Thiếu", now=now)
        c.supply(country, now, ("VN", 16))
        with transaction(country.engine) as db:
            reporting.write(db, country, c.COUNTING, report_id, revision=3, words="", now=now)
            found = reporting.opened(db, c.COUNTING, report_id, now=now)

        assert found.report.state == "draft"
        assert found.body["indicators"][0]["share"] == 5000

    def test_leave_few_people_out_of_what_travels(
        self, country: Installation, now: datetime
    ) -> None:
        report_id = begun(country, now)
        with transaction(country.engine) as db:
            body = json.loads(reporting.opened(db, c.COUNTING, report_id, now=now).report.body)
        hidden = {
            each["code"] for each in body["below"] if each["cells"]["social_insurance"]["hidden"]
        }

        assert hidden == {"01", "79"}

    def test_begin_only_what_a_unit_owes(self, country: Installation, now: datetime) -> None:
        with transaction(country.engine) as db:
            for kind, day in (("quarterly", c.QUARTER), ("summary", c.QUARTER)):
                with pytest.raises(Invalid):
                    reporting.begin(db, country, c.COUNTING, kind, day, now=now)

    def test_are_seen_by_the_unit_and_those_above(
        self, country: Installation, now: datetime
    ) -> None:
        own = begun(country, now)
        below = begun(country, now, c.PROVINCE)

        with transaction(country.engine) as db:
            assert reporting.opened(db, c.APPROVING, below, now=now).report.unit_code == "SNV-01"
            with pytest.raises(NotFoundForCaller):
                reporting.opened(db, c.PROVINCE, own, now=now)


class TestCalendar:
    def test_tells_what_is_due_and_reminds_of_what_is_late(
        self, country: Installation, now: datetime
    ) -> None:
        late = datetime.fromisoformat("2026-12-03T02:00:00+00:00")
        with transaction(country.engine) as db:
            before = report_due.calendar(db, c.PROVINCE, now=now).own
            after = report_due.calendar(db, c.COUNTING, now=late)
            told = [report_due.remind_late(db, c.CLOCK, now=late + n * DAY) for n in range(3)]
        of_country = {each.unit.code: each for each in after.others}

        assert [_shown(each) for each in before] == [("yearly", "2026-11-30", "not_begun", 0)]
        assert [_shown(each) for each in after.own] == [("summary", "2027-01-01", "not_begun", 0)]
        assert _shown(of_country["SNV-79"]) == ("yearly", "2026-11-30", "not_begun", 4)
        assert told == [2, 2, 2]
        notices = checks.rows(country, Notice)
        about = {(each["recipient"], each["kind"]) for each in notices}
        assert about == {(each, NoticeKind.REPORT_LATE) for each in ("SNV-01", "SNV-79", "BNV")}
        assert len(notices) == 4  # once in a week, however often the clock runs

    def test_owes_nothing_from_before_it_counted(
        self, country: Installation, now: datetime
    ) -> None:
        with transaction(country.engine) as db:
            found = report_due.calendar(db, c.COUNTING, now=now)

        assert all(
            each.due is None or each.due.last_day >= date(2026, 11, 20) for each in found.others
        )


def _shown(entry: Entry) -> tuple[str, str, str, int]:
    assert entry.due is not None
    return str(entry.kind), entry.due.before.isoformat(), str(entry.state), entry.days_late
