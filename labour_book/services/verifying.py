"""Verifying: three questions, answered apart, whoever asks and wherever.

Is it genuine? Is it current? Who issued it? Online the register itself says whether a version is
current, at once and with the difference between *superseded* and *revoked*; offline the carried
status list does. What cannot be found out is "unknown", never "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import signing
from labour_book.database import Db
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import versions
from labour_book.queries.credential_copies import TAKEN_BACK
from labour_book.queries.registered import Registered, registered_by_status
from labour_book.queries.versions import CURRENT, REVOKED, SignedVersion
from labour_book.services import numbering
from labour_book.services.auditing import Entry, trace_all
from labour_book.services.callers import ANYBODY, Action, Caller
from labour_book.services.drafting import stored_credential
from labour_book.services.installation import VCT_PATH, Installation
from labour_book.services.keys import trust_bundle
from labour_book.services.permission import Looked
from labour_book.services.scanning import COMPACT
from labour_book.services.status import status_list_token, trust_list
from labour_book.services.summaries import PublicEntry, PublicSummary, public_summary
from signing import PdfVerdict, Proven, State, TrustBundle, VerificationError

__all__ = [
    "BOOK_CREDENTIAL",
    "BOOK_JSON",
    "OWN_REASONS",
    "Answer",
    "Checked",
    "PublicEntry",
    "PublicSummary",
    "Seal",
    "check_disclosed",
    "is_pdf",
    "look_at_record",
    "person_of",
    "read_trust_list",
    "record_in",
    "status_list_token",
    "trust_list",
    "verify_code",
    "verify_document",
    "verify_offline",
]

PURPOSE = "verify"
BOOK_JSON, BOOK_CREDENTIAL = "book.json", "book.sd-jwt"
"""The names of the two files inside a printed book."""
_ENVELOPE = frozenset({"iss", "vct", "iat", "nbf", "exp", "status", "cnf", "_sd_alg"})
"""Claims of the credential that are not part of the record."""
_MAX_LIST_DIGITS = 9
_PDF_MARK = b"%PDF-"
_PDF_MARK_WITHIN = 1024
"""Bytes; ISO 32000-1, implementation note 13."""

SUPERSEDED = "SUPERSEDED"
COPY_TAKEN_BACK = "COPY_TAKEN_BACK"
RECORD_ALTERED = "RECORD_ALTERED"
NOT_ON_RECORD = "NOT_ON_RECORD"
ATTACHMENT_MISSING = "ATTACHMENT_MISSING"
ATTACHMENT_DIFFERS = "ATTACHMENT_DIFFERS"
NOT_A_BOOK = "NOT_A_BOOK"
OWN_REASONS = frozenset(
    {
        SUPERSEDED,
        COPY_TAKEN_BACK,
        RECORD_ALTERED,
        NOT_ON_RECORD,
        ATTACHMENT_MISSING,
        ATTACHMENT_DIFFERS,
        NOT_A_BOOK,
    }
)
"""Reason codes of this service, beside those of ``signing.Reason``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, with its permanent reason code."""

    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Seal:
    """How much the seal of a genuine PDF proves: its level (PAdES), and of what time."""

    level: str
    """B-B, B-T or B-LT."""
    timestamp: Answer
    """Has an authority confirmed the time?"""
    at: datetime | None
    """The confirmed time; without one what the sealer stated."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found out. ``claims`` and ``summary`` are there only for what is genuine."""

    genuine: Answer
    current: Answer
    issuer: Answer
    claims: Mapping[str, Any] | None = None
    """What the document at hand discloses."""
    summary: PublicSummary | None = None
    """What the printed address shows to everybody."""
    newest_version: int | None = None
    """The number of the newest version, where the register was asked."""
    state_since: datetime | None = None
    """Since when it is current, superseded or revoked, where the register was asked."""
    status_as_of: datetime | None = None
    """How old the evidence for ``current`` is."""
    trust_as_of: datetime | None = None
    """How old the list of trusted keys is."""
    kid: str | None = None
    seal: Seal | None = None
    """Of a PDF with a genuine seal of ours."""

    @property
    def is_good(self) -> bool:
        """Whether all three answers are yes."""
        return all(each.state == State.YES for each in (self.genuine, self.current, self.issuer))


YES = Answer(State.YES, "OK")
NOT_CHECKED = Answer(State.UNKNOWN, "NOT_CHECKED")


def verify_code(
    db: Db, inst: Installation, code: str, *, now: datetime, caller: Caller = ANYBODY
) -> tuple[Checked, Entry]:
    """Check the version whose address was printed, and say what everybody may see of it.

    The signature is checked, not assumed: a database that was tampered with does not verify.
    Whoever asks writes the entry of the trace that comes with it (``verifying_publicly``).

    Raises:
        NotFound: no version has that code; the same words for all codes.
    """
    read = numbering.read_code(code)
    version = versions.signed_by_lookup(db, numbering.lookup_hash(read)) if read else None
    if version is None:
        raise NotFound("no book has this code")
    checked = _of_record(db, inst, version, now)
    return checked, _entry(caller, version, checked, by="address", at=now)


def verify_document(
    db: Db, inst: Installation, content: bytes, *, now: datetime, caller: Caller = ANYBODY
) -> Checked:
    """Check a credential or a sealed PDF, told apart by how it begins, and ask the register.

    A credential may show all or only some of its claims.
    """
    bundle = trust_bundle(db, inst, now)
    checked = verify_offline(content, bundle, now=now, proven=inst.proven)
    if checked.claims is None:
        return checked
    checked, entry = look_at_record(db, inst, checked, content, now=now, caller=caller)
    if entry is not None:
        trace_all(db, [entry])
    return checked


def look_at_record(
    db: Db, inst: Installation, checked: Checked, content: bytes, *, now: datetime, caller: Caller
) -> Looked[Checked]:
    """Let the register answer about what proved genuine; the entry traces that it was asked."""
    version = _version_of(db, inst, checked)
    if version is None:
        return replace(checked, current=Answer(State.UNKNOWN, NOT_ON_RECORD)), None
    checked = _as_registered(checked, version, now)
    by = "pdf" if is_pdf(content) else "credential"
    return checked, _entry(caller, version, checked, by=by, at=now)


def check_disclosed(db: Db, inst: Installation, credential: str, *, now: datetime) -> Checked:
    """Check what was disclosed a moment ago, and traced as that; it leaves no trace of its own."""
    checked = _of_token(credential.encode(), trust_bundle(db, inst, now), now)
    version = _version_of(db, inst, checked)
    if version is None:
        return replace(checked, current=Answer(State.UNKNOWN, NOT_ON_RECORD))
    return _as_registered(checked, version, now)


def person_of(db: Db, inst: Installation, checked: Checked) -> UUID | None:
    """Return whose book a checked credential is; None if the register does not know it."""
    version = _version_of(db, inst, checked)
    return None if version is None else version.person_id


def verify_offline(
    content: bytes, bundle: TrustBundle, *, now: datetime, proven: Proven | None = None
) -> Checked:
    """Check a credential, a PDF or an offline code with nothing but a trust bundle."""
    if is_pdf(content):
        return _of_pdf(signing.verify_pdf(content, bundle, now), bundle, now)
    if content.startswith(COMPACT):
        return _of_compact(content, bundle, now)
    return _of_token(content, bundle, now, proven)


def read_trust_list(token: str, root_file: Path, *, now: datetime) -> TrustBundle:
    """Read a saved trust list, held against the root certificate that was pinned before.

    Raises:
        Invalid: it is not such a list, not of this root, or too old; ``reason`` says which.
    """
    try:
        root, *_ = signing.read_certificates(root_file)
        return signing.trust_list_read(token.strip(), root=root, now=now)
    except VerificationError as error:
        raise Invalid("the trust list cannot be used", reason=str(error.reason)) from error
    except signing.SigningError as error:
        raise Invalid("the root certificate cannot be read") from error


def _of_record(db: Db, inst: Installation, version: SignedVersion, now: datetime) -> Checked:
    """Check what the register itself keeps of a version."""
    try:
        token = stored_credential(inst, version.id, version.credential)
    except Conflict:
        return Checked(Answer(State.NO, RECORD_ALTERED), NOT_CHECKED, NOT_CHECKED)
    checked = _of_token(token.encode("ascii"), trust_bundle(db, inst, now), now, inst.proven)
    checked = _as_registered(checked, version, now)
    claims = checked.claims
    if claims is None or checked.current.reason == "REVOKED":
        return replace(checked, claims=None)
    return replace(checked, claims=None, summary=public_summary(claims))


def _of_token(
    content: bytes, bundle: TrustBundle, now: datetime, proven: Proven | None = None
) -> Checked:
    try:
        token = content.decode("ascii").strip()
    except UnicodeDecodeError:
        return Checked(Answer(State.NO, "TOKEN_MALFORMED"), NOT_CHECKED, NOT_CHECKED)
    verdict = signing.verify_credential(token, bundle, now, proven=proven)
    if verdict.claims is not None and verdict.claims["vct"] != bundle.issuer + VCT_PATH:
        return Checked(Answer(State.NO, NOT_A_BOOK), NOT_CHECKED, _answer(verdict.issuer))
    return Checked(
        genuine=_answer(verdict.integrity),
        current=_answer(verdict.status),
        issuer=_answer(verdict.issuer),
        claims=verdict.claims,
        status_as_of=verdict.status_as_of,
        trust_as_of=verdict.trust_as_of,
        kid=verdict.kid,
    )


def _of_compact(content: bytes, bundle: TrustBundle, now: datetime) -> Checked:
    """Check the text of an offline code; a letter at its end may be a space."""
    text = content.decode("utf-8", "replace").rstrip("\r\n")
    verdict = signing.compact_verify(text, bundle, now)
    return Checked(
        genuine=_answer(verdict.integrity),
        current=_answer(verdict.status),
        issuer=_answer(verdict.issuer),
        claims=verdict.claims,
        status_as_of=verdict.status_as_of,
        trust_as_of=verdict.trust_as_of,
        kid=verdict.kid,
    )


def _of_pdf(sealed: PdfVerdict, bundle: TrustBundle, now: datetime) -> Checked:
    """Check a PDF: its seal, the credential inside, and that both files inside say the same."""
    seal = Checked(_answer(sealed.integrity), NOT_CHECKED, _answer(sealed.issuer), kid=sealed.kid)
    if not (_is_yes(seal.genuine) and _is_yes(seal.issuer)):
        return seal
    seal = replace(seal, seal=_seal(sealed))
    token, data = (sealed.attachments.get(name) for name in (BOOK_CREDENTIAL, BOOK_JSON))
    if token is None or data is None:
        return replace(seal, genuine=Answer(State.NO, ATTACHMENT_MISSING))
    checked = _of_token(token, bundle, now)
    if checked.claims is not None and data != signing.canonical_json(record_in(checked.claims)):
        return replace(seal, genuine=Answer(State.NO, ATTACHMENT_DIFFERS))
    return replace(checked, seal=seal.seal)


def _seal(sealed: PdfVerdict) -> Seal:
    return Seal(str(sealed.level), _answer(sealed.timestamp), sealed.signed_at)


def record_in(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of the book among the claims of its credential, as it was hashed."""
    return {name: value for name, value in claims.items() if name not in _ENVELOPE}


def _as_registered(checked: Checked, version: Registered | SignedVersion, now: datetime) -> Checked:
    """Let the register answer whether a genuine version is current, unless its time is over."""
    if not _is_yes(checked.genuine):
        return checked
    return replace(
        checked,
        current=_standing(checked, version.state),
        newest_version=version.newest_version,
        state_since=version.state_since,
        status_as_of=now,
    )


def _standing(checked: Checked, state: str) -> Answer:
    if state == REVOKED:
        return Answer(State.NO, "REVOKED")
    if state == TAKEN_BACK:
        return Answer(State.NO, COPY_TAKEN_BACK)
    if state != CURRENT:
        return Answer(State.NO, SUPERSEDED)
    in_time = checked.current.reason not in ("EXPIRED", "NOT_YET_VALID")
    return YES if in_time else checked.current


def _version_of(db: Db, inst: Installation, checked: Checked) -> Registered | None:
    """Return the version that a credential is, told by its place on the status list."""
    match checked.claims:
        case {"status": {"status_list": {"uri": str(uri), "idx": int(index)}}}:
            number = uri.removeprefix(inst.status_uri(0).removesuffix("0"))
            if number.isascii() and number.isdigit() and len(number) <= _MAX_LIST_DIGITS:
                return registered_by_status(db, int(number), index)
    return None


def _entry(
    caller: Caller,
    version: Registered | SignedVersion,
    checked: Checked,
    *,
    by: str,
    at: datetime,
) -> Entry:
    detail: dict[str, str | int] = {
        "by": by,
        "version": version.version,
        "genuine": checked.genuine.reason,
        "current": checked.current.reason,
        "issuer": checked.issuer.reason,
    }
    return Entry(caller, Action.BOOK_VERIFY, at, PURPOSE, version.person_id, detail=detail)


def _answer(given: signing.Answer) -> Answer:
    return Answer(given.state, str(given.reason))


def _is_yes(answer: Answer) -> bool:
    return answer.state == State.YES


def is_pdf(content: bytes) -> bool:
    """Say whether what was sent is a PDF and no credential."""
    return _PDF_MARK in content[:_PDF_MARK_WITHIN]
