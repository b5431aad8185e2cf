"""The command line ``labour-book``: one command per deed, in the words of the deed."""

import sys

import typer

from labour_book import data
from labour_book.cli.auditing import app as audit
from labour_book.cli.backing_up import add_to as add_backing_up
from labour_book.cli.checks import add_to as add_quality
from labour_book.cli.checks import app as check
from labour_book.cli.coverage import add_to as add_reports
from labour_book.cli.coverage import app as covering
from labour_book.cli.daily import add_to as add_daily
from labour_book.cli.demo import add_to as add_demo
from labour_book.cli.doctor import add_to as add_doctor
from labour_book.cli.edge import ERR
from labour_book.cli.events import app as events
from labour_book.cli.imports import app as imports
from labour_book.cli.installing import add_to as add_installing
from labour_book.cli.issuing import add_to as add_issuing
from labour_book.cli.jobs import add_to as add_jobs
from labour_book.cli.law import add_to as add_law
from labour_book.cli.proving import add_to as add_proving
from labour_book.cli.reconciling import app as reconcile
from labour_book.cli.statistics import app as statistics_app
from labour_book.cli.support import app as support
from labour_book.cli.verifying import add_to as add_verifying
from labour_book.domain.findings import Finding
from labour_book.errors import Invalid, LabourBookError
from labour_book.services.receipts import told

app = typer.Typer(
    help="Sổ lao động điện tử - the electronic labour book.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
add_installing(app)
app.add_typer(imports, name="import")
app.add_typer(events, name="events")
add_issuing(app)
add_verifying(app)
app.add_typer(audit, name="audit")
add_backing_up(app)
add_doctor(app)
add_proving(app)
app.add_typer(reconcile, name="reconcile")
app.add_typer(check, name="check")
app.add_typer(statistics_app, name="statistics")
add_quality(app)
app.add_typer(support, name="support")
app.add_typer(covering, name="coverage")
add_reports(app)
add_daily(app)
add_jobs(app)
add_law(app)
add_demo(app)


def main() -> None:
    """Run the command; an anticipated failure ends in one explained line, never in a traceback."""
    try:
        app()
    except LabourBookError as error:
        ERR.print(f"{error.title_vi} / {error.title}", style="red", markup=False)
        ERR.print("\n".join(_explained(error)), markup=False, soft_wrap=True)
        sys.exit(2 if isinstance(error, Invalid) else 1)


def _explained(error: LabourBookError) -> list[str]:
    """Return what is wrong and what to do, in both languages where its cause has words."""
    cause = str(error.facts.get("cause", ""))
    if cause not in data.causes():
        return [str(error)]
    why = told(Finding(cause, None, error.facts))
    return [
        f"{why.message_vi} {why.what_to_do_vi}",
        f"{why.message_en} {why.what_to_do_en}",
        str(error),
    ]
