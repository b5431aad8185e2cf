"""Wallets: offering the own book to one, and revoking what one took."""

import flet as ft

from app import guard, shown
from app.answers import Wallet, WalletOffer
from app.hooks import use_maybe
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    choosing,
    headline,
    main_button,
    named,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled, sheet, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say


def offer_view(say: Say, offer: WalletOffer) -> list[ft.Control]:
    """Show an offer: to be scanned or opened, and the number to type into the wallet."""
    code = (
        [named("wallet-code", panel(Tone.PLAIN, say("wallet.code", code=offer.tx_code)))]
        if offer.tx_code
        else []
    )
    picture = ft.Image(
        src=offer.qr_svg,
        width=280,
        height=280,
        fit=ft.BoxFit.CONTAIN,
        semantics_label=say("wallet.qr"),
    )
    return [
        title(say("wallet.offer")),
        words(say("wallet.offer.how")),
        named(
            "wallet-qr",
            ft.Container(
                picture,
                bgcolor="#ffffff",
                border_radius=16,
                padding=12,
                alignment=ft.Alignment.CENTER,
            ),
        ),
        *code,
        soft(say("share.until", moment=shown.moment(offer.expires_at))),
        button(
            say("wallet.open"),
            ft.Icons.OPEN_IN_NEW,
            None,
            "wallet-open",
            action=ft.OpenUrl(offer.link),
        ),
    ]


def wallets_view(
    say: Say, wallets: tuple[Wallet, ...], give_up: dict[str, Tapped], *, busy: bool
) -> list[ft.Control]:
    """Show which wallets hold copies, each with what ends them."""
    return [
        title(say("wallet.list")),
        *(
            [_wallet(say, each, give_up[each.id], busy=busy) for each in wallets]
            or [soft(say("wallet.none"))]
        ),
    ]


def _wallet(say: Say, wallet: Wallet, give_up: Tapped, *, busy: bool) -> ft.Control:
    over = wallet.forgotten_at is not None
    state = chip(Tone.PLAIN if over else Tone.GOOD, say("wallet.over" if over else "wallet.live"))
    return card(
        strong(wallet.client_id or say("wallet.nameless")),
        soft(say("wallet.taken", moment=shown.moment(wallet.taken_at), copies=wallet.copies)),
        ft.Row([state], wrap=True),
        *(
            []
            if over
            else [
                button(
                    say("wallet.give-up"), ft.Icons.BLOCK, give_up, "wallet-give-up", disabled=busy
                )
            ]
        ),
        name="wallet",
    )


@guard.screen
def WalletsSheet() -> ft.Control:
    """Load the wallets; make an offer, or revoke what a wallet took."""
    session = use_session()
    say, client = session.say, session.client
    loaded, again = use_answer("wallets", client.wallets)
    offer, set_offer = use_maybe(WalletOffer)
    problem, busy, do = use_deed()

    async def make() -> None:
        set_offer(await client.offer_to_wallet())

    async def on_make() -> None:
        await do(make)

    def view(wallets: tuple[Wallet, ...]) -> list[ft.Control]:
        by_id = {each.id: each for each in wallets}

        def give_up(wallet_id: str) -> None:
            async def deed() -> None:
                await client.give_wallet_up(by_id[wallet_id])
                await again()

            ft.context.page.run_task(do, deed)

        return [
            headline(say("wallets")),
            words(say("wallets.why")),
            *([trouble(say, problem)] if problem else []),
            main_button(say("wallet.new"), ft.Icons.WALLET, on_make, "wallet-offer", disabled=busy),
            *(offer_view(say, offer) if offer else []),
            *wallets_view(say, wallets, dict(choosing(by_id, give_up)), busy=busy),
        ]

    return sheet(say("wallets"), filled(say, loaded, again, view))
