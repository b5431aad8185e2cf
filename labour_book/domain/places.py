"""Provinces and communes, before and since the reform of 2025-07-01.

A code without its day is meaningless: the reform gave old codes new meanings (24 was Bắc Giang
and is Bắc Ninh).
Source: QD 19/2025/QD-TTg; NQ 30/2026/QH16 (Đồng Nai a city from 2026-04-30).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from labour_book import data
from labour_book.domain.names import fold

REFORM = date(2025, 7, 1)
"""First day of the 34 provinces and the two-tier communes."""

_SAFE_ALONE = frozenset({"whole", "unchanged", "rename", "type_change"})


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune-level unit (xã, phường, đặc khu)."""

    code: str
    full_name: str
    province_code: str
    names: tuple[str, ...]
    """The name and other writings of it."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """One commune that took over (a part of) an old one."""

    new_code: str
    is_default: bool
    kind: str
    """``whole``, ``part``, ``part_area`` ...; ``not_in_nso_table``: never to be used alone."""


@dataclass(frozen=True, slots=True)
class Places:
    """The administrative units of both times."""

    provinces: Mapping[str, str]
    """Full name by code, since the reform."""
    legacy_provinces: Mapping[str, tuple[str, str]]
    """Name up to the reform, and the code of the province it became, by old code."""
    communes: Mapping[str, Commune]
    legacy_communes: Mapping[str, tuple[str, str]]
    """Name and full province name up to the reform, by old code."""
    conversions: Mapping[str, tuple[Conversion, ...]]

    def province_of_new(self, code: str) -> str | None:
        """Return the full name of a province of today."""
        return self.provinces.get(code)

    def province_of_legacy(self, code: str) -> tuple[str, str] | None:
        """Return the name of a province of the 63, and the code of the one it became."""
        return self.legacy_provinces.get(code)

    def commune_name(self, code: str, on: date) -> str | None:
        """Return ``Phường Hồng Hà, Thành phố Hà Nội`` as of a day; None for a code unknown then."""
        if on < REFORM:
            known = self.legacy_communes.get(code)
            return None if known is None else f"{known[0]}, {known[1]}"
        commune = self.communes.get(code)
        if commune is None:
            return None
        return f"{commune.full_name}, {self.provinces[commune.province_code]}"

    def convert_legacy_commune(self, code: str) -> list[tuple[str, bool, str]]:
        """Return what an old commune became: new code, whether the default, and how."""
        return [
            (each.new_code, each.is_default, each.kind) for each in self.conversions.get(code, ())
        ]

    def automatic_commune(self, legacy_code: str) -> str | None:
        """Return the one commune an old one went into whole; None where the person must choose."""
        candidates = self.conversions.get(legacy_code, ())
        certain = [each for each in candidates if each.kind in _SAFE_ALONE]
        return certain[0].new_code if len(candidates) == 1 and certain else None

    def communes_named(self, name: str, province_code: str) -> list[Commune]:
        """Return the communes of a province with that name, however its tones are written.

        Names recur in many provinces: never look for one by name alone.
        """
        wanted = fold(name)
        return [
            commune
            for commune in self.communes.values()
            if commune.province_code == province_code
            and wanted in {fold(each) for each in (commune.full_name, *commune.names)}
        ]


def places_from(
    *,
    provinces: Iterable[Mapping[str, str]],
    legacy_provinces: Iterable[Mapping[str, str]],
    communes: Iterable[Mapping[str, str]],
    conversions: Iterable[Mapping[str, str]],
) -> Places:
    """Return the places that the rows of the code lists describe."""
    pairs = list(conversions)
    successors: defaultdict[str, list[Conversion]] = defaultdict(list)
    for pair in pairs:
        if pair["old_ward_code"]:
            successors[pair["old_ward_code"]].append(_conversion(pair))
    return Places(
        provinces={row["code"]: row["full_name"] for row in provinces},
        legacy_provinces={
            row["old_code"]: (row["old_name"], row["new_code"]) for row in legacy_provinces
        },
        communes={row["code"]: _commune(row) for row in communes},
        legacy_communes={
            pair["old_ward_code"]: (pair["old_ward"], pair["old_province"])
            for pair in pairs
            if pair["old_ward_code"]
        },
        conversions={code: tuple(found) for code, found in successors.items()},
    )


@cache
def places() -> Places:
    """Return the places of the code lists that come with the product."""
    return places_from(
        provinces=data.provinces(),
        legacy_provinces=data.legacy_provinces(),
        communes=data.communes(),
        conversions=data.commune_conversions(),
    )


def _conversion(pair: Mapping[str, str]) -> Conversion:
    return Conversion(pair["new_ward_code"], pair["is_default"] == "1", pair["nso_merge"])


def _commune(row: Mapping[str, str]) -> Commune:
    names = (row["name"], row["name_alt"], row["former_full_name"])
    return Commune(row["code"], row["full_name"], row["province_code"], tuple(filter(None, names)))
