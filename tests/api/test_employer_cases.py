"""An enterprise answers what a worker says of a line, with papers where it does not agree."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from labour_book.domain.corrections import CaseState
from labour_book.services import deciding
from labour_book.services.access import Caller, Role, deed
from labour_book.services.case_views import CaseFile
from tests.api.conftest import Office
from tests.api.desk import cases
from tests.api.login.visitor import HTML
from tests.api.test_employer_pages import Desk, desk_of
from tests.support.evidence import pdf, photo

POSITION = {"position": "Thợ hàn bậc 4"}
COMMUNE = Caller("official", "c1", "Cán bộ", Role.APPROVER, unit_code="UB-00070")
PHOTO = ("hop-dong.jpg", photo(), "image/jpeg")


@pytest.fixture
def small(small_client: TestClient, small_office: Office) -> Desk:
    app = small_client.app
    assert isinstance(app, FastAPI)
    return desk_of(app, small_client, small_office)


def contest(desk: Desk, case: CaseFile, *files: tuple[str, bytes, str], words: str = "") -> int:
    token = desk.client.get("/session").json()["form_token"]
    form = {"csrf": token, "said": "contests", "words": words, "evidence_class": "CONTRACT"}
    return desk.client.post(
        f"/employer/cases/{case.line.case_id}",
        data=form,
        files=[("files", each) for each in files],
        headers=HTML,
    ).status_code


def as_the_official_sees_it(desk: Desk, case: CaseFile) -> CaseFile:
    with deed(desk.office.inst.engine) as db:
        return deciding.case(
            db, desk.office.inst, COMMUNE, case.line.case_id, now=desk.office.clock.now
        )


class TestPage:
    def test_tells_codes_in_words(self, small: Desk) -> None:
        case = cases.handed_in(small.office, claimed=POSITION | {"contract_kind": "FIXED_TERM"})

        shown = small.see(f"/cases/{case.line.case_id}")

        assert "Xác định thời hạn" in shown
        assert "FIXED_TERM" not in shown


class TestContest:
    def test_takes_papers_along(self, small: Desk) -> None:
        case = cases.handed_in(small.office, claimed=POSITION)

        status = contest(small, case, PHOTO, ("b.pdf", pdf(), ""), words="Hợp đồng ghi khác.")

        seen = as_the_official_sees_it(small, case)
        assert status == 303
        assert seen.employer_answer == "contests"
        assert [(each.media_type, each.from_employer) for each in seen.evidence] == [
            ("image/jpeg", True),
            ("application/pdf", True),
        ]
        assert "Giấy tờ doanh nghiệp đã gửi" in small.see(f"/cases/{case.line.case_id}")

    def test_needs_none(self, small: Desk) -> None:
        """A browser sends an empty file where none was chosen."""
        case = cases.handed_in(small.office, claimed=POSITION)
        token = small.client.get("/session").json()["form_token"]
        sent = {"csrf": token, "said": "contests", "words": "Không đúng.", 'files"; filename="': ""}
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in sent.items()
        ]

        answer = small.client.post(
            f"/employer/cases/{case.line.case_id}",
            content=f"{''.join(parts)}--x--\r\n".encode(),
            headers=HTML | {"Content-Type": "multipart/form-data; boundary=x"},
        )

        assert answer.status_code == 303, answer.text
        assert as_the_official_sees_it(small, case).evidence == ()

    @pytest.mark.parametrize(
        ("sent", "words"),
        [(PHOTO, ""), (("a.exe", b"MZ" * 400, "image/jpeg"), "Hợp đồng ghi khác.")],
    )
    def test_leaves_nothing_behind_when_something_is_wrong(
        self, small: Desk, sent: tuple[str, bytes, str], words: str
    ) -> None:
        case = cases.handed_in(small.office, claimed=POSITION)

        assert contest(small, case, sent, words=words) == 422

        with deed(small.office.inst.engine) as db:
            agent = Caller(
                *("employer", "e", "HR", Role.EMPLOYER), enterprise_code=case_owner(case)
            )
            seen = deciding.case(
                db, small.office.inst, agent, case.line.case_id, now=small.office.clock.now
            )
        assert (seen.line.state, seen.evidence) == (CaseState.ROUTED, ())

    def test_says_in_vietnamese_why_a_file_is_not_taken(self, small: Desk) -> None:
        case = cases.handed_in(small.office, claimed=POSITION)
        token = small.client.get("/session").json()["form_token"]

        answer = small.client.post(
            f"/employer/cases/{case.line.case_id}",
            data={"csrf": token, "said": "contests", "words": "Sai.", "evidence_class": "CONTRACT"},
            files=[("files", ("a.jpg", Path(__file__).read_bytes(), "image/jpeg"))],
            headers=HTML,
        )

        assert answer.status_code == 422
        assert "Tệp không phải ảnh" in answer.text


def case_owner(case: CaseFile) -> str:
    assert case.line.owner is not None
    return case.line.owner.code
