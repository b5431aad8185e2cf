"""Time-stamps (RFC 3161): asking an authority for one, and telling whether one is good.

Nothing here knows how an authority is reached: `ask` takes a request and returns the answer, and
sees to its own address, time-out and size limit.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from asn1crypto import cms, tsp
from cryptography import x509
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.timestamps import TimeStamper as PyHankoTimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from signing.answers import YES, Answer, State
from signing.errors import NoTimeStamp, Reason
from signing.pyhanko_calls import asn1, finish

MISSING = Answer(State.UNKNOWN, Reason.TIMESTAMP_MISSING)
UNTRUSTED = Answer(State.UNKNOWN, Reason.TIMESTAMP_UNTRUSTED)
WRONG = Answer(State.NO, Reason.TIMESTAMP_WRONG)
_DIGEST = "sha256"


@dataclass(frozen=True, slots=True)
class TimeStamper:
    """An authority: how to ask it, and the roots by which its answers are believed.

    `ask(request)` posts DER as `application/timestamp-query` and returns the DER that came back;
    it raises OSError when the authority cannot be reached.
    """

    ask: Callable[[bytes], bytes] = field(repr=False)
    roots: tuple[x509.Certificate, ...]


class AskAndCheck(PyHankoTimeStamper):
    """Lets pyHanko ask for a time-stamp, and keeps out what we would not believe ourselves."""

    def __init__(self, authority: TimeStamper) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko has no types
        self._authority = authority

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self._authority.ask(req.dump()))

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token.

        Raises:
            NoTimeStamp: no answer, a refusal, or a token that does not verify.
        """
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            answer, _ = await _check(token, message_digest, self._authority.roots)
        except Exception as error:  # unreachable, or an answer that no parser expects
            raise NoTimeStamp("the time-stamp authority gave no time-stamp") from error
        if answer != YES:
            raise NoTimeStamp(f"the time-stamp does not verify: {answer.reason}")
        return token


def check_token(
    token: bytes, stamped: bytes, roots: tuple[x509.Certificate, ...]
) -> tuple[Answer, datetime | None]:
    """Tell whether a token is an authority's over these bytes, and of what time."""
    try:
        checked = _check(cms.ContentInfo.load(token), sha256(stamped).digest(), roots)
        answer, at = finish(checked)
    except Exception:  # noqa: BLE001 - pyHanko has no common base, and all mean the same here
        return WRONG, None
    return answer, at if answer == YES else None


def authority_certificate(token: bytes) -> x509.Certificate:
    """Return the certificate of the authority that made a token which was found good."""
    data = cms.ContentInfo.load(token)["content"]
    wanted = extract_signer_info(data)["sid"].chosen
    for each in data["certificates"]:
        serial = each.chosen.serial_number
        if (each.chosen.issuer, serial) == (wanted["issuer"], wanted["serial_number"].native):
            return x509.load_der_x509_certificate(each.chosen.dump())
    raise NoTimeStamp("the token lacks its authority's certificate")


async def _check(
    token: Any,  # noqa: ANN401 - asn1crypto has no types
    digest: bytes,
    roots: tuple[x509.Certificate, ...],
) -> tuple[Answer, datetime]:
    data = token["content"]
    at: datetime = data["encap_content_info"]["content"].parsed["gen_time"].native
    context = ValidationContext(trust_roots=asn1(roots), moment=at, allow_fetching=False)
    found = await validate_tst_signed_data(
        data, context, lambda algorithm: digest if algorithm == _DIGEST else b""
    )
    status = TimestampSignatureStatus(**found)
    if not (status.intact and status.valid):
        return WRONG, at
    return (YES if status.trusted else UNTRUSTED), at
