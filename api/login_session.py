"""What routes ask for when a browser calls: its session, and proof that our own form was sent.

The cookie holds 256 random bits and nothing else. The token in the forms derives from it, so it
is stored nowhere, and changes with each sign-in.
"""

from dataclasses import dataclass, field
from secrets import compare_digest, token_bytes
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, FastAPI, Form, Request
from starlette.responses import RedirectResponse, Response

from api.dependencies import Inst, Now
from api.problems import answer
from labour_book.domain.base64url import bytes_of, letters_of
from labour_book.errors import Denied
from labour_book.services import access, signing_in
from labour_book.services.access import Caller, NotSignedIn
from labour_book.services.signing_in import SignedIn
from signing import derive_key

SECRET_BYTES = 32
LONGEST_WAY_BACK = 500
SEE_OTHER = 303
SESSION, START = "lb-session", "lb-sign-in"
"""Names of the cookies; over https ``__Host-`` stands before them."""


class SignInFirst(NotSignedIn):
    """A page that is for whoever is signed in; a browser is led to the sign-in and back."""


class NotOurForm(Denied):
    """The form was not sent from a page of ours that belongs to this session."""

    slug = "form-not-ours"
    title = "The form has expired; open the page again"
    title_vi = "Biểu mẫu đã hết hạn; hãy mở lại trang"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser that is signed in."""

    session: SignedIn
    secret: str = field(repr=False)

    @property
    def caller(self) -> Caller:
        return self.session.caller

    @property
    def csrf(self) -> str:
        """Return what a form of ours brings along."""
        return derived(self.secret, "session-form")


def lead_to_sign_in(app: FastAPI) -> None:
    """Lead whoever has to sign in first to where that is done."""
    app.add_exception_handler(SignInFirst, _led)


async def _led(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInFirst)
    if "text/html" not in request.headers.get("accept", ""):
        return answer(request, error)
    query = f"?{request.url.query}" if request.url.query else ""
    came_from = request.url.path + query if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?to={quote(local_path(came_from), safe='')}", SEE_OTHER)


def new_secret() -> str:
    """Return 256 random bits, as a cookie holds them."""
    return letters_of(token_bytes(SECRET_BYTES))


def derived(secret: str, purpose: str) -> str:
    """Return what derives from a cookie's secret for one purpose."""
    return letters_of(derive_key(bytes_of(secret), purpose))


def cookie(request: Request, name: str) -> str | None:
    """Return the secret in a cookie of ours; None if there is none, or it cannot be ours."""
    value = request.cookies.get(cookie_name(request, name), "")
    try:
        secret = bytes_of(value)
    except ValueError:
        return None
    return value if len(secret) == SECRET_BYTES and letters_of(secret) == value else None


def set_cookie(request: Request, response: Response, name: str, secret: str, seconds: int) -> None:
    """Put a secret into a cookie that no script and no other site gets at."""
    response.set_cookie(
        cookie_name(request, name),
        secret,
        max_age=seconds,
        path="/",
        secure=_is_https(request),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie away."""
    set_cookie(request, response, name, "", 0)


def local_path(text: str) -> str:
    """Return a way back if it leads to a page of ours, else the start page."""
    harmless = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
    ours = text.startswith("/") and not text.startswith("//")
    if not (harmless and ours and len(text) <= LONGEST_WAY_BACK):
        return "/"
    parts = urlsplit(text)
    return "/" if parts.scheme or parts.netloc or parts.path.startswith("/sign-") else text


def visiting(request: Request, inst: Inst, now: Now) -> Browser | None:
    """Return who is signed in with this browser; None for nobody."""
    secret = cookie(request, SESSION)
    if secret is None:
        return None
    try:
        with access.deed(inst.engine) as db:
            return Browser(signing_in.signed_in(db, inst, secret, now=now), secret)
    except NotSignedIn:
        return None


Visiting = Annotated[Browser | None, Depends(visiting)]
"""Who is signed in with this browser, if anybody is. Its transaction is over by then."""


def browser(visiting: Visiting) -> Browser:
    """Return who is signed in with this browser.

    Raises:
        SignInFirst: nobody.
    """
    if visiting is None:
        raise SignInFirst("sign in first")
    return visiting


Signed = Annotated[Browser, Depends(browser)]
"""Who is signed in with this browser, to look at something."""


def same_site(request: Request) -> None:
    """Refuse what a page of another site makes the browser send.

    Our pages send no referrer, so browsers send ``Origin: null`` with their forms.

    Raises:
        NotOurForm: another site's page sent it.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    ours = {"null", request.app.state.public_url, f"{request.url.scheme}://{request.url.netloc}"}
    if site != "same-origin" or origin not in ours:
        raise NotOurForm


def own_form(
    request: Request, browser: Signed, csrf: Annotated[str, Form(max_length=100)] = ""
) -> Browser:
    """Return who is signed in with this browser and has sent a form of ours.

    Raises:
        SignInFirst: nobody is signed in.
        NotOurForm: the form comes from elsewhere, or from before the sign-in.
    """
    same_site(request)
    if not compare_digest(csrf.encode(), browser.csrf.encode()):
        raise NotOurForm
    return browser


Posted = Annotated[Browser, Depends(own_form)]
"""Who is signed in with this browser and has sent a form of ours, to change something."""


def cookie_name(request: Request, name: str) -> str:
    """Return how a cookie of ours is called here."""
    return f"__Host-{name}" if _is_https(request) else name


def _is_https(request: Request) -> bool:
    return str(request.app.state.public_url).startswith("https://")
