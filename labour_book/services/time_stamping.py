"""Seals with the time confirmed by an authority (PAdES B-T), and B-LT where all for it is there.

An authority that does not answer in time keeps nobody waiting for a book: then the seal states its
time itself (B-B), and says so where PDF readers show the reason of a seal.

Source: RFC 3161, section 3.4 (HTTP).
"""

import logging
import time
from datetime import datetime
from functools import partial

import httpx

import signing
from labour_book.errors import Unavailable
from labour_book.services.installation import Authority, Installation
from signing import SigningError, Use

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LARGEST_REPLY = 64 * 1024
"""Bytes; a token with its certificates has about 6,000."""
UNSTAMPED = " (không có dấu thời gian / no time-stamp)"
PAUSE_SECONDS = 60
"""For so long an authority that failed is not asked again: else every print would wait for it."""
_OK = 200

logger = logging.getLogger("labour_book.time_stamping")


def sealed(inst: Installation, pdf: bytes, *, reason: str, now: datetime) -> bytes:
    """Return the PDF with the best seal that can be had now.

    Raises:
        Unavailable: there is no key to seal with, or it does not sign.
    """
    signer = inst.key_ring.signer(Use.PDF)
    authority = inst.authority
    try:
        if authority is not None and not inst.authority_pause.is_on(now):
            try:
                return _stamped(inst, authority, pdf, reason=reason, now=now)
            except SigningError as error:  # no time-stamp, or what should have gone in beside it
                inst.authority_pause.begin(now, seconds=PAUSE_SECONDS)
                logger.warning("sealed without a time-stamp: %s", error.__cause__ or error)
        return signing.seal_pdf(pdf, signer, reason=reason + UNSTAMPED, now=now)
    except SigningError as error:
        raise Unavailable("this cannot be sealed at the moment") from error


def _stamped(
    inst: Installation, authority: Authority, pdf: bytes, *, reason: str, now: datetime
) -> bytes:
    return signing.seal_pdf(
        pdf,
        inst.key_ring.signer(Use.PDF),
        reason=reason,
        now=now,
        timestamper=signing.TimeStamper(partial(ask, authority), authority.roots),
        validation_data=_enclosed(inst, authority),
    )


def ask(authority: Authority, query: bytes) -> bytes:
    """Post a query (DER) and return the answer.

    Raises:
        OSError: no answer in time, or none that is one.
    """
    headers = {"Content-Type": QUERY, "Accept": REPLY, "Accept-Encoding": "identity"}
    deadline = time.monotonic() + authority.timeout_seconds
    try:
        with (
            httpx.Client(timeout=authority.timeout_seconds, trust_env=False) as client,
            client.stream("POST", authority.url, content=query, headers=headers) as reply,
        ):
            return _read(reply, deadline)
    except httpx.HTTPError as error:
        raise OSError(f"the authority cannot be reached: {type(error).__name__}") from error


def _read(reply: httpx.Response, deadline: float) -> bytes:
    if reply.status_code != _OK:
        raise OSError(f"the authority answers {reply.status_code}")
    if reply.headers.get("content-type", "").partition(";")[0].strip().lower() != REPLY:
        raise OSError("the authority answers with another media type")
    content = b""
    for piece in reply.iter_raw():
        content += piece
        if len(content) > LARGEST_REPLY:
            raise OSError("the authority answers too much")
        if time.monotonic() > deadline:
            raise OSError("the authority answers too slowly")
    return content


def _enclosed(inst: Installation, authority: Authority) -> "signing.ValidationData | None":
    """Return what goes into the PDF for later checks; None where there are no revocation lists."""
    folder = authority.validation_dir
    if folder is None:
        return None
    try:
        lists = [each.read_bytes() for each in sorted(folder.glob("*.crl"))]
    except OSError as error:
        raise SigningError("the revocation lists cannot be read") from error
    if not lists:
        return None
    others = [
        certificate
        for each in sorted(folder.glob("*.pem"))
        for certificate in signing.read_certificates(each)
    ]
    return signing.ValidationData([inst.key_ring.anchor.root, *authority.roots, *others], lists)
