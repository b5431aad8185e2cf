"""What stands between pyHanko and us: its coroutines, and certificates of its library."""

import asyncio
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


def asn1(certificates: Iterable[x509.Certificate]) -> list[asn1_x509.Certificate]:
    """Return certificates in the form that pyHanko works with."""
    return [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in certificates]


def finish(coroutine: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - pyHanko has no types
    """Run a coroutine of pyHanko's in a thread, so that the caller may sit in an event loop."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, coroutine).result()
