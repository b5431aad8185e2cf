"""Cryptography of the labour book: sign, disclose, verify, seal, chain.

It knows keys, credentials, status lists, PDF seals and hash chains; it must not know the labour
book's subject, any database, HTTP, files it was not handed, or the clock (`now` comes in).
Nobody imports deeper than this module.

A run from a key to the three answers:

    >>> from datetime import UTC, date, datetime
    >>> import signing
    >>> now = datetime(2026, 10, 1, 8, tzinfo=UTC)
    >>> years = {"not_before": datetime(2026, 1, 1, tzinfo=UTC)}
    >>> root = signing.new_root(
    ...     common_name="Demo root", not_after=datetime(2046, 1, 1, tzinfo=UTC), **years
    ... )
    >>> key = signing.new_leaf(
    ...     root, use=signing.Use.CREDENTIAL, issuer_uri="https://book.example",
    ...     common_name="Demo 2026", not_after=datetime(2029, 1, 1, tzinfo=UTC), **years
    ... )
    >>> token = signing.issue_book_credential(
    ...     {"book_no": "VN-1", "version": 1, "worker": {"full_name": "Nguyễn Văn An"}},
    ...     signer=key, issuer="https://book.example", vct="https://book.example/vct/book/1",
    ...     issued_on=date(2026, 10, 1), expires_on=date(2027, 10, 1),
    ...     status_uri="https://book.example/status/1", status_index=7,
    ... )
    >>> trust = signing.trust_bundle(
    ...     issuer="https://book.example", root=root.certificate, keys=[key], issued_at=now
    ... )
    >>> verdict = signing.verify_credential(token, trust, now)
    >>> str(verdict.integrity.state), str(verdict.issuer.state), str(verdict.status.reason)
    ('yes', 'yes', 'STATUS_UNAVAILABLE')
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from signing.answers import Answer, State, Verdict
from signing.archive import open_file, seal_file
from signing.canonical import Checked, canonical_json, checked
from signing.certificates import Root, certify, new_leaf, new_root, revocation_list
from signing.compact import compact_read, compact_sign, compact_verify
from signing.compact_book import CompactBook, CompactJob, CompactTotals, compact_book
from signing.credential import (
    Disclosure,
    disclose,
    disclosures_of,
    issue_book_credential,
    read_disclosed,
)
from signing.data_answers import sign_data_answer
from signing.errors import NoTimeStamp, Reason, SigningError, VerificationError
from signing.holder_proof import DPOP, KEY_PROOF, HolderProof, read_holder_proof
from signing.key_files import (
    read_certificates,
    read_key,
    read_root,
    write_certificates,
    write_key,
    write_root,
)
from signing.keys import SigningKey, Use, jwks, public_jwk, read_public_jwk, thumbprint, x5c
from signing.log import (
    GENESIS,
    ChainedRow,
    Checkpoint,
    chain_hash,
    read_checkpoint,
    sign_checkpoint,
    verify_chain,
)
from signing.presentation import Presentation, present, verify_presentation
from signing.sealing import BlindIndex, Sealer, derive_key
from signing.status_list import (
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    VALID,
    StatusList,
    StatusSnapshot,
    read_status_list,
    sign_status_list,
)
from signing.trust import TrustBundle, TrustedKey, trust_bundle, trusted
from signing.trust_list import trust_list_read, trust_list_sign
from signing.verification import Proven, verify_credential

if TYPE_CHECKING:
    from signing.hsm import HardwareToken, open_token
    from signing.pdf_sealing import ValidationData, seal_pdf
    from signing.pdf_verification import PdfLevel, PdfVerdict, verify_pdf
    from signing.time_stamp import TimeStamper
    from signing.wallet_messages import (
        answer_key,
        certificate_hash,
        new_answer_key,
        open_answer,
        sign_request,
    )

__all__ = [
    "DPOP",
    "GENESIS",
    "KEY_PROOF",
    "REVOKED",
    "SUPERSEDED",
    "SUSPENDED",
    "VALID",
    "Answer",
    "BlindIndex",
    "ChainedRow",
    "Checked",
    "Checkpoint",
    "CompactBook",
    "CompactJob",
    "CompactTotals",
    "Disclosure",
    "HardwareToken",
    "HolderProof",
    "NoTimeStamp",
    "PdfLevel",
    "PdfVerdict",
    "Presentation",
    "Proven",
    "Reason",
    "Root",
    "Sealer",
    "SigningError",
    "SigningKey",
    "State",
    "StatusList",
    "StatusSnapshot",
    "TimeStamper",
    "TrustBundle",
    "TrustedKey",
    "Use",
    "ValidationData",
    "Verdict",
    "VerificationError",
    "answer_key",
    "canonical_json",
    "certificate_hash",
    "certify",
    "chain_hash",
    "checked",
    "compact_book",
    "compact_read",
    "compact_sign",
    "compact_verify",
    "derive_key",
    "disclose",
    "disclosures_of",
    "issue_book_credential",
    "jwks",
    "new_answer_key",
    "new_leaf",
    "new_root",
    "open_answer",
    "open_file",
    "open_token",
    "present",
    "public_jwk",
    "read_certificates",
    "read_checkpoint",
    "read_disclosed",
    "read_holder_proof",
    "read_key",
    "read_public_jwk",
    "read_root",
    "read_status_list",
    "revocation_list",
    "seal_file",
    "seal_pdf",
    "sign_checkpoint",
    "sign_data_answer",
    "sign_request",
    "sign_status_list",
    "thumbprint",
    "trust_bundle",
    "trust_list_read",
    "trust_list_sign",
    "trusted",
    "verify_chain",
    "verify_credential",
    "verify_pdf",
    "verify_presentation",
    "write_certificates",
    "write_key",
    "write_root",
    "x5c",
]

_WHEN_ASKED = {
    "HardwareToken": "signing.hsm",
    "PdfLevel": "signing.pdf_verification",
    "PdfVerdict": "signing.pdf_verification",
    "TimeStamper": "signing.time_stamp",
    "ValidationData": "signing.pdf_sealing",
    "answer_key": "signing.wallet_messages",
    "certificate_hash": "signing.wallet_messages",
    "new_answer_key": "signing.wallet_messages",
    "open_answer": "signing.wallet_messages",
    "open_token": "signing.hsm",
    "seal_pdf": "signing.pdf_sealing",
    "sign_request": "signing.wallet_messages",
    "verify_pdf": "signing.pdf_verification",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the named thing
    """Load the parts for PDFs and for hardware tokens when they are first asked for.

    pyHanko takes half a second to load and pikepdf is native code; the citizen app, which only
    checks credentials, has neither. python-pkcs11 is installed only where a token is used.
    """
    if name in _WHEN_ASKED:
        return getattr(import_module(_WHEN_ASKED[name]), name)
    raise AttributeError(f"signing has no {name}")
