"""Whether an address answers at all, and until when its certificate lasts."""

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from labour_book.registers.envelope import unusable

LARGEST = 1024 * 1024
"""Bytes of an answer that are read."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What came back."""

    status: int
    body: bytes
    certificate_ends: datetime | None
    """None: the address is not encrypted."""


def reach(address: str, *, seconds: float, roots: Path | None = None) -> Reached:
    """Ask an address once, following nothing.

    Raises:
        Unavailable: ``cause`` is CERTIFICATE where it is not believed, else CONNECTION.
    """
    parts = urlsplit(address)
    path = parts.path or "/"
    try:
        connection = _connection(parts.scheme, parts.netloc.rpartition("@")[2], seconds, roots)
        try:
            connection.request("GET", path, headers={"User-Agent": "labour-book doctor"})
            ends = _certificate_end(connection)  # the socket is gone once the answer is read
            answer = connection.getresponse()
            return Reached(answer.status, answer.read(LARGEST), ends)
        finally:
            connection.close()
    except ssl.SSLCertVerificationError as error:
        raise unusable("CERTIFICATE") from error
    except (OSError, HTTPException) as error:
        raise unusable("CONNECTION") from error


def _connection(scheme: str, place: str, seconds: float, roots: Path | None) -> HTTPConnection:
    if scheme == "http":
        return HTTPConnection(place, timeout=seconds)
    context = ssl.create_default_context(cafile=roots)
    return HTTPSConnection(place, timeout=seconds, context=context)


def _certificate_end(connection: HTTPConnection) -> datetime | None:
    if not isinstance(connection.sock, ssl.SSLSocket):
        return None
    shown = connection.sock.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def is_listening(host: str, port: int, *, seconds: float) -> bool:
    """Tell whether anybody takes a connection there."""
    try:
        socket.create_connection((host, port), timeout=seconds).close()
    except OSError:
        return False
    return True
