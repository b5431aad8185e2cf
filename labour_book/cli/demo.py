"""The demonstration: from the registers' files to books that anyone can verify, in one command."""

import json
import os
import time
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from labour_book.cli.edge import OUT, me, now, opened
from labour_book.cli.imports import import_file
from labour_book.cli.installing import prepare, serve
from labour_book.cli.issuing import issue_everybody, show_summary
from labour_book.database import reading
from labour_book.queries.imports import newest_runs
from labour_book.services import checking, counting, job_losses
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.services.samples import sample_share, samples
from labour_book.services.sandbox_officials import open_officials
from labour_book.services.sandbox_reports import illustrate
from labour_book.settings import Settings

FILES = (
    ("population", "population.csv"),
    ("enterprises", "enterprises.csv"),
    ("insurance", "insurance.csv"),
    ("contracts", "contracts.jsonl"),
    ("qualifications", "qualifications.csv"),
    ("form03", "form03_02260.xlsx"),
    ("form03", "form03_14161.xlsx"),
    ("form03", "form03_26206.xlsx"),
    ("form03", "form03_28315.xlsx"),
    ("paper_books", "paper_books.csv"),
)
"""In this order: who people and firms are, before what is said of them."""


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("demo")(demo)


def demo(
    host: str = "127.0.0.1",
    port: int = 8000,
    run_server: Annotated[bool, typer.Option("--serve/--no-serve", help="serve afterwards")] = True,
) -> None:
    """Import the sample registers, issue every book, print where to look, and serve it."""
    started = time.monotonic()
    os.environ["LABOUR_BOOK_DEMO"] = "true"
    os.environ.setdefault("LABOUR_BOOK_PUBLIC_URL", f"http://{host}:{port}")
    settings = Settings()
    OUT.print(
        "[bold]Sổ lao động điện tử[/bold] - dữ liệu mẫu, không có giá trị pháp lý / sample data"
    )
    prepare(settings)
    _import_all(settings)
    with opened(settings) as installation:
        show_summary(issue_everybody(installation, processes=os.cpu_count() or 1))
        *_, checked = checking.check(installation, by=me(), now=now(), everybody=False)
        OUT.print(f"{checked.findings:,} điểm cần xem / findings to look at")
        *_, sought = job_losses.detect(installation, by=me(), now=now(), everybody=False)
        OUT.print(
            f"{sought.found:,} trường hợp mất việc / losses of work, "
            f"{sought.proposed:,} đề xuất hỗ trợ / proposals of support"
        )
        _reconcile(installation)
        months = list(counting.count(installation, by=me(), now=now()))
        OUT.print(f"{len(months)} tháng thống kê / months of statistics")
        with reading(installation.engine) as db:
            shown = samples(db, installation)
        with deed(installation.engine) as db:
            share = sample_share(db, installation, now=now())
            open_officials(db, installation, now=now())
        illustrate(installation, me(), now=now())
    OUT.print(f"Xong sau / ready after {time.monotonic() - started:.0f} s\n")
    OUT.print(f"Địa chỉ / address           {settings.public_url}/")
    for each in shown:
        OUT.print(f"QR {each.full_name:<24} {each.address}", soft_wrap=True)
    if share is not None:
        OUT.print(f"Chia sẻ mẫu / sample share  {share.address}", soft_wrap=True)
    OUT.print(f"Mã QR để quét / QR codes    {settings.public_url}/demo")
    OUT.print(f"Ứng dụng / app              {settings.public_url}/app")
    OUT.print(f"Người sử dụng lao động / employers  {settings.public_url}/employer")
    OUT.print(f"Kiểm tra không cần mạng / offline   {settings.public_url}/offline")
    OUT.print(f"Bàn làm việc / desk         {settings.public_url}/desk")
    if run_server:
        serve(host, port)


def _reconcile(installation: Installation) -> None:
    """Propose whom rows that wait may mean, and who may be on file twice."""
    from labour_book.services.reconciling import PASSES  # noqa: PLC0415 - loads Splink

    for propose in PASSES.values():
        run = propose(installation, me(), now=now(), on_progress=lambda *_: None)
        found = sum(json.loads(run.counts).values())
        OUT.print(f"{found:,} gợi ý đối soát / proposals of reconciliation ({run.kind})")


def _import_all(settings: Settings) -> None:
    """Import what has not been imported yet: a second demo starts at once."""
    folder = resources.files("labour_book.data") / "demo"
    with opened(settings) as installation:
        with reading(installation.engine) as db:
            done = {
                run.file_name for run in newest_runs(db, len(FILES) * 10) if run.state == "done"
            }
        for kind, name in FILES:
            if name in done:
                continue
            with resources.as_file(folder / name) as path:
                run = import_file(installation, kind, Path(path))
            counts = "  ".join(
                f"{outcome} {count:,}" for outcome, count in sorted(run.rows.items())
            )
            OUT.print(f"  {name:<22}{counts}", soft_wrap=True)
