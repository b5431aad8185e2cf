"""Going on in one of several capacities."""

from labour_book.services import access
from labour_book.services.acting import invite
from tests.api.login.visitor import HTML, SESSION, Visitor, refused
from tests.services import acting, people
from tests.support.id_provider import query_of


class TestInCapacity:
    """Officials without a book, the choice between accounts, and invitations, as a browser goes."""

    def seat(self, visitor: Visitor, number: str, unit: str = "UB-00070") -> None:
        office = visitor.office
        acting.official(office.inst, office.clock.now, unit=unit, e_id=number)

    def form(self, visitor: Visitor) -> dict[str, str]:
        return {"csrf": visitor.client.get("/session").json()["form_token"]}

    def test_an_official_without_a_book_comes_to_the_desk(self, visitor: Visitor) -> None:
        self.seat(visitor, acting.STRANGER_ID)
        visitor.stage.person = {"pin": acting.STRANGER_ID, "sub": "pairwise-42"}

        answer = visitor.sign_in()

        assert answer.headers["location"] == "/desk"
        told = visitor.client.get("/session").json()
        assert (told["kind"], told["role"]) == ("official", "approver")

    def test_at_level_1_an_official_is_told_what_it_takes(self, small: Visitor) -> None:
        self.seat(small, acting.STRANGER_ID)
        small.stage.person = {"pin": acting.STRANGER_ID, "sub": "pairwise-42", "loa": "1"}

        assert refused(small.sign_in("/desk"), "LEVEL_TOO_LOW")

    def test_of_two_seats_asks_which(self, small: Visitor) -> None:
        for unit in ("UB-00070", "SNV-01"):
            self.seat(small, people.personal_id(1), unit)

        answer = small.sign_in("/desk/queue")

        assert answer.headers["location"] == "/sign-in/as?to=%2Fdesk%2Fqueue"
        page = small.client.get(answer.headers["location"], headers=HTML).text
        assert page.count('action="/sign-in/as"') == 2

    def test_the_choice_changes_the_session_and_leads_on(self, small: Visitor) -> None:
        self.seat(small, people.personal_id(1))
        small.sign_in()
        assert small.client.get("/session").json()["kind"] == "worker"
        before = small.client.cookies.get(SESSION)
        page = small.client.get("/sign-in/as?to=/desk/queue", headers=HTML).text
        account = page.partition('name="account" value="')[2].partition('"')[0]
        headers = HTML | {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        form = self.form(small) | {"account": account, "to": "/desk/queue"}

        answer = small.client.post("/sign-in/as", data=form, headers=headers)

        assert answer.headers["location"] == "/desk/queue"
        assert small.client.cookies.get(SESSION) not in {before, None}
        assert small.client.get("/session").json()["kind"] == "official"

    def test_the_choice_takes_a_form_of_ours(self, small: Visitor) -> None:
        self.seat(small, people.personal_id(1))
        small.sign_in()
        form = {"csrf": "x", "account": str(people.uid(1, 1))}

        assert small.client.post("/sign-in/as", data=form, headers=HTML).status_code == 403

    def test_an_invitation_leads_through_the_provider_to_the_desk(self, visitor: Visitor) -> None:
        inst, now = visitor.office.inst, visitor.office.clock.now
        account = acting.official(inst, now)
        with access.deed(inst.engine) as db:
            code = invite(db, inst, acting.OPERATOR, account, now=now).secret
        visitor.stage.person = {"pin": acting.STRANGER_ID, "sub": "pairwise-42"}
        headers = HTML | {"Origin": "null", "Sec-Fetch-Site": "same-origin"}

        away = visitor.client.post("/sign-in/invitation", data={"code": code}, headers=headers)
        asked = query_of(away.headers["location"])
        visitor.stage.nonce = asked["nonce"]
        answer = visitor.back(state=asked["state"])

        assert answer.headers["location"] == "/desk"
        assert visitor.client.get("/session").json()["role"] == "approver"

    def test_an_invitation_that_is_over_says_so(self, small: Visitor) -> None:
        headers = HTML | {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
        away = small.client.post("/sign-in/invitation", data={"code": "none"}, headers=headers)
        asked = query_of(away.headers["location"])
        small.stage.nonce = asked["nonce"]

        assert refused(small.back(state=asked["state"]), "INVITATION_OVER")

    def test_an_invitation_is_not_begun_from_another_site(self, small: Visitor) -> None:
        headers = HTML | {"Sec-Fetch-Site": "cross-site"}

        answer = small.client.post("/sign-in/invitation", data={"code": "x"}, headers=headers)

        assert answer.status_code == 403
