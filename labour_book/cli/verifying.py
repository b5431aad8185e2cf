"""Verifying a credential or PDF, online or with a saved trust list."""

from pathlib import Path
from typing import Annotated

import typer

from labour_book.cli.edge import ERR, OUT, now, opened
from labour_book.database import reading, transaction
from labour_book.errors import Invalid
from labour_book.services.explaining import Language, Question, explain
from labour_book.services.scanning import code_in, is_picture
from labour_book.services.status import trust_list
from labour_book.services.verifying import (
    Answer,
    Checked,
    Seal,
    read_trust_list,
    verify_document,
    verify_offline,
)
from signing import State

SIGNS = {
    State.YES: "[green]✔[/green]",
    State.NO: "[red]✘[/red]",
    State.UNKNOWN: "[yellow]?[/yellow]",
}
LANGUAGES: tuple[Language, ...] = ("vi", "en")
LARGEST_FILE = 20 * 1024 * 1024


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("verify")(verify)
    app.command("trust")(trust)


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            help="a PDF, a credential, an offline code or a picture of one",
            exists=True,
            dir_okay=False,
        ),
    ],
    trust: Annotated[Path | None, typer.Option(help="a saved trust list: check offline")] = None,
    root: Annotated[Path | None, typer.Option(help="the root certificate, with --trust")] = None,
) -> None:
    """Say whether a book is genuine, current, and who issued it; exit 0 only if all are yes."""
    if file.stat().st_size > LARGEST_FILE:
        raise Invalid(f"the file is larger than {LARGEST_FILE // 1024 // 1024} MiB")
    content = file.read_bytes()
    if is_picture(content):
        content = code_in(content)
    if trust is None:
        with opened() as installation, transaction(installation.engine) as db:
            checked = verify_document(db, installation, content, now=now())
    elif root is None:
        raise Invalid("--trust needs --root, the certificate that you were given by hand")
    else:
        bundle = read_trust_list(trust.read_text(encoding="ascii"), root, now=now())
        checked = verify_offline(content, bundle, now=now())
    show(checked)
    raise typer.Exit(0 if checked.is_good else 1)


def show(checked: Checked) -> None:
    """Print the three answers, each with its reason and the next step, in both languages."""
    answers: tuple[tuple[Question, Answer], ...] = (
        ("genuine", checked.genuine),
        ("current", checked.current),
        ("issuer", checked.issuer),
    )
    for question, answer in answers:
        vi, en = explain(question, answer.reason, "vi"), explain(question, answer.reason, "en")
        OUT.print(f"{SIGNS[answer.state]} {vi.said} / {en.said}  [dim]{answer.reason}[/dim]")
        for words in (vi, en):
            OUT.print(f"    {words.why} {words.next}".rstrip())
    if checked.seal is not None:
        show_seal(checked.seal)
    for label, instant in (
        ("trạng thái tính đến / status as of", checked.status_as_of),
        ("danh sách tin cậy tính đến / trust list as of", checked.trust_as_of),
    ):
        if instant is not None:
            hours = (now() - instant).total_seconds() / 3600
            OUT.print(f"    {label} {instant.isoformat(timespec='minutes')} ({hours:.1f} h)")


def show_seal(seal: Seal) -> None:
    """Print how much a seal proves, and of what time."""
    reason = seal.timestamp.reason
    said = " / ".join(explain("timestamp", reason, language).said for language in LANGUAGES)
    at = "" if seal.at is None else f"  {seal.at.isoformat(timespec='minutes')}"
    OUT.print(f"    {seal.level}: {said}{at}  [dim]{reason}[/dim]")


def trust(
    file: Annotated[Path, typer.Argument(help="the trust list to write; the root lies beside it")],
) -> None:
    """Save the trust list with its status lists, and the root certificate, for offline checks."""
    with opened() as installation:
        with reading(installation.engine) as db:
            file.write_text(trust_list(db, installation, now()), encoding="ascii")
        root = (installation.key_dir / "root.pem").read_text(encoding="ascii")
    beside = file.with_suffix(".root.pem")
    start, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    beside.write_text(root[root.index(start) : root.index(end) + len(end)] + "\n", encoding="ascii")
    ERR.print(f"{file}\n{beside}")
