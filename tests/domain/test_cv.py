import json

from labour_book.domain.assurance import Source
from labour_book.domain.cv import (
    NOT_VERIFIED_VI,
    Contact,
    CvLine,
    Section,
    cv_of,
    to_europass,
    to_json_resume,
)
from labour_book.domain.months import Month
from tests.domain.factories import (
    OTHER,
    STATED_AT,
    book,
    insured,
    job,
    qualification,
    remembered,
)

BOOK = book(
    insured("1", "2020-01", "2020-12"),
    job("2", "2021-03-01", employer_code=OTHER, employer_name="Công ty B", end_reason_clause=8),
    qualification("3"),
    qualification("4", kind="LANGUAGE", field="Tiếng Anh", level="B1"),
)
OWN = [
    CvLine(Section.WORK, "Bán hàng", "Tạp hoá gia đình", first_day="2012", verified=True),
    CvLine(Section.SKILLS, "Lái xe nâng"),
]
CV = cv_of(BOOK, OWN, contact=Contact(email="hoa@example.vn"), headline="Thợ may")


class TestCvOf:
    def test_puts_verified_work_first_newest_on_top(self) -> None:
        work = CV.section(Section.WORK)

        assert work[0].organisation == "Công ty B"
        assert [line.verified for line in work] == [True, True, False]

    def test_lets_nobody_verify_their_own_line(self) -> None:
        assert not any(line.verified for line in CV.lines if line.title == "Bán hàng")

    def test_verifies_no_line_that_only_the_worker_declared_to_form_03(self) -> None:
        declared = cv_of(book(job("1", "2020-01-01", source=Source.FORM03, contract_id=None)))

        assert [line.verified for line in declared.lines] == [False]

    def test_leaves_out_what_the_worker_does_not_choose(self) -> None:
        chosen = cv_of(BOOK, keep=lambda line: getattr(line, "number", None) == 1)

        assert len(chosen.lines) == 1

    def test_holds_no_number_no_pay_and_no_reason(self) -> None:
        for export in (to_json_resume(CV), to_europass(CV)):
            text = json.dumps(export, ensure_ascii=False)
            assert "001190123456" not in text
            assert "6000000" not in text
            assert "reason" not in text.lower()


class TestToJsonResume:
    def test_has_the_shape_of_version_1(self) -> None:
        resume = to_json_resume(CV)

        assert resume["basics"]["name"] == "Nguyễn Thị Hoà"
        assert resume["work"][0] == {
            "name": "Công ty B",
            "position": "Tổ trưởng may",
            "location": "Phường Hồng Hà, Thành phố Hà Nội",
            "startDate": "2021-03-01",
        }
        assert resume["education"][0]["institution"] == "Trường Đại học Quang Huy"
        assert resume["languages"] == [{"language": "Tiếng Anh", "fluency": "B1"}]
        assert resume["meta"]["labourBook"]["bookNo"] == "VN-0001"

    def test_marks_what_is_not_verified(self) -> None:
        resume = to_json_resume(CV)

        assert NOT_VERIFIED_VI in resume["work"][2]["summary"]
        assert NOT_VERIFIED_VI in resume["skills"][0]["level"]
        assert resume["work"][2]["startDate"] == "2012"
        marks = resume["meta"]["labourBook"]["lines"]["work"]
        assert [each["verified"] for each in marks] == [True, True, False]


class TestToEuropass:
    def test_tells_work_and_education(self) -> None:
        learner = to_europass(CV)["SkillsPassport"]["LearnerInfo"]

        assert learner["Identification"]["PersonName"] == {
            "Surname": "Nguyễn",
            "FirstName": "Thị Hoà",
        }
        assert learner["WorkExperience"][0]["Period"] == {
            "From": {"Year": 2021, "Month": 3, "Day": 1},
            "Current": True,
        }
        assert learner["WorkExperience"][1]["Period"]["To"] == {"Year": 2020, "Month": 12}
        assert learner["Education"][0]["Title"] == "Kế toán"

    def test_marks_what_is_not_verified(self) -> None:
        learner = to_europass(CV)["SkillsPassport"]["LearnerInfo"]

        assert NOT_VERIFIED_VI in learner["WorkExperience"][2]["Activities"]
        assert NOT_VERIFIED_VI in learner["Achievement"][0]["Description"]

    def test_calls_no_work_current_that_nobody_says_still_runs(self) -> None:
        stale = insured("1", "2019-02", stated_at=STATED_AT.replace(year=2022, month=5))
        made = cv_of(book(stale, insurance_as_of=Month.of(2026, 9)))

        (work,) = to_europass(made)["SkillsPassport"]["LearnerInfo"]["WorkExperience"]

        assert work["Period"] == {"From": {"Year": 2019, "Month": 2}}
        assert "không rõ ngày kết thúc" in work["Activities"]

    def test_invents_no_start(self) -> None:
        made = cv_of(book(remembered("f", "2026-09-14", flags=("START_UNKNOWN",))))

        (work,) = to_json_resume(made)["work"]

        assert "startDate" not in work
        assert "có mặt tại thời điểm thu thập 09/2026" in work["summary"]
