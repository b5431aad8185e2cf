"""The worker's browser, signed in, on the page where a wallet asks for the book."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from labour_book.services import signing_in
from labour_book.services.signing_in import Identity
from tests.api.conftest import Office
from tests.services.people import personal_id

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
HEADERS = {"Accept": "text/html", "Origin": "null", "Sec-Fetch-Site": "same-origin"}


def signed_in(office: Office, number: int = 1, *, level: int = 2) -> dict[str, str]:
    """Sign a person in; return the header with the browser's cookie."""
    who = Identity("https://id.example.vn", f"s{number}", level, personal_id=personal_id(number))
    begun = signing_in.sign_in(office.inst, who, replaces=None, now=office.clock.now)
    secret = begun.secret
    name = "__Host-lb-session" if office.inst.public_url.startswith("https") else "lb-session"
    return {"Cookie": f"{name}={secret}"} | HEADERS


def opened(client: Any, url: str, browser: dict[str, str]) -> Any:
    """Open the address that the wallet sent the browser to."""
    return client.get(f"/authorize?{urlsplit(url).query}", headers=browser)


def decided(client: Any, url: str, browser: dict[str, str], *, agree: str = "yes") -> Any:
    """Read the page and press one of its buttons."""
    page = opened(client, url, browser)
    assert page.status_code == 200, page.text
    fields = dict(HIDDEN.findall(page.text))
    return client.post("/authorize", data=fields | {"agree": agree}, headers=browser)


def query_of(answer: Any) -> dict[str, str]:
    """Return what the browser takes back to the wallet."""
    assert answer.status_code == 303, answer.text
    values = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: value for name, (value,) in values.items()}
