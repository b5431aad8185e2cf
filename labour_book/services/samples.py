"""Sample books of the demonstration, and a share: invented people, for anybody to see."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from labour_book.database import Db
from labour_book.documents import qr_svg
from labour_book.domain.people import display_name
from labour_book.domain.share_states import ShareState
from labour_book.domain.sharing import Audience, Preset, presets
from labour_book.errors import NotFound
from labour_book.queries.samples import SampleVersion, current_versions
from labour_book.services.callers import Caller, Role
from labour_book.services.installation import Installation
from labour_book.services.issuing import verify_url
from labour_book.services.own_shares import own_shares
from labour_book.services.sharing import Offer, SharingFrozen, create_share

SAMPLES = 3
PRESET = "GENERAL"
PURPOSE = "Xem thử trang chia sẻ của bản trình diễn"


@dataclass(frozen=True, slots=True)
class Sample:
    """A book with its printed address and the QR code of it, as SVG."""

    full_name: str
    book_no: str
    address: str
    qr: str


@dataclass(frozen=True, slots=True)
class SampleShare:
    """A part of a book that anybody may open, with the QR code of its address, as SVG."""

    full_name: str
    preset: Preset
    address: str
    qr: str


def samples(db: Db, inst: Installation) -> list[Sample]:
    """Return a few issued books with their QR codes.

    Raises:
        NotFound: this is no demonstration; real people's books are nobody's samples.
    """
    _check_demo(inst)
    return [
        Sample(display_name(each.full_name), each.book_no, address, qr_svg(address))
        for each in current_versions(db, SAMPLES)
        for address in [verify_url(inst, each.version_id)]
    ]


def sample_share(db: Db, inst: Installation, *, now: datetime) -> SampleShare | None:
    """Return a share of the first sample book that can be opened.

    Made anew when the last one was used up or is over, so that there is always one to try; None
    while there is no book, or its owner has frozen all sharing.

    Raises:
        NotFound: this is no demonstration.
    """
    _check_demo(inst)
    for each in current_versions(db, 1):
        try:
            address = _address_of_share(db, inst, each, now)
        except SharingFrozen:
            break
        return SampleShare(
            display_name(each.full_name), presets()[PRESET], address, qr_svg(address)
        )
    return None


def _address_of_share(db: Db, inst: Installation, sample: SampleVersion, now: datetime) -> str:
    holder = Caller("worker", "sample", "", Role.WORKER, person_id=sample.person_id)
    for each in own_shares(db, inst, holder, now=now):
        if each.state is ShareState.LIVE and each.purpose == PURPOSE:
            return each.url
    bounds = inst.share_bounds
    offer = Offer(
        PRESET,
        Audience.ANYONE,
        PURPOSE,
        until=now + timedelta(days=bounds.most_days),
        max_views=bounds.most_views,
    )
    return create_share(db, inst, holder, offer, now=now).url


def _check_demo(inst: Installation) -> None:
    if not inst.demo:
        raise NotFound("there are no samples outside the demonstration")
