"""Choosing where notices go: an address counts once its owner has shown the code."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries.channels import StoredChannel, channel_of
from labour_book.services import access, channels
from labour_book.services.access import Caller, DeniedToRole, Role
from labour_book.services.channels import ASKED, CODE_MINUTES, MOST_TRIES, Channels, NoMail
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.permission import LevelTooLow
from tests.services.people import add_people, person_id
from tests.services.shares import traces
from tests.support.installations import installed
from tests.support.mailbox import mailbox

ADDRESS = "an.nguyen@example.vn"
WORKER = Caller("worker", "w", "x", Role.WORKER, person_id=person_id(1))


@pytest.fixture
def inst(engine: sa.Engine, tmp_path: Path, now: datetime) -> Installation:
    return opened_inst(engine, tmp_path, now)


@pytest.fixture
def small_inst(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Installation:
    return opened_inst(sqlite_engine, tmp_path, now)


def opened_inst(engine: sa.Engine, folder: Path, now: datetime) -> Installation:
    add_people(engine, 1)
    return replace(installed(engine, folder, now), mail=mailbox().server())


def asked(inst: Installation, now: datetime, address: str = ADDRESS) -> Channels:
    with access.deed(inst.engine) as db:
        return channels.ask_for_email(db, inst, WORKER, address, now=now)


def stored(inst: Installation) -> StoredChannel:
    with reading(inst.engine) as db:
        found = channel_of(db, Recipient("worker", str(person_id(1))))
    assert found is not None
    return found


def code_of(inst: Installation) -> str:
    channel = stored(inst)
    assert channel.asked_at is not None
    return channels.code_for(inst, channel.id, channel.asked_at)


def tried(inst: Installation, code: str, now: datetime) -> bool:
    with access.deed(inst.engine) as db:
        return channels.try_code(db, inst, WORKER, code, now=now)


def shown(inst: Installation, now: datetime) -> Channels:
    with access.deed(inst.engine) as db:
        return channels.channels_of(db, inst, WORKER, now=now)


class TestAskForEmail:
    def test_waits_for_the_code(self, small_inst: Installation, now: datetime) -> None:
        found = asked(small_inst, now)

        assert (found.email, found.waiting_for) == (None, "a***@example.vn")
        assert found.code_until == now + timedelta(minutes=CODE_MINUTES)

    def test_keeps_the_address_sealed(self, small_inst: Installation, now: datetime) -> None:
        asked(small_inst, now)

        sealed = stored(small_inst).asked_address
        assert sealed is not None
        assert ADDRESS.encode() not in sealed

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "an",
            "an@",
            "an@example",
            "an nguyen@example.vn",
            "an@example.vn\r\nBcc: x@example.vn",
            "an@example.vn,binh@example.vn",
            "<an@example.vn>",
            "an@exa_mple.vn",
            "a" * 65 + "@example.vn",
            "an@" + "e" * 260 + ".vn",
        ],
    )
    def test_refuses_what_is_no_address(
        self, small_inst: Installation, now: datetime, address: str
    ) -> None:
        with pytest.raises(Invalid):
            asked(small_inst, now, address)

    def test_is_not_done_to_strangers_again_and_again(
        self, small_inst: Installation, now: datetime
    ) -> None:
        for number in range(ASKED.most):
            asked(small_inst, now, f"a{number}@example.vn")

        with pytest.raises(TooMany):
            asked(small_inst, now)

    def test_is_nothing_where_no_mail_is_sent(
        self, small_inst: Installation, now: datetime
    ) -> None:
        silent = replace(small_inst, mail=None)

        with pytest.raises(NoMail):
            asked(silent, now)
        assert not shown(silent, now).email_available

    def test_needs_an_e_id_of_level_2(self, small_inst: Installation, now: datetime) -> None:
        with pytest.raises(LevelTooLow), access.deed(small_inst.engine) as db:
            channels.ask_for_email(db, small_inst, replace(WORKER, level=1), ADDRESS, now=now)

    def test_is_not_for_machines(self, small_inst: Installation, now: datetime) -> None:
        machine = Caller("machine", "m", "x", Role.READER)

        with pytest.raises(DeniedToRole), access.deed(small_inst.engine) as db:
            channels.ask_for_email(db, small_inst, machine, ADDRESS, now=now)


class TestTryCode:
    def test_takes_the_address_into_use(self, inst: Installation, now: datetime) -> None:
        asked(inst, now)
        code = code_of(inst)

        assert tried(inst, f" {code[:4]} {code[4:]} ", now)

        found = shown(inst, now)
        assert (found.email, found.waiting_for) == ("a***@example.vn", None)
        assert found.confirmed_at == now

    def test_refuses_another_code(self, inst: Installation, now: datetime) -> None:
        asked(inst, now)
        other = f"{(int(code_of(inst)) + 1) % 10**8:08d}"

        assert not tried(inst, other, now)
        assert shown(inst, now).email is None

    def test_refuses_a_code_of_an_address_asked_for_before(
        self, inst: Installation, now: datetime
    ) -> None:
        asked(inst, now)
        old = code_of(inst)
        asked(inst, now + timedelta(seconds=1), "khac@example.vn")

        assert not tried(inst, old, now + timedelta(seconds=2))

    def test_refuses_a_code_that_is_too_old(self, inst: Installation, now: datetime) -> None:
        asked(inst, now)
        code = code_of(inst)

        assert not tried(inst, code, now + timedelta(minutes=CODE_MINUTES))

    def test_refuses_even_the_right_code_after_too_many_tries(
        self, inst: Installation, now: datetime
    ) -> None:
        asked(inst, now)
        code = code_of(inst)
        for _ in range(MOST_TRIES):
            tried(inst, "0", now)

        assert not tried(inst, code, now)

    def test_says_when_nothing_waits(self, inst: Installation, now: datetime) -> None:
        with pytest.raises(Conflict):
            tried(inst, "12345678", now)

    def test_counts_once(self, inst: Installation, now: datetime) -> None:
        asked(inst, now)
        code = code_of(inst)
        tried(inst, code, now)

        with pytest.raises(Conflict):
            tried(inst, code, now)


def linked(inst: Installation) -> list[str]:
    """Return what was done with the worker's address by links, as it is traced."""
    traced = [json.loads(row["detail"]) for row in traces(inst, "channel.set")]
    return [each["what"] for each in traced if each.get("by") == "link"]


class TestConfirmByLink:
    def link(self, inst: Installation) -> str:
        channel = stored(inst)
        assert channel.asked_at is not None
        return channels.confirm_token(inst, channel.id, channel.asked_at)

    def test_takes_the_address_into_use_once(self, inst: Installation, now: datetime) -> None:
        asked(inst, now)
        link = self.link(inst)
        with access.deed(inst.engine) as db:
            channels.confirm_by_link(db, inst, link, now=now)

        assert shown(inst, now).email == "a***@example.vn"
        assert linked(inst) == ["confirm"]
        with pytest.raises(NotFound), access.deed(inst.engine) as db:
            channels.confirm_by_link(db, inst, link, now=now)
        assert linked(inst) == ["confirm"]

    @pytest.mark.parametrize("late", [0, CODE_MINUTES])
    def test_refuses_other_links_and_late_ones(
        self, inst: Installation, now: datetime, late: int
    ) -> None:
        asked(inst, now)
        link = self.link(inst)
        at = now + timedelta(minutes=late)
        bad = [link] if late else [link[:-1], link[:-1] + "x", "", "a.b", "0" * 32 + link[32:]]

        for each in bad:
            with pytest.raises(NotFound), access.deed(inst.engine) as db:
                channels.confirm_by_link(db, inst, each, now=at)


class TestStop:
    def test_by_link_forgets_the_address(self, inst: Installation, now: datetime) -> None:
        asked(inst, now)
        tried(inst, code_of(inst), now)
        link = channels.stop_token(inst, stored(inst).id)
        with access.deed(inst.engine) as db:
            channels.stop_by_link(db, inst, link, now=now)

        assert stored(inst).address is None
        assert linked(inst) == ["stop"]

    def test_refuses_other_links(self, inst: Installation, now: datetime) -> None:
        asked(inst, now)
        link = channels.stop_token(inst, stored(inst).id)

        for each in (link[:-1], "x", link[:32] + "." + "0" * 32):
            with pytest.raises(NotFound), access.deed(inst.engine) as db:
                channels.stop_by_link(db, inst, each, now=now)
        assert stored(inst).asked_address is not None

    def test_by_the_worker_forgets_the_address(self, inst: Installation, now: datetime) -> None:
        asked(inst, now)
        with access.deed(inst.engine) as db:
            found = channels.forget_email(db, inst, WORKER, now=now)

        assert (found.email, found.waiting_for) == (None, None)


class TestChoose:
    def test_keeps_language_and_kinds(self, inst: Installation, now: datetime) -> None:
        muted = frozenset({NoticeKind.SHARE_VIEWED, NoticeKind.SHARE_ENDED})
        with access.deed(inst.engine) as db:
            channels.choose(db, inst, WORKER, language="en", muted=muted, now=now)

        found = shown(inst, now)
        assert (found.language, frozenset(found.muted)) == ("en", muted)

    def test_is_traced(self, inst: Installation, now: datetime) -> None:
        with access.deed(inst.engine) as db:
            channels.choose(db, inst, WORKER, language="vi", muted=frozenset(), now=now)

        with inst.engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT detail FROM trace WHERE action = 'channel.set' ORDER BY seq")
            )
            assert [row.detail for row in rows] == ['{"what":"choose"}']
