"""The worker offers the book to a wallet of their own, and gives a wallet up."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Inst, Now, ReadingDb
from api.problems import problems
from labour_book.documents.qr import qr_svg
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import wallet_issuing, wallet_offers
from labour_book.services.access import NotSignedIn
from labour_book.services.wallet_offers import Way

router = APIRouter(tags=["wallets"])

OWN = problems(NotSignedIn, Denied, NotFound, Conflict, Invalid, Unavailable)


class OfferIn(BaseModel):
    """How the wallet shall get its token."""

    way: Way = Way.PRE_AUTHORIZED


class OfferOut(BaseModel):
    """An offer. The code is for the worker to type into the wallet: it stands nowhere else."""

    credential_offer: dict[str, Any]
    credential_offer_uri: str = Field(examples=["https://so.example.vn/offer/7K2M..."])
    link: str = Field(description="Opens a wallet on this device; also what the QR holds.")
    qr_svg: str = Field(examples=["<svg ...>"])
    tx_code: str | None = Field(examples=["493536"])
    expires_at: datetime


class WalletOut(BaseModel):
    """Copies that a wallet took."""

    id: UUID
    client_id: str | None = Field(description="As the wallet called itself; not verified.")
    version: int
    copies: int
    taken_at: datetime
    event: str | None = Field(description="What the wallet told last.")
    forgotten_at: datetime | None = Field(description="Since when its copies are revoked.")


class RevokedOut(BaseModel):
    """How many copies are revoked now."""

    revoked: int


@router.post("/me/wallets/offers", status_code=201, responses=OWN)
def offer_to_wallet(calling: Calling, body: OfferIn, db: Db, inst: Inst, now: Now) -> OfferOut:
    """Offer the own book to a wallet, for ten minutes and for one wallet."""
    made = wallet_offers.make_offer(db, inst, calling, body.way, now=now)
    return OfferOut(
        credential_offer=made.offer,
        credential_offer_uri=made.address,
        link=made.link,
        qr_svg=qr_svg(made.link),
        tx_code=made.tx_code,
        expires_at=made.expires_at,
    )


@router.get("/me/wallets", responses=OWN)
def own_wallets(calling: Calling, db: Db, now: Now) -> list[WalletOut]:
    """Return which wallets took the own book, newest first."""
    found = wallet_issuing.own_wallets(db, calling, now=now)
    return [WalletOut.model_validate(each, from_attributes=True) for each in found]


@router.delete("/me/wallets/{wallet_id}", responses=OWN)
def give_wallet_up(wallet_id: UUID, calling: Calling, db: Db, now: Now) -> RevokedOut:
    """Revoke the copies in a wallet that was lost or given up."""
    return RevokedOut(revoked=wallet_issuing.forget_wallet(db, calling, wallet_id, now=now))


@router.get(
    "/offer/{code}",
    responses=problems(NotFound, Invalid, Unavailable)
    | {200: {"content": {"application/json": {"example": {"credential_issuer": "https://..."}}}}},
)
def credential_offer(
    code: Annotated[str, Path(max_length=100)], db: ReadingDb, inst: Inst, now: Now
) -> dict[str, Any]:
    """Return an offer to the wallet that scanned its QR. Without the worker's code it is no use."""
    return wallet_offers.offer_at(db, inst, code, now=now)
