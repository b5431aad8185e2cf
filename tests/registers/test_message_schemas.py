"""The published schemas: they are those of the code, and say of messages what the code says."""

from typing import Any
from uuid import uuid4

import orjson
import pytest
from jsonschema import Draft202012Validator

from labour_book.errors import Unavailable
from labour_book.registers import message_schemas
from labour_book.registers.envelope import Enquiry, Reply, Status, signed
from labour_book.registers.online import LEGAL_BASIS, ORGANISATIONS, SERVICES, Register, answer_of
from signing import BlindIndex
from tests.conftest import NOW

SECRET = BlindIndex(b"k" * 32)
WHO = {"personal_id": "001088885967"}
QUESTIONS: dict[Register, dict[str, Any]] = {
    Register.POPULATION: WHO | {"full_name": "TRẦN XUÂN BÌNH", "birth_date": "1988-11"},
    Register.INSURANCE: WHO | {"si_numbers": ["0111954241"]},
    Register.CONTRACTS: WHO,
    Register.QUALIFICATIONS: WHO,
    Register.ENTERPRISES: {"enterprise_code": "1883143271"},
    Register.SOCIAL: WHO | {"policy": "JOB-LOSS"},
    Register.VSSID: WHO,
    Register.PORTAL: WHO
    | {
        "full_name": "TRẦN XUÂN BÌNH",
        "procedure": "qualification.recognise",
        "dossier": "SLD-1",
        "said": {"number": "1"},
        "return_to": "https://so.example.vn",
    },
}
PERIOD = {"unit_name": "Công ty Mẫu", "first_month": "2024-01", "status": "contributed"}
ANSWERS: dict[Register, dict[str, Any]] = {
    Register.POPULATION: {"result": "MATCHED"},
    Register.INSURANCE: {"periods": [PERIOD], "reported_through": "2026-10"},
    Register.CONTRACTS: {"events": []},
    Register.QUALIFICATIONS: {"qualifications": []},
    Register.ENTERPRISES: {
        "enterprise_code": "1883143271",
        "name": "Công ty Mẫu",
        "legal_form": "CTCP",
        "status": "ACTIVE",
        "registered_on": "2010-01-04",
        "commune_code": {"state": "WITHHELD", "source": "Z00.ENTERPRISES"},
    },
    Register.SOCIAL: {"receives": True, "as_of": "2026-11-19"},
    Register.VSSID: {"months": [], "shown_through": "2026-09"},
    Register.PORTAL: {"dossier": "SLD-1", "reference": "DVC-1", "address": "https://dvc.example/1"},
}
BROKEN: dict[Register, dict[str, Any]] = {
    Register.POPULATION: {"result": "PERHAPS"},
    Register.INSURANCE: {"periods": [PERIOD | {"first_month": "1/2024"}]},
    Register.CONTRACTS: {"events": [{"event": "SIGNED"}]},
    Register.QUALIFICATIONS: {"qualifications": [{}]},
    Register.ENTERPRISES: {"enterprise_code": 1883143271},
    Register.SOCIAL: {"receives": "có", "as_of": "2026"},
    Register.VSSID: {"months": [{"month": "2026-09"}], "shown_through": "2026-09"},
    Register.PORTAL: {"dossier": "SLD-1", "reference": "DVC-1", "address": "javascript:0"},
}


def checked(name: str) -> Draft202012Validator:
    content = message_schemas.schema_file(name)
    assert content is not None
    schema = orjson.loads(content)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def answer(register: Register, body: dict[str, Any]) -> dict[str, Any]:
    envelope = {
        "message_id": str(uuid4()),
        "correlation_id": str(uuid4()),
        "sender_org": ORGANISATIONS[register],
        "receiver_org": "Z00.LABOURBOOK",
        "service": SERVICES[register],
        "version": "1",
        "data_as_of": NOW.isoformat(),
        "valid_until": NOW.isoformat(),
        "status": "OK",
        "body": body,
    }
    read: dict[str, Any] = orjson.loads(signed(envelope, SECRET))
    return read


class TestFiles:
    def test_are_those_of_the_code(self) -> None:
        made = {name: message_schemas.written(schema) for name, schema in message_schemas.schemas()}

        assert message_schemas.names() == sorted(made)
        assert {name: message_schemas.schema_file(name) for name in made} == made

    def test_name_nobody_else_may_fetch(self) -> None:
        assert message_schemas.schema_file("../ORIGIN") is None


@pytest.mark.parametrize("register", list(Register))
class TestEachRegister:
    def test_is_asked_as_the_schema_says(self, register: Register) -> None:
        question = Enquiry(
            message_id=uuid4(),
            correlation_id=uuid4(),
            sender_org="Z00.LABOURBOOK",
            receiver_org=ORGANISATIONS[register],
            service=SERVICES[register],
            purpose="Đối chiếu hồ sơ",
            legal_basis=LEGAL_BASIS[register],
            requested_at=NOW,
            body=QUESTIONS[register],
            consent_id=uuid4(),
        )

        sent = orjson.loads(question.written(SECRET))

        assert list(checked(f"{SERVICES[register]}.question").iter_errors(sent)) == []

    def test_answers_as_the_schema_says_and_the_code_reads(self, register: Register) -> None:
        body = ANSWERS[register]

        assert (
            list(checked(f"{SERVICES[register]}.answer").iter_errors(answer(register, body))) == []
        )
        assert answer_of(register, Reply(Status.OK, NOW, NOW, body)).body is not None

    def test_is_refused_by_both_where_it_answers_otherwise(self, register: Register) -> None:
        body = BROKEN[register]

        assert not checked(f"{SERVICES[register]}.answer").is_valid(answer(register, body))
        with pytest.raises(Unavailable):
            answer_of(register, Reply(Status.OK, NOW, NOW, body))


class TestWrapped:
    def test_values_tell_their_state_and_origin(self) -> None:
        body = ANSWERS[Register.ENTERPRISES]

        read = answer_of(Register.ENTERPRISES, Reply(Status.OK, NOW, NOW, body)).body

        assert read is not None
        assert str(read.states["commune_code"]) == "WITHHELD"
        assert read.origins["commune_code"].source == "Z00.ENTERPRISES"
