"""An invented population register, and rows that mean its people with known defects.

Made in DuckDB from the number of each row: as quick for a million as for a thousand, and always
the same. ``truth`` says whom each row means (nobody, for some) and what is wrong with it:
``several`` for a row with two defects.
"""

from labour_book import data
from labour_book.registers.linking import Engine

SHARES = {
    "none": 7130,
    "digit_alone": 40,
    "no_birth": 30,
    "tone": 100,
    "plain": 300,
    "spelling": 200,
    "order": 100,
    "middle_dropped": 100,
    "initials": 50,
    "swapped": 150,
    "year_only": 200,
    "month_only": 100,
    "day_wrong": 100,
    "year_wrong": 70,
    "sex": 50,
    "old_number": 400,
    "cancelled": 50,
    "one_digit": 150,
    "two_digits_swapped": 50,
    "somebody_elses": 70,
    "other_number": 70,
    "no_number": 260,
    "renamed": 30,
    "nobody": 200,
}
"""Of ten thousand rows, so many have each defect."""
SECOND_DEFECTS = 20
"""Percent of the rows that draw a second time, and so may have two defects."""
CAUSES = {
    "tone": "NAME_TONE_MARKS",
    "plain": "NAME_TONE_MARKS",
    "spelling": "NAME_SPELLING",
    "order": "NAME_WORD_ORDER",
    "middle_dropped": "NAME_SHORTENED",
    "initials": "NAME_SHORTENED",
    "swapped": "BIRTH_DATE_SWAPPED",
    "year_only": "BIRTH_DATE_YEAR_ONLY",
    "month_only": "BIRTH_DATE_PARTIAL",
    "day_wrong": "BIRTH_DATE_YEAR_ONLY",
    "year_wrong": "BIRTH_DATE_DIFFERS",
    "sex": "SEX_DIFFERS",
    "old_number": "OLD_NUMBER",
    "cancelled": "CANCELLED_NUMBER",
    "one_digit": "ONE_DIGIT",
    "digit_alone": "ONE_DIGIT",
    "two_digits_swapped": "ONE_DIGIT",
    "other_number": "ONE_PERSON_TWO_NUMBERS",
    "renamed": "NAME_DIFFERS",
}
"""The cause with which each defect is found. ``somebody_elses`` shows on the other person."""
_FAMILIES = {
    "Nguyễn": 38, "Trần": 12, "Lê": 10, "Phạm": 7, "Hoàng": 5, "Phan": 5, "Vũ": 4, "Võ": 4,
    "Đặng": 2, "Bùi": 2, "Đỗ": 2, "Hồ": 1, "Ngô": 1, "Dương": 1, "Lý": 1, "Đinh": 1, "Trịnh": 1,
    "Mai": 1, "Cao": 1, "Hà": 1,
}  # fmt: skip
_MEN = "Văn Văn Văn Văn Đức Minh Quốc Hữu Công Xuân Thanh Ngọc Đình Quang Anh Bá Trọng Tuấn"
_WOMEN = "Thị Thị Thị Thị Thị Ngọc Thanh Thu Thúy Minh Kim Hồng Mỹ Bích Lan Phương Diễm Như"
_GIVEN = (
    "An Anh Ánh Ân Bảo Bình Cảnh Chi Châu Chiến Cúc Cường Diễm Diệp Dung Dũng Duy Duyên "
    "Dương Đại Đạt Đào Điệp Định Đông Đức Giang Hà Hạnh Hào Hải Hằng Hân Hậu Hiền Hiếu "
    "Hiệp Hoa Hòa Hoài Hoàn Hoàng Hồng Huệ Hùng Huy Huyền Hương Hường Khang Khanh Khánh "
    "Khoa Khôi Kiên Kiệt Lan Lâm Liên Linh Loan Long Lộc Lợi Luân Lương Ly Lý Mai Mạnh "
    "Minh My Nam Nga Ngân Nghĩa Ngọc Nguyên Nhàn Nhân Nhi Nhung Oanh Phát Phong Phú Phúc "
    "Phụng Phương Quân Quang Quốc Quyên Quyết Quỳnh Sang Sen Sơn Tài Tâm Tân Thái Thanh "
    "Thành Thảo Thắng Thịnh Thoa Thu Thuận Thủy Thư Thương Tiên Tiến Tín Toàn Trang Trâm "
    "Trí Trinh Trung Trường Tú Tuấn Tuệ Tùng Tuyền Tuyết Uyên Vân Việt Vinh Vũ Vy Xuân Yến"
)


def populate(engine: Engine, *, people: int, rows: int) -> None:
    """Make a register of about so many people, and rows about them: both as ``..._given``."""
    engine.run("""
        CREATE OR REPLACE MACRO drawn(id, what, out_of) AS
            (hash(id::VARCHAR || what) % out_of)::BIGINT;
        CREATE OR REPLACE MACRO one_of(id, what, list) AS list[1 + drawn(id, what, len(list))];
        CREATE OR REPLACE MACRO has(defects, defect) AS list_contains(defects, defect);
        CREATE OR REPLACE MACRO overlay_digit(pin, place) AS left(pin, place - 1)
            || ((substr(pin, place, 1)::INTEGER + 1) % 10)::VARCHAR || substr(pin, place + 1);
        CREATE OR REPLACE MACRO swap_digits(pin, place) AS left(pin, place - 1)
            || substr(pin, place + 1, 1) || substr(pin, place, 1) || substr(pin, place + 2);
        CREATE OR REPLACE MACRO moved_tone(name) AS
            replace(replace(replace(name, 'òa', 'oà'), 'ủy', 'uỷ'), 'úy', 'uý');
        CREATE OR REPLACE MACRO bare(name) AS strip_accents(translate(name, 'Đđ', 'Dd'));
        CREATE OR REPLACE MACRO misspelt(name) AS CASE
            WHEN regexp_matches(name, 'nh( |$)') THEN regexp_replace(name, 'nh( |$)', 'n\\1')
            ELSE regexp_replace(name, 'ng( |$)', 'n\\1') END;
        CREATE OR REPLACE MACRO words(name) AS string_split(name, ' ');
        CREATE OR REPLACE MACRO given_first(name) AS
            array_to_string(words(name)[-1:] || words(name)[1:-2], ' ');
        CREATE OR REPLACE MACRO without_middle(name) AS
            words(name)[1] || ' ' || array_to_string(words(name)[3:], ' ');
        CREATE OR REPLACE MACRO abbreviated(name) AS array_to_string(
            list_transform(words(name)[1:-2], lambda each: left(each, 1) || '.')
            || words(name)[-1:], ' ');
        CREATE OR REPLACE MACRO renamed(name) AS words(name)[1] || ' Gia Bảo';
    """)
    _make_people(engine, people)
    engine.run(f"""
        CREATE OR REPLACE TABLE register_given AS
        SELECT id, pin AS personal_id, concat_ws(';', card, cancelled) AS other_numbers,
            NULL::VARCHAR AS si_numbers, full_name,
            CASE drawn(id, 'known', 100) WHEN 0 THEN left(born, 4) WHEN 1 THEN left(born, 7)
                ELSE born END AS birth_date,
            sex, commune, NULL::VARCHAR AS legacy_commune
        FROM people WHERE id <= {people}
    """)
    _make_rows(engine, people, rows)


def _make_people(engine: Engine, people: int) -> None:
    """Make people, a tenth more than the register will know."""
    families = [name for name, share in _FAMILIES.items() for _ in range(share)]
    communes = [row["code"] for row in data.communes()]
    provinces = [row["pin_province_code"] for row in data.legacy_provinces()]
    engine.run(f"""
        CREATE OR REPLACE TABLE people AS
        WITH drawn_people AS (
            SELECT id, CASE drawn(id, 'sex', 2) WHEN 0 THEN 'M' ELSE 'F' END AS sex,
                (DATE '1950-01-01' + drawn(id, 'born', 21500)::INTEGER) AS day,
                one_of(id, 'commune', {communes}) AS commune
            FROM range(1, {int(people * 1.1)} + 1) AS each (id)
        ), named AS (
            SELECT *, strftime(day, '%Y-%m-%d') AS born,
                one_of(id, 'family', {families}) || ' '
                || CASE WHEN sex = 'M' THEN one_of(id, 'middle', {_MEN.split()})
                    ELSE one_of(id, 'middle', {_WOMEN.split()}) END || ' '
                || CASE WHEN drawn(id, 'four', 3) = 0
                    THEN one_of(id, 'second', {_GIVEN.split()}) || ' ' ELSE '' END
                || one_of(id, 'given', {_GIVEN.split()}) AS full_name,
                one_of(id, 'province', {provinces})
                || (CASE WHEN year(day) >= 2000 THEN 2 ELSE 0 END
                    + CASE sex WHEN 'F' THEN 1 ELSE 0 END)::VARCHAR
                || strftime(day, '%y') AS head
            FROM drawn_people
        )
        SELECT id, sex, born, commune, full_name,
            head || lpad(drawn(id, 'serial', 1000000)::VARCHAR, 6, '0') AS pin,
            CASE WHEN drawn(id, 'has card', 10) < 5
                THEN lpad(drawn(id, 'card', 1000000000)::VARCHAR, 9, '0') END AS card,
            CASE WHEN drawn(id, 'had another', 100) < 2
                THEN head || lpad(drawn(id, 'before', 1000000)::VARCHAR, 6, '0') END AS cancelled
        FROM named
        QUALIFY row_number() OVER (PARTITION BY pin ORDER BY id) = 1
    """)


def _make_rows(engine: Engine, people: int, rows: int) -> None:
    upto, cases = 0, []
    for defect, share in SHARES.items():
        upto += share
        cases.append(f"WHEN drawn(row, '{{}}', 10000) < {upto} THEN '{defect}'")
    engine.run(f"""
        CREATE OR REPLACE TABLE meant AS
        WITH drawn_defects AS (
            SELECT row, {_case(cases, "defect")} AS defect,
                CASE WHEN drawn(row, 'twice', 100) < {SECOND_DEFECTS}
                    THEN {_case(cases, "second")} ELSE 'none' END AS second
            FROM range(1, {rows} + 1) AS each (row)
        )
        SELECT row, defect, [defect, second] AS defects, CASE defect
            WHEN 'nobody' THEN {people} + 1 + drawn(row, 'whom', {people // 10})
            ELSE 1 + drawn(row, 'whom', {people}) END AS whom,
            1 + drawn(row, 'whom else', {people}) AS else_whom
        FROM drawn_defects
    """)
    engine.run(f"""
        CREATE OR REPLACE TABLE stated_made AS
        SELECT row AS id, people.id AS whom, {_NUMBER} AS personal_id, {_NAME} AS full_name,
            {_BIRTH} AS birth_date,
            CASE WHEN has(defects, 'digit_alone') THEN NULL
                WHEN has(defects, 'sex') THEN CASE people.sex WHEN 'M' THEN 'F' ELSE 'M' END
                ELSE people.sex END AS sex,
            CASE WHEN drawn(row, 'moved', 10) = 0 THEN one_of(row, 'now in', ['00097', '26734'])
                ELSE people.commune END AS commune,
            defect, defects, people.born, people.sex AS true_sex, people.full_name AS true_name,
            people.pin AS true_pin
        FROM meant
        JOIN people ON people.id = meant.whom
        LEFT JOIN (SELECT id AS other_id, pin AS other_pin FROM people) AS other
            ON other_id = meant.else_whom
    """)
    engine.run(f"""
        CREATE OR REPLACE TABLE truth AS
        SELECT id, CASE WHEN whom <= {people} THEN whom END AS other,
            CASE WHEN defects[2] NOT IN ('none', defect) THEN 'several'
                WHEN {_IS_MARRED} THEN defect ELSE 'none' END AS defect FROM stated_made;
        CREATE OR REPLACE TABLE stated_given AS
        SELECT id, personal_id, NULL::VARCHAR AS other_numbers, NULL::VARCHAR AS si_numbers,
            full_name, birth_date, sex, commune, NULL::VARCHAR AS legacy_commune FROM stated_made;
        DROP TABLE stated_made; DROP TABLE meant; DROP TABLE people;
    """)


def _case(cases: list[str], what: str) -> str:
    return "CASE " + " ".join(each.format(what) for each in cases) + " ELSE 'none' END"


_NUMBER = """CASE
    WHEN has(defects, 'no_number') OR has(defects, 'no_birth') THEN NULL
    WHEN has(defects, 'somebody_elses') THEN other_pin
    WHEN has(defects, 'old_number') THEN coalesce(people.card, people.pin)
    WHEN has(defects, 'cancelled') THEN coalesce(people.cancelled, people.pin)
    WHEN has(defects, 'one_digit') OR has(defects, 'digit_alone')
        THEN overlay_digit(people.pin, 1 + drawn(row, 'at', 12))
    WHEN has(defects, 'two_digits_swapped') THEN swap_digits(people.pin, 1 + drawn(row, 'at', 11))
    WHEN has(defects, 'other_number') THEN left(people.pin, 6)
        || lpad(drawn(row, 'new', 1000000)::VARCHAR, 6, '0')
    ELSE people.pin END"""
_NAME = """CASE
    WHEN has(defects, 'digit_alone') THEN NULL
    WHEN has(defects, 'renamed') THEN renamed(people.full_name)
    WHEN has(defects, 'tone') THEN moved_tone(people.full_name)
    WHEN has(defects, 'plain') THEN bare(people.full_name)
    WHEN has(defects, 'spelling') THEN misspelt(people.full_name)
    WHEN has(defects, 'order') THEN given_first(people.full_name)
    WHEN has(defects, 'middle_dropped') THEN without_middle(people.full_name)
    WHEN has(defects, 'initials') THEN abbreviated(people.full_name)
    ELSE people.full_name END"""
_BIRTH = """CASE
    WHEN has(defects, 'digit_alone') OR has(defects, 'no_birth') THEN NULL
    WHEN has(defects, 'swapped') AND substr(born, 9, 2) <= '12'
        THEN left(born, 4) || '-' || substr(born, 9, 2) || '-' || substr(born, 6, 2)
    WHEN has(defects, 'year_only') THEN left(born, 4)
    WHEN has(defects, 'month_only') THEN left(born, 7)
    WHEN has(defects, 'day_wrong') THEN left(born, 8)
        || lpad((1 + (substr(born, 9, 2)::INTEGER + 5) % 28)::VARCHAR, 2, '0')
    WHEN has(defects, 'year_wrong')
        THEN (left(born, 4)::INTEGER + 1 + drawn(row, 'off', 9))::VARCHAR
        || CASE WHEN substr(born, 6) = '02-29' THEN '-02-28' ELSE substr(born, 5) END
    ELSE born END"""
_IS_MARRED = (
    "personal_id IS DISTINCT FROM true_pin OR full_name <> true_name OR birth_date <> born"
    " OR sex <> true_sex OR defect = 'nobody'"
)
"""Some defects cannot be had by everybody: a name without marks cannot lose any."""
