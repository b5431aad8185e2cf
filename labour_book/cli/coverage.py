"""Coverage against NQ 125/NQ-CP, and the calendar of reports."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from labour_book.cli.edge import OUT, me, now, opened
from labour_book.database import reading, transaction
from labour_book.documents import report_words as words
from labour_book.errors import Conflict
from labour_book.services import coverage, coverage_rounds, report_due, report_files
from labour_book.services.coverage_rounds import definitions
from labour_book.services.permission import deed

app = typer.Typer(help="Coverage against NQ 125/NQ-CP.", no_args_is_help=True)

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the newest if empty")]


@app.command("show")
def show(
    place: Annotated[str, typer.Option(help="VN, two digits, or five digits")] = "VN",
    as_of: Day = None,
) -> None:
    """Show the five indicators of a place, each with its share, target line and projection."""
    with opened() as installation, transaction(installation.engine) as db:
        found = coverage.told(
            *(db, installation, me()),
            code=place,
            as_of=None if as_of is None else as_of.date(),
            now=now(),
        )
    table = Table(title=f"{found.place.name} · {found.round.as_of:%d/%m/%Y}")
    for header in ("", "Tử số", "Mẫu số", "Tỷ lệ", "Đường chỉ tiêu", "So với đường", "Dự phóng"):
        table.add_column(header, justify="right" if header else "left")
    said = definitions()
    for each in found.standings:
        projection = each.projection
        ahead = (
            "" if projection is None else f"{words.share(projection.share)} ({projection.by:%Y})"
        )
        table.add_row(
            said[each.indicator]["label_vi"],
            *(words.count(each.now.numerator), words.count(each.now.denominator)),
            *(words.share(each.now.share), words.share(each.line), words.points(each.ahead)),
            ahead,
        )
    OUT.print(table)
    OUT.print(f"SHA-256 {found.round.sha256}", soft_wrap=True)


@app.command("count")
def count(as_of: Day = None) -> None:
    """Count a day, or every day of which reports tell and that nobody has counted."""
    with opened() as installation:
        if as_of is not None:
            with deed(installation.engine) as db:
                coverage_rounds.count(db, me(), as_of.date(), now=now())
            return
        done = 0
        while True:
            with deed(installation.engine) as db:
                if not coverage_rounds.count_due(db, me(), now=now()):
                    break
            done += 1
    OUT.print(f"{done} ngày / days")


def add_to(app: typer.Typer) -> None:
    """Add the commands for reports."""
    app.command("reports")(reports)
    app.command("report-check")(check)


def reports() -> None:
    """Show which reports are due for which unit, and how far each is."""
    with opened() as installation, transaction(installation.engine) as db:
        found = report_due.calendar(db, me(), now=now())
    table = Table("Đơn vị / unit", "Báo cáo / report", "Số liệu đến", "Trước ngày", "Tình trạng")
    for each in found.others:
        late = f", trễ {each.days_late} ngày" if each.days_late else ""
        table.add_row(
            *(each.unit.code, str(each.kind), f"{each.as_of:%d/%m/%Y}"),
            "–" if each.due is None else f"{each.due.before:%d/%m/%Y}",
            f"{each.state}{late}",
        )
    OUT.print(table)


def check(report: Annotated[UUID, typer.Argument(help="id of an archived report")]) -> None:
    """Prove an archived report: its counts still add up, its files are made again byte for byte."""
    with opened() as installation:
        same = report_files.is_reproduced(installation, report)
        with reading(installation.engine) as db:
            whole = report_files.counts_are_whole(db, report)
    OUT.print(f"số đã chốt / counts: {whole}; " + ", ".join(f"{k}: {v}" for k, v in same.items()))
    if not (whole and all(same.values())):
        raise Conflict("the report is not what was archived")
