"""CSV and JSON Lines as they should not be: encodings, cut-offs, hostile cells."""

import hashlib
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path

import pytest

from labour_book.errors import Invalid
from labour_book.registers import KINDS, Parsed, check_file, looks_like
from labour_book.registers.csv_records import records

Write = Callable[..., Path]
PERSON = {
    "personal_id": "001090123456",
    "full_name": "NGUYỄN VĂN AN",
    "birth_date": "1990-05-17",
    "sex": "Nam",
    "ethnic_code": "01",
    "residence_commune_code": "00070",
    "status": "ALIVE",
    "status_date": "",
    "old_ids": "",
}
EVENT: Mapping[str, object] = {
    "message_id": "m1",
    "delivered_at": "2026-07-02T08:00:00+07:00",
    "contract_id": "HD1",
    "event": "SIGNED",
    "sequence": 1,
    "personal_id": "001090123456",
    "enterprise_code": "0100109106",
    "position": "Thợ hàn",
    "vsco_code": "72",
    "contract_kind": "FIXED_TERM",
    "first_day": "2026-07-01",
    "last_day": "2027-06-30",
    "workplace_commune_code": "00070",
    "signed_at": "2026-07-01T08:00:00+07:00",
    "effective_on": "2026-07-01",
    "reason_clause": None,
}


def read(path: Path, kind: str = "population") -> list[Parsed]:
    return list(KINDS[kind].read(path))


def found(parsed: Parsed) -> set[tuple[str, str | None]]:
    return {(finding.cause, finding.field) for finding in parsed.findings}


def cause_of(error: pytest.ExceptionInfo[Invalid]) -> object:
    return error.value.facts["cause"]


class TestCells:
    @pytest.mark.parametrize(
        ("name", "cause"),
        [
            ("NGUYỄN \u202eNA", "DIRECTION_CHARACTER"),
            ("NGUYỄN \u2067NA", "DIRECTION_CHARACTER"),
            ("NGUYỄN\u200b AN", "ZERO_WIDTH_CHARACTER"),
            ("NGUYỄN\ufeff AN", "ZERO_WIDTH_CHARACTER"),
            ("NGUYỄN\x00 AN", "CONTROL_CHARACTER"),
            ("NGUYỄN\x1b[31m AN", "CONTROL_CHARACTER"),
            ("NGUYỄN\ue000 AN", "CONTROL_CHARACTER"),
            ("NGUYỄN \ufffdN", "DAMAGED_CHARACTER"),
            ("A" * 40_000, "FIELD_TOO_LONG"),
            ("NGUYEN VAN TEST", "PLACEHOLDER_PERSON"),
            ("-", "PLACEHOLDER_PERSON"),
            ("AAA", "PLACEHOLDER_PERSON"),
            ("CHƯA XÁC ĐỊNH", "PLACEHOLDER_PERSON"),
            ("", "MISSING_VALUE"),
            ("NguyÔn V¨n", "NAME_LEGACY_ENCODING"),
            ("NGUYỄN VĂN 2", "NAME_CHARACTERS"),
        ],
    )
    def test_refuse_the_row_and_name_the_field(
        self, csv_file: Write, name: str, cause: str
    ) -> None:
        good, bad = read(csv_file([PERSON, PERSON | {"full_name": name}]))

        assert good.row is not None
        assert bad.row is None
        assert (cause, "full_name") in found(bad)

    def test_no_break_spaces_and_line_breaks_are_spaces(self, csv_file: Write) -> None:
        name = "NGUYỄN\xa0VĂN  AN"
        row = PERSON | {"full_name": name}

        (parsed,) = read(csv_file([row]))

        assert parsed.row is not None
        assert parsed.findings == ()
        assert parsed.raw["full_name"] == name

    @pytest.mark.parametrize(
        ("field", "value", "cause"),
        [
            ("personal_id", "1090123456", "PERSONAL_ID_FORM"),
            ("personal_id", "0" * 12, "PLACEHOLDER_PERSON"),
            ("birth_date", "1990-02-30", "BAD_DATE"),
            ("birth_date", "17/05/1990", "BAD_DATE"),
            ("sex", "nam", "UNKNOWN_CODE"),
            ("ethnic_code", "1", "UNKNOWN_CODE"),
            ("status", "DEAD", "UNKNOWN_CODE"),
            ("status_date", "2026-13-01", "BAD_DATE"),
            ("old_ids", "12345", "PERSONAL_ID_FORM"),
        ],
    )
    def test_that_cannot_be_right_are_refused(
        self, csv_file: Write, field: str, value: str, cause: str
    ) -> None:
        (parsed,) = read(csv_file([PERSON | {field: value}]))

        assert parsed.row is None
        assert (cause, field) in found(parsed)

    def test_all_causes_of_a_row_are_told_at_once(self, csv_file: Write) -> None:
        (parsed,) = read(csv_file([PERSON | {"personal_id": "1", "sex": "?", "full_name": ""}]))

        assert {field for _cause, field in found(parsed)} == {"personal_id", "sex", "full_name"}

    @pytest.mark.parametrize(
        ("name", "cause"),
        [
            ("=1+1", "FORMULA_TEXT"),
            ("@Công ty", "FORMULA_TEXT"),
            ('=HYPERLINK("http://x.example","y")', "ACTIVE_FORMULA"),
            ("-2+3+cmd|' /C calc'!A0", "ACTIVE_FORMULA"),
        ],
    )
    def test_formulas_stay_text(self, demo: Path, tmp_path: Path, name: str, cause: str) -> None:
        first = (demo / "qualifications.csv").read_text(encoding="utf-8").splitlines()[:2]
        header, values = first[0].split(","), first[1].split(",")
        quoted = name.replace('"', '""')
        values[header.index("issuer")] = f'"{quoted}"'
        path = tmp_path / "q.csv"
        path.write_text("\n".join([first[0], ",".join(values), ""]), encoding="utf-8")

        (parsed,) = read(path, "qualifications")

        assert parsed.row is not None
        assert parsed.row.issuer == name  # type: ignore[union-attr] # a qualification
        assert found(parsed) == {(cause, "issuer")}


class TestLines:
    def test_columns_may_stand_in_any_order(self, csv_file: Write) -> None:
        (parsed,) = read(csv_file([dict(reversed(PERSON.items()))]))

        assert parsed.row is not None

    def test_a_quoted_line_break_does_not_disturb_the_line_numbers(self, csv_file: Write) -> None:
        rows = [PERSON | {"note": "one\ntwo"}, PERSON | {"note": ""}]

        parsed = read(csv_file(rows))

        assert [each.line.number for each in parsed] == [2, 4]
        assert all(each.row for each in parsed)

    def test_an_open_quote_costs_one_line(self, csv_file: Write) -> None:
        path = csv_file([PERSON] * 200)
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[3] = lines[3].replace("NGUYỄN", '"NGUYỄN')
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

        parsed = read(path)

        assert len(parsed) == 200
        assert [each.line.number for each in parsed if each.row is None] == [4]
        assert found(parsed[2]) == {("TRUNCATED", None)}

    @pytest.mark.parametrize("cut", [10, 37])
    def test_a_file_cut_off_loses_its_last_line_only(self, csv_file: Write, cut: int) -> None:
        path = csv_file([PERSON] * 3)
        path.write_bytes(path.read_bytes()[:-cut])

        parsed = read(path)

        assert [each.row is None for each in parsed] == [False, False, True]
        assert "TRUNCATED" in {cause for cause, _field in found(parsed[2])}

    def test_a_last_line_without_its_end_is_refused(self, csv_file: Write) -> None:
        path = csv_file([PERSON] * 2)
        path.write_bytes(path.read_bytes()[:-1])

        assert [found(each) for each in read(path)] == [set(), {("TRUNCATED", None)}]
        assert [each.cause for each in check_file(path, "population")] == ["LAST_LINE_OPEN"]

    def test_a_header_alone_is_told(self, csv_file: Write) -> None:
        path = csv_file([PERSON])
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")

        assert [each.cause for each in check_file(path, "population")] == ["NO_ROWS"]
        assert read(path) == []

    def test_too_many_columns_are_refused_and_kept(self, csv_file: Write) -> None:
        path = csv_file([PERSON])
        path.write_text(path.read_text(encoding="utf-8")[:-1] + ",more\n", encoding="utf-8")

        (parsed,) = read(path)

        assert found(parsed) == {("COLUMN_COUNT", None)}
        assert "more" in parsed.raw.values()

    def test_a_field_without_end_is_refused(self, csv_file: Write) -> None:
        path = csv_file([PERSON])
        path.write_text(path.read_text(encoding="utf-8") + "x" * 3_000_000, encoding="utf-8")

        parsed = read(path)

        assert all(each.row is None for each in parsed[1:])
        assert all(len(value) <= 40_000 for each in parsed[1:] for value in each.raw.values())

    def test_semicolons_are_understood(self, csv_file: Write) -> None:
        path = csv_file([PERSON])
        path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8-sig")

        (parsed,) = read(path)

        assert parsed.row is not None


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            ("họ tên\nNguyễn Văn Đức\n".encode("utf-16"), "UTF-16"),
            ("họ tên\nNguyễn Văn Đức\n".encode("utf-16-le"), "UTF-16"),
            (b"full_name\nNguy\xea\xden V\xe3n \xd0\xfd\xecc\n", "Windows-1258"),
            ("full_name\nNguyÔn V¨n §øc\n".encode("cp1252"), "TCVN3 (ABC)"),
            ("full_name\nNguyeãn Vaên Ñöùc\n".encode("cp1252"), "VNI"),
            (hashlib.shake_128(b"3").digest(4_000), "an unknown encoding"),
            (hashlib.shake_128(b"4").digest(4_000), "an unknown encoding"),
        ],
    )
    def test_of_another_encoding_are_named(self, tmp_path: Path, content: bytes, name: str) -> None:
        path = tmp_path / "x.csv"
        path.write_bytes(content)

        with pytest.raises(Invalid) as error:
            list(records(path))

        assert cause_of(error) == "WRONG_ENCODING"
        assert error.value.facts["looks_like"] == name

    def test_are_checked_to_the_last_line_before_any_is_read(self, csv_file: Write) -> None:
        path = csv_file([PERSON] * 50)
        path.write_bytes(path.read_bytes() + b",,,,,,,,\n\xff\n")

        with pytest.raises(Invalid) as error:
            check_file(path, "population")

        assert error.value.facts["line"] == 53

    def test_without_a_column_say_which(self, csv_file: Write) -> None:
        row = {key: value for key, value in PERSON.items() if key not in {"sex", "status"}}

        with pytest.raises(Invalid) as error:
            check_file(csv_file([row]), "population")

        assert cause_of(error) == "MISSING_COLUMNS"
        assert error.value.facts["columns"] == "sex, status"

    def test_with_a_column_nobody_knows_are_read(self, csv_file: Write) -> None:
        path = csv_file([PERSON | {"zalo": "1"}])

        (finding,) = check_file(path, "population")

        assert (finding.cause, finding.detail) == ("UNKNOWN_COLUMN", {"column": "zalo"})
        assert read(path)[0].row is not None

    def test_can_have_their_columns_mapped(self, csv_file: Write) -> None:
        row = {"so_dinh_danh" if key == "personal_id" else key: PERSON[key] for key in PERSON}
        mapping = {"columns": {"so_dinh_danh": "personal_id"}}
        path = csv_file([row])

        check_file(path, "population", mapping=mapping)

        assert next(KINDS["population"].read(path, mapping=mapping)).row is not None

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        "name",
        ["population.csv", "insurance.csv", "contracts.jsonl", "form03_26206.xlsx"],
    )
    def test_of_another_kind_say_what_they_look_like(
        self, demo: Path, name: str, kind: str
    ) -> None:
        real = name.split("_", maxsplit=1)[0].split(".", maxsplit=1)[0]
        assert looks_like(demo / name) == real
        if kind == real:
            return

        with pytest.raises(Invalid) as error:
            check_file(demo / name, kind)

        assert cause_of(error) == "WRONG_KIND"
        assert error.value.facts["looks_like"] == real

    @pytest.mark.parametrize("kind", KINDS)
    def test_that_are_empty_are_refused(self, tmp_path: Path, kind: str) -> None:
        path = tmp_path / "empty"
        path.touch()

        with pytest.raises(Invalid) as error:
            check_file(path, kind)

        assert cause_of(error) == "EMPTY_FILE"


class TestJsonLines:
    @pytest.mark.parametrize(
        ("line", "cause"),
        [
            ("not json", "BAD_JSON"),
            ("[1]", "NOT_AN_OBJECT"),
            ('{"a":1,"a":2}', "KEY_TWICE"),
            ('{"a":NaN}', "NOT_A_NUMBER"),
            ('{"a":-Infinity}', "NOT_A_NUMBER"),
            ("[" * 100_000, "TOO_DEEP"),
            ('{"a":' + "9" * 5_000 + "}", "BAD_JSON"),
            ("{" + "x" * 2_000_000, "FIELD_TOO_LONG"),
            ("{}", "MISSING_VALUE"),
            (json.dumps(EVENT | {"sequence": True}), "WRONG_TYPE"),
            (json.dumps(EVENT | {"sequence": "1"}), "WRONG_TYPE"),
            (json.dumps(EVENT | {"sequence": -1}), "BAD_NUMBER"),
            (json.dumps(EVENT | {"position": "\ud800"}), "CONTROL_CHARACTER"),
            (json.dumps(EVENT | {"position": "x" * 40_000}), "FIELD_TOO_LONG"),
            (json.dumps(EVENT | {"event": "SIGNING"}), "UNKNOWN_CODE"),
            (json.dumps(EVENT | {"event": "ENDED", "last_day": None}), "MISSING_VALUE"),
            (json.dumps(EVENT | {"last_day": "2026-06-30"}), "REVERSED_PERIOD"),
            (json.dumps(EVENT | {"signed_at": "2026-07-01T08:00:00"}), "BAD_INSTANT"),
        ],
    )
    def test_refuses_one_line_and_reads_the_next(
        self, tmp_path: Path, line: str, cause: str
    ) -> None:
        path = tmp_path / "c.jsonl"
        path.write_text(f"{line}\n{json.dumps(EVENT)}\n", encoding="utf-8")

        bad, good = read(path, "contracts")

        assert bad.row is None
        assert cause in {each for each, _field in found(bad)}
        assert good.row is not None
        json.dumps(dict(bad.raw)).encode()

    @pytest.mark.parametrize("clause", [14, 0, -1, "14", 3.5, [3]])
    def test_a_reason_nobody_knows_is_left_out(self, tmp_path: Path, clause: object) -> None:
        ended = EVENT | {"event": "ENDED", "last_day": "2026-09-30", "reason_clause": clause}
        path = tmp_path / "c.jsonl"
        path.write_text(json.dumps(ended) + "\n", encoding="utf-8")

        (parsed,) = read(path, "contracts")

        assert parsed.row is not None
        assert parsed.row.end_reason_clause is None  # type: ignore[union-attr] # an event
        assert found(parsed) == {("REASON_CLAUSE_UNKNOWN", "reason_clause")}

    def test_a_line_cut_off_is_told_apart(self, tmp_path: Path) -> None:
        path = tmp_path / "c.jsonl"
        path.write_text(json.dumps(EVENT)[:-30], encoding="utf-8")

        (parsed,) = read(path, "contracts")

        assert found(parsed) == {("TRUNCATED", None)}

    def test_a_whole_object_without_line_end_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "c.jsonl"
        path.write_text(json.dumps(EVENT), encoding="utf-8")

        (parsed,) = read(path, "contracts")

        assert parsed.row is not None
        assert found(parsed) == {("LAST_LINE_OPEN", None)}
        assert [each.cause for each in check_file(path, "contracts")] == ["LAST_LINE_OPEN"]

    def test_a_key_nobody_knows_is_noted(self, tmp_path: Path) -> None:
        path = tmp_path / "c.jsonl"
        path.write_text(json.dumps(EVENT | {"more": {"deep": [1]}}) + "\n", encoding="utf-8")

        (parsed,) = read(path, "contracts")

        assert parsed.row is not None
        assert found(parsed) == {("UNKNOWN_KEY", None)}


class TestMemory:
    def test_does_not_grow_with_the_file(self, csv_file: Write) -> None:
        path = csv_file([PERSON])
        header, line = path.read_text(encoding="utf-8").splitlines()
        with path.open("w", encoding="utf-8") as file:
            file.write(header + "\n")
            for number in range(200_000):
                file.write(line.replace("001090123456", f"00109{number:07d}") + "\n")
        script = (
            "import resource, sys; from pathlib import Path\n"
            "from labour_book.registers import KINDS\n"
            "rows = KINDS['population'].read(Path(sys.argv[1]))\n"
            "next(rows)\n"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "count = sum(1 for each in rows if each.row)\n"
            "print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
        )

        answer = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
        )

        count, growth_kib = map(int, answer.stdout.split())
        assert count == 199_999
        assert growth_kib < 60 << 10

    def test_rows_come_one_at_a_time(self, csv_file: Write) -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        first = list(islice(KINDS["population"].read(csv_file([PERSON] * 1_000)), 2))

        assert len(first) == 2
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 << 10
