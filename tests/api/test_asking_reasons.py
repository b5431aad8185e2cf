import pytest

from tests.api import sharing
from tests.api.conftest import PURPOSE, Office, TestClient
from tests.api.sharing import Headers, Party


@pytest.fixture
def party(client: TestClient, office: Office) -> Party:
    return sharing.party(client, office)


def look(party: Party) -> None:
    """Let an official open the worker's book."""
    answer = party.client.get(
        f"/workers/{party.office.people[0]}/book",
        params={"purpose": PURPOSE},
        headers=party.official,
    )
    assert answer.status_code == 200, answer.text


def newest(party: Party, deed: str) -> dict[str, object]:
    listed = party.client.get("/me/accesses", headers=party.worker).json()
    found: dict[str, object] = next(each for each in listed if each["deed"] == deed)
    return found


def told(party: Party, by: Headers, kind: str) -> list[dict[str, object]]:
    listed = party.client.get("/me/notices", headers=by).json()
    return [each for each in listed if each["kind"] == kind]


class TestAskReason:
    def test_puts_the_question_into_the_inbox_of_the_office_that_looked(self, party: Party) -> None:
        look(party)
        access = newest(party, "book.open")
        answer = party.post(f"/me/accesses/{access['number']}/reason", party.worker)

        assert (access["reason"], answer.status_code) == ("possible", 204)
        (question,) = told(party, party.official, "access.reason-asked")
        facts = question["facts"]
        assert facts == {
            "access": access["number"],
            "deed": "book.open",
            "on": "2026-11-20",
            "purpose": PURPOSE,
        }
        assert newest(party, "book.open")["reason"] == "asked"

    def test_reaches_the_enterprise_that_opened_a_share(self, party: Party) -> None:
        party.open(party.to_employer()["code"], party.employer)
        number = newest(party, "share.open")["number"]
        party.post(f"/me/accesses/{number}/reason", party.worker)

        assert len(told(party, party.employer, "access.reason-asked")) == 1
        assert told(party, party.rival, "access.reason-asked") == []

    def test_is_done_once(self, party: Party) -> None:
        look(party)
        path = f"/me/accesses/{newest(party, 'book.open')['number']}/reason"

        assert party.post(path, party.worker).status_code == 204
        assert party.post(path, party.worker).status_code == 409

    def test_is_about_the_own_data_and_who_answers_for_it(self, party: Party) -> None:
        look(party)
        number = newest(party, "book.open")["number"]
        party.share()
        own = newest(party, "share.create")

        assert own["reason"] == "none"
        assert party.post(f"/me/accesses/{own['number']}/reason", party.worker).status_code == 404
        assert party.post(f"/me/accesses/{number}/reason", party.other).status_code == 404
        assert party.post("/me/accesses/999999/reason", party.worker).status_code == 404
        assert party.post(f"/me/accesses/{number}/reason", party.official).status_code == 403


class TestAnswerReason:
    def test_reaches_the_worker_once(self, party: Party) -> None:
        look(party)
        number = newest(party, "book.open")["number"]
        party.post(f"/me/accesses/{number}/reason", party.worker)
        said = {"words": "Xét hồ sơ trợ cấp 1187"}

        assert party.post(f"/accesses/{number}/reason", party.official, said).status_code == 204
        assert party.post(f"/accesses/{number}/reason", party.official, said).status_code == 409
        (answer,) = told(party, party.worker, "access.reason-answered")
        assert answer["facts"] == {"access": number, "answer": said["words"]}
        access = next(
            each
            for each in party.client.get("/me/accesses", headers=party.worker).json()
            if each["number"] == number
        )
        assert (access["reason"], access["answer"]) == ("answered", said["words"])

    def test_is_for_whoever_was_asked(self, party: Party) -> None:
        look(party)
        number = newest(party, "book.open")["number"]
        said = {"words": "Không có lý do"}

        assert party.post(f"/accesses/{number}/reason", party.official, said).status_code == 404
        party.post(f"/me/accesses/{number}/reason", party.worker)
        assert party.post(f"/accesses/{number}/reason", party.employer, said).status_code == 404
        assert party.post(f"/accesses/{number}/reason", party.worker, said).status_code == 403

    @pytest.mark.parametrize("words", [" ", "hai\ndòng", "x" * 201])
    def test_is_one_line_of_words(self, party: Party, words: str) -> None:
        look(party)
        number = newest(party, "book.open")["number"]
        party.post(f"/me/accesses/{number}/reason", party.worker)

        answer = party.post(f"/accesses/{number}/reason", party.official, {"words": words})
        assert answer.status_code == 422
        assert told(party, party.worker, "access.reason-answered") == []
