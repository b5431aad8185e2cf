"""The administrator sees which mail was given up, and lets it be tried again."""

from uuid import UUID

import pytest

from api.pages.desk.admin_mail import SAID
from api.pages.texts import catalogue
from labour_book.database import reading, transaction
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.queries import channels, outbox
from labour_book.services import mailing
from labour_book.services.access import Role, deed
from labour_book.services.callers import PERMITTED, ROLES_OF_KIND, Action
from labour_book.services.notifying import notify
from tests.api.desk.conftest import Seat, Seating
from tests.services import people, shares

INBOX = Recipient("employer", people.EMPLOYER_CODE)


def given_up(seat: Seat, reason: str) -> UUID:
    """Let the mail about a notice be given up, and return its id."""
    engine, now = seat.office.inst.engine, seat.office.clock.now
    with transaction(engine) as db:
        channel = channels.opened_channel(db, INBOX, now)
        channels.ask_for(db, channel.id, b"sealed", now)
        assert channels.confirm(db, channel.id, now, now)
    with deed(engine) as db:
        notify(db, INBOX, NoticeKind.SHARE_RECEIVED, about="x", now=now)
    with transaction(engine) as db:
        (mail,) = outbox.take_due(db, now, until=now, limit=9)
        assert outbox.mark_dead(db, mail.id, mail.tries, now, reason=reason)
    return mail.id


class TestUndelivered:
    def test_is_shown_with_why_and_tried_again(self, seat: Seating) -> None:
        admin = seat(Role.ADMIN)
        mail = given_up(admin, "SMTP 550")
        text = admin.see("/admin/mail")
        assert "Máy chủ thư trả lời: SMTP 550" in text
        assert mailing.subject_of("share.received", "vi") in text
        assert "share.received" not in text
        assert people.EMPLOYER_CODE not in text

        answer = admin.send(f"/admin/mail/{mail}/retry")

        assert answer.status_code == 303
        after = admin.see("/admin/mail?done=mail-again")
        assert "Không có thư nào bị thôi gửi" in after
        assert "Thư sẽ được gửi lại" in after
        with reading(admin.office.inst.engine) as db:
            assert outbox.is_due(db, admin.office.clock.now)
        (row,) = shares.traces(admin.office.inst, "mail.oversee")
        assert row["outcome"] == "ok"

    @pytest.mark.parametrize("reason", SAID)
    def test_says_reasons_of_our_own_in_words(self, small_seat: Seating, reason: str) -> None:
        admin = small_seat(Role.ADMIN)
        given_up(admin, reason)

        text = admin.see("/admin/mail")

        assert catalogue()[f"desk.admin.mail.why.{reason}"]["vi"] in text
        assert reason not in text

    def test_that_was_not_given_up_is_not_tried_again(self, small_seat: Seating) -> None:
        admin = small_seat(Role.ADMIN)

        assert admin.send(f"/admin/mail/{UUID(int=9)}/retry").status_code == 404

    def test_is_not_for_others(self, small_seat: Seating) -> None:
        approver = small_seat(Role.APPROVER)
        mail = given_up(approver, mailing.NOT_READABLE)

        assert approver.get("/admin/mail").status_code == 403
        assert approver.send(f"/admin/mail/{mail}/retry").status_code == 403

    def test_names_every_kind_of_recipient_that_can_have_an_address(self) -> None:
        kinds = {
            kind for kind, roles in ROLES_OF_KIND.items() if roles & PERMITTED[Action.CHANNEL_SET]
        }

        assert [each for each in kinds if f"desk.admin.mail.kind.{each}" not in catalogue()] == []
