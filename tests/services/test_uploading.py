import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from openpyxl import Workbook

from labour_book.database import transaction
from labour_book.errors import Invalid, NotFound
from labour_book.queries import accounts, received_files
from labour_book.services import access, uploading
from labour_book.services.access import DeniedToRole, Role
from labour_book.services.importing import import_next
from labour_book.services.installation import Installation
from labour_book.services.receipts import Outcome
from labour_book.services.uploading import Delivery, harmless
from tests.services.desk import Desk, official, opened_desk
from tests.services.shares import traces

HEADER = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Tình trạng HĐKT")
PEOPLE = (
    (1, "Trần Thị Mai", "12/05/1991", "Nữ", "001191000111", "Người thất nghiệp"),
    (2, "Lê Văn Sáu", "31/02/1980", "Nam", "001080000222", "Người thất nghiệp"),
    (3, "Phạm Thị Lan", "01/09/1985", "Nữ", "001185000333", "Người thất nghiệp"),
)


def workbook(rows: Sequence[Sequence[object]] = PEOPLE, *, commune: str = "00070") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ((f"Mã xã: {commune}",), ("Thời điểm: tháng 9 năm 2026",), HEADER, *rows):
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return opened_desk(inst, now)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return opened_desk(sqlite_inst, now)


def sent(desk: Desk, now: datetime, content: bytes | None = None, **more: str) -> Delivery:
    with access.deed(desk.inst.engine) as db:
        file_id = uploading.receive(
            db,
            desk.inst,
            desk.collector,
            kind="form03",
            file_name="Xã 079090123456.xlsx",
            content=workbook() if content is None else content,
            now=now,
            **more,
        )
        return uploading.delivery(db, desk.collector, file_id, now=now)


def imported(desk: Desk, now: datetime, is_stopping: Callable[[], bool] = lambda: False) -> bool:
    return import_next(desk.inst, clock=lambda: now, is_stopping=is_stopping, batch=1)


def looked_at(desk: Desk, delivery: Delivery, now: datetime) -> Delivery:
    with access.deed(desk.inst.engine) as db:
        return uploading.delivery(db, desk.collector, delivery.id, now=now)


class TestReceive:
    def test_keeps_the_file_sealed_until_its_turn(self, small: Desk, now: datetime) -> None:
        delivery = sent(small, now)
        (kept,) = (small.inst.data_dir / "received").iterdir()

        assert delivery.state == "waiting"
        assert delivery.run is None
        assert kept.name == f"{delivery.id}.sealed"
        assert b"PK" not in kept.read_bytes()[:64]

    def test_keeps_no_number_in_the_name(self, small: Desk, now: datetime) -> None:
        assert sent(small, now).file_name == "X_x.xlsx"

    def test_is_for_the_kinds_of_the_role(self, small: Desk, now: datetime) -> None:
        inst = small.inst
        admin = official(inst, Role.ADMIN, "SNV-01", now)
        with pytest.raises(Invalid, match="kind"), access.deed(inst.engine) as db:
            uploading.receive(
                db,
                inst,
                admin,
                kind="population",
                file_name="a.csv",
                content=b"x",
                now=now,
            )
        with pytest.raises(DeniedToRole), access.deed(inst.engine) as db:
            uploading.receive(
                db, inst, small.approver, kind="form03", file_name="a", content=b"x", now=now
            )

    def test_lets_the_ministry_send_every_kind(self, small: Desk, now: datetime) -> None:
        admin = official(small.inst, Role.ADMIN, "BNV", now)
        with access.deed(small.inst.engine) as db:
            assert "population" in uploading.kinds_for(db, admin)

    def test_refuses_an_empty_file(self, small: Desk, now: datetime) -> None:
        with pytest.raises(Invalid, match="empty"):
            sent(small, now, b"")


class TestImportNext:
    def test_gives_each_row_its_receipt(self, desk: Desk, now: datetime) -> None:
        delivery = sent(desk, now)

        assert imported(desk, now)
        assert not imported(desk, now)
        done = looked_at(desk, delivery, now)
        assert done.state == "done"
        assert done.run is not None
        assert done.run.rows == {"created": 2, "refused": 1}
        with access.deed(desk.inst.engine) as db:
            (row,) = uploading.rows_of(
                db, desk.inst, desk.collector, delivery.id, [Outcome.REFUSED], now=now
            )
        assert row.told[0].cause == "BAD_DATE"
        assert [each.name for each in (desk.inst.data_dir / "received").iterdir()] == [
            f"{delivery.id}.sealed"
        ]

    def test_refuses_rows_of_communes_elsewhere(self, desk: Desk, now: datetime) -> None:
        delivery = sent(desk, now, workbook(commune="26734"))

        imported(desk, now)

        done = looked_at(desk, delivery, now)
        assert done.run is not None
        assert done.run.causes["refused"] == {"COMMUNE_NOT_YOURS": 2, "BAD_DATE": 1}

    def test_takes_the_senders_word_for_where_and_when(self, small: Desk, now: datetime) -> None:
        delivery = sent(
            small, now, workbook(commune="x"), commune_code="00070", collected_on="2026-08"
        )

        imported(small, now)

        done = looked_at(small, delivery, now)
        assert done.run is not None
        assert done.run.rows["created"] == 2

    def test_says_why_a_file_could_not_be_read(self, small: Desk, now: datetime) -> None:
        delivery = sent(small, now, b"no workbook")

        imported(small, now)

        done = looked_at(small, delivery, now)
        assert done.state == "failed"
        assert done.failure is not None
        assert done.failure.message_vi

    def test_lays_a_file_back_when_the_process_ends(self, desk: Desk, now: datetime) -> None:
        delivery = sent(desk, now)

        assert imported(desk, now, lambda: True)
        waiting = looked_at(desk, delivery, now)
        assert waiting.state == "waiting"
        assert waiting.run is not None
        assert waiting.run.rows_done == 1

        assert imported(desk, now)
        done = looked_at(desk, delivery, now)
        assert done.run is not None
        assert done.run.run_id == waiting.run.run_id
        assert done.run.rows == {"created": 2, "refused": 1}

    def test_takes_up_a_file_whose_process_fell_silent(self, desk: Desk, now: datetime) -> None:
        delivery = sent(desk, now)
        with transaction(desk.inst.engine) as db:
            file = received_files.next_file(db, now)
            assert file is not None
            assert received_files.take_file(db, file, now)

        assert not imported(desk, now + timedelta(minutes=1))
        assert imported(desk, now + timedelta(minutes=3))
        assert looked_at(desk, delivery, now).state == "done"

    def test_lets_one_of_two_take_a_file(self, desk: Desk, now: datetime) -> None:
        sent(desk, now)
        with transaction(desk.inst.engine) as db:
            file = received_files.next_file(db, now)
            assert file is not None
            assert received_files.take_file(db, file, now)
            assert not received_files.take_file(db, file, now)


class TestSenders:
    def test_of_closed_accounts_have_nothing_recorded(self, desk: Desk, now: datetime) -> None:
        delivery = sent(desk, now)
        with transaction(desk.inst.engine) as db:
            accounts.close_account(db, UUID(desk.collector.id), now)

        assert imported(desk, now + timedelta(hours=1))

        with access.deed(desk.inst.engine) as db:
            found = uploading.delivery(db, desk.colleague, delivery.id, now=now)
        assert (found.state, found.run) == ("failed", None)
        assert found.failure is not None
        assert found.failure.cause == "SENDER_MAY_NOT"
        (refused,) = [t for t in traces(desk.inst, "import.send") if t["outcome"] == "refused"]
        assert refused["actor"] == desk.collector.id

    @pytest.mark.parametrize(
        ("role", "unit"), [(Role.COLLECTOR, "UB-26734"), (Role.INSPECTOR, "UB-00070")]
    )
    def test_that_sit_elsewhere_by_now_have_nothing_recorded(
        self, small: Desk, now: datetime, role: Role, unit: str
    ) -> None:
        delivery = sent(small, now)
        with transaction(small.inst.engine) as db:
            account = UUID(small.collector.id)
            accounts.change_seat(db, account, role=str(role), unit_code=unit)

        imported(small, now)

        with access.deed(small.inst.engine) as db:
            assert uploading.delivery(db, small.colleague, delivery.id, now=now).run is None


class TestRemoveRead:
    def test_takes_files_off_the_disk_when_their_days_are_over(
        self, small: Desk, now: datetime
    ) -> None:
        delivery = sent(small, now)
        imported(small, now)
        waiting = sent(small, now, workbook(commune="26734"))
        days = timedelta(days=small.inst.received_file_days)

        assert removed(small, now + days) == 0
        assert removed(small, now + days + timedelta(seconds=1)) == 1
        assert removed(small, now + days + timedelta(seconds=1)) == 0

        kept = [each.name for each in (small.inst.data_dir / "received").iterdir()]
        assert kept == [f"{waiting.id}.sealed"]
        with access.deed(small.inst.engine) as db:
            content, _ = uploading.refused_file(
                db, small.inst, small.collector, delivery.id, now=now
            )
        assert content


def removed(desk: Desk, now: datetime) -> int:
    with access.deed(desk.inst.engine) as db:
        return uploading.remove_read(db, desk.inst, now=now)


class TestDelivery:
    def test_is_seen_by_the_units_above_alone(self, desk: Desk, now: datetime) -> None:
        delivery = sent(desk, now)
        with access.deed(desk.inst.engine) as db:
            assert uploading.deliveries(db, desk.ministry, now=now)[0].id == delivery.id
            assert uploading.delivery(db, desk.approver, delivery.id, now=now)
            assert uploading.deliveries(db, desk.elsewhere, now=now) == []
            with pytest.raises(NotFound):
                uploading.delivery(db, desk.elsewhere, delivery.id, now=now)

    def test_gives_its_refused_rows_back_to_be_mended(self, desk: Desk, now: datetime) -> None:
        delivery = sent(desk, now)
        imported(desk, now)
        with access.deed(desk.inst.engine) as db:
            content, suffix = uploading.refused_file(
                db, desk.inst, desk.collector, delivery.id, now=now
            )

        again = sent(desk, now, content)
        imported(desk, now)

        assert suffix == ".xlsx"
        done = looked_at(desk, again, now)
        assert done.run is not None
        assert done.run.rows == {"refused": 1}

    def test_has_no_rows_before_it_is_read(self, small: Desk, now: datetime) -> None:
        delivery = sent(small, now)
        with access.deed(small.inst.engine) as db:
            assert uploading.rows_of(db, small.inst, small.collector, delivery.id, now=now) == []
            with pytest.raises(NotFound):
                uploading.refused_file(db, small.inst, small.collector, delivery.id, now=now)


class TestHarmless:
    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("form03_26206.xlsx", "form03_26206.xlsx"),
            ("../../etc/passwd", "passwd.xlsx"),
            ("C:\\tep\\x.xlsx", "x.xlsx"),
            ("001090123456.xlsx", "x.xlsx"),
            ("001 090 123 456.xlsx", "x.xlsx"),
            ("CCCD 001.090-123 456 ok.xlsx", "CCCD_x_ok.xlsx"),
            ("Phiếu 2026-11-20.xlsx", "Phi_u_2026-11-20.xlsx"),
            ("", "file.xlsx"),
            ("a" * 500, "a" * 120 + ".xlsx"),
        ],
    )
    def test_names_files_safely(self, name: str, kept: str) -> None:
        assert harmless(name, ".xlsx") == kept
