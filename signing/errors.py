"""What can go wrong: `SigningError`, `VerificationError`, and the permanent reason codes.

A reason code is part of the public interface: it is never renamed and never used again for
something else. Its text for people belongs to the pages that show it.
"""

from enum import StrEnum, unique


@unique
class Reason(StrEnum):
    """Why an answer is what it is; one code per cause."""

    OK = "OK"
    NOT_CHECKED = "NOT_CHECKED"  # an earlier step failed, so the question could not be put

    # The form of a token, before any key is used
    TOO_LARGE = "TOO_LARGE"
    TOKEN_MALFORMED = "TOKEN_MALFORMED"  # noqa: S105 - a reason code, not a secret
    BASE64_NOT_CANONICAL = "BASE64_NOT_CANONICAL"
    BASE45_INVALID = "BASE45_INVALID"
    PREFIX_UNKNOWN = "PREFIX_UNKNOWN"  # a QR code, but none of ours
    ZLIB_INVALID = "ZLIB_INVALID"
    CBOR_INVALID = "CBOR_INVALID"
    JSON_INVALID = "JSON_INVALID"
    JSON_TOO_DEEP = "JSON_TOO_DEEP"
    ALG_REFUSED = "ALG_REFUSED"
    TYP_REFUSED = "TYP_REFUSED"
    CRIT_REFUSED = "CRIT_REFUSED"
    HEADER_REFUSED = "HEADER_REFUSED"  # jwk, jku, x5u and whatever else is not in the profile
    KID_REFUSED = "KID_REFUSED"
    X5C_MISMATCH = "X5C_MISMATCH"
    KEY_BINDING_REFUSED = "KEY_BINDING_REFUSED"  # there is one where none is expected
    KEY_BINDING_MISSING = "KEY_BINDING_MISSING"

    # The key
    KEY_UNKNOWN = "KEY_UNKNOWN"
    KEY_WRONG_USE = "KEY_WRONG_USE"
    KEY_WITHDRAWN = "KEY_WITHDRAWN"
    KEY_OUT_OF_PERIOD = "KEY_OUT_OF_PERIOD"
    CERTIFICATE_REFUSED = "CERTIFICATE_REFUSED"

    # The signature and what it covers
    SIGNATURE_MALFORMED = "SIGNATURE_MALFORMED"
    SIGNATURE_WRONG = "SIGNATURE_WRONG"
    ISSUER_MISMATCH = "ISSUER_MISMATCH"
    CLAIM_MISSING = "CLAIM_MISSING"
    CLAIM_TYPE = "CLAIM_TYPE"
    SD_ALG_REFUSED = "SD_ALG_REFUSED"
    DISCLOSURE_MALFORMED = "DISCLOSURE_MALFORMED"
    DISCLOSURE_REPEATED = "DISCLOSURE_REPEATED"
    DISCLOSURE_UNKNOWN = "DISCLOSURE_UNKNOWN"  # tampered with, or never part of this credential
    DISCLOSURE_NAME_REFUSED = "DISCLOSURE_NAME_REFUSED"
    DISCLOSURE_PROTECTED = "DISCLOSURE_PROTECTED"
    DISCLOSURE_OVERWRITES = "DISCLOSURE_OVERWRITES"
    DISCLOSURES_TOO_MANY = "DISCLOSURES_TOO_MANY"
    DIGEST_MALFORMED = "DIGEST_MALFORMED"
    DIGEST_REPEATED = "DIGEST_REPEATED"

    # Who holds it
    HOLDER_KEY_MISSING = "HOLDER_KEY_MISSING"  # the credential is bound to no wallet
    HOLDER_KEY_REFUSED = "HOLDER_KEY_REFUSED"
    AUDIENCE_MISMATCH = "AUDIENCE_MISMATCH"
    NONCE_MISMATCH = "NONCE_MISMATCH"
    PRESENTATION_TOO_OLD = "PRESENTATION_TOO_OLD"
    SD_HASH_MISMATCH = "SD_HASH_MISMATCH"  # bound to other disclosures than those shown

    # Time and status
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    REVOKED = "REVOKED"
    SUSPENDED = "SUSPENDED"
    SUPERSEDED = "SUPERSEDED"
    STATUS_MISSING = "STATUS_MISSING"
    STATUS_INDEX_REFUSED = "STATUS_INDEX_REFUSED"
    STATUS_URI_UNKNOWN = "STATUS_URI_UNKNOWN"
    STATUS_UNAVAILABLE = "STATUS_UNAVAILABLE"
    STATUS_LIST_EXPIRED = "STATUS_LIST_EXPIRED"
    STATUS_LIST_MALFORMED = "STATUS_LIST_MALFORMED"
    STATUS_LIST_MISMATCH = "STATUS_LIST_MISMATCH"
    STATUS_VALUE_UNKNOWN = "STATUS_VALUE_UNKNOWN"

    # Trust list and checkpoint
    TRUST_LIST_EXPIRED = "TRUST_LIST_EXPIRED"
    TRUST_LIST_OLDER = "TRUST_LIST_OLDER"
    TRUST_LIST_MALFORMED = "TRUST_LIST_MALFORMED"
    CHECKPOINT_MALFORMED = "CHECKPOINT_MALFORMED"
    CHECKPOINT_ORIGIN = "CHECKPOINT_ORIGIN"

    # PDF
    PDF_NOT_SEALED = "PDF_NOT_SEALED"
    PDF_SEAL_MALFORMED = "PDF_SEAL_MALFORMED"
    PDF_CHANGED = "PDF_CHANGED"
    PDF_NOT_COVERED = "PDF_NOT_COVERED"  # bytes outside the seal, such as an update after it

    TIMESTAMP_MISSING = "TIMESTAMP_MISSING"
    TIMESTAMP_UNTRUSTED = "TIMESTAMP_UNTRUSTED"  # by an authority that we do not know
    TIMESTAMP_WRONG = "TIMESTAMP_WRONG"


class SigningError(Exception):
    """Something cannot be signed, sealed, opened or read as asked."""


class NoTimeStamp(SigningError):
    """The time-stamp authority gave none, or none that verifies; trying again may help."""


class VerificationError(SigningError):
    """What was handed in cannot be trusted: why, and at which numbered step."""

    def __init__(self, reason: Reason, step: int, message: str) -> None:
        super().__init__(f"step {step}: {message} [{reason}]")
        self.reason = reason
        self.step = step
        self.message = message
