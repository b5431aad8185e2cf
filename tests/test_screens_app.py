"""Every screen of the app, looked at as a screen reader does, and kept as a picture.

The pictures are for people to look at: they lie in the folder that ``LABOUR_BOOK_PICTURES`` names.
Where nobody wants to look at them, one look is painted for all: pictures take longer than the rest.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.api.conftest import Office
from tests.support import app_site
from tests.support.app_site import sign_in

browser, office = app_site.browser, app_site.office

WANTED_IN = os.environ.get("LABOUR_BOOK_PICTURES")
LOOKS = {
    "light": {},
    "dark": {"theme": "dark"},
    "large": {"text_size": "2.0"},
    "english": {"language": "en"},
    "contrast": {"contrast": "strong"},
}
"""How the app can look, by the choices made on the device."""
TOGETHER = {
    "light": {},
    "large": {"text_size": "2.0", "theme": "dark"},
    "english": {"language": "en", "contrast": "strong"},
}
"""The same choices in fewer walks through all screens, where nobody wants to look at pictures."""
WALKED = LOOKS if WANTED_IN else TOGETHER
PAINTED = "large"
"""The look that is always painted: it has most to lay out."""
SCREENS = (
    *("/book", "/book/insurance", "/book/qualifications", "/share", "/looked", "/more"),
    *("/line/1", "/word/right", "/word/complete", "/notices", "/new-share"),
    *("/corrections", "/correct/employment/1", "/correct/insurance/1", "/correct/identity/0"),
    *("/correct/missing-job/0", "/scan", "/settings", "/channels", "/mandates", "/about"),
    *("/own-data", "/data-requests", "/wallets", "/offline-code", "/cv", "/rights", "/vssid"),
    "/support",
    "/identity-check",
    *("/dossiers", "/new-dossier/unemployment-benefit.apply", "/"),
)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(WANTED_IN or tmp_path_factory.mktemp("screens"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("look", WALKED)
def test_every_screen_has_names_and_roles_and_is_painted(
    browser: Browser, office: tuple[Office, str], pictures: Path, look: str
) -> None:
    context = app_site.new_phone(browser, office[1], **WALKED[look])
    page = context.new_page()
    screen = sign_in(page)
    screen.shows("home-share")
    for path in SCREENS:
        screen.go(path)
        screen.loaded()
        if WANTED_IN or look == PAINTED:
            name = path.strip("/").replace("/", "-") or "home"
            (pictures / f"{look}-{name}.png").write_bytes(screen.painted())

        assert screen.nameless() == [], path
        for name in ("broken", "problem", "loading"):
            assert screen.named(name).count() == 0, (path, name)
        assert "heading" in screen.roles() or "h2" in screen.roles() or "h1" in screen.roles(), path
    context.close()


def test_the_way_in_is_readable_in_both_languages(
    browser: Browser, office: tuple[Office, str], pictures: Path
) -> None:
    for language in ("vi", "en"):
        context = app_site.new_phone(browser, office[1], language=language)
        page: Page = context.new_page()
        page.goto("/app/")
        screen = app_site.Screen(page)
        screen.shows("sign-in")

        (pictures / f"sign-in-{language}.png").write_bytes(screen.painted())
        assert screen.nameless() == []
        context.close()
