import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from labour_book.database import reading
from labour_book.errors import Unavailable
from labour_book.registers.reaching import reach
from labour_book.services.examining import Health, Sign, examined
from labour_book.services.examining_machine import examined_machine
from labour_book.services.examining_outside import Place, examined_outside
from labour_book.services.installation import Installation
from labour_book.services.proving import proofs
from tests.services.test_backing_up import with_books
from tests.support import tls
from tests.support.browser import free_port


def signs(inst: Installation, now: datetime) -> dict[str, Sign]:
    with reading(inst.engine) as db:
        return {each.what: each for each in examined(db, inst, connections=20, now=now)}


class TestExamined:
    def test_finds_no_fault_in_a_sound_installation(
        self, inst: Installation, now: datetime
    ) -> None:
        found = signs(with_books(inst, now), now)

        bad = {each.what for each in found.values() if each.health is Health.FAULT}
        # the servers of the tests give durability away, and live by the machine's own clock
        assert bad <= {"durable", "clock"}

    def test_warns_of_keys_that_end_and_refuses_those_that_have(
        self, sqlite_inst: Installation
    ) -> None:
        last = min(key.not_after for key in sqlite_inst.key_ring.signers.values())

        for instant, health in (
            (last - timedelta(days=31), Health.OK),
            (last - timedelta(days=29), Health.WARNING),
            (last + timedelta(days=1), Health.FAULT),
        ):
            assert signs(sqlite_inst, instant)["keys-end"].health is health

    @pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
    def test_wants_programs_of_the_servers_version(
        self, inst: Installation, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with reading(inst.engine):
            server = inst.engine.dialect.server_version_info
        assert server is not None
        monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

        for newer, health in ((-1, Health.FAULT), (0, Health.OK), (1, Health.WARNING)):
            for name in ("pg_dump", "pg_restore"):
                said = f"{name} (PostgreSQL) {int(server[0]) + newer}.1"
                (tmp_path / name).write_text(f"#!/bin/sh\necho '{said}'\n", encoding="utf-8")
                (tmp_path / name).chmod(0o755)

            found = {each.what: each for each in examined_machine(inst, now)}

            assert found["programs"].health is health

    def test_sees_that_nobody_signs_the_trace(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = with_books(sqlite_inst, now)
        os.utime(inst.checkpoints, (0, 0))
        later = now + timedelta(days=3)

        assert signs(inst, now)["checkpoint"].health is Health.OK
        assert signs(inst, later)["head"].health is Health.WARNING


class TestExaminedOutside:
    def test_names_what_does_not_answer(self, sqlite_inst: Installation, now: datetime) -> None:
        place = Place("register", f"http://127.0.0.1:{free_port()}", "insurance")

        found = list(examined_outside(sqlite_inst, [place], now))[-1]

        assert (found.health, found.detail) == (Health.FAULT, "insurance CONNECTION")


class TestReach:
    def test_believes_no_certificate_of_strangers(self, tmp_path: Path) -> None:
        known, other = tls.authority(tmp_path, "known"), tls.authority(tmp_path, "other")
        own = tls.certified(known, tmp_path, "own")

        with (
            tls.answering(own, known, lambda _: b"") as address,
            pytest.raises(Unavailable) as refused,
        ):
            reach(address, seconds=5, roots=other.path)

        assert refused.value.facts["cause"] == "CERTIFICATE"


class TestProofs:
    def test_hold_on_both_databases_and_leave_nothing_behind(
        self, inst: Installation, now: datetime
    ) -> None:
        with_books(inst, now)

        def again() -> dict[str, tuple[bool, str]]:
            found = proofs(inst, sample=5, logs=(), now=now, timer=lambda: 0.0)
            return {each.what: (each.is_good, each.detail) for each in found}

        first, second = again(), again()

        assert all(is_good for is_good, _ in first.values()), first
        assert first["chain"] == second["chain"]
