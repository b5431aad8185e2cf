"""Keys made away from the server: the server never has the root, and works all the same."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from unicodedata import normalize

import pytest
import sqlalchemy as sa

import signing
from labour_book.database import reading
from labour_book.errors import Conflict, Invalid, Unavailable
from labour_book.services import keys
from labour_book.services.access import deed, operator
from labour_book.services.installation import Installation, Issuer
from labour_book.services.making_keys import LONGEST_NAME, SAFE, SERVER, make_keys
from signing import SigningError, Use
from tests.support.installations import ISSUER, opened
from tests.support.installations import installed as demo_installed

PASSPHRASE = "mười hai chữ cái"  # noqa: S105 - of keys that live as long as a test
OPERATOR = operator("test")


def made(folder: Path, now: datetime, *uses: Use) -> list[str]:
    keys_made = make_keys(folder, issuer=ISSUER, uses=uses, passphrase=PASSPHRASE, now=now)
    return [key.kid for key in keys_made]


def key_file(folder: Path, use: Use) -> Path:
    """Return the file of the one key for a use."""
    (found,) = (
        path
        for path in (folder / SERVER).glob("*.pem")
        if path.name != "root.pem" and signing.read_key(path).use is use
    )
    return found


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
        (kid,) = made(stick, later, Use.QR)
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
        made(other, now)
        strange = key_file(other, Use.QR)
        carried(stick, data)
        shutil.copy(strange, data / "keys")
        with deed(engine) as db, pytest.raises(Unavailable, match="certified"):
            keys.import_keys(db, data / "keys", issuer=ISSUER, by=OPERATOR, now=now)
        (data / "keys" / strange.name).unlink()
        inst = installed(engine, stick, data, now)
        shutil.copy(strange, data / "keys")

        with deed(engine) as db, pytest.raises(Unavailable, match="certified"):
            keys.rotate(db, inst, Use.QR, by=OPERATOR, now=now)

        with reading(engine) as db:
            assert len(keys.trust_bundle(db, inst, now).keys) == len(Use)

    def test_no_key_is_published_that_will_not_be_found_again(
        self, engine: sa.Engine, tmp_path: Path, now: datetime
    ) -> None:
        stick, data = tmp_path / "stick", tmp_path / "data"
        made(stick, now)
        found = key_file(stick, Use.QR)
        found.rename(found.with_name("qr-2027.pem"))
        carried(stick, data)

        with deed(engine) as db, pytest.raises(Unavailable, match=found.name):
            keys.import_keys(db, data / "keys", issuer=ISSUER, by=OPERATOR, now=now)

    def test_two_new_keys_for_one_use_are_refused(
        self, engine: sa.Engine, tmp_path: Path, now: datetime
    ) -> None:
        made(tmp_path / "stick", now)
        made(tmp_path / "stick", now, Use.QR)
        carried(tmp_path / "stick", tmp_path / "data")

        with deed(engine) as db, pytest.raises(Conflict):
            keys.import_keys(db, tmp_path / "data" / "keys", issuer=ISSUER, by=OPERATOR, now=now)

    def test_broken_files_of_retired_keys_keep_nobody_from_rotating(
        self, engine: sa.Engine, tmp_path: Path, now: datetime
    ) -> None:
        stick, data = tmp_path / "stick", tmp_path / "data"
        made(stick, now)
        inst = installed(engine, stick, data, now)
        (data / "keys" / key_file(stick, Use.PDF).name).write_bytes(b"")
        (kid,) = made(stick, now, Use.QR)
        shutil.copy(stick / SERVER / f"{kid}.pem", data / "keys")

        with deed(engine) as db:
            assert keys.rotate(db, inst, Use.QR, by=OPERATOR, now=now) == kid

    def test_what_waits_is_not_used_where_the_root_is(
        self, engine: sa.Engine, tmp_path: Path, now: datetime
    ) -> None:
        """It may be what a rotation that was rolled back left behind, years ago."""
        inst = demo_installed(engine, tmp_path, now)
        assert inst.key_ring.root is not None
        left = keys.write_leaf(inst.key_dir, inst.key_ring.root, Use.QR, ISSUER, now)

        with deed(engine) as db:
            assert keys.rotate(db, inst, Use.QR, by=OPERATOR, now=now) != left.kid

    def test_makes_no_second_root_by_mistake(self, tmp_path: Path, now: datetime) -> None:
        with pytest.raises(Invalid):  # the root is in the safe
            made(tmp_path, now, Use.QR)
        made(tmp_path, now)
        with pytest.raises(Invalid):
            made(tmp_path, now)

    def test_a_passphrase_is_the_same_however_its_marks_are_typed(
        self, tmp_path: Path, now: datetime
    ) -> None:
        made(tmp_path, now)
        typed = normalize("NFD", PASSPHRASE)
        assert typed != PASSPHRASE

        assert make_keys(tmp_path, issuer=ISSUER, uses=[Use.QR], passphrase=typed, now=now)

    @pytest.mark.parametrize(
        ("uri", "name", "passphrase"),
        [
            ("http://so.example.vn", "Department", PASSPHRASE),
            ("https://so.example.vn/", "Department", PASSPHRASE),
            ("https://so.example.vn", "Department", "short"),
            ("https://so.example.vn", "Sở Nội vụ của thành phố Hồ Chí Minh", PASSPHRASE),
            ("https://so.example.vn", "", PASSPHRASE),
        ],
    )
    def test_refuses_what_would_not_serve(
        self, tmp_path: Path, now: datetime, uri: str, name: str, passphrase: str
    ) -> None:
        issuer = Issuer(uri, name, name, "")

        with pytest.raises(Invalid):
            make_keys(tmp_path, issuer=issuer, passphrase=passphrase, now=now)

        assert not (tmp_path / SAFE).exists()

    def test_takes_a_name_as_long_as_it_may_be(self, tmp_path: Path, now: datetime) -> None:
        name = "D" * LONGEST_NAME
        issuer = Issuer("https://so.example.vn", name, name, "")

        assert len(make_keys(tmp_path, issuer=issuer, passphrase=PASSPHRASE, now=now)) == len(Use)
