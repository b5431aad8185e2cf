"""The small installation that the servers of several benchmarks have, and raw signatures beside."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

import migrations
from labour_book.database import connect
from labour_book.settings import Settings
from tests.api.conftest import PUBLIC_URL, Office, opened_office


@contextmanager
def bench_office(now: datetime) -> Iterator[tuple[Office, Settings]]:
    """Open an installation with a few people on SQLite, in a folder that goes away."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = connect(f"sqlite:///{folder / 'bench.sqlite'}")
        migrations.upgrade(engine)
        office = opened_office(engine, folder, now)
        yield office, Settings(demo=True, data_dir=folder, public_url=PUBLIC_URL)
        engine.dispose()


def add_raw_signatures(app: FastAPI, times: int) -> None:
    """Add ``/raw``: it checks one ES256 signature so many times, without the rest."""
    key = ec.generate_private_key(ec.SECP256R1())
    message, algorithm = b"x" * 1_000, ec.ECDSA(hashes.SHA256())
    signature, public = key.sign(message, algorithm), key.public_key()

    @app.get("/raw")
    def raw() -> None:
        for _ in range(times):
            public.verify(signature, message, algorithm)
