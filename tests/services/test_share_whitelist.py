"""What must reach nobody reaches nobody, whatever is asked, chosen, stored or tampered with."""

import dataclasses
import json
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import signing
from labour_book.database import transaction
from labour_book.domain.sharing import (
    LINES,
    SHAREABLE,
    Audience,
    Lines,
    Selection,
    leaks,
    preset_selection,
    presets,
)
from labour_book.errors import Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import disclosing, received, visits
from labour_book.services.access import deed
from labour_book.services.disclosing import chosen_part
from labour_book.services.installation import Installation
from labour_book.tables import EmploymentFact, InsuranceFact, Share
from signing import Use
from tests.services import people, shares
from tests.services.shares import EMPLOYER, TO_EMPLOYER

WAGE, CONTRACT, CREDITED, PREVIOUS, GROUP = 7_654_321, "HD-SECRET", 55_555, "f" * 64, 97
PAID, ARREARS, UNKNOWN, OWED = "2014-11/2014-12", "2015-03/2015-04", "2015-05/2015-10", 66_666
"""Months that tell of half a year without pay, as sickness or a birth leave it behind."""
SECRETS = (
    *(str(WAGE), CONTRACT, str(CREDITED), PREVIOUS, f":{GROUP}"),
    *(PAID, ARREARS, UNKNOWN, str(OWED)),
)
PERSONAL_ID = "001090123456"
RECORD: dict[str, Any] = {
    "book_no": "SLD-1",
    "version": 3,
    "prev_sha256": PREVIOUS,
    "as_of": "2026-11-20",
    "worker": {
        "full_name": "Nguyễn Văn An",
        "birth_date": "1990-05-17",
        "sex": "M",
        "nationality": "VN",
        "personal_id": PERSONAL_ID,
        "residence": "Hà Nội",
    },
    "employments": [
        {
            "no": number,
            "employer": f"Công ty {number}",
            "position": "Thợ hàn",
            "first_day": f"201{number}-01-01",
            "months_paid": 3,
            "months_arrears": OWED,
            "months_unknown": OWED,
            "paid": [PAID],
            "arrears": [ARREARS],
            "unknown": [UNKNOWN],
            "assurance": "CONTRACT_MATCHED",
            "contract_id": CONTRACT,
            "wage_base_vnd": WAGE,
        }
        for number in range(1, 5)
    ],
    "insurance": {
        "SI": 30,
        "UI": 30,
        "HI": 30,
        "VOL": 0,
        "credited_months": CREDITED,
        "arrears_months": OWED,
        "first_month": "2011-01",
        "last_month": "2026-10",
        "as_of_month": "2026-10",
    },
    "gaps": [{"first": "2019-01", "last": "2019-05"}],
    "qualifications": [
        {
            "kind": "DIPLOMA",
            "level": "4",
            "field": "Hàn",
            "issuer": "Trường",
            "issued_on": "2012",
            "number": "A-1",
            "assurance": "ATTESTED",
        }
    ],
    "registration_group": GROUP,
}
EVERY_PATH = [
    *RECORD,
    *(f"{name}.{member}" for name in ("worker", "insurance") for member in RECORD[name]),
    *(f"employments.{member}" for member in RECORD["employments"][0]),
    "employments.end_reason_clause",
    "worker.ethnic_code",
    "union",
    "strike",
]
LINE_RULES = st.builds(
    Lines, st.sampled_from(["none", "all", "latest", "chosen", "*"]), st.integers(-2, 9)
)
GREEDY = Selection(SHAREABLE | frozenset(EVERY_PATH), Lines("all"), Lines("all"))


@pytest.fixture(scope="module")
def credential() -> str:
    """A whole credential with everything in it that a book can hold."""
    return issued(RECORD)


def issued(record: dict[str, Any]) -> str:
    return signing.issue_book_credential(
        record,
        signer=_key(),
        issuer="https://so.example.vn",
        vct="https://so.example.vn/vct",
        issued_on=date(2026, 11, 20),
        expires_on=date(2027, 11, 20),
        status_uri="https://so.example.vn/status/1",
        status_index=7,
    )


@cache
def _key() -> signing.SigningKey:
    span = {"not_before": datetime(2026, 1, 1, tzinfo=UTC)}
    root = signing.new_root(common_name="Root", not_after=datetime(2046, 1, 1, tzinfo=UTC), **span)
    return signing.new_leaf(
        root,
        use=Use.CREDENTIAL,
        issuer_uri="https://so.example.vn",
        common_name="Key",
        not_after=datetime(2029, 1, 1, tzinfo=UTC),
        **span,
    )


def said(credential: str) -> str:
    """Return everything that a credential discloses, as text."""
    return json.dumps(
        [
            signing.read_disclosed(credential),
            [repr(each.value) for each in signing.disclosures_of(credential)],
        ],
        ensure_ascii=False,
    ).replace(" ", "")


class TestChosenPart:
    @pytest.mark.parametrize("audience", list(Audience))
    @pytest.mark.parametrize("code", [each for each in presets() if each != "CUSTOM"])
    def test_of_a_preset_holds_no_secret(
        self, credential: str, code: str, audience: Audience
    ) -> None:
        part = chosen_part(credential, preset_selection(code), audience)

        assert [secret for secret in SECRETS if secret in said(part.credential)] == []
        assert PERSONAL_ID not in said(part.credential)
        assert part.claims

    @given(
        claims=st.frozensets(st.one_of(st.sampled_from(EVERY_PATH), st.text(max_size=8))),
        employments=LINE_RULES,
        qualifications=LINE_RULES,
        audience=st.sampled_from(Audience),
    )
    def test_of_any_choice_holds_no_secret(
        self,
        credential: str,
        claims: frozenset[str],
        employments: Lines,
        qualifications: Lines,
        audience: Audience,
    ) -> None:
        selection = Selection(claims, employments, qualifications)

        part = chosen_part(credential, selection, audience)

        assert [secret for secret in SECRETS if secret in said(part.credential)] == []
        assert leaks(signing.read_disclosed(part.credential), audience) == []
        if audience is not Audience.ENTERPRISE or "worker.personal_id" not in claims:
            assert PERSONAL_ID not in said(part.credential)
        for name in LINES:
            assert name not in part.claims or getattr(selection, name).rule != "none"

    def test_of_everything_is_the_whole_list(self, credential: str) -> None:
        part = chosen_part(credential, GREEDY, Audience.ENTERPRISE)

        assert sorted(part.claims["worker"]) == sorted(RECORD["worker"])
        assert len(part.claims["employments"]) == 4
        assert not {"credited_months", "arrears_months"} & part.claims["insurance"].keys()
        for job in part.claims["employments"]:
            assert job.keys() == {"employer", "position", "first_day", "assurance", "months_paid"}

    @pytest.mark.parametrize("code", [each for each in presets() if each != "CUSTOM"])
    def test_of_a_preset_tells_of_the_months_how_many_were_paid_and_no_more(
        self, credential: str, code: str
    ) -> None:
        part = chosen_part(credential, preset_selection(code), Audience.ANYONE)

        months = {name for job in part.claims.get("employments", ()) for name in job}
        assert months & {"paid", "arrears", "unknown", "months_arrears", "months_unknown"} == set()

    @pytest.mark.parametrize("code", [each for each in presets() if each != "CUSTOM"])
    def test_of_a_preset_lets_nobody_count_what_is_hidden(self, code: str) -> None:
        """Books of one job and of four, with and without a wage, have as many digests."""
        books = [
            RECORD | {"employments": [job], "qualifications": []}
            for job in (RECORD["employments"][0], {"no": 1, "employer": "A", "position": "B"})
        ]
        shown = [
            chosen_part(issued(each), Selection(preset_selection(code).claims), Audience.ANYONE)
            for each in (RECORD, *books)
        ]

        assert len({len(each.credential.split(".")[1]) for each in shown}) == 1
        assert len({each.credential.count("~") for each in shown}) == 1

    def test_shows_nothing_when_the_lists_disagree(
        self, credential: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(disclosing, "shows", lambda *_: lambda _path: True)

        with pytest.raises(Unavailable):
            chosen_part(credential, GREEDY, Audience.ENTERPRISE)


class TestPayloads:
    """With real rows that hold each of the secrets."""

    def test_of_employers_hold_no_secret(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = sqlite_inst
        _people_with_secrets(inst, now)
        created = shares.share(inst, now, TO_EMPLOYER)
        with transaction(inst.engine) as db:  # somebody changed what is stored
            db.execute(sa.update(table_of(Share)).values(selection=json.dumps(GREEDY.to_json())))

        with deed(inst.engine) as db:
            payloads = [
                received.received(db, EMPLOYER, now=now),
                received.own_workers(db, EMPLOYER, purpose="Bảng lương", now=now),
            ]
        cover = visits.peek(inst, created.code, shares.visit(EMPLOYER), now=now)
        shown = shares.look(inst, created.code, now, EMPLOYER)
        text = repr([*payloads, cover, shown]) + said(shown.credential)

        assert "Thợ hàn" in text
        for secret in ("7654321", "HD-00000001", "end_reason", "13", "credited", "ethnic"):
            assert secret not in _without_ids(text), secret

    def test_have_no_field_for_a_secret(self) -> None:
        fields = {
            field.name
            for payload in (received.Received, received.OwnWorker, visits.Shown, visits.Cover)
            for field in dataclasses.fields(payload)
        }
        words = ("wage", "reason", "sick", "benefit", "union", "strike", "ethnic", "priority")

        assert [name for name in fields for word in words if word in name] == []


def _people_with_secrets(inst: Installation, now: datetime) -> None:
    people.add_people(inst.engine)
    work, insurance = table_of(EmploymentFact), table_of(InsuranceFact)
    with transaction(inst.engine) as db:
        db.execute(sa.update(work).values(end_reason_clause=13, flags="SICK_LEAVE", suspended=True))
        db.execute(sa.update(insurance).values(flags="MATERNITY_BENEFIT"))
    shares.issue(inst, people.person_id(), now)


def _without_ids(text: str) -> str:
    """Take out ids, keys, hashes and dates, in which any digits may stand."""
    return "".join(
        word
        for word in text.replace(",", " ").replace("(", " ").split()
        if "UUID" not in word and "~" not in word and "-" not in word and len(word) < 40
    )
