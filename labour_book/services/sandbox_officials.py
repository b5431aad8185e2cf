"""The invented officials of the demonstration, so that its desk can be entered.

Their personal IDs begin with 000, which no register gives out. One of them is a worker with a
book as well, so that nobody deciding on their own book can be seen.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import display_name
from labour_book.errors import NotFound
from labour_book.queries import accounts, holders, people, sandbox, sessions, units
from labour_book.services.callers import Role
from labour_book.services.code_lists import MINISTRY
from labour_book.services.installation import Installation

PEOPLE_LOOKED_AT = 6
"""Those whom the sandbox e-ID plays."""
BY = "demo"


@dataclass(frozen=True, slots=True)
class _Post:
    """An official who is invented, and the unit's kind."""

    key: str
    name: str
    role: Role
    unit_kind: str


_POSTS = (
    _Post("collector", "Trần Thị Thu", Role.COLLECTOR, "commune"),
    _Post("approver", "Lê Văn Minh", Role.APPROVER, "commune"),
    _Post("province", "Phạm Thị Hòa", Role.APPROVER, "province"),
    _Post("insurance", "Hoàng Văn Phúc", Role.APPROVER, "insurance"),
    _Post("inspector", "Vũ Thị Lan", Role.INSPECTOR, "province"),
    _Post("statistician", "Đỗ Văn Khang", Role.STATISTICIAN, "ministry"),
    _Post("auditor", "Đặng Văn Sơn", Role.AUDITOR, "ministry"),
    _Post("admin", "Bùi Thị Nga", Role.ADMIN, "ministry"),
    _Post("second", "Ngô Thị Hạnh", Role.APPROVER, "commune"),
    _Post("union", "Mai Thị Vân", Role.UNION, "union"),
    _Post("counter", "Lý Văn Tài", Role.STATISTICIAN, "province"),
    _Post("minister", "Trịnh Thị Bích", Role.APPROVER, "ministry"),
)
"""A commune has two who approve, besides the one who is a worker: some decisions need two.

A province and the ministry have one who drafts reports and one who approves them.
"""
_ALSO_WORKER = "worker"
"""Key of the official who has a book: an approver of the commune they live in."""


@dataclass(frozen=True, slots=True)
class SampleOfficial:
    """An official whom the sandbox e-ID can play."""

    key: str
    full_name: str
    role: Role
    unit_code: str
    unit_name: str
    personal_id: str = field(repr=False)
    is_worker: bool = False


def sample_officials(db: Db, inst: Installation, *, now: datetime) -> list[SampleOfficial]:
    """Return the officials of the demonstration; none where people with a book live nowhere.

    Raises:
        NotFound: this is no demonstration.
    """
    if not inst.demo:
        raise NotFound("there is no sandbox outside the demonstration")
    lives = sandbox.communes_of(db, sandbox.people_with_book(db, PEOPLE_LOOKED_AT))
    at_home = Counter(commune for commune in lives.values() if commune is not None)
    if not at_home:
        return []
    commune = max(at_home, key=lambda each: (at_home[each], each))
    return [*_invented(db, commune, now), *_with_book(db, inst, commune, now)]


def open_officials(db: Db, inst: Installation, *, now: datetime) -> int:
    """Open the accounts of the officials, unless they are open; return how many there are."""
    officials = sample_officials(db, inst, now=now)
    for each in officials:
        _open(db, inst, each, now)
    return len(officials)


def _invented(db: Db, commune: str, now: datetime) -> list[SampleOfficial]:
    today = vietnam_day(now)
    found = []
    for number, post in enumerate(_POSTS, start=1):
        unit = units.unit_of(db, post.unit_kind, commune, today) or MINISTRY
        row = units.unit(db, unit)
        name = unit if row is None else row.name
        invented = f"000{number:09d}"
        found.append(SampleOfficial(post.key, post.name, post.role, unit, name, invented))
    return found


def _with_book(db: Db, inst: Installation, commune: str, now: datetime) -> list[SampleOfficial]:
    """Return the last of the people played who lives in the commune, as its approver."""
    names = sandbox.people_with_book(db, PEOPLE_LOOKED_AT)
    lives = sandbox.communes_of(db, names)
    numbers = people.numbers_of(db, inst.vault, names)
    unit = units.unit_of(db, "commune", commune, vietnam_day(now))
    row = None if unit is None else units.unit(db, unit)
    who = [each for each in names if lives[each] == commune][-1:]
    return [
        SampleOfficial(
            *(_ALSO_WORKER, display_name(names[each]), Role.APPROVER, row.code, row.name),
            personal_id=digits,
            is_worker=True,
        )
        for each in who
        for kind, digits in numbers.get(each, ())
        if kind == "PIN" and row is not None
    ]


def _open(db: Db, inst: Installation, official: SampleOfficial, now: datetime) -> None:
    account_id = _account_id(official)
    sessions.add_account_once(
        db,
        {
            "id": account_id,
            "kind": "official",
            "name": official.full_name,
            "role": str(official.role),
            "unit_code": official.unit_code,
            "created_at": now,
        },
    )
    if accounts.account_is_open(db, account_id, vietnam_day(now)):
        row = {
            "id": uuid5(account_id, "holder"),
            "account_id": account_id,
            "blind_index": inst.vault.index.of(official.personal_id),
            "first_day": vietnam_day(now),
            "added_at": now,
            "added_by": BY,
        }
        holders.add_holder(db, row)


def _account_id(official: SampleOfficial) -> UUID:
    return uuid5(NAMESPACE_URL, f"demo-official/{official.key}/{official.unit_code}")
