from datetime import datetime, timedelta

import pytest

from labour_book.services import daily, deletion_duties
from labour_book.services.access import DeniedToRole
from labour_book.services.installation import Installation
from tests.services import shares
from tests.services.shares import EMPLOYER, OPERATOR, TO_EMPLOYER, WORKER

DAY = timedelta(days=1)


def run(
    inst: Installation, now: datetime, until: str = "", most_batches: int = 10
) -> dict[str, tuple[int, bool]]:
    """Do each step; only those until one of them where what comes after it plays no part."""
    done = {}
    for each in daily.daily(inst, by=OPERATOR, now=now, most_batches=most_batches):
        done[each.name] = (each.count, each.is_done)
        if each.name == until:
            break
    return done


def seen(inst: Installation, now: datetime, count: int = 1) -> None:
    """Let the employer open shares that nobody will decide on."""
    shares.issued(inst, now)
    for _ in range(count):
        shares.look(inst, shares.share(inst, now, TO_EMPLOYER).code, now, EMPLOYER)


class TestDaily:
    def test_begins_duties_once_and_reminds_once_a_week(
        self, inst: Installation, now: datetime
    ) -> None:
        seen(inst, now)
        over, late = now + 8 * DAY, now + 40 * DAY

        assert run(inst, now, "duties")["duties"] == (0, True)
        assert run(inst, over, "duties")["duties"] == (1, True)
        assert run(inst, over, "duties")["duties"] == (0, True)
        assert run(inst, over, "reminders")["reminders"] == (0, True)
        assert run(inst, late, "reminders")["reminders"] == (1, True)
        assert run(inst, late + DAY, "reminders")["reminders"] == (0, True)
        assert run(inst, late + 8 * DAY, "reminders")["reminders"] == (1, True)

    def test_forgets_what_is_over(self, inst: Installation, now: datetime) -> None:
        seen(inst, now)

        forgotten = run(inst, now + 3 * DAY)["attempts"]

        assert forgotten[0] > 0
        assert run(inst, now + 3 * DAY)["attempts"] == (0, True)

    def test_goes_in_batches_and_says_what_waits(
        self, sqlite_inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(deletion_duties, "AT_ONCE", 1)
        seen(sqlite_inst, now, 3)
        over = now + 8 * DAY

        assert run(sqlite_inst, over, "duties", most_batches=2)["duties"] == (2, False)
        assert run(sqlite_inst, over, "duties", most_batches=2)["duties"] == (1, True)

    def test_is_the_installations_own(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole):
            list(daily.daily(sqlite_inst, by=WORKER, now=now))
