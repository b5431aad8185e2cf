"""What is wrong with this installation, line by line, with what to do about it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

import migrations
from labour_book import data
from labour_book.cli.edge import OUT, now, opened
from labour_book.database import connect, reading
from labour_book.errors import Invalid, LabourBookError, Unavailable
from labour_book.registers.reaching import is_listening
from labour_book.services.examining import Health, Sign, examined, sign
from labour_book.services.examining_machine import examined_machine
from labour_book.services.examining_outside import SECONDS, Place, examined_outside
from labour_book.settings import SECRET_NAMES, Settings, read_settings

MARKS = {
    Health.OK: "[green]tốt / ok[/green]",
    Health.WARNING: "[yellow]lưu ý / warning[/yellow]",
    Health.FAULT: "[red]HỎNG / FAULT[/red]",
}


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("doctor")(doctor)


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="ask nobody else: no address, no register")
    ] = False,
) -> None:
    """Say what is wrong with this installation and what to do; exit 1 if anything is broken."""
    found = []
    for each in signs(is_offline=offline):
        found.append(each)
        if not as_json:
            _tell(each)
    if as_json:
        typer.echo(json.dumps([_as_object(each) for each in found], ensure_ascii=False, indent=1))
    if any(each.health is Health.FAULT for each in found):
        raise typer.Exit(1)


def signs(*, is_offline: bool) -> Iterator[Sign]:
    """Look at one thing after the other, as far as what stands before lets it be seen."""
    try:
        settings = read_settings()
        yield from _settings(settings)
    except Invalid as error:
        yield Sign("settings", Health.FAULT, str(error))
        return
    found = _schema(settings)
    yield found
    if found.health is Health.FAULT:
        return
    instant = now()
    try:
        with opened(settings) as inst:
            yield Sign("keys", Health.OK)
            most = settings.database_connections
            with reading(inst.engine) as db:
                yield from examined(db, inst, connections=most, now=instant)
            yield from examined_machine(inst, instant)
            if not is_offline:
                yield from examined_outside(inst, _places(settings), instant)
                yield from _mail(settings)
    except LabourBookError as error:
        yield Sign("keys", Health.FAULT, str(error))


def _settings(settings: Settings) -> Iterator[Sign]:
    yield Sign("settings", Health.OK)
    yield sign("demo", warning=settings.demo)
    secrets = settings.secrets
    alike = len({secrets[name] for name in SECRET_NAMES}) < len(SECRET_NAMES)
    yield sign("secrets", fault=alike)
    if settings.demo:
        return
    yield sign("proxy", warning=not settings.trusted_proxies, detail=settings.trusted_proxies)
    yield sign("watched", warning=settings.metrics_token is None)
    yield sign("sign-in", fault=not settings.oidc_issuer)


def _schema(settings: Settings) -> Sign:
    """Look at the database without making one."""
    url = settings.url_of_database
    is_file = url.startswith("sqlite:///")
    engine = connect(url)
    try:
        if is_file and not _exists(engine.url.database):
            return Sign("database", Health.FAULT, "SQLite")
        goes_back = settings.newer_schema and migrations.is_newer(engine)
        is_unfit = not goes_back and not migrations.is_current(engine)
        return sign("schema", fault=is_unfit, warning=goes_back)
    except Unavailable:
        return Sign("database", Health.FAULT, engine.url.get_backend_name())
    finally:
        engine.dispose()


def _exists(path: str | None) -> bool:
    return path is not None and Path(path).exists()


def _places(settings: Settings) -> Iterator[Place]:
    if settings.oidc_issuer:
        path = "/.well-known/openid-configuration"
        yield Place("provider", settings.oidc_issuer.rstrip("/") + path)
    for register, address in settings.register_addresses.items():
        yield Place("register", address, register.value, settings.register_roots)
    if settings.tsa_url:
        yield Place("time-stamps", settings.tsa_url)


def _mail(settings: Settings) -> Iterator[Sign]:
    if settings.mail_host:
        host, port = settings.mail_host, settings.mail_port
        answers = is_listening(host, port, seconds=SECONDS)
        yield sign("mail", fault=not answers, detail=f"{host}:{port}")


def _tell(found: Sign) -> None:
    words = data.by("doctor", "what")[found.what]
    detail = f": {found.detail}" if found.detail else ""
    OUT.print(
        f"{MARKS[found.health]}  {words['title_vi']} / {words['title_en']}{detail}", soft_wrap=True
    )
    if found.health is not Health.OK:
        OUT.print(f"      → {words['advice_vi']}\n      → {words['advice_en']}", soft_wrap=True)


def _as_object(found: Sign) -> dict[str, str]:
    words = data.by("doctor", "what")[found.what]
    told = {"what": found.what, "health": found.health.value, "detail": found.detail}
    return told | ({} if found.health is Health.OK else {k: words[k] for k in WORDS})


WORDS = ("title_vi", "title_en", "advice_vi", "advice_en")
