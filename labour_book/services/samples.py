"""Sample books of the demonstration: invented people, so that anybody may see them."""

from dataclasses import dataclass

from labour_book.database import Db
from labour_book.documents import qr_svg
from labour_book.domain.people import display_name
from labour_book.errors import NotFound
from labour_book.queries.samples import current_versions
from labour_book.services.installation import Installation
from labour_book.services.issuing import verify_url

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A book with its printed address and the QR code of it, as SVG."""

    full_name: str
    book_no: str
    address: str
    qr: str


def samples(db: Db, inst: Installation) -> list[Sample]:
    """Return a few issued books with their QR codes.

    Raises:
        NotFound: this is no demonstration; real people's books are nobody's samples.
    """
    if not inst.demo:
        raise NotFound("there are no samples outside the demonstration")
    return [
        Sample(display_name(each.full_name), each.book_no, address, qr_svg(address))
        for each in current_versions(db, SAMPLES)
        for address in [verify_url(inst, each.version_id)]
    ]
