"""A door to the sandbox registers whose certificate has run out: real TLS on this machine alone.

Nobody gets through it: whoever asks has to notice that, before a word is said.
"""

import asyncio
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import signing
from signing import Use

HOST = "127.0.0.1"
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ExpiredFront:
    """A door that is open until it is closed, and what believes its certificate but for its age."""

    server: asyncio.Server
    trusting: ssl.SSLContext

    @property
    def address(self) -> str:
        port = self.server.sockets[0].getsockname()[1]
        return f"https://{HOST}:{port}"

    def close(self) -> None:
        self.server.close()


async def opened(now: datetime) -> ExpiredFront:
    """Open such a door on a free port; it belongs to the running loop."""
    serving, trusting = _contexts(now)

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, HOST, 0, ssl=serving)
    return ExpiredFront(server, trusting)


def _contexts(now: datetime) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    root = signing.new_root(
        common_name="Sandbox registers", not_before=now - 3 * _YEAR, not_after=now + _YEAR
    )
    leaf = signing.new_leaf(
        root,
        use=Use.REQUEST,
        issuer_uri=f"https://{HOST}",
        common_name=HOST,
        not_before=now - 2 * _YEAR,
        not_after=now - timedelta(days=1),
    )
    with TemporaryDirectory() as folder:
        own, roots = Path(folder) / "own.pem", Path(folder) / "roots.pem"
        signing.write_key(own, leaf)
        signing.write_certificates(roots, [root.certificate])
        serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serving.load_cert_chain(own)
        trusting = ssl.create_default_context(cafile=roots)
        trusting.check_hostname = False  # the leaf names the sandbox by its address
    return serving, trusting
