"""The registers asked over real HTTP: every answer read strictly, every failure with its cause."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.sandbox.registers_moods import DIAGNOSIS
from labour_book.domain.months import Month
from labour_book.errors import Unavailable
from labour_book.registers.envelope import Enquiry, Status, ValueState
from labour_book.registers.online import LEGAL_BASIS, ORGANISATIONS, SERVICES, Answer, Register
from labour_book.registers.online_answers import (
    ContractsAnswer,
    EnterpriseAnswer,
    InsuranceAnswer,
    PopulationAnswer,
    QualificationsAnswer,
    SocialAnswer,
    VssidAnswer,
)
from labour_book.services.connections import Connections
from signing import BlindIndex
from tests.conftest import NOW
from tests.support.sandbox_registers import Sandbox, sandbox

WHO = {"personal_id": "001088885967", "full_name": "TRẦN XUÂN BÌNH", "birth_date": "1988-11-26"}
FIRM = {"enterprise_code": "1883143271"}
STRANGER = {"personal_id": "001199000001", "full_name": "Vũ Không Có", "birth_date": "1999-09-09"}
DOSSIER = WHO | {
    "procedure": "qualification.recognise",
    "dossier": "SLD-1",
    "said": {"number": "C9545354"},
    "return_to": "https://so.example.vn",
}
BODY = dict.fromkeys(Register, WHO) | {
    Register.ENTERPRISES: FIRM,
    Register.SOCIAL: WHO | {"policy": "JOB-LOSS"},
    Register.PORTAL: DOSSIER,
}
NOT_READ = {
    "down": "HTTP_503",
    "wrong": "SCHEMA",
    "cut": "CUT",
    "wrong-version": "WRONG_VERSION",
    "stale": "STALE",
    "garbled": "NOT_JSON",
    "huge": "TOO_LARGE",
    "forged": "NOT_SIGNED",
    "another": "ANOTHER_MESSAGE",
}


def enquiry(register: Register, body: dict[str, Any], now: datetime = NOW) -> Enquiry:
    return Enquiry(
        message_id=uuid4(),
        correlation_id=uuid4(),
        sender_org="Z00.LABOURBOOK",
        receiver_org=ORGANISATIONS[register],
        service=SERVICES[register],
        purpose="Đối chiếu hồ sơ",
        legal_basis=LEGAL_BASIS[register],
        requested_at=now,
        body=body,
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("registers")) as running:
        yield running


@pytest.fixture
def closing(served: Sandbox) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack
    served.calm()


@pytest.fixture
def asked(served: Sandbox, closing: ExitStack) -> Connections:
    return served.connections(closing)


def ask(asked: Connections, register: Register, body: dict[str, Any] | None = None) -> Answer:
    return asked.answer(register, enquiry(register, body or BODY[register]))


class TestPopulation:
    def says(self, asked: Connections, **other: str) -> PopulationAnswer:
        answer = ask(asked, Register.POPULATION, WHO | other)
        assert isinstance(answer.body, PopulationAnswer)
        return answer.body

    def test_matches_number_name_and_birth_date(self, asked: Connections) -> None:
        answer = ask(asked, Register.POPULATION)

        assert answer.status is Status.OK
        assert isinstance(answer.body, PopulationAnswer)
        assert answer.body.result == "MATCHED"
        assert answer.data_as_of <= NOW < answer.valid_until

    @pytest.mark.parametrize(
        ("other", "cause"),
        [
            ({"full_name": "TRÂN XUAN BINH"}, "NAME_TONE_MARKS"),
            ({"full_name": "Trần Xuân Bnìh"}, "NAME_SPELLING"),
            ({"full_name": "Lê Thị Hoa"}, "NAME_DIFFERS"),
            ({"birth_date": "1988"}, "BIRTH_DATE_YEAR_ONLY"),
            ({"birth_date": "1988-03-02"}, "BIRTH_DATE_YEAR_ONLY"),
            ({"birth_date": "1979-11-26"}, "BIRTH_DATE_DIFFERS"),
            ({"personal_id": "010263733"}, "OLD_NUMBER"),
            ({"personal_id": "001088885968"}, "ONE_DIGIT"),
        ],
    )
    def test_says_why_they_do_not_belong_together(
        self, asked: Connections, other: dict[str, str], cause: str
    ) -> None:
        says = self.says(asked, **other)

        assert (says.result, says.causes) == ("MISMATCH", (cause,))

    def test_knows_a_cancelled_number(self, asked: Connections) -> None:
        who = {"personal_id": "001196889380", "full_name": "MAI GIA PHONG"}

        assert self.says(asked, **who, birth_date="1996-05-03").causes == ("CANCELLED_NUMBER",)

    def test_knows_who_has_died(self, asked: Connections) -> None:
        who = {"personal_id": "001054730935", "full_name": "TRƯƠNG VĂN MINH"}

        says = self.says(asked, **who, birth_date="1954-04-23")

        assert (says.result, says.deceased_on) == ("DECEASED", date(2025, 5, 12))

    def test_does_not_know_everybody(self, asked: Connections) -> None:
        answer = ask(asked, Register.POPULATION, STRANGER)

        assert answer.status is Status.NOT_FOUND

    def test_tells_no_value_back(self, served: Sandbox, asked: Connections) -> None:
        question = enquiry(Register.POPULATION, WHO | {"full_name": "Lê Thị Hoa"})
        secret = asked.clients[Register.POPULATION].secret

        content = served.http.post(
            f"{served.url}/sandbox/registers/population/v1/query",
            content=question.written(secret),
        ).text

        assert "MISMATCH" in content
        assert not any(each in content for each in WHO.values())


class TestInsurance:
    def test_tells_where_and_when_somebody_took_part(self, asked: Connections) -> None:
        answer = ask(asked, Register.INSURANCE)

        assert isinstance(answer.body, InsuranceAnswer)
        last = max(answer.body.periods, key=lambda each: each.first_month)
        assert len(answer.body.periods) == 6
        assert (last.enterprise_code, last.first_month) == ("1883143271", Month.of(2024, 9))
        assert last.last_month is None
        assert answer.body.reported_through == Month.of(2026, 10)

    def test_finds_somebody_by_insurance_number(self, asked: Connections) -> None:
        answer = ask(asked, Register.INSURANCE, {"si_numbers": ["0111954241"]})

        assert isinstance(answer.body, InsuranceAnswer)
        assert len(answer.body.periods) == 6

    def test_tells_no_wage(self, served: Sandbox, asked: Connections) -> None:
        question = enquiry(Register.INSURANCE, WHO)

        content = served.http.post(
            f"{served.url}/sandbox/registers/insurance/v1/query",
            content=question.written(asked.clients[Register.INSURANCE].secret),
        ).json()

        wages = [each["wage_base_vnd"] for each in content["body"]["periods"]]
        assert wages == [{"state": "WITHHELD"}] * 6


class TestContracts:
    def test_tells_the_events_in_order(self, asked: Connections) -> None:
        answer = ask(asked, Register.CONTRACTS)

        assert isinstance(answer.body, ContractsAnswer)
        events = answer.body.events
        assert [each.contract_id for each in events] == ["HDDT24-ZQ6T64QD08", "HDDT26-DEEZZR8W5H"]
        assert events[1].first_day == date(2026, 9, 10)

    @pytest.mark.parametrize("mood", ["out-of-order", "duplicate"])
    def test_reads_them_alike_however_they_come(
        self, served: Sandbox, asked: Connections, mood: str
    ) -> None:
        in_order = ask(asked, Register.CONTRACTS).body
        served.behave(Register.CONTRACTS, mood)

        assert ask(asked, Register.CONTRACTS).body == in_order


class TestQualifications:
    def test_tells_what_somebody_holds(self, asked: Connections) -> None:
        answer = ask(asked, Register.QUALIFICATIONS)

        assert isinstance(answer.body, QualificationsAnswer)
        assert [each.number for each in answer.body.qualifications] == ["H7241538"]


class TestEnterprises:
    def test_tells_what_is_public(self, asked: Connections) -> None:
        answer = ask(asked, Register.ENTERPRISES)

        assert isinstance(answer.body, EnterpriseAnswer)
        assert answer.body.enterprise_code == "1883143271"
        assert answer.body.name

    def test_does_not_know_every_code(self, asked: Connections) -> None:
        answer = ask(asked, Register.ENTERPRISES, {"enterprise_code": "0000000000"})

        assert (answer.status, answer.body) == (Status.NOT_FOUND, None)


class TestSocialProtection:
    def test_says_yes_or_no_and_when(self, asked: Connections) -> None:
        answer = ask(asked, Register.SOCIAL)

        assert isinstance(answer.body, SocialAnswer)
        assert (answer.body.receives, answer.body.as_of) == (False, date(2026, 11, 19))

    def test_says_nothing_else(self, served: Sandbox, asked: Connections) -> None:
        question = enquiry(Register.SOCIAL, BODY[Register.SOCIAL])

        sent = served.sent(
            Register.SOCIAL, question.written(asked.clients[Register.SOCIAL].secret)
        ).json()

        assert sent["body"].keys() == {"receives", "as_of"}


class TestVssid:
    @pytest.mark.parametrize("mood", ["normal", "out-of-order", "duplicate"])
    def test_shows_each_month_once_the_oldest_first(
        self, served: Sandbox, asked: Connections, mood: str
    ) -> None:
        served.behave(Register.VSSID, mood)

        body = ask(asked, Register.VSSID).body

        assert isinstance(body, VssidAnswer)
        months = [each.month for each in body.months]
        assert months == sorted(set(months))
        assert months[-1] == Month.of(2026, 9)
        assert Month.of(2026, 8) not in months  # the sample person misses the last but one
        assert body.shown_through == Month.of(2026, 9)


class TestHealth:
    """QD 3074/QD-BYT: what nobody asked has no field to go into."""

    @pytest.mark.parametrize("register", list(Register))
    def test_is_dropped_where_a_register_tells_it_nevertheless(
        self, served: Sandbox, asked: Connections, register: Register
    ) -> None:
        usual = ask(asked, register).body
        served.behave(register, "health")

        answer = ask(asked, register)

        assert answer.body == usual
        assert not any(str(each) in repr(answer) for each in DIAGNOSIS.values())
        assert not any(name in repr(answer) for name in DIAGNOSIS)


@pytest.mark.parametrize("register", list(Register))
class TestEveryRegister:
    @pytest.mark.parametrize(("mood", "cause"), NOT_READ.items())
    def test_says_why_it_gave_no_answer(
        self, served: Sandbox, asked: Connections, register: Register, mood: str, cause: str
    ) -> None:
        served.behave(register, mood)

        with pytest.raises(Unavailable) as caught:
            ask(asked, register)

        assert caught.value.facts == {"cause": cause}
        assert not any(value in str(caught.value) for value in WHO.values())

    def test_is_not_believed_when_it_contradicts_itself(
        self, served: Sandbox, asked: Connections, register: Register
    ) -> None:
        served.behave(register, "contradictory")

        with pytest.raises(Unavailable) as caught:
            ask(asked, register)

        assert caught.value.facts["cause"] in {"CONTRADICTION", "SCHEMA"}

    def test_is_asked_again_after_a_passing_failure(
        self, served: Sandbox, asked: Connections, register: Register
    ) -> None:
        served.behave(register, "flaky")

        assert [ask(asked, register).status for _ in range(2)] == [Status.OK] * 2

    def test_may_withhold_what_is_optional(
        self, served: Sandbox, asked: Connections, register: Register
    ) -> None:
        served.behave(register, "withholding")

        answer = ask(asked, register)

        assert answer.status is Status.OK
        if isinstance(answer.body, InsuranceAnswer):
            assert answer.body.periods[0].states["last_month"] is ValueState.WITHHELD

    def test_answers_nobody_else(
        self, served: Sandbox, closing: ExitStack, register: Register
    ) -> None:
        stranger = served.connections(closing, secret=b"x" * 32)

        with pytest.raises(Unavailable) as caught:
            ask(stranger, register)

        assert caught.value.facts == {"cause": "HTTP_403"}

    def test_answers_the_same_question_once(
        self, served: Sandbox, asked: Connections, register: Register
    ) -> None:
        """Asked again under its id it gets the same answer; something else under it gets none."""
        question = enquiry(register, BODY[register])
        other = replace(question, purpose="Việc khác")

        said = [served.sent(register, question.written(asked.clients[register].secret))] * 2
        refused = served.sent(register, other.written(asked.clients[register].secret))

        assert said[0].status_code == 200
        assert said[0].json()["message_id"] == said[1].json()["message_id"]
        assert refused.status_code == 409


class TestPatience:
    def test_lasts_no_longer_than_was_set_for_the_register(
        self, served: Sandbox, closing: ExitStack
    ) -> None:
        served.behave(Register.VSSID, "slow")
        asked = served.connections(closing, seconds_of={Register.VSSID: 1})

        with pytest.raises(Unavailable) as caught:
            ask(asked, Register.VSSID)

        assert caught.value.facts == {"cause": "TIMEOUT"}
        assert asked.clients[Register.POPULATION].total_seconds > 1


LISTS = [Register.INSURANCE, Register.CONTRACTS, Register.QUALIFICATIONS, Register.VSSID]


@pytest.mark.parametrize("register", LISTS)
class TestPart:
    def test_of_an_answer_is_said_to_be_one(
        self, served: Sandbox, asked: Connections, register: Register
    ) -> None:
        served.behave(register, "partial")

        assert ask(asked, register).status is Status.PARTIAL


class TestNobodyListens:
    def test_is_said_at_once(self, served: Sandbox, closing: ExitStack) -> None:
        gone = replace(served, url="http://127.0.0.1:9").connections(closing)

        with pytest.raises(Unavailable) as caught:
            ask(gone, Register.POPULATION)

        assert caught.value.facts == {"cause": "NO_CONNECTION"}

    def test_is_said_of_a_register_that_is_not_connected(self) -> None:
        with pytest.raises(Unavailable) as caught:
            ask(Connections(), Register.POPULATION)

        assert caught.value.facts == {"cause": "NOT_CONNECTED"}


class TestEnquiry:
    def test_shows_nobody_in_its_representation(self) -> None:
        assert "001088885967" not in repr(enquiry(Register.POPULATION, WHO))

    def test_is_the_same_question_when_it_is_written_again(self) -> None:
        question = enquiry(Register.POPULATION, WHO)
        secret = BlindIndex(b"k" * 32)

        assert question.written(secret) == question.written(secret)
        assert replace(question, purpose="khác").written(secret) != question.written(secret)
