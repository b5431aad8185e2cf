"""Sharing: what a worker does with the own shares, and how somebody opens one by its code."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field, model_validator

from api.dependencies import Admitted, Calling, Db, Inst, Now
from api.problems import problems
from api.routes.media import PNG, SVG, answers
from api.routes.share_answers import (
    CLAIMS_EXAMPLE,
    Disclosed,
    OfferedPreset,
    OwnedShares,
    disclosed,
    offered_presets,
    owned,
)
from api.routes.share_forms import LONGEST_CODE, Extension, Form, NewShare, naming_fields
from api.visiting import Address, Visiting
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import live_codes, own_shares, share_images, sharing, visits, withdrawing
from labour_book.services.access import NotSignedIn
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.sharing import ShareOver, SharingFrozen
from labour_book.services.visits import LiveCodeOver, ShareEnded, TooMany, Visit

router = APIRouter(tags=["shares"])

OWN = problems(NotSignedIn, Denied, NotFound, Unavailable)
OF_ONE = OWN | problems(Invalid)
CREATED, NOTHING_TO_SAY = 201, 204
ShareId = Annotated[UUID, Path(description="The share's id.")]


class CreatedShare(BaseModel):
    """A new share. Whoever has the code can open it, so treat it like a key."""

    share_id: UUID
    code: str = Field(examples=["7K2M-Q9XD-04TB"])
    url: str = Field(examples=["https://.../s/7K2MQ9XD04TB"])
    expires_at: datetime


class Preview(BaseModel):
    """What a recipient would see; nothing is shared yet."""

    claims: dict[str, Any] = Field(examples=[CLAIMS_EXAMPLE])


class Duties(BaseModel):
    """How many recipients have to delete what they hold."""

    duties: int = Field(examples=[1])


class Switch(BaseModel):
    """Whether all sharing is frozen now, and whether that was a change."""

    frozen: bool
    changed: bool


class LiveCode(BaseModel):
    """A code to show now. It works once, and not for long; then ask for a new one."""

    code: str
    url: str
    over_at: datetime
    seconds_left: int = Field(examples=[90])
    qr_svg: str = Field(description="The QR code of the address.", examples=["<svg ...>"])


class OpeningForm(Form):
    """Either the code of a share or a live code; and what for, if not for the share's purpose."""

    code: str | None = Field(None, max_length=LONGEST_CODE, examples=["7K2M-Q9XD-04TB"])
    live_code: str | None = Field(None, max_length=LONGEST_CODE)
    purpose: str = Field(
        "", max_length=200, description="What for; officials and machines have to say it."
    )

    @model_validator(mode="after")
    def _one_code(self) -> "OpeningForm":
        if (self.code is None) == (self.live_code is None):
            raise ValueError("either code or live_code")
        return self


@router.get("/shares/presets")
async def share_presets() -> list[OfferedPreset]:
    """Return the ready-made choices of what to share."""
    return offered_presets()


@router.post(
    "/shares/open",
    responses=problems(
        NotSignedIn, NotFound, ShareEnded, LiveCodeOver, EnterpriseRefused, NoCurrentVersion
    )
    | problems(Denied, Invalid, TooMany, Unavailable),
)
def open_share(
    form: OpeningForm, calling: Visiting, address: Address, inst: Inst, now: Now
) -> Disclosed:
    """Open a share by its code, or by a live code; that is one view.

    Needs no account, unless the share is for somebody by name. The code stands in the body, so
    that no log holds it. What is unknown and what is for somebody else is answered alike.
    """
    visit = Visit(calling, address, form.purpose)
    if form.live_code is not None:
        return disclosed(visits.open_live(inst, form.live_code, visit, now=now))
    return disclosed(visits.open_share(inst, form.code or "", visit, now=now))


@router.get("/me/shares", responses=OWN)
def list_shares(calling: Calling, db: Db, inst: Inst, now: Now) -> OwnedShares:
    """Return the worker's newest shares, with every look at them and what is to be deleted."""
    found = own_shares.own_shares(db, inst, calling, now=now)
    frozen_since = own_shares.frozen_since(db, calling, now=now)
    return OwnedShares(frozen_since=frozen_since, shares=[owned(each) for each in found])


@router.post(
    "/me/shares",
    status_code=CREATED,
    responses=OF_ONE | problems(EnterpriseRefused, NoCurrentVersion, SharingFrozen),
)
def create_share(form: NewShare, calling: Calling, db: Db, inst: Inst, now: Now) -> CreatedShare:
    """Share a part of the worker's book."""
    with naming_fields():
        made = sharing.create_share(db, inst, calling, form.to_offer(), now=now)
    return CreatedShare(
        share_id=made.share_id, code=made.code, url=made.url, expires_at=made.expires_at
    )


@router.post("/me/shares/preview", responses=OF_ONE | problems(NoCurrentVersion))
def preview_share(form: NewShare, calling: Calling, db: Db, inst: Inst, now: Now) -> Preview:
    """Return exactly what a recipient would see; nothing is shared yet."""
    with naming_fields():
        claims = sharing.preview(db, inst, calling, form.to_offer(), now=now)
    return Preview(claims=dict(claims))


@router.post("/me/shares/freeze", responses=OWN)
def freeze_shares(calling: Calling, db: Db, now: Now) -> Switch:
    """Stop all sharing of the worker at once; nothing is lost."""
    return Switch(frozen=True, changed=sharing.freeze(db, calling, now=now))


@router.post("/me/shares/unfreeze", responses=OWN)
def unfreeze_shares(calling: Calling, db: Db, now: Now) -> Switch:
    """Let the shares that have not ended be opened again."""
    return Switch(frozen=False, changed=sharing.unfreeze(db, calling, now=now))


@router.post(
    "/me/shares/{share_id}/extension",
    status_code=NOTHING_TO_SAY,
    responses=OF_ONE | problems(ShareOver),
)
def extend_share(
    share_id: ShareId, form: Extension, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> None:
    """Let a share last longer, or be opened more often."""
    with naming_fields():
        sharing.extend_share(
            db, inst, calling, share_id, until=form.until, max_views=form.max_views, now=now
        )


@router.post("/me/shares/{share_id}/withdrawal", responses=OF_ONE | problems(ShareOver))
def withdraw_share(share_id: ShareId, calling: Calling, db: Db, now: Now) -> Duties:
    """End a share at once; recipients known by name have to delete what they hold."""
    return Duties(duties=withdrawing.withdraw_share(db, calling, share_id, now=now))


@router.post("/me/shares/{share_id}/deletion-request", responses=OF_ONE | problems(ShareOver))
def ask_deletion(share_id: ShareId, calling: Calling, db: Db, now: Now) -> Duties:
    """Ask every recipient to delete what they hold, whatever has become of the share."""
    return Duties(duties=withdrawing.ask_deletion(db, calling, share_id, now=now))


@router.post("/me/shares/{share_id}/live-code", responses=OF_ONE | problems(ShareOver))
def make_live_code(share_id: ShareId, admitted: Admitted, inst: Inst, now: Now) -> LiveCode:
    """Return a live code to show now, with its QR; ask again before it is over."""
    with admitted() as (db, calling):
        made = live_codes.live_code(db, inst, calling, share_id, now=now)
    return LiveCode(
        code=made.code,
        url=made.url,
        over_at=made.over_at,
        seconds_left=int((made.over_at - now).total_seconds()),
        qr_svg=share_images.svg_of(made.url),
    )


@router.get(
    "/me/shares/{share_id}/qr.svg",
    response_class=Response,
    responses=answers(SVG, "<svg ...>") | OF_ONE | problems(ShareOver),
)
def share_as_svg(share_id: ShareId, admitted: Admitted, inst: Inst, now: Now) -> Response:
    """Return the QR code of a share that can be opened now, as SVG."""
    drawn = _drawn(share_id, admitted, inst, now, share_images.svg_of)
    return Response(drawn, media_type=SVG)


@router.get(
    "/me/shares/{share_id}/qr.png",
    response_class=Response,
    responses=answers(PNG) | OF_ONE | problems(ShareOver),
)
def share_as_png(share_id: ShareId, admitted: Admitted, inst: Inst, now: Now) -> Response:
    """Return the QR code of a share that can be opened now, as PNG."""
    drawn = _drawn(share_id, admitted, inst, now, share_images.png_of)
    return Response(drawn, media_type=PNG)


def _drawn(
    share_id: UUID,
    admitted: Admitted,
    inst: Inst,
    now: datetime,
    draw: Callable[[str], bytes | str],
) -> bytes | str:
    with admitted() as (db, calling):
        address = own_shares.share_address(db, inst, calling, share_id, now=now)
    return draw(address)
