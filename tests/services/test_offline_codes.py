import io
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
import sqlalchemy as sa
import zxingcpp
from PIL import Image

import signing
from labour_book.database import reading
from labour_book.documents import qr_png
from labour_book.domain.sharing import SHAREABLE
from labour_book.errors import Invalid
from labour_book.services import keys, offline_codes, sharing
from labour_book.services.access import DeniedToRole, NotFoundForCaller, deed, operator
from labour_book.services.callers import Caller
from labour_book.services.installation import Installation
from labour_book.services.offline_codes import OfflineCode
from labour_book.services.scanning import code_in, is_picture
from labour_book.services.sharing import SharingFrozen
from labour_book.services.status import trust_list
from tests.services import people, shares
from tests.services.shares import OTHER, WORKER


def made(
    inst: Installation,
    now: datetime,
    *,
    caller: Caller = WORKER,
    worker: UUID | None = None,
    days: int = 3,
    lines: int = 3,
) -> OfflineCode:
    with deed(inst.engine) as db:
        return offline_codes.offline_code(
            db, inst, caller, worker or people.person_id(), days=days, lines=lines, now=now
        )


def checked(inst: Installation, code: OfflineCode, now: datetime) -> signing.Verdict:
    with reading(inst.engine) as db:
        bundle = keys.trust_bundle(db, inst, now)
    return signing.compact_verify(code.text, bundle, now)


class TestOfflineCode:
    def test_is_genuine_for_its_days_and_says_little(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)

        code = made(inst, now, days=2)

        verdict = checked(inst, code, now)
        assert verdict.integrity == verdict.issuer == signing.answers.YES
        assert verdict.claims is not None
        told = dict(verdict.claims)
        assert told["worker"] == {
            "full_name": "Nguyễn Thị Số 1",
            "birth_date": "1990-05-17",
            "id_tail": people.personal_id()[-4:],
        }
        (job,) = told["employments"]
        assert job["employer"] == "Công ty Cổ phần Thép Hồng Hà"
        assert set(told["insurance"]) == {"SI", "UI", "as_of"}
        assert people.personal_id() not in str(told)
        late = checked(inst, code, now + timedelta(days=2, minutes=2))
        assert late.status.reason == signing.Reason.EXPIRED

    def test_chooses_nothing_that_no_share_may_show(self) -> None:
        assert offline_codes._CLAIMS <= SHAREABLE
        assert not any("wage" in name or "personal_id" in name for name in offline_codes._CLAIMS)

    def test_is_a_qr_code_that_zxing_reads(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)

        code = made(sqlite_inst, now)

        (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(code.text))))
        assert read.text == code.text
        side = int(code.svg.split('viewBox="0 0 ')[1].split()[0])
        assert side <= 97 + 8

    def test_stands_with_its_version(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        code = made(sqlite_inst, now)
        people.add_diploma(sqlite_inst.engine, people.person_id(), 1, at=now)
        shares.issue(sqlite_inst, people.person_id(), now)

        verdict = signing.compact_verify(code.text, bundle_of(sqlite_inst, now), now)

        assert verdict.status.reason == signing.Reason.SUPERSEDED

    def test_is_the_workers_alone_and_leaves_a_trace(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(NotFoundForCaller):
            made(sqlite_inst, now, caller=OTHER)
        with pytest.raises(DeniedToRole):
            made(sqlite_inst, now, caller=operator("x"))
        made(sqlite_inst, now, days=1)

        with sqlite_inst.engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT outcome, detail FROM trace WHERE action = 'share.create'")
            ).all()
        assert [row.outcome for row in rows][-1] == "ok"
        assert "offline-code" in rows[-1].detail

    def test_is_not_made_while_sharing_is_frozen(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            sharing.freeze(db, WORKER, now=now)

        with pytest.raises(SharingFrozen):
            made(sqlite_inst, now)

    @pytest.mark.parametrize(("days", "lines"), [(0, 3), (8, 3), (1, -1), (1, 13)])
    def test_refuses_other_lives_and_lengths(
        self, sqlite_inst: Installation, now: datetime, days: int, lines: int
    ) -> None:
        shares.issued(sqlite_inst, now)

        with pytest.raises(Invalid):
            made(sqlite_inst, now, days=days, lines=lines)


class TestFitting:
    def test_leaves_out_what_is_too_much_or_cannot_be_told_and_counts_it(
        self, sqlite_inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shares.issued(sqlite_inst, now)
        jobs = [
            {"no": no, "employer": f"Công ty số {no} " + words(no), "first_day": f"20{no:02}-01"}
            for no in range(1, 13)
        ]
        jobs[0].pop("first_day")
        jobs[2]["employer"] = "Hộ kinh doanh 0912345678"
        plain = offline_codes._record
        monkeypatch.setattr(
            offline_codes, "_record", lambda *given: {**plain(*given), "employments": jobs}
        )

        code = made(sqlite_inst, now, lines=12)

        told = [each.employer for each in signing.compact_read(code.text).jobs]
        assert len(code.text) <= offline_codes.LONGEST_TEXT
        assert 0 < code.lines == len(told) < 10
        assert code.lines + code.left_out == 12
        assert told[0].startswith("Công ty số 2 ")
        assert not any("0912345678" in each or "số 1 " in each for each in told)

    def test_may_tell_no_job_at_all(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)

        code = made(sqlite_inst, now, lines=0)

        assert (code.lines, code.left_out) == (0, 0)
        assert signing.compact_read(code.text).jobs == ()


class TestPicture:
    def test_gives_the_code_in_it(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        text = made(sqlite_inst, now).text

        picture = qr_png(text, scale=4)

        assert is_picture(picture)
        assert code_in(picture) == text.encode()

    @pytest.mark.parametrize(
        ("picture", "cause"),
        [
            (qr_png("https://so.example.vn/v/X"), "LINK"),
            (qr_png("hello"), "NO_CODE"),
            (b"\x89PNG\r\n\x1a\n" + bytes(20), "NO_PICTURE"),
            (b"\xff\xd8\xff" + bytes(20), "NO_PICTURE"),
        ],
    )
    def test_says_what_is_wrong_with_it(self, picture: bytes, cause: str) -> None:
        with pytest.raises(Invalid) as refused:
            code_in(picture)

        assert refused.value.facts["cause"] == cause


def words(number: int) -> str:
    """Words that do not pack well."""
    return sha256(bytes([number])).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))


def bundle_of(inst: Installation, now: datetime) -> signing.TrustBundle:
    with reading(inst.engine) as db:
        token = trust_list(db, inst, now)
    return signing.trust_list_read(token, root=inst.key_ring.anchor.root, now=now)
