"""An installation for tests: fixed secrets, keys of its own, a database that the test brings."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.places import places
from labour_book.domain.statistics import StatisticsRules
from labour_book.queries.vault import Vault
from labour_book.services import keys
from labour_book.services.installation import Installation, Issuer
from signing import BlindIndex, Sealer

PUBLIC_URL = "https://so.example.vn"
ISSUER = Issuer(PUBLIC_URL, "SỞ NỘI VỤ", "Department of Home Affairs", "Hà Nội")
VAULT = Vault(Sealer(b"s" * 32), BlindIndex(b"i" * 32))
LOOKUP_KEY = b"l" * 32


def installed(engine: sa.Engine, folder: Path, now: datetime) -> Installation:
    """Return an installation with demo keys below ``folder``, made the first time."""
    keys.make_demo_keys(engine, folder / "keys", issuer=ISSUER, now=now)
    return opened(engine, folder, now)


def opened(
    engine: sa.Engine, folder: Path, now: datetime, issuer: Issuer | None = None
) -> Installation:
    """Return the installation whose keys are there already."""
    issuer = issuer or ISSUER
    with reading(engine) as db:
        ring = keys.open_key_ring(db, folder / "keys", issuer=issuer, now=now)
    return Installation(
        engine=engine,
        vault=VAULT,
        lookup_key=LOOKUP_KEY,
        issuer=issuer,
        public_url=issuer.uri,
        key_ring=ring,
        book_life_days=365,
        status_cache_seconds=0,
        demo=True,
        data_dir=folder,
        places=places(),
        statistics=StatisticsRules(kept_months=1),
    )
