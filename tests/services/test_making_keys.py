"""Keys made away from the server: the server never has the root, and works all the same."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import signing
from labour_book.database import reading
from labour_book.errors import Invalid, Unavailable
from labour_book.services import keys
from labour_book.services.access import deed, operator
from labour_book.services.installation import Installation, Issuer
from labour_book.services.making_keys import SAFE, SERVER, make_keys
from signing import SigningError, Use
from tests.support.installations import ISSUER, opened

PASSPHRASE = "mười hai chữ cái"  # noqa: S105 - of keys that live as long as a test
OPERATOR = operator("test")


def made(folder: Path, now: datetime, uses: tuple[Use, ...] = tuple(Use)) -> list[str]:
    keys_made = make_keys(folder, issuer=ISSUER, uses=uses, passphrase=PASSPHRASE, now=now)
    return [key.kid for key in keys_made.keys]


def carried(folder: Path, data: Path) -> None:
    """Carry what is for the server to its folder."""
    shutil.copytree(folder / SERVER, data / "keys", dirs_exist_ok=True)


def installed(engine: sa.Engine, folder: Path, data: Path, now: datetime) -> Installation:
    carried(folder, data)
    with deed(engine) as db:
        keys.import_keys(db, data / "keys", issuer=ISSUER, by=OPERATOR, now=now)
    return opened(engine, data, now)


class TestMakingKeys:
    def test_gives_a_server_all_it_needs_but_the_root(
        self, engine: sa.Engine, tmp_path: Path, now: datetime
    ) -> None:
        kids = made(tmp_path / "stick", now)

        inst = installed(engine, tmp_path / "stick", tmp_path / "data", now)

        assert {key.kid for key in inst.key_ring.signers.values()} == set(kids)
        assert set(inst.key_ring.signers) == set(Use)
        assert inst.key_ring.root is None
        with reading(engine) as db:
            assert len(keys.trust_bundle(db, inst, now).keys) == len(Use)
        assert b"PRIVATE" not in (tmp_path / "data" / "keys" / "root.pem").read_bytes()

    def test_locks_the_root_with_its_passphrase(self, tmp_path: Path, now: datetime) -> None:
        made(tmp_path, now)
        root = tmp_path / SAFE / "root.pem"

        assert b"ENCRYPTED" in root.read_bytes()
        assert root.stat().st_mode & 0o077 == 0
        with pytest.raises(SigningError):
            signing.read_root(root)
        with pytest.raises(Unavailable):
            make_keys(
                tmp_path, issuer=ISSUER, uses=[Use.QR], passphrase=PASSPHRASE.upper(), now=now
            )

    def test_the_next_key_is_put_to_use_by_a_server_without_the_root(
        self, engine: sa.Engine, tmp_path: Path, now: datetime
    ) -> None:
        stick, data = tmp_path / "stick", tmp_path / "data"
        made(stick, now)
        inst = installed(engine, stick, data, now)
        later = now + timedelta(days=365)
        with deed(engine) as db, pytest.raises(Unavailable):
            keys.rotate(db, inst, Use.QR, by=OPERATOR, now=later)
        (kid,) = made(stick, later, (Use.QR,))
        carried(stick, data)

        with deed(engine) as db:
            assert keys.rotate(db, inst, Use.QR, by=OPERATOR, now=later) == kid

        assert opened(engine, data, later).key_ring.signer(Use.QR).kid == kid
        with deed(engine) as db, pytest.raises(Unavailable):  # it is taken only once
            keys.rotate(db, opened(engine, data, later), Use.QR, by=OPERATOR, now=later)

    def test_no_key_is_published_that_the_root_has_not_certified(
        self, engine: sa.Engine, tmp_path: Path, now: datetime
    ) -> None:
        stick, other, data = (tmp_path / name for name in ("stick", "other", "data"))
        made(stick, now)
        made(other, now, (Use.QR,))
        (other / SERVER / "root.pem").unlink()
        carried(stick, data)
        carried(other, data)
        with deed(engine) as db, pytest.raises(Unavailable, match="certified"):
            keys.import_keys(db, data / "keys", issuer=ISSUER, by=OPERATOR, now=now)
        shutil.rmtree(data)
        inst = installed(engine, stick, data, now)
        carried(other, data)

        with deed(engine) as db, pytest.raises(Unavailable, match="certified"):
            keys.rotate(db, inst, Use.QR, by=OPERATOR, now=now)

        with reading(engine) as db:
            assert len(keys.trust_bundle(db, inst, now).keys) == len(Use)

    @pytest.mark.parametrize(
        ("uri", "passphrase"),
        [
            ("http://so.example.vn", PASSPHRASE),
            ("https://so.example.vn/", PASSPHRASE),
            ("https://so.example.vn", "short"),
        ],
    )
    def test_refuses_what_would_not_serve(
        self, tmp_path: Path, now: datetime, uri: str, passphrase: str
    ) -> None:
        issuer = Issuer(uri, "Sở", "Department", "")

        with pytest.raises(Invalid):
            make_keys(tmp_path, issuer=issuer, uses=[Use.QR], passphrase=passphrase, now=now)

        assert not (tmp_path / SAFE).exists()
