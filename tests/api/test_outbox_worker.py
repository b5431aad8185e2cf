"""Mails go out at least once, in whatever way servers, processes and people fail."""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from api.outbox_worker import send_due
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import NotFound
from labour_book.queries.rows import table_of
from labour_book.services import access, channels, mailing
from labour_book.services.access import Caller, DeniedToRole, Role
from labour_book.services.installation import Installation
from labour_book.services.mailing import LEASE_SECONDS, NOT_READABLE, NOT_WANTED, PAUSES
from labour_book.services.notifying import notify, notify_all
from labour_book.tables import NoticeChannel
from tests.services.people import add_people, person_id
from tests.support.installations import installed
from tests.support.mailbox import Mailbox, certificate, listening, mailbox, send_apart
from tests.support.processes import CONTEXT

ADDRESS = "an.nguyen@example.vn"
WORKER = Caller("worker", "w", "x", Role.WORKER, person_id=person_id(1))
ADMIN = Caller("official", "a", "x", Role.ADMIN, unit_code="BNV")
INBOX = Recipient("worker", str(person_id(1)))
AFTER_LEASE = timedelta(seconds=LEASE_SECONDS + 1)


@dataclass
class Post:
    """An installation with a worker who gets mail, and the server that it goes to."""

    inst: Installation
    box: Mailbox
    now: datetime

    def send(self, *, later: timedelta = timedelta()) -> int:
        return asyncio.run(send_due(self.inst, lambda: self.now + later))

    def tell(self, kind: NoticeKind = NoticeKind.SHARE_VIEWED, about: str = "") -> None:
        with access.deed(self.inst.engine) as db:
            notify(db, INBOX, kind, about=about or str(uuid4()), now=self.now)

    def rows(self) -> list[Any]:
        with self.inst.engine.connect() as connection:
            return list(connection.execute(sa.text("SELECT * FROM outbox_mail ORDER BY made_at")))

    def undelivered(self) -> list[mailing.DeadMail]:
        with access.deed(self.inst.engine) as db:
            return mailing.undelivered(db, ADMIN, now=self.now)


@pytest.fixture
def post(engine: sa.Engine, tmp_path: Path, now: datetime) -> Post:
    return opened_post(engine, tmp_path, now)


@pytest.fixture
def small_post(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Post:
    return opened_post(sqlite_engine, tmp_path, now)


def opened_post(engine: sa.Engine, folder: Path, now: datetime) -> Post:
    """Return a post office whose worker has confirmed the address."""
    add_people(engine, 1)
    box = mailbox()
    inst = replace(installed(engine, folder, now), mail=box.server())
    with access.deed(engine) as db:
        channels.ask_for_email(db, inst, WORKER, ADDRESS, now=now)
    post = Post(inst, box, now)
    with listening(box):
        assert post.send() == 1
    (mail,) = box.got
    found = re.search(r"\b\d{4} \d{4}\b", text_of(mail))
    assert found is not None
    with access.deed(engine) as db:
        assert channels.try_code(db, inst, WORKER, found[0], now=now)
    box.got.clear()
    box.to.clear()
    return post


@pytest.fixture
def listened(post: Post) -> Iterator[Post]:
    with listening(post.box):
        yield post


def text_of(mail: Any, kind: str = "plain") -> str:
    text: str = mail.get_body((kind,)).get_content()
    return text


class TestNotice:
    def test_goes_out_to_who_chose_it(self, listened: Post) -> None:
        listened.tell()

        assert listened.send() == 1

        (mail,) = listened.box.got
        assert listened.box.to == [ADDRESS]
        assert mail["Subject"] == "Chia sẻ của bạn đã được mở xem"
        assert "https://so.example.vn/app" in text_of(mail)
        assert listened.send() == 0

    def test_is_told_apart_from_all_others(self, listened: Post) -> None:
        listened.tell()
        listened.tell()
        listened.send()

        ids = {mail["Message-ID"] for mail in listened.box.got}
        assert len(ids) == 2
        assert all(each.endswith("@so.example.vn>") for each in ids)

    def test_can_be_ended_from_the_mail(self, listened: Post) -> None:
        listened.tell()
        listened.send()

        (mail,) = listened.box.got
        link = mail["List-Unsubscribe"].strip("<>")
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in text_of(mail)
        assert link in text_of(mail, "html")

    def test_comes_in_the_language_that_was_chosen(self, listened: Post) -> None:
        with access.deed(listened.inst.engine) as db:
            channels.choose(
                db, listened.inst, WORKER, language="en", muted=frozenset(), now=listened.now
            )
        listened.tell()
        listened.send()

        (mail,) = listened.box.got
        assert mail["Subject"] == "Your share was opened"
        assert mail["Content-Language"] == "en"

    def test_goes_out_only_if_the_deed_was_done(self, listened: Post) -> None:
        with pytest.raises(NotFound), access.deed(listened.inst.engine) as db:
            notify(db, INBOX, NoticeKind.SHARE_VIEWED, about="x", now=listened.now)
            raise NotFound

        assert listened.send() == 0

    def test_goes_out_once_however_often_it_is_told(self, listened: Post) -> None:
        for _ in range(3):
            listened.tell(about="the same")

        assert listened.send() == 1

    def test_of_many_goes_to_those_who_chose_mail(self, listened: Post) -> None:
        others = [(Recipient("worker", str(uuid4())), "x", {}) for _ in range(5)]
        with access.deed(listened.inst.engine) as db:
            told = [*others, (INBOX, "x", {})]
            notify_all(db, NoticeKind.NEWER_VERSION, told, now=listened.now)

        assert listened.send() == 1


class TestChoice:
    def test_keeps_muted_kinds_in_the_inbox(self, listened: Post) -> None:
        muted = frozenset({NoticeKind.SHARE_VIEWED})
        with access.deed(listened.inst.engine) as db:
            channels.choose(db, listened.inst, WORKER, language="vi", muted=muted, now=listened.now)
        listened.tell(NoticeKind.SHARE_VIEWED)
        listened.tell(NoticeKind.SHARE_ENDED)

        assert listened.send() == 1

        assert [mail["Subject"] for mail in listened.box.got] == ["Một chia sẻ đã kết thúc"]

    def test_counts_until_the_mail_leaves(self, listened: Post) -> None:
        listened.tell()
        with access.deed(listened.inst.engine) as db:
            channels.forget_email(db, listened.inst, WORKER, now=listened.now)

        assert listened.send() == 0

        assert listened.box.got == []
        assert [each.reason for each in listened.undelivered()] == [NOT_WANTED]


class TestAddress:
    def test_that_does_not_open_keeps_no_other_mail_back(self, listened: Post) -> None:
        listened.tell()
        with listened.inst.engine.begin() as connection:
            connection.execute(sa.update(table_of(NoticeChannel)).values(address=b"altered"))

        assert listened.send() == 0

        assert [each.reason for each in listened.undelivered()] == [NOT_READABLE]


class TestServerDown:
    def test_is_tried_again_with_growing_pauses(self, post: Post) -> None:
        post.tell()
        post.send()
        assert post.send(later=PAUSES[0] - timedelta(seconds=1)) == 0
        assert post.send(later=PAUSES[0]) == 1

        with listening(post.box):
            assert post.send(later=PAUSES[0] + PAUSES[1]) == 1

        assert len(post.box.got) == 1

    def test_is_given_up_in_the_end_and_the_administrator_told(self, small_post: Post) -> None:
        small_post.tell()
        for _ in range(len(PAUSES) + 1):
            small_post.now += max(PAUSES)
            small_post.send()

        assert small_post.send(later=timedelta(days=30)) == 0
        (dead,) = small_post.undelivered()
        assert (dead.reason, dead.tries) == ("SMTPConnectError", len(PAUSES) + 1)
        assert (dead.notice_kind, dead.recipient_kind) == ("share.viewed", "worker")

    def test_is_over_when_the_administrator_tries_again(self, small_post: Post) -> None:
        self.test_is_given_up_in_the_end_and_the_administrator_told(small_post)
        (dead,) = small_post.undelivered()
        with access.deed(small_post.inst.engine) as db:
            mailing.retry(db, ADMIN, dead.id, now=small_post.now)

        with listening(small_post.box):
            assert small_post.send() == 1

        assert len(small_post.box.got) == 1
        assert small_post.undelivered() == []


class TestServerRefuses:
    def test_for_ever_gives_up_at_once_without_telling_the_address(self, listened: Post) -> None:
        listened.box.refuses = f"550 no such user {ADDRESS}"
        listened.tell()
        listened.send()

        (dead,) = listened.undelivered()
        assert (dead.reason, dead.tries) == ("SMTP 550", 1)

    def test_for_now_is_tried_again(self, listened: Post) -> None:
        listened.box.refuses = "451 greylisted"
        listened.tell()
        listened.send()
        listened.box.refuses = ""

        assert listened.send(later=PAUSES[0]) == 1
        assert len(listened.box.got) == 1


class TestProcesses:
    def test_that_die_after_sending_let_it_be_sent_again_recognisably(self, post: Post) -> None:
        post.tell()
        url = post.inst.engine.url.render_as_string(hide_password=False)
        given = (url, post.inst.data_dir, post.now, post.box.port, 1)
        with listening(post.box):
            process = CONTEXT.Process(target=send_apart, args=given)
            post.box.on_arrival = lambda: os.kill(process.pid or 0, SIGKILL)
            process.start()
            process.join()
            post.box.on_arrival = None
            assert process.exitcode == -SIGKILL

            assert post.send() == 0
            assert post.send(later=AFTER_LEASE) == 1
            assert post.send(later=2 * AFTER_LEASE) == 0

        first, second = post.box.got
        assert first["Message-ID"] == second["Message-ID"]

    def test_share_the_work_without_sending_twice(self, post: Post) -> None:
        for number in range(60):
            post.tell(about=str(number))
        url = post.inst.engine.url.render_as_string(hide_password=False)
        given = (url, post.inst.data_dir, post.now, post.box.port, 3)
        with listening(post.box):
            processes = [CONTEXT.Process(target=send_apart, args=given) for _ in range(2)]
            for each in processes:
                each.start()
            for each in processes:
                each.join()

        assert [each.exitcode for each in processes] == [0, 0]
        ids = [mail["Message-ID"] for mail in post.box.got]
        assert len(ids) == len(set(ids)) == 60


class TestEncryptedServer:
    def test_gets_mail_over_starttls_from_who_signs_in(
        self, small_post: Post, tmp_path: Path
    ) -> None:
        roots = certificate(tmp_path)
        small_post.inst = replace(small_post.inst, mail=small_post.box.server("starttls", roots))
        small_post.tell()

        with listening(small_post.box, folder=tmp_path):
            small_post.send()

        assert small_post.box.to == [ADDRESS]
        assert small_post.box.was_encrypted[-1]

    def test_gets_nothing_if_its_certificate_is_not_believed(
        self, small_post: Post, tmp_path: Path
    ) -> None:
        small_post.inst = replace(small_post.inst, mail=small_post.box.server("starttls"))
        small_post.tell()

        with listening(small_post.box, folder=tmp_path):
            small_post.send()

        assert small_post.box.got == []
        assert small_post.rows()[-1].reason == "SSLCertVerificationError"


class TestForgetOldMails:
    def test_forgets_what_is_over_and_who_was_never_confirmed(self, listened: Post) -> None:
        listened.tell()
        with access.deed(listened.inst.engine) as db:
            channels.ask_for_email(db, listened.inst, WORKER, "khac@example.vn", now=listened.now)
        listened.send()

        with access.deed(listened.inst.engine) as db:
            at_once = mailing.forget_old_mails(db, listened.now)
            later = mailing.forget_old_mails(db, listened.now + timedelta(days=31))
            shown = channels.channels_of(db, listened.inst, WORKER, now=listened.now)

        assert (at_once, later) == (0, 4)
        assert (shown.email, shown.waiting_for) == ("a***@example.vn", None)
        assert listened.rows() == []


class TestOverseeing:
    def test_is_for_administrators(self, small_post: Post) -> None:
        for who in (WORKER, replace(ADMIN, role=Role.APPROVER)):
            with pytest.raises(DeniedToRole), access.deed(small_post.inst.engine) as db:
                mailing.undelivered(db, who, now=small_post.now)

    def test_finds_no_mail_that_was_not_given_up(self, small_post: Post) -> None:
        small_post.tell()

        with pytest.raises(NotFound), access.deed(small_post.inst.engine) as db:
            mailing.retry(db, ADMIN, UUID(int=1), now=small_post.now)
