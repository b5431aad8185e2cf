"""Turning rows into what is compared: the same keys as ``domain.names``, made in SQL.

A test holds them against the domain's own functions.
"""

from collections.abc import Mapping

from labour_book.domain.places import Places
from labour_book.registers.linking.engine import Engine

_LOOK_ALIKES = "ÐðƉɖ`’‘", "ĐđĐđ'''"

PREPARED = (
    *("id", "pin", "pin_head", "pin_tail", "card", "olds", "si", "sis"),
    *("cased", "folded", "sorted_name", "family", "middle", "given", "initials"),
    *("words", "is_short", "birth", "y", "m", "d", "sex", "commune", "province"),
)
"""The columns that rules and the model compare; the same on both sides."""


def prepare(engine: Engine, table: str, places: Places) -> None:
    """Make the keys of the rows that were loaded for a table; what was given goes."""
    _load_places(engine, places)
    given = f"{table}_given"
    engine.run(f"CREATE OR REPLACE TABLE {table}_names AS {_names(given)}")
    engine.run(f"CREATE OR REPLACE TABLE {table} AS {_prepared(given, f'{table}_names')}")
    engine.run(f"DROP TABLE {table}_names; DROP TABLE {given}")


def _load_places(engine: Engine, places: Places) -> None:
    """Load which commune and province each code means; an old code may be unclear as to which."""
    legacy = {
        code: (places.automatic_commune(code), _province_of(places, code))
        for code in places.conversions
    }
    now = {code: (code, each.province_code) for code, each in places.communes.items()}
    for table, known in (("legacy_places", legacy), ("places_now", now)):
        rows = [(code, *meant) for code, meant in sorted(known.items())]
        engine.fill(table, ("code", "commune", "province"), rows)


def _province_of(places: Places, legacy_code: str) -> str | None:
    """Return the one province of today that an old commune went into."""
    found = {
        places.communes[each.new_code].province_code
        for each in places.conversions[legacy_code]
        if each.new_code in places.communes
    }
    return found.pop() if len(found) == 1 else None


def _names(given: str) -> str:
    """Return the keys of each name that occurs, made once."""
    before, after = map(_sql, _LOOK_ALIKES)
    return f"""
        WITH cased AS (
            SELECT full_name, trim(regexp_replace(
                lower(nfc_normalize(translate(full_name, '{before}', '{after}'))), '\\s+', ' ', 'g'
            )) AS cased
            FROM (SELECT DISTINCT full_name FROM {given} WHERE full_name IS NOT NULL)
        ), folded AS (SELECT *, strip_accents(replace(cased, 'đ', 'd')) AS folded FROM cased),
        worded AS (SELECT *, string_split(replace(folded, '.', ''), ' ') AS word FROM folded)
        SELECT full_name, cased, folded,
            array_to_string(list_sort(word), ' ') AS sorted_name,
            word[1] AS family,
            array_to_string(word[2:-2], ' ') AS middle,
            word[-1] AS given,
            array_to_string(list_transform(word, lambda each: left(each, 1)), '') AS initials,
            len(word)::SMALLINT AS words,
            len(list_filter(word[1:-2], lambda each: length(each) = 1)) > 0 AS is_short
        FROM worded
    """  # noqa: S608 - constants of this module


def _prepared(given: str, names: str) -> str:
    parts: Mapping[str, str] = {
        "id": "given.id",
        "pin": "CASE WHEN length(personal_id) = 12 THEN personal_id END",
        "pin_head": "CASE WHEN length(personal_id) = 12 THEN left(personal_id, 8) END",
        "pin_tail": "CASE WHEN length(personal_id) = 12 THEN right(personal_id, 6) END",
        "card": "CASE WHEN length(personal_id) = 9 THEN personal_id "
        "WHEN length(other_numbers) IN (9, 12) THEN other_numbers END",
        "olds": "';' || coalesce(other_numbers, '') || ';'",
        "si": "nullif(string_split(coalesce(si_numbers, ''), ';')[1], '')",
        "sis": "';' || coalesce(si_numbers, '') || ';'",
        "birth": "nullif(birth_date, '')",
        "y": "TRY_CAST(left(birth_date, 4) AS SMALLINT)",
        "m": "TRY_CAST(nullif(substr(birth_date, 6, 2), '') AS SMALLINT)",
        "d": "TRY_CAST(nullif(substr(birth_date, 9, 2), '') AS SMALLINT)",
        "sex": "sex",
        "commune": "coalesce(place.commune, old_place.commune)",
        "province": "coalesce(place.province, old_place.province)",
    }
    columns = ", ".join(
        f"{parts[name]} AS {name}" if name in parts else f"named.{name}" for name in PREPARED
    )
    return f"""
        SELECT {columns} FROM {given} AS given
        LEFT JOIN {names} AS named ON named.full_name = given.full_name
        LEFT JOIN places_now AS place ON place.code = given.commune
        LEFT JOIN legacy_places AS old_place ON old_place.code = given.legacy_commune
    """  # noqa: S608 - constants of this module


def _sql(text: str) -> str:
    return text.replace("'", "''")
