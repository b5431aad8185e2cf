"""Reads the code lists beside it: facts with their validity, never rules. Knows only the stdlib.

Origin and licence of every list: ``ORIGIN.md``.
"""

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of one code list, as text, in the order of the file.

    Raises:
        FileNotFoundError: there is no such list.
    """
    text = (resources.files(__package__) / f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


@cache
def by(name: str, key: str) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of one code list under the value of one of their columns."""
    return {row[key]: row for row in rows(name)}


def provinces() -> tuple[Mapping[str, str], ...]:
    """Return the 34 provinces and cities of 2025-07-01 and later."""
    return rows("provinces_34")


def legacy_provinces() -> tuple[Mapping[str, str], ...]:
    """Return the 63 provinces and cities up to 2025-06-30, with what each became."""
    return rows("provinces_63_legacy")


def communes() -> tuple[Mapping[str, str], ...]:
    """Return the communes (xã, phường, đặc khu) of 2025-07-01 and later."""
    return rows("wards_2026-07-25")


def legacy_districts() -> tuple[Mapping[str, str], ...]:
    """Return the districts that existed up to 2025-06-30."""
    return rows("districts_legacy_2025-06")


def commune_conversions() -> tuple[Mapping[str, str], ...]:
    """Return the pairs of a commune up to 2025-06-30 and one that took it over."""
    return rows("ward_conversion_2025")


def ethnic_groups() -> Mapping[str, Mapping[str, str]]:
    """Return the ethnic groups by their two-digit code."""
    return by("ethnic_groups", "code")


def enterprise_statuses() -> Mapping[str, Mapping[str, str]]:
    """Return the legal statuses of an enterprise (ND 168/2025, art. 35) by code."""
    return by("enterprise_status", "code")


def termination_reasons() -> Mapping[str, Mapping[str, str]]:
    """Return the grounds on which a contract ends (Labour Code, art. 34) by clause number."""
    return by("termination_reasons", "clause")


def occupations() -> Mapping[str, Mapping[str, str]]:
    """Return the occupations (VSCO 2020, levels 1 and 2) by code."""
    return by("vsco2020_l1_l2", "code")


def industries() -> Mapping[str, Mapping[str, str]]:
    """Return the industries (VSIC 2018, levels 1 and 2) by code."""
    return by("vsic2018_l1_l2", "code")


def form03_fields() -> tuple[Mapping[str, str], ...]:
    """Return the fields of Form 03 in their order."""
    return rows("form03_fields")


@cache
def form03_codes(list_id: str) -> tuple[Mapping[str, str], ...]:
    """Return one value list of Form 03 in its order; empty when there is no such list."""
    return tuple(row for row in rows("form03_code_lists") if row["list_id"] == list_id)


@cache
def form03_label(list_id: str, code: str) -> str | None:
    """Return the Vietnamese words of the form for a code of a list; None for an unknown one."""
    return next((row["label_vi"] for row in form03_codes(list_id) if row["code"] == code), None)


def causes() -> Mapping[str, Mapping[str, str]]:
    """Return every cause code with its severity, messages and what to do, by code."""
    return by("causes", "cause")


def match_causes() -> Mapping[str, Mapping[str, str]]:
    """Return why somebody does not match the population register, by code, the worst first."""
    return by("match_causes", "cause")


def evidence_classes() -> Mapping[str, Mapping[str, str]]:
    """Return what counts as evidence in a correction, by code."""
    return by("evidence_classes", "class")


def decision_reasons() -> Mapping[str, Mapping[str, str]]:
    """Return what a decision on a correction may say, with its article, by code."""
    return by("decision_reasons", "reason")


def check_rules() -> tuple[Mapping[str, str], ...]:
    """Return the rules that the data are checked by, in their order."""
    return rows("check_rules")


def required_fields() -> tuple[Mapping[str, str], ...]:
    """Return what a record has to hold to be complete, from when to when, with the law."""
    return rows("required_fields")
