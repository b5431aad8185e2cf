"""What the share page says of what is disclosed; nothing of what is not."""

from collections.abc import Mapping
from typing import Any

import pytest

from api.pages.parts import sheet_of

NAME = "Nguyễn Thị Số 1"
JOB = {
    "no": 1,
    "employer": "Công ty A",
    "position": "Thợ hàn",
    "first_day": "2020-02-03",
    "assurance": "DECIDED",
}
IAT = {"iat": 1_795_305_600}


def job(**claims: Any) -> Any:
    (only,) = sheet_of({**IAT, "employments": [JOB | claims]}, "vi").jobs
    return only


class TestSheet:
    def test_of_nothing_says_nothing(self) -> None:
        sheet = sheet_of(IAT, "vi")

        assert [each.value for each in sheet.book] == ["22/11/2026"]
        assert (sheet.name, sheet.gaps, sheet.reported_to) == (None, None, None)
        rows = sheet.person + sheet.totals + sheet.insured
        assert rows + sheet.jobs + sheet.diplomas == ()

    @pytest.mark.parametrize(
        ("claims", "period"),
        [
            ({}, "Từ 03/02/2020"),
            ({"last_day": "2021-06"}, "03/02/2020 – 06/2021"),
            (
                {"known_until": "2022-01"},
                "Từ 03/02/2020; không rõ ngày kết thúc; có dữ liệu đến 01/2022",
            ),
            (
                {"first_day": None, "known_since": "2026-11"},
                "Không rõ ngày bắt đầu; có mặt tại thời điểm thu thập 11/2026",
            ),
        ],
    )
    def test_says_from_when_to_when(self, claims: Mapping[str, Any], period: str) -> None:
        assert job(**claims).period == period

    def test_says_how_many_months_were_paid(self) -> None:
        assert job(months_paid=5).months == ("5 tháng đã đóng bảo hiểm",)
        assert job(months_paid=0).months == ()

    def test_says_nothing_of_months_that_were_not(self) -> None:
        said = job(months_arrears=1, arrears=["2020-06/2020-06"], months_unknown=2, unknown=["x"])

        assert said.months == ()

    def test_begins_with_the_latest_job(self) -> None:
        lines = [JOB | {"employer": name} for name in ("A", "B")]
        jobs = sheet_of({**IAT, "employments": lines}, "vi").jobs

        assert [each.employer for each in jobs] == ["B", "A"]

    def test_names_codes_it_knows_and_shows_others(self) -> None:
        known = job(contract_kind="FIXED_TERM", enterprise_code="0100109106", occupation_code="72")

        assert known.details == (
            "Hợp đồng xác định thời hạn",
            "Mã số doanh nghiệp 0100109106",
            "Mã nghề VSCO 72",
        )
        assert job(contract_kind="SEASONAL").details == ("SEASONAL",)

    def test_of_a_whole_person(self) -> None:
        worker = {
            "full_name": NAME,
            "birth_date": "1990",
            "sex": "F",
            "nationality": "KR",
            "residence": "Phường A",
            "personal_id": "001090123456",
        }
        sheet = sheet_of({**IAT, "worker": worker, "book_no": "VN-1", "version": 3}, "en")

        assert [each.value for each in sheet.person] == [
            "1990",
            "Female",
            "KR",
            "Phường A",
            "001 090 123456",
        ]
        assert [each.value for each in sheet.book] == ["VN-1", "3", "22/11/2026"]

    def test_of_insurance_and_gaps(self) -> None:
        insurance = {"SI": 0, "VOL": 2, "first_month": "2020-02"}
        gaps = [{"first": "2020-03", "last": "2020-03"}, {"first": "2021-01"}]
        sheet = sheet_of({**IAT, "insurance": insurance, "gaps": gaps}, "en")

        assert [each.value for each in sheet.totals] == ["0 months", "2 months"]
        assert [each.value for each in sheet.insured] == ["02/2020"]
        assert sheet.gaps == ("03/2020", "From 01/2021 until now")

    @pytest.mark.parametrize(
        ("kind", "level", "name"),
        [
            ("DIPLOMA", "5", "Bằng cao đẳng"),
            ("DIPLOMA", "X", "Văn bằng bậc X"),
            ("LANGUAGE", "B1", "Chứng chỉ ngoại ngữ B1"),
            ("NEW_KIND", "1", "NEW_KIND 1"),
        ],
    )
    def test_of_a_diploma(self, kind: str, level: str, name: str) -> None:
        line = {
            "kind": kind,
            "level": level,
            "field": "Hàn",
            "issuer": "Trường A",
            "issued_on": "2019-07-01",
            "number": "B-1",
            "assurance": "ATTESTED",
        }
        sheet = sheet_of({**IAT, "qualifications": [line], "employments": [JOB]}, "vi")

        assert [(each.name, each.issued) for each in sheet.diplomas] == [
            (name, "Trường A cấp ngày 01/07/2019, số B-1")
        ]
        assert sheet.levels == ("DECIDED", "ATTESTED")
