"""The way to the e-ID provider, and how a sign-in that failed is told."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.login_provider import Asked, Provider, ProviderDown
from api.login_session import SEE_OTHER, START, derived, local_path, new_secret, set_cookie
from api.pages import page
from api.problems import status_of
from labour_book.errors import LabourBookError, Unavailable
from labour_book.services import access, signing_in
from labour_book.services.access import Caller
from labour_book.services.installation import Installation

_HOME_OF = {"employer": "/employer", "official": "/desk"}
SAID = {
    "CANCELLED": "cancelled",
    "PERSON_UNKNOWN": "unknown",
    "DECEASED": "deceased",
    "ACCOUNT_CLOSED": "closed",
    "IDENTITY_CHANGED": "changed",
    "PERSONAL_ID_MISSING": "no_number",
    "PERSONAL_ID_FORM": "no_number",
    "LEVEL_TOO_LOW": "level",
    "level-2-needed": "level",
    "invitation-over": "invitation",
    "ENTERPRISE_CODE": "no_enterprise",
    "sign-in-over": "over",
    "enterprise-refused": "enterprise",
    "too-many-attempts": "many",
    "sign-in-unavailable": "down",
    "unavailable": "down",
}
"""By cause, else by kind of refusal, which sentences tell it; else those of ``FAILED``."""
FAILED = "failed"


def away(
    request: Request,
    inst: Installation,
    now: datetime,
    *,
    to: str,
    invitation: str | None = None,
) -> Response:
    """Send the browser to the e-ID provider; it comes back to the sign-in's callback.

    Raises:
        TooMany: too many sign-ins begin from this address.
    """
    secret = new_secret()
    client = request.client
    try:
        address = provider_of(request).address(asked_by(secret), now)
        with access.deed(inst.engine) as db:
            signing_in.begin(
                db,
                inst,
                secret,
                return_to=local_path(to),
                address=None if client is None else client.host,
                invitation=invitation,
                now=now,
            )
    except Unavailable as error:
        return refused(request, error)
    response = RedirectResponse(address, SEE_OTHER)
    set_cookie(request, response, START, secret, inst.sessions.start_minutes * 60)
    return response


def asked_by(secret: str) -> Asked:
    """Return what the browser with this secret asks the provider."""
    state, nonce, verifier = (
        derived(secret, f"sign-in-{part}") for part in ("state", "nonce", "verifier")
    )
    return Asked(state, nonce, verifier)


def home_of(caller: Caller) -> str:
    """Return where somebody goes who came from nowhere in particular."""
    return _HOME_OF.get(caller.kind, "/")


def provider_of(request: Request) -> Provider:
    """Return the e-ID provider.

    Raises:
        ProviderDown: this installation has none.
    """
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise ProviderDown("this installation has no e-ID provider")
    return provider


def refused(request: Request, error: LabourBookError, way_back: str = "/") -> HTMLResponse:
    """Tell why a sign-in failed, and what to do."""
    cause = str(error.facts.get("cause") or error.slug)
    return page(
        request,
        "sign_in_refused.html",
        status=status_of(type(error)),
        said=SAID.get(cause) or SAID.get(error.slug, FAILED),
        enterprise=error.facts.get("enterprise_status"),
        code=cause.upper().replace("-", "_"),
        to=way_back,
    )
