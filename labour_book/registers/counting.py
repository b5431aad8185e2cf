"""Counts the statistics of months in DuckDB: one SQL for both kinds of databases of ours.

People are given in portions: every number is a sum over people, so that the numbers of the portions
add up, and memory holds one portion only. Months are whole numbers here (year * 12 + month - 1).
Nothing is spilled to a disk. What each number means stands in ``domain.statistics``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from labour_book import data
from labour_book.domain.months import Month
from labour_book.domain.places import Places
from labour_book.domain.statistics import (
    BAND_YEARS,
    BY_LEVEL,
    COUNTRY,
    DIMENSIONS,
    NO_ZONE,
    OLDEST_BAND,
    OUT,
    QUALIFICATIONS,
    UNKNOWN,
    YOUNGEST,
    Basis,
    Cell,
    Dimension,
    Kind,
    Move,
)
from labour_book.registers.linking import Engine, open_engine

TABLES = {
    "person": ("person", "commune", "birth_year", "sex", "dead_since"),
    "insured": ("person", "firm", "first", "last", "stated", "wage"),
    "contract": ("person", "firm", "first", "last", "occupation", "commune"),
    "form": ("person", "since", "standing", "qualification"),
    "diploma": ("person", "since", "level"),
}
"""What is given of people: text, the months as facts have them."""
FIRM = ("firm", "commune", "zone", "zone_kind", "vsic")
Row = Sequence[str | None]

_FIXED = f"""
CREATE MACRO from_month(said) AS
    CAST(said[1:4] AS INT) * 12 + coalesce(TRY_CAST(said[6:7] AS INT), 1) - 1;
CREATE MACRO to_month(said) AS
    CAST(said[1:4] AS INT) * 12 + coalesce(TRY_CAST(said[6:7] AS INT), 12) - 1;
CREATE MACRO band(age) AS CASE
    WHEN age >= {OLDEST_BAND} THEN '{OLDEST_BAND}+'
    WHEN age >= {YOUNGEST} THEN concat(age - age % {BAND_YEARS}, '-',
        age - age % {BAND_YEARS} + {BAND_YEARS - 1})
    ELSE '{UNKNOWN}' END;
CREATE TABLE counted (month INT, basis VARCHAR, commune VARCHAR, dimension VARCHAR, code VARCHAR,
    sex VARCHAR, people BIGINT);
CREATE TABLE moved (month INT, kind VARCHAR, origin VARCHAR, destination VARCHAR,
    origin_province VARCHAR, destination_province VARCHAR, people BIGINT);
"""
_SPELLS = """
CREATE OR REPLACE TABLE contract_spell AS
SELECT person, firm[1:10] AS root, firm, from_month("first") AS "first",
    coalesce(to_month("last"), {newest}) AS "last", occupation, commune FROM contract;
CREATE OR REPLACE TABLE held AS
WITH spell AS (
    SELECT person, firm, from_month("first") AS "first", 0 AS rank, CAST(wage AS BIGINT) AS wage,
        CASE WHEN "last" IS NOT NULL THEN to_month("last")
            WHEN from_month(stated) >= {oldest_word} THEN {newest}
            ELSE from_month(stated) - 1 END AS "last"
    FROM insured
    UNION ALL BY NAME
    SELECT person, firm, "first", "last", 1 AS rank, 0 AS wage FROM contract_spell)
SELECT wanted.month, person, firm, firm[1:10] AS root
FROM wanted JOIN spell ON spell."first" <= wanted.month AND wanted.month <= spell."last"
QUALIFY row_number() OVER (PARTITION BY wanted.month, person
    ORDER BY rank, wage DESC, "first" DESC, firm) = 1;
CREATE OR REPLACE TABLE task AS
SELECT held.month, held.person, done.occupation,
    CASE WHEN done.root = held.root THEN done.commune END AS commune
FROM held JOIN contract_spell AS done ON done.person = held.person
    AND done."first" <= held.month AND held.month <= done."last"
QUALIFY row_number() OVER (PARTITION BY held.month, held.person
    ORDER BY done.root IS NOT DISTINCT FROM held.root DESC, done."first" DESC, done.occupation,
        done.commune) = 1;
CREATE OR REPLACE TABLE working AS
SELECT held.month, held.person, coalesce(held.root, '') AS root,
    coalesce(here.commune, '{unknown}') AS commune,
    coalesce(here.province, '{unknown}') AS province,
    CASE WHEN firm.firm IS NULL THEN '{unknown}' ELSE coalesce(firm.zone_kind, '{no_zone}') END
        AS zone,
    coalesce(firm.zone, '') AS zone_name,
    coalesce(section.section, '{unknown}') AS industry,
    coalesce(main.code, '{unknown}') AS occupation,
    coalesce(sub.code, main.code || '{unknown}', '{unknown}') AS occupation2
FROM held
LEFT JOIN task USING (month, person)
LEFT JOIN firm ON firm.firm = held.firm
LEFT JOIN place AS here ON here.commune = coalesce(task.commune, firm.commune)
LEFT JOIN section ON section.division = firm.vsic[1:2]
LEFT JOIN occupation AS main ON main.code = task.occupation[1:1]
LEFT JOIN occupation AS sub ON sub.code = task.occupation[1:2] AND len(sub.code) = 2;
"""
_MEMBERS = """
CREATE OR REPLACE TABLE answered AS
SELECT person, from_month(since) AS since, standing, rank,
    lead(from_month(since)) OVER (PARTITION BY person ORDER BY since, standing, rank) AS until
FROM form LEFT JOIN qualification ON qualification.code = form.qualification;
CREATE OR REPLACE TABLE learned AS
SELECT person, since, max(rank) OVER (PARTITION BY person ORDER BY since) AS rank,
    lead(since) OVER (PARTITION BY person ORDER BY since) AS until
FROM (SELECT person, from_month(since) AS since, max(rank) AS rank
    FROM diploma JOIN level ON level.level = diploma.level GROUP BY ALL);
CREATE OR REPLACE TABLE member AS
SELECT due.month, person.person, coalesce(place.commune, '{unknown}') AS home,
    CASE WHEN sex IN ('F', 'M') THEN sex ELSE '{unknown}' END AS sex,
    due.month // 12 - CAST(birth_year AS INT) AS years, band(years) AS age,
    coalesce(best.code, '{unknown}') AS qualification,
    CASE WHEN working.person IS NOT NULL THEN 'FORMAL' WHEN answered.standing = 'EMPLOYED'
        THEN 'INFORMAL' ELSE coalesce(answered.standing, '{unknown}') END AS standing,
    working.* EXCLUDE (month, person), working.person IS NOT NULL AS works
FROM due CROSS JOIN person
LEFT JOIN place ON place.commune = person.commune
LEFT JOIN working ON working.month = due.month AND working.person = person.person
LEFT JOIN answered ON answered.person = person.person AND answered.since <= due.month
    AND due.month < coalesce(answered.until, due.month + 1)
LEFT JOIN learned ON learned.person = person.person AND learned.since <= due.month
    AND due.month < coalesce(learned.until, due.month + 1)
LEFT JOIN qualification AS best ON best.rank = greatest(answered.rank, learned.rank)
WHERE dead_since IS NULL OR due.month < from_month(dead_since);
"""
_MOVES = """
CREATE OR REPLACE VIEW alive AS
SELECT person, wanted.month FROM person CROSS JOIN wanted
WHERE dead_since IS NULL OR wanted.month < from_month(dead_since);
CREATE OR REPLACE TABLE change AS
SELECT coalesce(after.month, before.month + 1) AS month, before.person IS NOT NULL AS was,
    after.person IS NOT NULL AS "is", before.root AS root, after.root AS new_root,
    before.zone AS zone, after.zone AS new_zone, before.zone_name AS named,
    after.zone_name AS new_named, before.occupation AS occupation,
    after.occupation AS new_occupation, before.industry AS industry,
    after.industry AS new_industry, coalesce(before.province, '{unknown}') AS province,
    coalesce(after.province, '{unknown}') AS new_province
FROM (SELECT working.* FROM working JOIN alive USING (person, month)
        WHERE working.month + 1 IN (FROM due)) AS before
FULL JOIN (SELECT working.* FROM working JOIN alive USING (person, month)
        WHERE working.month IN (FROM due)) AS after
    ON after.person = before.person AND after.month = before.month + 1;
INSERT INTO moved
SELECT month, '{zone}', coalesce(zone, '{out}'), coalesce(new_zone, '{out}'), province,
    new_province, count(*) FROM change
WHERE NOT was OR NOT "is" OR zone <> new_zone OR named <> new_named GROUP BY ALL
UNION ALL
SELECT month, '{firm}', province, new_province, province, new_province, count(*) FROM change
WHERE was AND "is" AND root <> new_root GROUP BY ALL
UNION ALL
SELECT month, '{province}', province, new_province, province, new_province, count(*) FROM change
WHERE was AND "is" AND province <> new_province
    AND '{unknown}' NOT IN (province, new_province) GROUP BY ALL
UNION ALL
SELECT month, '{occupation}', occupation, new_occupation, province, new_province, count(*)
FROM change WHERE was AND "is" AND occupation <> new_occupation
    AND '{unknown}' NOT IN (occupation, new_occupation) GROUP BY ALL
UNION ALL
SELECT month, '{industry}', industry, new_industry, province, new_province, count(*)
FROM change WHERE was AND "is" AND industry <> new_industry
    AND '{unknown}' NOT IN (industry, new_industry) GROUP BY ALL;
"""
_COUNT = """
INSERT INTO counted
SELECT month, '{basis}', {place}, '{dimension}', {dimension}, sex, count(*) FROM member
WHERE {condition} GROUP BY ALL;
"""
_PLACES = {Basis.RESIDENTS: "home", Basis.WORKERS: "commune"}
_CONDITIONS = {
    Basis.RESIDENTS: f"(years IS NULL OR years >= {YOUNGEST})",
    Basis.WORKERS: "works",
}
_WORDS = {
    "unknown": UNKNOWN,
    "no_zone": NO_ZONE,
    "out": OUT,
    **{each.name.lower(): each.value for each in Kind},
}
_NEWEST, _OLDEST_WORD = "getvariable('newest')", "getvariable('oldest_word')"
_CELLS = """
WITH here AS (SELECT * FROM counted WHERE month = ?),
wide AS (SELECT here.*, coalesce(place.province, '{unknown}') AS province
    FROM here LEFT JOIN place USING (commune))
SELECT basis, commune, dimension, code, sex, CAST(sum(people) AS BIGINT) FROM here
WHERE dimension <> '{occupation_2}' AND commune <> '{unknown}' GROUP BY ALL
UNION ALL
SELECT basis, province, dimension, code, sex, CAST(sum(people) AS BIGINT) FROM wide GROUP BY ALL
UNION ALL
SELECT basis, '{country}', dimension, code, sex, CAST(sum(people) AS BIGINT) FROM here GROUP BY ALL
ORDER BY ALL
"""
_MOVED = """
SELECT kind, origin, destination, origin_province, destination_province,
    CAST(sum(people) AS BIGINT) FROM moved WHERE month = ? GROUP BY ALL ORDER BY ALL
"""


@contextmanager
def open_counting(
    places: Places, firms: Iterable[Row], due: Sequence[Month], *, reported: Month, stale: int
) -> Iterator[Engine]:
    """Open a database in memory that counts some months.

    Args:
        places: Communes and provinces of today; all months are told in them.
        firms: In the order of ``FIRM``.
        due: The months to count.
        reported: The last month that the insurance register has reported.
        stale: Months after which an open range that was not restated has ended when it was stated.
    """
    with open_engine() as engine:
        engine.run(_FIXED)
        engine.fill("firm", FIRM, firms)
        communes = ((each.code, each.province_code) for each in places.communes.values())
        engine.fill("place", ("commune", "province"), communes)
        _fill_codes(engine)
        months = [each.ordinal for each in due]
        wanted = sorted({*months, *(each - 1 for each in months)})
        for name, numbers in (("due", months), ("wanted", wanted)):
            rows = ", ".join(f"({each})" for each in numbers)
            engine.run(f"CREATE TABLE {name} AS SELECT * FROM (VALUES {rows}) AS m (month)")  # noqa: S608 - whole numbers
        newest = {"newest": reported.ordinal, "oldest_word": reported.plus(-stale).ordinal}
        for name, number in newest.items():
            engine.run(f"SET VARIABLE {name} = {number}")
        yield engine


def _fill_codes(engine: Engine) -> None:
    divisions = ((code, row["parent"]) for code, row in data.industries().items() if row["parent"])
    engine.fill("section", ("division", "section"), divisions)
    engine.fill("occupation", ("code",), ((code,) for code in data.occupations()))
    engine.run("CREATE TABLE qualification (rank INT, code VARCHAR)")
    engine.run("CREATE TABLE level (level VARCHAR, rank INT)")
    ranks = {code: rank for rank, code in enumerate(QUALIFICATIONS)}
    engine.connection.executemany(
        "INSERT INTO qualification VALUES (?, ?)", [[rank, code] for code, rank in ranks.items()]
    )
    engine.connection.executemany(
        "INSERT INTO level VALUES (?, ?)", [[each, ranks[code]] for each, code in BY_LEVEL.items()]
    )


def look(engine: Engine, portion: Mapping[str, Iterable[Row]]) -> None:
    """Read some people: what each of them is in each month."""
    for name, columns in TABLES.items():
        engine.fill(name, columns, portion[name])
    derive(engine)


def derive(engine: Engine) -> None:
    """Find out what the people read last are in each month."""
    for sql in (_SPELLS, _MEMBERS):
        engine.run(sql.format(**_WORDS, newest=_NEWEST, oldest_word=_OLDEST_WORD))


def count(engine: Engine) -> None:
    """Add the people who were read last to the numbers."""
    for basis, dimensions in DIMENSIONS.items():
        for each in dimensions:
            place, condition = _PLACES[basis], _CONDITIONS[basis]
            engine.run(_COUNT.format(basis=basis, place=place, dimension=each, condition=condition))
    engine.run(_MOVES.format(**_WORDS))


def cells(engine: Engine, month: Month) -> list[Cell]:
    """Return how many people share each code in a month, by place; in order."""
    sql = _CELLS.format(unknown=UNKNOWN, country=COUNTRY, occupation_2=Dimension.OCCUPATION_2)
    return [Cell(*row) for row in engine.connection.execute(sql, [month.ordinal]).fetchall()]


def moves(engine: Engine, month: Month) -> list[Move]:
    """Return how many people moved between a month and the one before; in order."""
    found = engine.connection.execute(_MOVED, [month.ordinal]).fetchall()
    return [Move(*row) for row in found]


def members(
    engine: Engine, basis: Basis, dimension: Dimension, code: str, sex: str | None
) -> list[str]:
    """Return who of the people read last is counted under a code, in order of id."""
    sql = f"SELECT DISTINCT person FROM member WHERE {_CONDITIONS[basis]} AND {dimension} = ?"  # noqa: S608 - names of ours
    values = [code]
    if sex is not None:
        sql, values = f"{sql} AND sex = ?", [code, sex]
    return [row[0] for row in engine.connection.execute(f"{sql} ORDER BY 1", values).fetchall()]
