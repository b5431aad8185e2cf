"""What is told about shares: to the worker who shares, and to whoever was shown something."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from labour_book.domain.sharing import CUSTOM, Audience, Lines, presets
from labour_book.services.own_shares import OwnShare, StoredCopy, StoredView
from labour_book.services.visits import Shown

CREDENTIAL_EXAMPLE = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImRjK3NkLWp3dCJ9.eyJpc3MiOi4uLn0.c2lnbg~d2lz~"
CLAIMS_EXAMPLE = {"worker": {"full_name": "Nguyễn Thị Mẫu"}, "insurance": {"SI": 68}}


class OfferedPreset(BaseModel):
    """A ready-made choice for a kind of work (mẫu chia sẻ)."""

    preset: str = Field(examples=["GENERAL"])
    label_vi: str
    label_en: str
    shows_vi: str
    shows_en: str
    claims: list[str] = Field(examples=[["worker.full_name", "insurance.SI"]])


class ShownLines(BaseModel):
    """Which lines of a list are shown."""

    rule: str = Field(description="none, all, latest or chosen.", examples=["latest"])
    count: int = Field(description="How many, where the rule is latest or chosen.", examples=[3])


class Look(BaseModel):
    """One look at a share: who, when, roughly where, by what means, what for."""

    number: int
    at: datetime
    viewer_kind: str = Field(
        description="public, employer, official, machine or worker.", examples=["employer"]
    )
    viewer_name: str = Field(examples=["CÔNG TY TNHH MẪU"])
    enterprise_code: str | None = Field(examples=["0100109106"])
    place: str = Field(
        description="The network it came from, never an address.", examples=["203.0.113.0/24"]
    )
    means: str = Field(description="link, live or inbox.", examples=["link"])
    purpose: str
    version: int = Field(description="Which version of the book was shown.")


class Copy(BaseModel):
    """What a recipient known by name holds, must delete, or has deleted."""

    recipient_kind: str = Field(examples=["employer"])
    enterprise_code: str | None = Field(examples=["0100109106"])
    first_seen_at: datetime
    last_seen_at: datetime
    state: str = Field(description="held, kept, due or deleted.", examples=["due"])
    state_since: datetime
    cause: str | None = Field(description="Why it is to be deleted.", examples=["withdrawn"])
    due_on: date | None = Field(description="The last day to delete.")


class OwnedShare(BaseModel):
    """A share as its owner sees it."""

    share_id: UUID
    state: str = Field(
        description="live, paused, used_up, expired or withdrawn.", examples=["live"]
    )
    possible: list[str] = Field(examples=[["ask-deletion", "extend", "withdraw"]])
    preset: str = Field(examples=["GENERAL"])
    claims: list[str] = Field(description="What it shows.", examples=[["worker.full_name"]])
    employments: ShownLines
    qualifications: ShownLines
    audience: Audience
    enterprise_code: str | None
    enterprise_name: str | None
    purpose: str
    created_at: datetime
    expires_at: datetime
    max_views: int
    views: int
    code: str
    url: str
    seen: list[Look] = Field(description="The newest looks, newest first.")
    copies: list[Copy]


class OwnedShares(BaseModel):
    """A worker's shares, newest first."""

    frozen_since: datetime | None = Field(description="Since when all sharing is frozen.")
    shares: list[OwnedShare]


class Disclosed(BaseModel):
    """What a recipient sees and may take away."""

    share_id: UUID
    credential: str = Field(
        description="SD-JWT VC with only this disclosed.", examples=[CREDENTIAL_EXAMPLE]
    )
    claims: dict[str, Any] = Field(description="The same, to show.", examples=[CLAIMS_EXAMPLE])
    purpose: str = Field(description="What it was shared for; nothing else is allowed.")
    shown_at: datetime
    expires_at: datetime
    views_left: int


def offered_presets() -> list[OfferedPreset]:
    return [
        OfferedPreset(
            preset=each.code,
            label_vi=each.labels["vi"],
            label_en=each.labels["en"],
            shows_vi=each.shows["vi"],
            shows_en=each.shows["en"],
            claims=sorted(each.selection.claims),
        )
        for each in presets().values()
        if each.code != CUSTOM
    ]


def owned(share: OwnShare) -> OwnedShare:
    return OwnedShare(
        share_id=share.id,
        state=share.state,
        possible=sorted(share.possible),
        preset=share.preset,
        claims=sorted(share.selection.claims),
        employments=_lines(share.selection.employments),
        qualifications=_lines(share.selection.qualifications),
        audience=share.audience,
        enterprise_code=share.enterprise_code,
        enterprise_name=share.enterprise_name,
        purpose=share.purpose,
        created_at=share.created_at,
        expires_at=share.expires_at,
        max_views=share.max_views,
        views=share.views,
        code=share.code,
        url=share.url,
        seen=[_look(each) for each in share.seen],
        copies=[_copy(each) for each in share.copies],
    )


def disclosed(shown: Shown) -> Disclosed:
    claims: Mapping[str, Any] = shown.claims
    return Disclosed(
        share_id=shown.share_id,
        credential=shown.credential,
        claims=dict(claims),
        purpose=shown.purpose,
        shown_at=shown.shown_at,
        expires_at=shown.expires_at,
        views_left=shown.views_left,
    )


def _lines(lines: Lines) -> ShownLines:
    return ShownLines(rule=lines.rule, count=lines.count or len(lines.keys))


def _look(view: StoredView) -> Look:
    return Look(
        number=view.number,
        at=view.at,
        viewer_kind=view.viewer_kind,
        viewer_name=view.viewer_name,
        enterprise_code=view.viewer if view.viewer_kind == "employer" else None,
        place=view.place,
        means=view.means,
        purpose=view.purpose,
        version=view.version,
    )


def _copy(copy: StoredCopy) -> Copy:
    return Copy(
        recipient_kind=copy.holder_kind,
        enterprise_code=copy.holder if copy.holder_kind == "employer" else None,
        first_seen_at=copy.first_seen_at,
        last_seen_at=copy.last_seen_at,
        state=copy.state,
        state_since=copy.state_since,
        cause=copy.cause,
        due_on=copy.due_on,
    )
