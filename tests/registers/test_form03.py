"""Form 03: headers and values in every spelling, and the mapping file for the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from labour_book.domain.people import PartialDate
from labour_book.errors import Invalid
from labour_book.registers import Form03Row, Parsed, check_file, form03, read_mapping

Write = Callable[..., Path]
TITLE = [["UBND XÃ ĐỊNH QUÁN"], ["THÀNH PHỐ ĐỒNG NAI"], ["Thời điểm thu thập: tháng 9 năm 2026"]]
HEADER = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Tình trạng việc làm"]
PERSON: list[object] = [1, "Lê Văn An", "05/06/1990", "Nam", "001090123456", "Người có việc làm"]


def read(path: Path, **options: object) -> list[Parsed]:
    return list(form03.read(path, **options))  # type: ignore[arg-type] # by name


def one(path: Path, **options: object) -> Form03Row:
    (parsed,) = read(path, **options)
    assert isinstance(parsed.row, Form03Row), parsed.findings
    return parsed.row


def changed(**cells: object) -> list[object]:
    names = ["number", "name", "born", "sex", "id", "activity"]
    return [cells.get(name, value) for name, value in zip(names, PERSON, strict=True)]


def causes(parsed: Parsed) -> set[str]:
    return {finding.cause for finding in parsed.findings}


class TestLayout:
    def test_rows_that_are_about_nobody_are_passed_over(self, form: Write) -> None:
        rows = [
            *TITLE,
            HEADER,
            [f"({x})" for x in range(1, 7)],
            ["I. ẤP XẺO DỪA"],
            PERSON,
            [],
            HEADER,
            [None, "Cộng Ấp Xẻo Dừa", 57],
            ["Tổng cộng", "", "", 57],
            [None, None, None, "Xã Định Quán, ngày 12 tháng 9 năm 2026"],
            [None, None, None, "NGƯỜI LẬP BIỂU"],
        ]

        (parsed,) = read(form(rows))

        assert parsed.line.number == 7

    def test_a_person_with_a_name_alone_is_not_lost(self, form: Write) -> None:
        (parsed,) = read(form([*TITLE, HEADER, [1, "Tống Công Minh"]]))

        assert "BRANCH_MISSING" in causes(parsed)

    def test_headers_are_found_in_any_order_and_spelling(self, form: Write) -> None:
        header = ["Tinh trang HDKT", "CCCD", "GIOI", "Ngay thang nam sinh", "Ho va ten"]
        row = ["1", "001090123456", "1", "1990", "Lê Văn An"]

        found = one(form([*TITLE, header, row]))

        assert (found.sex, found.economic_activity) == ("M", "EMPLOYED")
        assert found.birth_date == PartialDate(1990)

    def test_groups_without_merged_cells_reach_to_the_next(self, form: Write) -> None:
        top = [*HEADER[:3], "Giới tính", None, "CCCD", "Tình trạng việc làm", None]
        low = [None, None, None, "Nam", "Nữ", None, "Có việc làm", "Thất nghiệp"]
        row = [1, "Lê Thị An", "1990", None, "x", "001190123456", None, "X"]

        found = one(form([*TITLE, top, low, row]))

        assert (found.sex, found.economic_activity) == ("F", "UNEMPLOYED")

    def test_a_refused_row_can_be_sent_again_under_its_labels(
        self, demo: Path, form: Write
    ) -> None:
        rows = [each for each in form03.read(demo / "form03_26206.xlsx") if each.row is None]
        labels = list(rows[0].raw)
        cells = [[mended(value) for value in each.raw.values()] for each in rows]

        again = read(form([*TITLE, labels, *cells]))

        assert len(again) == len(rows)
        assert [causes(each) >= {"BAD_DATE"} for each in again] == [
            causes(each) >= {"BAD_DATE"} for each in rows
        ]

    def test_a_household_given_once_is_carried_down(self, form: Write) -> None:
        rows = [
            [*HEADER, "Mã hộ", "Quan hệ với chủ hộ"],
            [*PERSON, "H1", "Chủ hộ"],
            [*PERSON, None, "Vợ"],
            [*PERSON, None, "Chủ hộ"],
        ]

        first, second, third = read(form([*TITLE, *rows]))

        assert first.row is not None
        assert second.row is not None
        assert second.row.household_code == "H1"  # type: ignore[union-attr] # Form 03
        assert causes(second) == {"HOUSEHOLD_CARRIED_DOWN"}
        assert third.row.household_code is None  # type: ignore[union-attr] # Form 03


class TestValues:
    @pytest.mark.parametrize(
        ("text", "date"),
        [
            ("05/06/1990", PartialDate(1990, 6, 5)),
            ("5-6-1990", PartialDate(1990, 6, 5)),
            ("05.06.1990", PartialDate(1990, 6, 5)),
            ("06/1990", PartialDate(1990, 6)),
            ("1990", PartialDate(1990)),
            (1990, PartialDate(1990)),
            ("1990-06-05", PartialDate(1990, 6, 5)),
            (33029, PartialDate(1990, 6, 5)),
        ],
    )
    def test_dates_are_read_as_written(self, form: Write, text: object, date: PartialDate) -> None:
        assert one(form([*TITLE, HEADER, changed(born=text)])).birth_date == date

    @pytest.mark.parametrize(
        ("text", "cause"),
        [
            ("31/02/1990", "BAD_DATE"),
            ("00/00/0000", "BAD_DATE"),
            ("15/13/1988", "BAD_DATE"),
            ("5/6/90", "TWO_DIGIT_YEAR"),
            ("khoảng 1990", "BAD_DATE"),
            ("01/01/2030", "FUTURE_DATE"),
        ],
    )
    def test_dates_that_cannot_be_are_refused(self, form: Write, text: str, cause: str) -> None:
        (parsed,) = read(form([*TITLE, HEADER, changed(born=text)]))

        assert parsed.row is None
        assert cause in causes(parsed)

    @pytest.mark.parametrize(
        ("text", "number", "noted"),
        [
            ("'001090123456", "001090123456", False),
            ("001 090 123456", "001090123456", False),
            ("001090123456\u00a0", "001090123456", False),
            (75090123456, "075090123456", True),
            (1090123456, "001090123456", True),
            ("012345678", "012345678", False),
            (12345678, "012345678", True),
        ],
    )
    def test_lost_zeros_are_put_back_and_told(
        self, form: Write, text: object, number: str, *, noted: bool
    ) -> None:
        (parsed,) = read(form([*TITLE, HEADER, changed(id=text)]))

        assert parsed.row is not None
        assert parsed.row.personal_id == number  # type: ignore[union-attr] # Form 03
        assert ("RESTORED_LEADING_ZERO" in causes(parsed)) is noted

    @pytest.mark.parametrize(
        ("text", "cause"),
        [
            ("8,2047E+10", "NUMBER_PRECISION_LOST"),
            (8.2047e17, "NUMBER_PRECISION_LOST"),
            ("07509012345", "PERSONAL_ID_FORM"),
            (7090123456, "PERSONAL_ID_FORM"),
            ("12345", "PERSONAL_ID_FORM"),
            ("000000000000", "PLACEHOLDER_PERSON"),
        ],
    )
    def test_numbers_that_cannot_be_told_are_refused(
        self, form: Write, text: object, cause: str
    ) -> None:
        (parsed,) = read(form([*TITLE, HEADER, changed(id=text)]))

        assert parsed.row is None
        assert causes(parsed) >= {cause}

    @pytest.mark.parametrize(
        ("field", "text", "code"),
        [
            ("Trình độ CMKT", "CQĐT", "NONE"),
            ("Trình độ CMKT", "Không", "NONE"),
            ("Trình độ GDPT", "9/12", "LOWER_SECONDARY"),
            ("Trình độ GDPT", 4, "UPPER_SECONDARY"),
            ("Quan hệ chủ hộ", "vợ chồng", "SPOUSE"),
            ("Loại HĐLĐ", "KXĐTH", "INDEFINITE"),
            ("Loại HĐLĐ", "HĐ 1 năm", "FIXED_TERM"),
            ("BHXH", "BB", "COMPULSORY"),
            ("Dân tộc", "H'Mông", "08"),
            ("Dân tộc", 1, "01"),
            ("Vị thế việc làm", "EMPLOYEE", "EMPLOYEE"),
        ],
    )
    def test_codes_are_read_from_labels_numbers_and_short_forms(
        self, form: Write, field: str, text: object, code: str
    ) -> None:
        found = one(form([*TITLE, [*HEADER, field], [*PERSON, text]]))

        assert code in {getattr(found, name) for name in found.__dataclass_fields__}

    @pytest.mark.parametrize(
        ("activity", "extra", "cause"),
        [
            ("Người có việc làm + Người thất nghiệp", None, "CONTRADICTORY_BRANCHES"),
            ("1 + 2", None, "CONTRADICTORY_BRANCHES"),
            ("Người thất nghiệp", "thợ xây", "CONTRADICTORY_BRANCHES"),
            ("đang nghỉ", None, "UNKNOWN_VALUE"),
            (None, None, "BRANCH_MISSING"),
        ],
    )
    def test_contradictions_go_to_a_person(
        self, form: Write, activity: object, extra: object, cause: str
    ) -> None:
        rows = [[*HEADER, "Công việc"], [*changed(activity=activity), extra]]

        (parsed,) = read(form([*TITLE, *rows]))

        assert parsed.row is not None
        assert causes(parsed) >= {cause}

    def test_a_contract_that_is_denied_has_no_kind(self, form: Write) -> None:
        rows = [[*HEADER, "Có HĐLĐ", "Loại HĐLĐ"], [*PERSON, "ko", "XĐTH"]]

        (parsed,) = read(form([*TITLE, *rows]))

        assert causes(parsed) == {"CONTRACT_DENIED"}

    def test_under_15_at_collection_is_told(self, form: Write) -> None:
        (young,) = read(form([*TITLE, HEADER, changed(born="01/10/2011", id=None)]))
        (fifteen,) = read(form([*TITLE, HEADER, changed(born="30/09/2011", id=None)]))

        assert "UNDER_15" in causes(young)
        assert "UNDER_15" not in causes(fifteen)


class TestFile:
    def test_without_a_required_column_is_refused(self, form: Write) -> None:
        header = [*HEADER[:3], "Quan hệ chủ hộ", "Mã hộ", "Dân tộc"]

        with pytest.raises(Invalid) as error:
            check_file(form([*TITLE, header, PERSON]), "form03")

        assert error.value.facts["cause"] == "MISSING_COLUMNS"
        assert error.value.facts["columns"] == "gender, personal_id, economic_activity"

    def test_with_a_column_nobody_knows_is_read(self, form: Write) -> None:
        path = form([*TITLE, [*HEADER, "Zalo"], [*PERSON, "0901"]])

        (finding,) = check_file(path, "form03")

        assert finding.cause == "UNKNOWN_COLUMN"
        assert finding.detail["column"] == "Zalo"
        assert "Zalo" not in read(path)[0].raw  # what nobody reads is not kept either

    def test_with_two_columns_for_one_field_is_refused(self, form: Write) -> None:
        with pytest.raises(Invalid) as error:
            check_file(form([*TITLE, [*HEADER, "Giới"], PERSON]), "form03")

        assert error.value.facts["cause"] == "COLUMN_TWICE"

    def test_commune_comes_from_the_title_if_not_from_the_name(self, form: Write) -> None:
        path = form([*TITLE, HEADER, PERSON], name="mau so 3.xlsx")

        assert one(path).commune_code == "26206"

    def test_without_a_commune_asks_for_it(self, form: Write) -> None:
        path = form([TITLE[2], HEADER, PERSON], name="mau so 3.xlsx")

        with pytest.raises(Invalid) as error:
            read(path)

        assert error.value.facts["cause"] == "COMMUNE_MISSING"

    def test_a_title_of_another_commune_is_told(self, form: Write) -> None:
        (finding,) = check_file(form([*TITLE, HEADER, PERSON], "form03_28315.xlsx"), "form03")

        assert finding.cause == "COMMUNE_NAME_DIFFERS"

    def test_time_comes_from_the_signature_if_not_from_the_title(self, form: Write) -> None:
        rows = [*TITLE[:2], HEADER, PERSON, ["Xã Định Quán, ngày 12 tháng 9 năm 2026"]]

        assert one(form(rows)).collected_on == PartialDate(2026, 9, 12)

    def test_without_a_time_asks_for_it(self, form: Write) -> None:
        with pytest.raises(Invalid) as error:
            read(form([*TITLE[:2], HEADER, PERSON]))

        assert error.value.facts["cause"] == "COLLECTION_TIME_MISSING"


class TestMapping:
    def write(self, folder: Path, text: str) -> Path:
        path = folder / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def test_names_columns_and_values_nobody_else_uses(self, form: Write, tmp_path: Path) -> None:
        mapping = read_mapping(
            self.write(
                tmp_path,
                """
                commune_code: "26206"
                collected_on: "2026-09"
                columns:
                  "Tên gọi": full_name
                  "Việc / Đang làm": economic_activity=EMPLOYED
                  "Zalo": ignore
                  "Bảo hiểm": si_type
                values:
                  si_type:
                    "BH ngành": COMPULSORY
                """,
            )
        )
        header = ["Tên gọi", "NTNS", "GT", "CCCD", "Việc / Đang làm", "Zalo", "Bảo hiểm"]
        row = ["Lê Văn An", "1990", "Nam", "001090123456", "x", "0901", "BH ngành"]
        path = form([header, row], name="x.xlsx")

        found = one(path, mapping=mapping)

        assert (found.economic_activity, found.si_type) == ("EMPLOYED", "COMPULSORY")
        assert found.collected_on == PartialDate(2026, 9)
        assert check_file(path, "form03", mapping=mapping) == ()

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("colums: {}", "there is no part 'colums'"),
            ("columns: {A: ful_name}", "'ful_name', which is no field"),
            ("columns: {A: gender=X}", "'X' is no code"),
            ("values: {gender: {Trai: MALE}}", "'MALE', which is no code"),
            ("values: {full_name: {A: B}}", "no field with codes"),
            ("commune_code: 2260", "five digits in quotes"),
            ("collected_on: soon", "YYYY"),
            ("sheets: one", "list of names"),
            ("columns: [a]", "names and values"),
            ("- a", "names and values"),
            ("a: [", "not YAML"),
            ("!!python/object/apply:os.system ['true']", "not YAML"),
        ],
    )
    def test_says_what_is_wrong_in_it(self, tmp_path: Path, text: str, what: str) -> None:
        with pytest.raises(Invalid, match=what) as error:
            read_mapping(self.write(tmp_path, text))

        assert error.value.facts["cause"] == "BAD_MAPPING"


def mended(text: str) -> str:
    """Do what an exporter does: no control characters, nothing endless."""
    return "".join(mark for mark in text[:100] if mark >= " ")
