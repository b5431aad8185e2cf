"""Corrections that workers have handed in, for the pages that decide on them."""

from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from PIL import Image, ImageDraw

from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.services import case_files, correcting
from labour_book.services.access import Caller, Role, deed
from labour_book.services.case_views import CaseFile
from labour_book.services.correcting import Request
from tests.api.conftest import Office

WORDS = "Tôi vào làm từ tháng 1, có hợp đồng kèm theo."
CLAIMED = {"position": "Thợ hàn bậc 4", "first_day": "2021-01-04"}
CHANGE: dict[str, Any] = {
    "kind": CaseKind.EMPLOYMENT,
    "ask": Ask.CHANGE,
    "version": 1,
    "line": 1,
    "claimed": CLAIMED,
    "words": WORDS,
}
ADD: dict[str, Any] = CHANGE | {
    "ask": Ask.ADD,
    "version": None,
    "line": None,
    "claimed": {
        "employer": "Xưởng cơ khí Tân Tiến",
        "position": "Phụ việc",
        "first_day": "2015-03",
        "last_day": "2018-06",
    },
}
"""Of high impact: it needs two officials."""


def worker_of(person: UUID) -> Caller:
    return Caller("worker", str(person), "Nguyễn Thị Số 1", Role.WORKER, person_id=person)


def handed_in(office: Office, person: int = 0, *, photos: int = 0, **other: Any) -> CaseFile:
    """Let a worker hand in a case about the own book; it lies with its owner then."""
    worker, now = worker_of(office.people[person]), office.clock.now
    with deed(office.inst.engine) as db:
        begun = correcting.draft(db, office.inst, worker, Request(**CHANGE | other), now=now)
    case_id = begun.line.case_id
    for number in range(photos):
        with deed(office.inst.engine) as db:
            case_files.attach(
                db,
                office.inst,
                worker,
                case_id,
                photo(number),
                evidence_class="CONTRACT",
                now=now,
            )
    return correcting.submit(office.inst, worker, case_id, key=str(uuid4()), now=now)


@cache
def photo(number: int) -> bytes:
    """Return a photo of a written page that is sharp enough to be read."""
    picture = Image.new("RGB", (1400, 1000), "white")
    drawing = ImageDraw.Draw(picture)
    for y in range(60, 950, 30):
        drawing.text((60, y), f"Hop dong lao dong so {number} " * 6, fill="black")
    written = BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()
