"""The reader of notifications and their published schema ask for the same."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from labour_book.registers import message_schemas
from labour_book.registers.envelope import signature_of
from labour_book.registers.notifications import (
    REGISTERS,
    Notification,
    Unreadable,
    read_notification,
)
from signing import BlindIndex
from tests.conftest import NOW
from tests.services.collecting import ENTERPRISE, EVENT, PERIOD, PERSON
from tests.services.events import notification

SECRET = BlindIndex(b"r" * 32)
ROWS: dict[str, dict[str, Any]] = {
    "population": PERSON,
    "enterprises": ENTERPRISE,
    "insurance": PERIOD,
    "contracts": EVENT,
}
ONE = notification("population", "1", PERSON, 1)
SCHEMA: dict[str, Any] = orjson.loads(message_schemas.schema_file("notification") or b"")


def fits_schema(told: Mapping[str, Any]) -> bool:
    return Draft202012Validator(SCHEMA).is_valid(dict(told))


def signed(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "signature": signature_of(told, SECRET)}


def read(told: Mapping[str, Any]) -> Notification | Unreadable:
    return read_notification(dict(told), secret=SECRET, signed=True, now=NOW)


class TestWhole:
    @pytest.mark.parametrize("register", REGISTERS)
    def test_is_accepted_by_both(self, register: str) -> None:
        told = signed(notification(register, "1", ROWS[register], 1))

        assert fits_schema(told)
        assert isinstance(read(told), Notification)

    @pytest.mark.parametrize("member", sorted(SCHEMA["required"]))
    def test_lacks_nothing_for_either(self, member: str) -> None:
        told = signed({name: value for name, value in ONE.items() if name != member})
        if member == "signature":
            del told["signature"]

        assert not fits_schema(told)
        assert isinstance(read(told), Unreadable)

    @pytest.mark.parametrize("member", sorted(set(SCHEMA["properties"]) - {"signature"}))
    def test_has_no_member_of_another_type_for_either(self, member: str) -> None:
        told = signed(ONE | {member: 5})

        assert not fits_schema(told)
        assert isinstance(read(told), Unreadable)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"message_id": "x" * 65},
            {"message_id": ""},
            {"sender_org": "Bộ Công an"},
            {"receiver_org": "Z00." + "A" * 40},
            {"purpose": ""},
            {"legal_basis": "x" * 201},
            {"status": "NOT_FOUND"},
            {"service": "population.verify"},
            {"version": "2"},
            {"body": PERSON | {"full_name": ["NGUYỄN"]}},
            {"body": PERSON | {"full_name": True}},
            {"body": PERSON | {"full_name": "x" * 4_001}},
        ],
    )
    def test_has_no_value_that_only_one_of_them_takes(self, wrong: dict[str, Any]) -> None:
        told = signed(ONE | wrong)

        assert not fits_schema(told)
        assert isinstance(read(told), Unreadable)

    def test_may_have_what_is_in_no_column(self) -> None:
        told = signed(ONE | {"body": PERSON | {"diagnosis": ["J45"]}})

        assert fits_schema(told)
        found = read(told)
        assert isinstance(found, Notification)
        assert "diagnosis" not in found.values


class TestLineOfAFile:
    HEAD = ("correlation_id", "sender_org", "purpose", "legal_basis", "valid_until", "status")

    def test_may_lack_the_rest_of_the_head_but_not_have_it_wrong(self) -> None:
        short = {name: value for name, value in ONE.items() if name not in self.HEAD}
        wrong = short | {"status": "NOT_FOUND"}

        found, refused = (
            read_notification(each, secret=SECRET, signed=False, now=NOW) for each in (short, wrong)
        )

        assert isinstance(found, Notification)
        assert refused == Unreadable("population-1", "SCHEMA")
