from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from shutil import rmtree

import pytest
import sqlalchemy as sa

from labour_book.database import connect, reading, transaction
from labour_book.errors import Conflict, Invalid, NotFound, Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import keys
from labour_book.services.access import Caller, DeniedToRole, Role, deed, operator
from labour_book.services.installation import Installation
from labour_book.services.key_folder import ROOT_FILE
from labour_book.tables import SigningKey
from signing import Use
from tests.support.databases import new_file, stored_in
from tests.support.installations import ISSUER, installed, opened
from tests.support.processes import CONTEXT

OPERATOR = operator("test")
AUDITOR = Caller("official", "a", "", Role.AUDITOR, unit_code="X")
KEY = table_of(SigningKey)
DAY = timedelta(days=1)


def published(engine: sa.Engine) -> list[sa.RowMapping]:
    with reading(engine) as db:
        return list(db.execute(sa.select(KEY).order_by(KEY.c.use, KEY.c.not_before)).mappings())


def install(begun: Barrier, url: str, folder: Path, now: datetime) -> None:
    engine = connect(url)
    begun.wait()
    installed(engine, folder, now)


class TestMakeDemoKeys:
    def test_makes_one_for_each_use(self, inst: Installation) -> None:
        assert sorted(row["use"] for row in published(inst.engine)) == sorted(Use)
        assert set(inst.key_ring.signers) == set(Use)
        assert inst.key_ring.root is not None

    def test_again_changes_nothing(self, inst: Installation, now: datetime) -> None:
        before = published(inst.engine)

        again = installed(inst.engine, inst.data_dir, now + DAY)

        assert published(inst.engine) == before
        assert {key.kid for key in again.key_ring.signers.values()} == {
            key.kid for key in inst.key_ring.signers.values()
        }

    def test_keeps_the_files_to_their_owner(self, sqlite_inst: Installation) -> None:
        assert sqlite_inst.key_dir.stat().st_mode & 0o777 == 0o700
        for path in sqlite_inst.key_dir.glob("*.pem"):
            assert path.stat().st_mode & 0o777 == 0o600

    def test_keeps_private_keys_out_of_the_database(self, sqlite_inst: Installation) -> None:
        stored = stored_in(sqlite_inst.engine)

        assert b"BEGIN CERTIFICATE" in stored
        assert b"PRIVATE KEY" not in stored

    def test_refuses_to_begin_anew_beside_published_keys(
        self, inst: Installation, now: datetime
    ) -> None:
        rmtree(inst.key_dir)

        with pytest.raises(Conflict, match="folder"):
            installed(inst.engine, inst.data_dir, now)

    def test_publishes_files_into_a_new_database(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        before = {row["kid"] for row in published(sqlite_inst.engine)}
        with transaction(sqlite_inst.engine) as db:
            db.execute(sa.delete(KEY))

        installed(sqlite_inst.engine, sqlite_inst.data_dir, now)

        assert {row["kid"] for row in published(sqlite_inst.engine)} == before

    def test_by_several_processes_at_once_makes_one_set(
        self, engine: sa.Engine, tmp_path: Path, now: datetime
    ) -> None:
        url = engine.url.render_as_string(hide_password=False)
        begun = CONTEXT.Barrier(2)
        given = (begun, url, tmp_path / "data", now)

        processes = [CONTEXT.Process(target=install, args=given) for _ in range(2)]
        for each in processes:
            each.start()
        for each in processes:
            each.join(60)

        assert [each.exitcode for each in processes] == [0, 0]
        assert sorted(row["use"] for row in published(engine)) == sorted(Use)
        assert len(list((tmp_path / "data" / "keys").glob("*.pem"))) == len(Use) + 1


class TestOpenKeyRing:
    def test_makes_nothing(self, engine: sa.Engine, tmp_path: Path, now: datetime) -> None:
        with pytest.raises(Unavailable), reading(engine) as db:
            keys.open_key_ring(db, tmp_path / "keys", issuer=ISSUER, now=now)

        assert not (tmp_path / "keys").exists()

    def test_needs_the_file_of_every_key_in_use(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        kid = sqlite_inst.key_ring.signer(Use.PDF).kid
        (sqlite_inst.key_dir / f"{kid}.pem").unlink()

        with pytest.raises(Unavailable):
            opened(sqlite_inst.engine, sqlite_inst.data_dir, now)

    def test_refuses_keys_that_are_certified_for_another_address(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        moved = replace(sqlite_inst.issuer, uri="https://elsewhere.example.vn")

        with reading(sqlite_inst.engine) as db, pytest.raises(Unavailable, match="another issuer"):
            keys.open_key_ring(db, sqlite_inst.key_dir, issuer=moved, now=now)

    def test_does_without_the_private_root(self, sqlite_inst: Installation, now: datetime) -> None:
        root = sqlite_inst.key_dir / ROOT_FILE
        pem = root.read_text()
        root.write_text(pem[pem.index("-----BEGIN CERTIFICATE") :])

        inst = opened(sqlite_inst.engine, sqlite_inst.data_dir, now)

        assert inst.key_ring.root is None
        with pytest.raises(Unavailable, match="root"), deed(inst.engine) as db:
            keys.rotate(db, inst, Use.PDF, by=OPERATOR, now=now)


class TestImportKeys:
    def test_publishes_what_was_put_into_the_folder(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        with transaction(sqlite_inst.engine) as db:
            db.execute(sa.delete(KEY))

        with deed(sqlite_inst.engine) as db:
            made = keys.import_keys(db, sqlite_inst.key_dir, issuer=ISSUER, by=OPERATOR, now=now)

        assert sorted(made) == sorted(row["kid"] for row in published(sqlite_inst.engine))

    def test_refuses_a_second_key_for_a_use(self, sqlite_inst: Installation, now: datetime) -> None:
        kid = sqlite_inst.key_ring.signer(Use.PDF).kid
        with transaction(sqlite_inst.engine) as db:
            db.execute(sa.update(KEY).where(KEY.c.kid == kid).values(kid="another"))

        with pytest.raises(Conflict), deed(sqlite_inst.engine) as db:
            keys.import_keys(db, sqlite_inst.key_dir, issuer=ISSUER, by=OPERATOR, now=now)

    def test_is_not_for_everybody(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
            keys.import_keys(db, sqlite_inst.key_dir, issuer=ISSUER, by=AUDITOR, now=now)


class TestRotate:
    def test_retires_the_old_key_and_publishes_both(
        self, inst: Installation, now: datetime
    ) -> None:
        old = inst.key_ring.signer(Use.CREDENTIAL).kid

        with deed(inst.engine) as db:
            new = keys.rotate(db, inst, Use.CREDENTIAL, by=OPERATOR, now=now + DAY)

        rows = {row["kid"]: row for row in published(inst.engine) if row["use"] == "CREDENTIAL"}
        assert (rows[old]["retired_at"], rows[new]["retired_at"]) == (now + DAY, None)
        ring = opened(inst.engine, inst.data_dir, now + DAY).key_ring
        assert ring.signer(Use.CREDENTIAL).kid == new
        with reading(inst.engine) as db:
            kids = [each["kid"] for each in keys.jwks(db, now + DAY)["keys"]]
        assert {old, new} <= set(kids)

    def test_with_an_old_key_ring_is_a_conflict(self, inst: Installation, now: datetime) -> None:
        with deed(inst.engine) as db:
            keys.rotate(db, inst, Use.PDF, by=OPERATOR, now=now)

        with pytest.raises(Conflict), deed(inst.engine) as db:
            keys.rotate(db, inst, Use.PDF, by=OPERATOR, now=now)

    def test_by_two_at_once_makes_one_key(self, inst: Installation, now: datetime) -> None:
        files = len(list(inst.key_dir.glob("*.pem")))

        def late() -> str:
            with deed(inst.engine) as db:
                return keys.rotate(db, inst, Use.PDF, by=OPERATOR, now=now)

        with ThreadPoolExecutor(1) as pool:
            with deed(inst.engine) as db:
                keys.rotate(db, inst, Use.PDF, by=OPERATOR, now=now)
                second = pool.submit(late)
                with pytest.raises(TimeoutError):  # it waits for the first
                    second.result(0.5)

            with pytest.raises(Conflict):
                second.result(30)
        assert len(list(inst.key_dir.glob("*.pem"))) == files + 1

    def test_is_not_for_everybody(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
            keys.rotate(db, sqlite_inst, Use.PDF, by=AUDITOR, now=now)


class TestWithdraw:
    def test_takes_the_key_out_of_the_key_set_but_not_out_of_the_trust_list(
        self, inst: Installation, now: datetime
    ) -> None:
        kid = inst.key_ring.signer(Use.CREDENTIAL).kid

        with deed(inst.engine) as db:
            keys.withdraw(db, kid, revoked_from=now - DAY, by=OPERATOR, now=now)

        with reading(inst.engine) as db:
            assert kid not in [each["kid"] for each in keys.jwks(db, now)["keys"]]
            assert keys.trust_bundle(db, inst, now).keys[kid].revoked_from == now - DAY

    def test_keeps_the_earliest_instant(self, inst: Installation, now: datetime) -> None:
        kid = inst.key_ring.signer(Use.CREDENTIAL).kid

        for at in (now - DAY, now, now - 2 * DAY, now - DAY):
            with deed(inst.engine) as db:
                keys.withdraw(db, kid, revoked_from=at, by=OPERATOR, now=now)

        (row,) = [row for row in published(inst.engine) if row["kid"] == kid]
        assert (row["revoked_from"], row["retired_at"]) == (now - 2 * DAY, now)

    def test_then_rotating_gives_a_new_key(self, inst: Installation, now: datetime) -> None:
        kid = inst.key_ring.signer(Use.CREDENTIAL).kid
        with deed(inst.engine) as db:
            keys.withdraw(db, kid, revoked_from=now, by=OPERATOR, now=now)

        with deed(inst.engine) as db:
            new = keys.rotate(db, inst, Use.CREDENTIAL, by=OPERATOR, now=now)

        assert opened(inst.engine, inst.data_dir, now).key_ring.signer(Use.CREDENTIAL).kid == new

    def test_refuses_the_future_the_unknown_and_the_unauthorised(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        kid = sqlite_inst.key_ring.signer(Use.PDF).kid

        for key, at, by, error in (
            (kid, now + DAY, OPERATOR, Invalid),
            ("unknown", now, OPERATOR, NotFound),
            (kid, now, AUDITOR, DeniedToRole),
        ):
            with pytest.raises(error), deed(sqlite_inst.engine) as db:
                keys.withdraw(db, key, revoked_from=at, by=by, now=now)


class TestTrustBundle:
    def test_of_another_root_is_unavailable(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        engine = new_file(tmp_path / "other.sqlite")
        other = installed(engine, tmp_path / "other", now)
        mixed = replace(sqlite_inst, key_ring=other.key_ring)

        with reading(sqlite_inst.engine) as db, pytest.raises(Unavailable):
            keys.trust_bundle(db, mixed, now)
        engine.dispose()
