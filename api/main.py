"""The application: built by a function, so that nothing exists before it is asked for."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI

from api import (
    app_mount,
    checkpoint_worker,
    event_worker,
    import_worker,
    job_worker,
    key_watch,
    leaving,
    login,
    metrics,
    outbox_worker,
    problems,
    reference,
    route_index,
    settings_shown,
    tracing,
    wallet,
)
from api.access_log import AccessLog, written_to
from api.headers import SecurityHeaders
from api.limits import Limits
from api.pages.desk import BODIES as DESK_BODIES
from api.pages.routes import ROUTERS as PAGES
from api.problems import LastResort
from api.routes import ROUTERS
from api.routes.corrections import UPLOADED_TO
from api.routes.register_events import EVENTS_PATH
from api.sandbox import registers
from labour_book.services.installation import Installation
from labour_book.settings import Settings, open_installation, read_settings

MIB = 1024 * 1024
UPLOADS = (
    "/verify",
    "/verify/file",
    "/filings/file",
    "/employer/filings/file",
    "/employer/cases/*",
    "/me/cv/photo",
    "/imports",
    "/desk/uploads",
    "/desk/paper",
    UPLOADED_TO,
)
"""Paths that take files."""
FORMS = {"/me/cv": 64 * 1024, EVENTS_PATH.replace("{register}", "*"): MIB}
"""Paths whose forms may be longer than others: bytes. Sixty lines in an order of their own."""

BACKGROUND_WORK = (
    import_worker.working,
    event_worker.applying,
    outbox_worker.sending,
    job_worker.working,
    checkpoint_worker.signing,
)
"""What a process does beside the requests, unless a setting leaves it to another one."""


def create_app(
    settings: Settings | None = None, installation: Installation | None = None
) -> FastAPI:
    """Build the application for an installation: the given one, or what the settings describe.

    Raises:
        Invalid: the settings are incomplete.
    """
    chosen = settings or read_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        opened = installation or open_installation(chosen, now=datetime.now(UTC))
        app.state.installation = opened
        with written_to(), leaving.heard_first(app.state.leaving):
            async with key_watch.watching(app), app_mount.running(), AsyncExitStack() as beside:
                if chosen.background_work:
                    for work in BACKGROUND_WORK:
                        await beside.enter_async_context(work(app))
                yield
        opened.close()

    app = FastAPI(
        title="Sổ lao động điện tử - Electronic labour book",
        description=reference.ABOUT,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.clock = partial(datetime.now, UTC)
    app.state.problem_base = "" if chosen.demo else chosen.public_url
    app.state.public_url = chosen.public_url
    app.state.demo = chosen.demo
    app.state.leaving = leaving.Leaving(chosen.leaving_seconds)
    app.state.issuer_name = {"vi": chosen.issuer_name_vi, "en": chosen.issuer_name_en}
    app.state.max_upload_mib = chosen.max_upload_mib
    app.state.settings_shown = settings_shown.shown(chosen)
    problems.install(app)
    for router in (*ROUTERS, *PAGES):
        app.include_router(router)
    login.install(app, chosen)
    wallet.install(app)
    metrics.install(app, chosen)
    if chosen.demo:
        registers.install(app)
    app_mount.install(app)
    route_index.install(app)
    # The last one added is the outermost.
    uploads = dict.fromkeys(UPLOADS, chosen.max_upload_mib * MIB)
    app.add_middleware(Limits, bodies=uploads | FORMS | wallet.BODIES | DESK_BODIES)
    app.add_middleware(LastResort)
    app.add_middleware(leaving.LastAnswers, leaving=app.state.leaving)
    app.add_middleware(SecurityHeaders, https=chosen.public_url.startswith("https://"))
    tracing.install(app, chosen)
    app.add_middleware(AccessLog, clock=partial(datetime.now, UTC))
    return app
