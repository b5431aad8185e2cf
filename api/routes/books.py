"""The labour book: for the worker, and for officials and machines with a purpose."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Response

from api.dependencies import Admitted, Purpose, own_person
from api.problems import problems
from api.routes.media import CREDENTIAL, JSON, PDF, answers
from api.together import together
from labour_book.database import Db
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import access, printing
from labour_book.services.access import NotSignedIn, StoredBook
from labour_book.services.auditing import Entry
from labour_book.services.permission import OWN_USE

router = APIRouter(tags=["books"], default_response_class=Response)

OWN = problems(NotSignedIn, Denied, NotFound, Conflict, Unavailable)

WorkerId = Annotated[UUID, Path(description="The worker's id here; never a personal ID.")]

BOOK_EXAMPLE = {
    "version": 2,
    "state": "current",
    "state_since": "2026-11-20T08:30:00+00:00",
    "issued_at": "2026-11-20T08:30:00+00:00",
    "expires_on": "2027-11-20",
    "book": {
        "book_no": "SLD-7K2M-Q9XD-04TB",
        "version": 2,
        "as_of": "2026-11-20",
        "worker": {
            "full_name": "Nguyễn Thị Mẫu",
            "birth_date": "1990-05",
            "sex": "F",
            "nationality": "VN",
            "personal_id": "********3456",
        },
        "employments": [
            {
                "no": 1,
                "employer": "CÔNG TY TNHH MẪU",
                "position": "Thợ may",
                "first_day": "2021-03",
                "months_paid": 68,
                "months_arrears": 0,
                "months_unknown": 0,
                "paid": ["2021-03/2026-10"],
                "arrears": [],
                "unknown": [],
                "assurance": "CONTRIBUTION_MATCHED",
            }
        ],
        "insurance": {"SI": 68, "UI": 68, "HI": 68, "VOL": 0, "as_of_month": "2026-10"},
        "gaps": [],
        "qualifications": [],
    },
}


@router.get(
    "/workers/{worker_id}/book",
    responses=answers(JSON, BOOK_EXAMPLE)
    | problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
async def book_of(worker_id: WorkerId, purpose: Purpose, admitted: Admitted) -> Response:
    """Return the newest signed version of a worker's book, the personal ID masked.

    The purpose is recorded where the worker can read it. A worker outside the caller's reach is
    answered like one who does not exist.
    """

    def opened(db: Db) -> tuple[StoredBook, Entry]:
        calling = admitted.caller_in(db)
        return access.open_version(db, calling, worker_id, purpose=purpose, now=admitted.now)

    return _document(await together(admitted.inst.engine, opened))


@router.get("/me/book", responses=answers(JSON, BOOK_EXAMPLE) | OWN)
async def own_book(admitted: Admitted) -> Response:
    """Return the newest signed version of the worker's own book."""

    def opened(db: Db) -> tuple[StoredBook, Entry]:
        calling = admitted.caller_in(db)
        worker = own_person(calling)
        return access.open_version(db, calling, worker, purpose=OWN_USE, now=admitted.now)

    return _document(await together(admitted.inst.engine, opened))


@router.get("/me/book.pdf", responses=answers(PDF) | OWN)
def own_book_as_pdf(admitted: Admitted) -> Response:
    """Return the newest version as a sealed PDF, with its data and its credential inside."""
    inst, now = admitted.inst, admitted.now
    with admitted() as (db, calling):
        worker = own_person(calling)
        found = printing.printable_of(db, inst, calling, worker, purpose=OWN_USE, now=now)
    return _file(printing.print_book(inst, found, now=now), f"so-lao-dong-{found.book.book_no}")


@router.get("/me/credential", responses=answers(CREDENTIAL, "eyJ...~WyJ...~") | OWN)
def own_credential(admitted: Admitted) -> Response:
    """Return the newest version as SD-JWT VC, with everything disclosed: show it with care."""
    with admitted() as (db, calling):
        worker = own_person(calling)
        token = access.open_credential(
            db, admitted.inst, calling, worker, purpose=OWN_USE, now=admitted.now
        )
    return Response(token, media_type=CREDENTIAL)


def _document(stored: StoredBook) -> Response:
    about = {
        "version": stored.version,
        "state": stored.state,
        "state_since": stored.state_since,
        "issued_at": stored.issued_at,
        "expires_on": stored.expires_on,
    }
    # The document is JSON already: it goes out as it is stored.
    whole = b'%b,"book":%b}' % (orjson.dumps(about)[:-1], stored.document.encode())
    return Response(whole, media_type=JSON)


def _file(content: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}.pdf"'
    return Response(content, headers={"Content-Disposition": disposition}, media_type=PDF)
