"""A register asked over HTTP: bounded in time, in size and in how often it is asked again."""

import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

import httpx

from labour_book.errors import Invalid
from labour_book.registers.envelope import MIME, Enquiry, Reply, read_reply, unusable
from signing import BlindIndex

PATH = "/v1/query"
"""Below a register's address. Whom a question is about stands in its body, never in here."""
LARGEST = 1024 * 1024
"""Bytes of an answer; that of somebody with a hundred contracts has about 60,000."""
TRIES = 3
FIRST_WAIT = 0.15
"""Seconds at most before it is asked again; twice as many before each further time."""
PASSING = frozenset({429, 502, 503, 504})
"""Statuses that may be over in a moment."""

_EXPIRED = 10
"""X509_V_ERR_CERT_HAS_EXPIRED, as OpenSSL numbers why a certificate is not believed."""

_jitter = SystemRandom().random


@dataclass(frozen=True, slots=True)
class Tls:
    """By what registers are believed to be themselves, and we are: PEM files."""

    roots: Path | None = None
    """Certificates by which theirs are believed; None: those of the machine."""
    certificate: Path | None = None
    """Our own, with what stands between it and its root; None: we show none."""
    key: Path | None = None
    """The private key of it."""


def opened_http(tls: Tls) -> httpx.Client:
    """Return a client for the connections to registers, to be closed by the caller.

    Raises:
        Invalid: a file cannot be read, or key and certificate do not belong together.
    """
    try:
        context = ssl.create_default_context(cafile=tls.roots)
        if tls.certificate is not None:
            context.load_cert_chain(tls.certificate, tls.key)
    except (OSError, ssl.SSLError) as error:  # both say which file only by their number
        raise Invalid("the certificates or the key for registers cannot be read") from error
    return httpx.Client(trust_env=False, verify=context)


@dataclass(frozen=True, slots=True)
class RegisterClient:
    """The connection to one register. Any number of threads may ask at once."""

    address: str
    """Without a slash at the end."""
    secret: BlindIndex = field(repr=False)
    """Shared with the register: both sign with it."""
    http: httpx.Client = field(repr=False)
    total_seconds: float
    """After so long a question is given up, however often it was asked."""
    wait: Callable[[float], None] = time.sleep

    def ask(self, enquiry: Enquiry) -> Reply:
        """Ask, and ask again what failed in passing.

        Questions change nothing and carry an id, so they are safe to repeat. What the register
        understood and refused, or answered wrongly, is not repeated.

        Raises:
            Unavailable: ``cause`` is TIMEOUT, NO_CONNECTION, CUT, HTTP_<status>, TOO_LARGE,
                CERTIFICATE_EXPIRED or CERTIFICATE (the register's is not believed), NOT_ADMITTED
                (ours is not), or one of ``read_reply``.
        """
        content = enquiry.written(self.secret)
        deadline = time.monotonic() + self.total_seconds
        longest = FIRST_WAIT
        for left in range(TRIES - 1, -1, -1):
            try:
                return read_reply(self._sent(content, deadline), enquiry, self.secret)
            except _Passing as error:
                pause = longest * _jitter()
                if not left or time.monotonic() + pause >= deadline:
                    raise unusable(error.cause) from error
            self.wait(pause)
            longest *= 2
        raise AssertionError("the last try returns or raises")

    def _sent(self, content: bytes, deadline: float) -> bytes:
        """Send it once and return the answer's content."""
        left = min(deadline - time.monotonic(), self.total_seconds / 2)
        headers = {"Content-Type": MIME, "Accept": MIME, "Accept-Encoding": "identity"}
        try:
            with self.http.stream(
                "POST",
                self.address + PATH,
                content=content,
                headers=headers,
                timeout=max(left, 0.01),
            ) as response:
                _check_status(response.status_code)
                return _read(response, deadline)
        except httpx.TimeoutException as error:
            raise _Passing("TIMEOUT") from error
        except httpx.HTTPError as error:
            refused = next(_causes(error, ssl.SSLError), None)
            if refused is not None and not isinstance(refused, ssl.SSLEOFError):
                raise unusable(_tls_cause(refused)) from error
            is_there = not isinstance(error, httpx.ConnectError)
            raise _Passing("CUT" if is_there else "NO_CONNECTION") from error


class _Passing(Exception):
    """Something failed that may be over in a moment."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def _causes(error: BaseException, kind: type[ssl.SSLError]) -> Iterator[ssl.SSLError]:
    """Yield what of that kind is behind an error."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, kind):
            yield behind
        behind = behind.__cause__ or behind.__context__


def _tls_cause(refused: ssl.SSLError) -> str:
    """Return why a handshake failed: for their certificate, or for ours. Neither passes."""
    if isinstance(refused, ssl.SSLCertVerificationError):
        is_expired = refused.verify_code == _EXPIRED
        return "CERTIFICATE_EXPIRED" if is_expired else "CERTIFICATE"
    is_alert = "ALERT" in (refused.reason or "")
    return "NOT_ADMITTED" if is_alert else "TLS"


def _check_status(status: int) -> None:
    if status in PASSING:
        raise _Passing(f"HTTP_{status}")
    if status != httpx.codes.OK:
        raise unusable(f"HTTP_{status}")


def _read(response: httpx.Response, deadline: float) -> bytes:
    content = b""
    for piece in response.iter_raw():
        content += piece
        if len(content) > LARGEST:
            raise unusable("TOO_LARGE")
        if time.monotonic() > deadline:
            raise _Passing("TIMEOUT")
    return content
