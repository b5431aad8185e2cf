"""Load the code lists that come with the product into the database: places, and the unit tree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from labour_book import data
from labour_book.database import Db
from labour_book.domain.places import REFORM
from labour_book.errors import NotFound
from labour_book.queries import places, units

MINISTRY = "BNV"
"""Code of the unit that serves everybody: Bộ Nội vụ."""
COMMUNES, OCCUPATIONS = "wards_2026-07-25", "vsco2020_l1_l2"
"""Lists in which codes are looked up by name."""
INSURANCE = "BHXH"
"""Code of the social insurance of the whole country; with a province's code, of that province."""
UNION = "LDLD"
"""Code of the union of the whole country; with a province's code, of that province."""
LEGACY_SINCE = date(2008, 8, 1)
"""First day of the 63 provinces (NQ 15/2008/QH12); the list of communes is the one of 2025-06."""
DONG_NAI = "75"
DONG_NAI_CITY_SINCE = date(2026, 4, 30)
"""Đồng Nai is a city, and ten of its communes are wards, since then (NQ 30/2026/QH16)."""

Row = Mapping[str, Any]
ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list that comes with the product, and since when it is in force."""

    name: str
    labels: Mapping[str, str]
    """By language."""
    first_day: date
    last_day: date | None
    are_days_seen: bool
    """The days stand in an act or list that was seen; else nobody has verified them yet."""
    source: str
    size: int


def code_lists() -> list[CodeList]:
    """Return the code lists with their validity."""
    return [
        CodeList(
            name=row["list"],
            labels={"vi": row["label_vi"], "en": row["label_en"]},
            first_day=date.fromisoformat(row["valid_from"]),
            last_day=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            are_days_seen=row["dates"] == "seen",
            source=row["source"],
            size=len(data.rows(row["list"])),
        )
        for row in data.rows("code_lists")
    ]


def code_list(name: str, page: int) -> tuple[CodeList, Sequence[Mapping[str, str]]]:
    """Return a code list and some of its rows; pages count from 1.

    Raises:
        NotFound: there is no such list.
    """
    for each in code_lists():
        if each.name == name:
            begin = (page - 1) * ROWS_AT_ONCE
            return each, data.rows(name)[begin : begin + ROWS_AT_ONCE]
    raise NotFound("there is no such list")


def load_code_lists(db: Db) -> bool:
    """Load the places once, and the units that are not on file; say whether there was anything."""
    is_new = not places.has_places(db)
    if is_new:
        places.add_places(
            db, places=[*_provinces(), *_communes()], successions=list(_successions())
        )
    known = units.codes_on_file(db)
    missing = [row for row in _units() if row["code"] not in known]
    units.add_units(db, missing)
    return is_new or bool(missing)


def _provinces() -> Iterator[Row]:
    for row in data.legacy_provinces():
        yield _place(
            "province",
            row["old_code"],
            row["old_full_name"],
            None,
            since=LEGACY_SINCE,
            until=REFORM,
        )
    for row in data.provinces():
        since = REFORM
        if row["code"] == DONG_NAI:
            since = DONG_NAI_CITY_SINCE
            yield _place(
                "province", DONG_NAI, f"Tỉnh {row['name']}", None, since=REFORM, until=since
            )
        yield _place("province", row["code"], row["full_name"], None, since=since, until=None)


def _communes() -> Iterator[Row]:
    seen = set()
    for row in data.commune_conversions():
        code = row["old_ward_code"]
        if code and code not in seen:
            seen.add(code)
            parent = row["old_province_code"]
            yield _place("commune", code, row["old_ward"], parent, since=LEGACY_SINCE, until=REFORM)
    for row in data.communes():
        since, parent = REFORM, row["province_code"]
        if row["former_full_name"]:
            since = DONG_NAI_CITY_SINCE
            yield _place(
                "commune", row["code"], row["former_full_name"], parent, since=REFORM, until=since
            )
        yield _place("commune", row["code"], row["full_name"], parent, since=since, until=None)


def _place(
    level: str, code: str, name: str, parent: str | None, *, since: date, until: date | None
) -> Row:
    """Return one row; ``until`` is the first day of what came after."""
    return {
        "level": level,
        "code": code,
        "name": name,
        "parent_code": parent,
        "valid_from": since,
        "valid_to": None if until is None else until - timedelta(days=1),
    }


def _successions() -> Iterator[Row]:
    seen = set()
    for row in data.commune_conversions():
        pair = (row["old_ward_code"], row["new_ward_code"])
        if pair[0] and pair not in seen:
            seen.add(pair)
            yield {
                "old_code": pair[0],
                "new_code": pair[1],
                "kind": row["nso_merge"],
                "is_default": row["is_default"] == "1",
                "is_split": row["is_split"] == "1",
            }


def _units() -> Iterator[Row]:
    yield _unit(MINISTRY, "Bộ Nội vụ", "ministry", None, None)
    for row in data.provinces():
        name = f"Sở Nội vụ {row['full_name']}"
        yield _unit(f"P{row['code']}", name, "province", MINISTRY, row["code"])
    for row in data.communes():
        name = f"Ủy ban nhân dân {row['full_name']}"
        yield _unit(f"C{row['code']}", name, "commune", f"P{row['province_code']}", row["code"])
    yield from _services()


def _services() -> Iterator[Row]:
    """Yield what stands beside the tree: social insurance, the employment services, the union."""
    yield _unit(INSURANCE, "Bảo hiểm xã hội Việt Nam", "insurance", None, None)
    yield _unit(UNION, "Tổng Liên đoàn Lao động Việt Nam", "union", None, None)
    for row in data.provinces():
        place, of = row["code"], row["full_name"]
        name = f"Bảo hiểm xã hội {of}"
        yield _unit(f"{INSURANCE}{place}", name, "insurance", INSURANCE, place)
        yield _unit(f"{UNION}{place}", f"Liên đoàn Lao động {of}", "union", UNION, place)
        name = f"Trung tâm Dịch vụ việc làm {of}"
        yield _unit(f"DVVL{place}", name, "employment", f"P{place}", place)


def _unit(code: str, name: str, kind: str, parent: str | None, place: str | None) -> Row:
    return {
        "code": code,
        "name": name,
        "kind": kind,
        "parent_code": parent,
        "place_code": place,
        "valid_from": REFORM,
    }
