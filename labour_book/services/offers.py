"""What a worker offers to share: read, and refused where it cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import loads
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.people import read_personal_id
from labour_book.domain.share_states import Bounds, check_human, check_until, check_views
from labour_book.domain.sharing import (
    CUSTOM,
    Audience,
    Selection,
    check_fits,
    custom_selection,
    preset_selection,
)
from labour_book.errors import Invalid
from labour_book.queries import versions
from labour_book.queries.versions import CURRENT
from labour_book.services.auditing import check_purpose
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.installation import Installation
from labour_book.services.recipients import check_enterprise


@dataclass(frozen=True, slots=True)
class Offer:
    """What a worker wants to share, with whom, what for, until when."""

    preset: str
    audience: Audience
    purpose: str
    enterprise_code: str | None = None
    """For an enterprise."""
    personal_id: str | None = None
    """For one person."""
    until: datetime | None = None
    max_views: int | None = None
    """1 makes it a one-time share."""
    claims: frozenset[str] = frozenset()
    """With the preset CUSTOM: names of claims."""
    employments: tuple[int, ...] = ()
    """With the preset CUSTOM: numbers of lines, 1 is the first."""
    qualifications: tuple[int, ...] = ()


def purpose_of(text: str) -> str:
    """Return what a share is for, in words of a person.

    Raises:
        Invalid: it is missing, too long, or not one line.
    """
    check_purpose(text)
    check_human(text)
    return text.strip()


def terms_of(offer: Offer, bounds: Bounds, now: datetime) -> tuple[datetime, int]:
    """Return until when and how often an offer can be opened.

    Raises:
        Invalid: too long, too often, or over already.
    """
    until = offer.until or now + timedelta(days=bounds.default_days)
    views = bounds.default_views if offer.max_views is None else offer.max_views
    check_until(until, now, bounds)
    check_views(views, bounds)
    return until, views


def selection_of(offer: Offer, record: Mapping[str, Any]) -> Selection:
    """Return what of a book an offer shows.

    Raises:
        Invalid: there is no such preset, claim or line, or it is not for such an audience.
    """
    selection = _chosen(offer, record)
    check_fits(selection, offer.audience)
    return selection


def _chosen(offer: Offer, record: Mapping[str, Any]) -> Selection:
    if offer.preset == CUSTOM:
        return custom_selection(
            offer.claims,
            record,
            employments=offer.employments,
            qualifications=offer.qualifications,
        )
    if offer.claims or offer.employments or offer.qualifications:
        raise Invalid("a preset is taken as it is", cause="PRESET_CHANGED")
    return preset_selection(offer.preset)


def current_record(db: Db, person_id: UUID) -> Mapping[str, Any]:
    """Return the claims of a person's current version, the personal ID masked.

    Raises:
        NoCurrentVersion: there is none, or it was revoked.
    """
    found = versions.stored_version(db, person_id, None)
    if found is None or found.book is None or found.book.state != CURRENT:
        raise NoCurrentVersion
    record: Mapping[str, Any] = loads(found.book.document)
    return record


def addressee_of(db: Db, inst: Installation, offer: Offer, now: datetime) -> dict[str, Any]:
    """Return the columns that say to whom an offer goes.

    Raises:
        Invalid: it names nobody, or more than its audience allows.
        EnterpriseRefused: the enterprise is gone, or not at its address.
    """
    named = (offer.enterprise_code is not None, offer.personal_id is not None)
    if named != (offer.audience is Audience.ENTERPRISE, offer.audience is Audience.PERSON):
        raise Invalid("say for whom: one enterprise, one person, or anyone", cause="ADDRESSEE")
    if offer.enterprise_code is not None:
        check_enterprise(db, offer.enterprise_code, now)
    addressee = None
    if offer.personal_id is not None:
        read_personal_id(offer.personal_id)
        addressee = inst.vault.index.of(offer.personal_id)
    return {"enterprise_code": offer.enterprise_code, "addressee": addressee}
