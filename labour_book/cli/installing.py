"""Setting up an installation: schema, code lists, settings, accounts, keys, serving."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
import uvicorn
from rich.table import Table

import migrations
from labour_book.cli.edge import ERR, OUT, me, now, opened
from labour_book.cli.supervising import watch_closely
from labour_book.database import connect, reading, transaction
from labour_book.domain.evidence import VIETNAM
from labour_book.errors import Invalid
from labour_book.log_lines import LOGGING
from labour_book.services import acting, keys
from labour_book.services.access import Role, deed, grant_token, open_account
from labour_book.services.code_lists import load_code_lists
from labour_book.services.installation import Issuer
from labour_book.services.making_keys import SAFE, SERVER, has_root, make_keys
from labour_book.services.revocation import keys_withdrawn
from labour_book.settings import SECRET_NAMES, Settings, opened_token, read_settings
from signing import Use


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("init")(init)
    app.command("settings")(settings)
    app.command("serve")(serve)
    app.command("account")(account)
    for deed_name, command in (
        ("make", make),
        ("import", import_files),
        ("rotate", rotate),
        ("withdraw", withdraw),
        ("revocation-list", revocation_list),
    ):
        _KEYS.command(deed_name)(command)
    app.add_typer(_KEYS, name="keys")


FOLLOWS = (
    "Dịch vụ đang chạy dùng khóa mới sau vài giây, nếu đọc được tệp khóa / "
    "A running service uses the new key within seconds, where it can read the key's file"
)
INVITED = (
    "Mở {address}, nhập mã này rồi đăng nhập bằng tài khoản định danh điện tử mức độ 2; "
    "dùng một lần, trước {until} / "
    "Open {address}, enter this code and sign in with a level 2 e-ID; once, before {until}:"
)
ASKED_FOR = "Mật khẩu của khóa gốc / passphrase of the root"
KEEP_THE_ROOT = (
    "Khóa gốc mới trong {folder}: cất vào két cùng bản thứ hai ở nơi khác, mật khẩu để riêng; "
    "không bao giờ đưa lên máy chủ / "
    "A new root is in {folder}: lock it away, a second copy elsewhere, the passphrase apart; "
    "it never goes to the server"
)
CARRY_THE_KEYS = (
    "Chép các tệp trong {folder} vào thư mục keys của máy chủ, rồi chạy: labour-book keys import "
    "(khóa đầu tiên) hoặc labour-book keys rotate (khóa kế tiếp); sau đó xóa bản chép / "
    "Copy the files in {folder} into the server's folder keys, then run: labour-book keys import "
    "(first keys) or labour-book keys rotate (next ones); then delete the copy"
)
_KEYS = typer.Typer(
    help="The keys that sign: make, import, rotate, withdraw.", no_args_is_help=True
)


STOPPING_SECONDS = 30
"""For so long requests that have begun may go on after the service was told to stop."""
IDLE_SECONDS = 180
"""For so long a connection is kept that nothing comes over: longer than proxies keep it (120).

Whoever closes first must be the one who sends, or a request meets a connection that has just ended.
"""
HUNG_SECONDS = 60
"""A process that says nothing for so long is ended and started anew.

Starting takes a while on a busy machine: after 5 seconds, as uvicorn has it, none ever got there.
"""


def prepare(settings: Settings) -> None:
    """Bring the schema up to date and load the code lists; harmless when done before."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = connect(settings.url_of_database)
    if not (settings.newer_schema and migrations.is_newer(engine)):
        migrations.upgrade(engine)
        with transaction(engine) as db:
            load_code_lists(db)
    engine.dispose()


def init() -> None:
    """Create or update the database and load the code lists."""
    prepare(read_settings())
    OUT.print("Cơ sở dữ liệu đã sẵn sàng / The database is ready.")


def settings() -> None:
    """Show every setting with its explanation; secrets are not shown."""
    table = Table("variable", "default", "what it is for")
    for name, field in Settings.model_fields.items():
        default = "(secret)" if name in SECRET_NAMES else str(field.default)
        table.add_row(f"LABOUR_BOOK_{name.upper()}", default, field.description)
    OUT.print(table)


def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    processes: Annotated[
        int, typer.Option(min=1, help="processes that answer; more than one needs PostgreSQL")
    ] = 1,
) -> None:
    """Serve the API and the verify pages; told to stop, it ends the requests that have begun."""
    chosen = read_settings()
    if processes > 1 and chosen.url_of_database.startswith("sqlite"):
        raise Invalid("several processes need PostgreSQL: SQLite is for one")
    watch_closely("api.main")
    uvicorn.run(
        "api.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=processes,
        access_log=False,
        log_config=uvicorn.config.LOGGING_CONFIG if chosen.demo else LOGGING,
        server_header=False,
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=STOPPING_SECONDS,
        timeout_worker_healthcheck=HUNG_SECONDS,
    )


def account(
    kind: Annotated[str, typer.Argument(help="worker, employer, official or machine")],
    name: Annotated[str, typer.Argument(help="who holds it")],
    role: Annotated[Role, typer.Option(help="what the account is for")],
    unit: Annotated[str | None, typer.Option(help="unit code, such as P75 or C26206")] = None,
    worker: Annotated[UUID | None, typer.Option(help="the worker's id")] = None,
    enterprise: Annotated[str | None, typer.Option(help="an employer's enterprise code")] = None,
    hours: Annotated[int, typer.Option(help="life of the token")] = 8,
    invite: Annotated[
        bool, typer.Option("--invite", help="an official takes it by e-ID: a code, and no token")
    ] = False,
) -> None:
    """Open an account and show its bearer token, or the code of an invitation, this once."""
    with opened() as installation, deed(installation.engine) as db:
        opened_account = open_account(
            db,
            me(),
            kind=kind,
            name=name,
            role=role,
            unit_code=unit,
            person_id=worker,
            enterprise_code=enterprise,
            now=now(),
        )
        if invite:
            invitation = acting.invite(db, installation, me(), opened_account, now=now())
        else:
            token = grant_token(db, me(), opened_account, hours=hours, now=now())
    if invite:
        ERR.print(
            INVITED.format(
                address=f"{installation.public_url}/sign-in/invitation",
                until=f"{invitation.expires_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
            ),
            soft_wrap=True,
        )
        typer.echo(invitation.secret)
        return
    ERR.print(f"Hiệu lực {hours} giờ, chỉ hiện một lần / valid {hours} hours, shown once:")
    typer.echo(token)


def make(
    folder: Annotated[Path, typer.Argument(help="where to, such as a stick; made if need be")],
    address: Annotated[str, typer.Option(help="LABOUR_BOOK_PUBLIC_URL of the installation")],
    name: Annotated[str, typer.Option(help="the issuing body, as certificates name it")],
    use: Annotated[
        list[Use] | None, typer.Option(help="only this next key; may be repeated")
    ] = None,
    passphrase_file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="holds the root's passphrase; else asked"),
    ] = None,
) -> None:
    """Make keys on a machine without a network: the root to lock away, the others to import."""
    is_new = not has_root(folder)
    passphrase = (
        typer.prompt(ASKED_FOR, hide_input=True, confirmation_prompt=is_new)
        if passphrase_file is None
        else passphrase_file.read_text(encoding="utf-8")
    )
    made = make_keys(
        folder,
        issuer=Issuer(address, name, name, ""),
        uses=use or (),
        passphrase=passphrase.strip(),
        now=now(),
    )
    for key in made:
        OUT.print(f"{key.use:12} {key.kid}", soft_wrap=True)
    if is_new:
        ERR.print(KEEP_THE_ROOT.format(folder=folder / SAFE), soft_wrap=True)
    ERR.print(CARRY_THE_KEYS.format(folder=folder / SERVER), soft_wrap=True)


def import_files() -> None:
    """Publish the keys whose files were put into the key folder."""
    settings_ = read_settings()
    engine = connect(settings_.url_of_database)
    with opened_token(settings_) as token, deed(engine) as db:
        added = keys.import_keys(
            db, settings_.key_dir, issuer=settings_.issuer, by=me(), now=now(), token=token
        )
    OUT.print(f"{len(added)} khóa mới / new keys")


def rotate(use: Annotated[Use, typer.Argument(help="which key")]) -> None:
    """Put a new key to use; the old one stays published, what it signed stays good."""
    with opened() as installation, deed(installation.engine) as db:
        kid = keys.rotate(db, installation, use, by=me(), now=now())
    OUT.print(kid)
    ERR.print(FOLLOWS, soft_wrap=True)


def withdraw(
    kid: Annotated[str, typer.Argument(help="id of the key")],
    since: Annotated[str, typer.Argument(help="instant from which it is not believed, ISO 8601")],
) -> None:
    """Stop believing a key from an instant on, because somebody else may have it."""
    try:
        instant = datetime.fromisoformat(since)
    except ValueError:
        raise Invalid("the instant is written like 2026-11-20T08:30:00+07:00") from None
    if instant.tzinfo is None:
        raise Invalid("the instant needs its time zone, such as +07:00")
    with opened() as installation, deed(installation.engine) as db:
        keys.withdraw(db, kid, revoked_from=instant, by=me(), now=now())
    OUT.print(
        "Đã thu hồi. Hãy chạy: labour-book keys rotate, rồi issue --all / "
        "Withdrawn. Now run: labour-book keys rotate, then issue --all",
        soft_wrap=True,
    )


def revocation_list(
    file: Annotated[Path, typer.Argument(help="the list to write, such as root.crl")],
    days: Annotated[int, typer.Option(min=1, max=400, help="until the next list")] = 31,
) -> None:
    """Write the root's list of withdrawn keys (CRL), for LABOUR_BOOK_VALIDATION_DIR."""
    with opened() as installation, reading(installation.engine) as db:
        file.write_bytes(keys_withdrawn(db, installation, days=days, now=now()))
    ERR.print(str(file))
