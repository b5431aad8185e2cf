"""The tree of screens: five tabs, and sheets that open over them."""

from collections.abc import Callable

import flet as ft

from app import guard
from app.parts.basic import headline, words
from app.parts.screen import column
from app.state import Session, SessionContext, use_session
from app.views.about import AboutSheet
from app.views.book import Book
from app.views.channels import ChannelsSheet
from app.views.correct import CorrectSheet
from app.views.correction import CorrectionSheet
from app.views.corrections import CorrectionsSheet
from app.views.cv import CvSheet
from app.views.cv_forms import AboutMeSheet, OwnLineSheet
from app.views.cv_preview import CvPreviewSheet
from app.views.cv_seeking import SeekingSheet
from app.views.data_requests import DataRequestsSheet
from app.views.dossiers import DossiersSheet
from app.views.home import Home
from app.views.identity_check import IdentityCheckSheet
from app.views.line import LineSheet
from app.views.live import LiveSheet
from app.views.looked import Looked
from app.views.mandates import MandatesSheet
from app.views.more import More
from app.views.new_dossier import NewDossierSheet
from app.views.new_share import NewShareSheet
from app.views.notices import NoticesSheet
from app.views.offline_code import OfflineCodeSheet
from app.views.own_data import OwnDataSheet
from app.views.paper import PaperSheet
from app.views.rights import RightsSheet
from app.views.rights_gap import GapSheet
from app.views.rights_how import RightSheet
from app.views.satisfaction import SatisfactionSheet
from app.views.scan import ScanSheet
from app.views.settings import SettingsSheet
from app.views.share_sheet import ShareSheet
from app.views.shares import Shares
from app.views.sign_in import SignIn
from app.views.support import OneSupportSheet, SupportSheet
from app.views.vssid import VssidSheet
from app.views.wallets import WalletsSheet
from app.views.word import WordSheet

TABS = (
    ("/", "tab.home", ft.Icons.HOME_OUTLINED, ft.Icons.HOME),
    ("/book", "tab.book", ft.Icons.MENU_BOOK_OUTLINED, ft.Icons.MENU_BOOK),
    ("/share", "tab.share", ft.Icons.QR_CODE_2_OUTLINED, ft.Icons.QR_CODE_2),
    ("/looked", "tab.looked", ft.Icons.VISIBILITY_OUTLINED, ft.Icons.VISIBILITY),
    ("/more", "tab.more", ft.Icons.MENU, ft.Icons.MENU_OPEN),
)


@guard.screen
def Tabs() -> ft.Control:
    """The bar at the bottom, and one of its five screens."""
    session = use_session()
    outlet = ft.use_route_outlet()
    location = ft.use_route_location()
    page = ft.context.page
    at = next((n for n, tab in enumerate(TABS) if n and location.startswith(tab[0])), 0)

    async def on_change(event: ft.Event[ft.NavigationBar]) -> None:
        page.navigate(TABS[int(event.control.selected_index)][0])

    bar = ft.NavigationBar(
        selected_index=at,
        destinations=[
            ft.NavigationBarDestination(icon=icon, selected_icon=chosen, label=session.say(label))
            for _, label, icon, chosen in TABS
        ],
        on_change=on_change,
    )
    return ft.View(
        route="/",
        controls=[ft.SafeArea(outlet, expand=True)],
        navigation_bar=bar,
        padding=0,
        can_pop=False,
    )


@guard.component
def NotFound() -> ft.Control:
    """An address that leads nowhere."""
    say = use_session().say
    return column(headline(say("lost")), words(say("lost.todo")))


def _sheet(path: str, component: Callable[..., ft.Control]) -> ft.Route:
    return ft.Route(path=path, component=component, modal=True)


@ft.component
def Screens() -> ft.Control | list[ft.View]:
    """The screens, for whoever is signed in; else the way in, at the same address."""
    session = use_session()
    if session.broken:
        return guard.BrokenScreen()
    if session.identity is None:
        return SignIn()
    return ft.Router(
        [
            ft.Route(
                component=Tabs,
                outlet=True,
                children=[
                    ft.Route(index=True, component=Home),
                    ft.Route(path="book", component=Book),
                    ft.Route(path="book/:part", component=Book),
                    ft.Route(path="share", component=Shares),
                    ft.Route(path="looked", component=Looked),
                    ft.Route(path="more", component=More),
                ],
            ),
            _sheet("line/:no", LineSheet),
            _sheet("new-share", NewShareSheet),
            _sheet("shared/:id", ShareSheet),
            _sheet("shared/:id/live", LiveSheet),
            _sheet("cv", CvSheet),
            _sheet("cv/about-me", AboutMeSheet),
            _sheet("cv/line/:ref", OwnLineSheet),
            _sheet("cv/preview", CvPreviewSheet),
            _sheet("cv/seeking", SeekingSheet),
            _sheet("rights", RightsSheet),
            _sheet("rights/of/:right", RightSheet),
            _sheet("rights/gap/:no", GapSheet),
            _sheet("scan", ScanSheet),
            _sheet("settings", SettingsSheet),
            _sheet("offline-code", OfflineCodeSheet),
            _sheet("wallets", WalletsSheet),
            _sheet("own-data", OwnDataSheet),
            _sheet("data-requests", DataRequestsSheet),
            _sheet("satisfaction", SatisfactionSheet),
            _sheet("word/:name", WordSheet),
            _sheet("paper/:no", PaperSheet),
            _sheet("notices", NoticesSheet),
            _sheet("corrections", CorrectionsSheet),
            _sheet("correction/:id", CorrectionSheet),
            _sheet("correct/:subject/:no", CorrectSheet),
            _sheet("correct/:subject/:no/:first/:last/:status", CorrectSheet),
            _sheet("vssid", VssidSheet),
            _sheet("identity-check", IdentityCheckSheet),
            _sheet("dossiers", DossiersSheet),
            _sheet("new-dossier/:procedure", NewDossierSheet),
            _sheet("mandates", MandatesSheet),
            _sheet("channels", ChannelsSheet),
            _sheet("support", SupportSheet),
            _sheet("support/:support_id", OneSupportSheet),
            _sheet("about", AboutSheet),
        ],
        manage_views=True,
        not_found=NotFound,
    )


@ft.component
def App(session: Session) -> ft.Control | list[ft.View]:
    """The app of one tab."""
    return SessionContext(session, Screens)
