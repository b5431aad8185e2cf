"""The own shares: what is shared with whom until when, and the switch that stops everything."""

import flet as ft

from app import guard, shown
from app.answers import Share
from app.answers import Shares as SharesRead
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    headline,
    main_button,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.home import Leading, leader

STATE_TONES = {
    "live": Tone.GOOD,
    "paused": Tone.CARE,
    "used_up": Tone.PLAIN,
    "expired": Tone.PLAIN,
    "withdrawn": Tone.PLAIN,
}
OVER = frozenset({"used_up", "expired", "withdrawn"})


def shares_view(
    say: Say, shares: SharesRead, lead: Leading, freeze: Tapped, *, busy: bool
) -> list[ft.Control]:
    """Show what can be opened now, then what is over, then the switch."""
    now = [each for each in shares.shares if each.state not in OVER]
    over = [each for each in shares.shares if each.state in OVER]
    frozen = shares.frozen_since
    return [
        headline(say("shares")),
        *(
            [
                panel(
                    Tone.CARE,
                    say("shares.frozen"),
                    say("shares.frozen.since", moment=shown.moment(frozen)),
                )
            ]
            if frozen
            else []
        ),
        main_button(say("shares.new"), ft.Icons.ADD, lead("/new-share"), "new-share"),
        button(
            say("offline-code"),
            ft.Icons.SIGNAL_WIFI_OFF,
            lead("/offline-code"),
            "go-offline-code",
            disabled=frozen is not None,
        ),
        *([title(say("shares.now")), *(_share(say, each, lead) for each in now)] if now else []),
        *([] if shares.shares else [_none(say)]),
        *([title(say("shares.over")), *(_share(say, each, lead) for each in over)] if over else []),
        card(
            title(say("shares.freeze.title")),
            words(say("shares.freeze.why")),
            button(
                say("shares.unfreeze" if frozen else "shares.freeze"),
                ft.Icons.PLAY_ARROW if frozen else ft.Icons.PAUSE,
                freeze,
                "freeze",
                disabled=busy,
            ),
        ),
    ]


def to_whom(say: Say, share: Share) -> str:
    """Return to whom a share is addressed, in words."""
    if share.enterprise_name:
        return share.enterprise_name
    return say.code("audience", share.audience)


def _share(say: Say, share: Share, lead: Leading) -> ft.Control:
    return card(
        strong(to_whom(say, share)),
        words(share.purpose),
        ft.Row(
            [
                chip(
                    STATE_TONES.get(share.state, Tone.PLAIN), say.code("share-state", share.state)
                ),
                soft(say("share.views", views=share.views, most=share.max_views)),
            ],
            wrap=True,
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        soft(say("share.until", moment=shown.moment(share.expires_at))),
        on_tap=lead(f"/shared/{share.share_id}"),
        name="share",
    )


def _none(say: Say) -> ft.Control:
    return panel(Tone.PLAIN, say("shares.none"), say("shares.none.todo"))


@guard.component
def Shares() -> ft.Control:
    """Load the shares; freeze and unfreeze them."""
    session = use_session()
    client = session.client
    loaded, again = use_answer("shares", client.shares)
    problem, busy, do = use_deed()
    lead = leader(ft.context.page.navigate)

    def view(shares: SharesRead) -> list[ft.Control]:
        async def turn() -> None:
            await client.freeze(frozen=shares.frozen_since is None)
            await again()

        async def freeze() -> None:
            await do(turn)

        above = [trouble(session.say, problem)] if problem else []
        return [*above, *shares_view(session.say, shares, lead, freeze, busy=busy)]

    return filled(session.say, loaded, again, view)
