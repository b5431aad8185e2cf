"""Statements that every request needs, written with Core and run by the driver itself.

Core takes some hundred microseconds for a statement that the database answers in ten: for these
few it is asked once for the text and for what the types do to values, and not again.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db

Processor = Callable[[Any], Any]


class Prepared:
    """A SELECT whose parameters are named and have types."""

    __slots__ = ("_select",)

    def __init__(self, select: sa.Select[Any]) -> None:
        self._select = select

    def one_or_none(self, db: Db, **values: object) -> tuple[Any, ...] | None:
        """Return the row, its values as Core would give them; None if there is none."""
        sql, given, read = _compiled(self._select, db.connection().dialect)
        row = db.driver.execute(sql, given(values)).fetchone()
        if row is None:
            return None
        return tuple(
            value if process is None else process(value)
            for process, value in zip(read, row, strict=True)
        )

    def rows(self, db: Db, **values: object) -> list[tuple[Any, ...]]:
        """Return all rows as the driver gives them: for columns of text and whole numbers."""
        sql, given, _ = _compiled(self._select, db.connection().dialect)
        return db.driver.execute(sql, given(values)).fetchall()


@cache
def _compiled(
    select: sa.Select[Any], dialect: sa.Dialect
) -> tuple[str, Processor, tuple[Processor | None, ...]]:
    """Return the text, what turns named values into the driver's, and what reads each column."""
    compiled = select.compile(dialect=dialect)
    assert isinstance(compiled, sa.sql.compiler.SQLCompiler)
    fixed = compiled.params
    assert not compiled.post_compile_params  # an IN has another text for each number of values
    write = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is
        for bind, name in compiled.bind_names.items()
    }

    def named(values: dict[str, object]) -> dict[str, object]:
        return {name: each(values.get(name, fixed[name])) for name, each in write.items()}

    def placed(values: dict[str, object]) -> tuple[object, ...]:
        whole = named(values)
        return tuple(whole[name] for name in compiled.positiontup or ())

    columns = (column.type.dialect_impl(dialect) for column in select.selected_columns)
    read = tuple(kind.result_processor(dialect, None) for kind in columns)
    return compiled.string, placed if compiled.positional else named, read


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - what the driver takes
    return value
