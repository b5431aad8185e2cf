"""How one share looks: its QR, large; who has looked; what its owner can do about it."""

from datetime import datetime, timedelta

import flet as ft

from app import shown
from app.answers import Copy, Look, Share
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    facts,
    headline,
    main_button,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.texts import Say
from app.views.shares import OVER, STATE_TONES, to_whom

LONGER = timedelta(days=7)
COPY_TONES = {"held": Tone.PLAIN, "kept": Tone.GOOD, "due": Tone.CARE, "deleted": Tone.GOOD}


def share_view(
    say: Say, share: Share, qr: bytes | None, deeds: dict[str, Tapped], *, busy: bool
) -> list[ft.Control]:
    """Show the code to be scanned first, then the views, then what can be done."""
    return [
        ft.Column([headline(to_whom(say, share)), words(share.purpose)], spacing=4, tight=True),
        ft.Row(
            [chip(STATE_TONES.get(share.state, Tone.PLAIN), say.code("share-state", share.state))],
            wrap=True,
        ),
        *(_code(say, share, qr, deeds) if share.state not in OVER else []),
        card(
            facts(
                (
                    (say("share.until.label"), shown.moment(share.expires_at)),
                    (
                        say("share.views.label"),
                        say("share.views", views=share.views, most=share.max_views),
                    ),
                    (say("share.shows"), say.code("preset", share.preset)),
                )
            )
        ),
        title(say("share.seen")),
        *([_look(say, each) for each in share.seen] or [soft(say("share.seen.nobody"))]),
        *(
            [title(say("share.copies")), *(_copy(say, each) for each in share.copies)]
            if share.copies
            else []
        ),
        *(
            button(say(f"share.{name}"), icon, deeds[name], name, disabled=busy)
            for name, icon in (
                ("extend", ft.Icons.MORE_TIME),
                ("ask-deletion", ft.Icons.DELETE_OUTLINE),
                ("withdraw", ft.Icons.BLOCK),
            )
            if name in share.possible
        ),
    ]


def _code(say: Say, share: Share, qr: bytes | None, deeds: dict[str, Tapped]) -> list[ft.Control]:
    picture: ft.Control = (
        ft.ProgressRing()
        if qr is None
        else ft.Image(
            src=qr, width=280, height=280, fit=ft.BoxFit.CONTAIN, semantics_label=say("share.qr")
        )
    )
    return [
        ft.Semantics(
            content=ft.Container(
                picture,
                bgcolor="#ffffff",
                border_radius=16,
                padding=16,
                alignment=ft.Alignment.CENTER,
                height=312,
            ),
            identifier="share-qr",
            container=True,
        ),
        ft.Semantics(
            content=ft.Text(
                grouped(share.code),
                size=20,
                weight=ft.FontWeight.W_600,
                text_align=ft.TextAlign.CENTER,
            ),
            identifier="share-code",
        ),
        main_button(say("share.live"), ft.Icons.TIMER, deeds["live"], "live"),
        button(
            say("share.copy"),
            ft.Icons.CONTENT_COPY,
            deeds["copied"],
            "copy",
            action=ft.CopyToClipboard(share.url),
        ),
        button(say("share.save"), ft.Icons.DOWNLOAD, deeds["save"], "save"),
    ]


def _look(say: Say, look: Look) -> ft.Control:
    who = look.viewer_name or say.code("viewer", look.viewer_kind)
    return card(
        strong(who),
        soft(f"{shown.moment(look.at)}, {say.code('means', look.means)}"),
        words(look.purpose),
        name=f"look-{look.number}",
    )


def _copy(say: Say, copy: Copy) -> ft.Control:
    state = say.code("copy", copy.state)
    due = f" {say('copy.by', day=shown.day(copy.due_on))}" if copy.due_on else ""
    who = copy.enterprise_code or say.code("viewer", copy.recipient_kind)
    return ft.Row(
        [strong(who), chip(COPY_TONES.get(copy.state, Tone.PLAIN), state + due)], wrap=True
    )


def withdraw_view(say: Say, sure: Tapped, keep: Tapped) -> ft.Control:
    """Ask once more before a share is ended for good."""
    return panel(
        Tone.CARE,
        say("share.withdraw.sure"),
        say("share.withdraw.means"),
        button(say("share.withdraw.yes"), ft.Icons.BLOCK, sure, "withdraw-yes"),
        button(say("share.withdraw.no"), None, keep, "withdraw-no"),
    )


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is read out."""
    plain = code.replace("-", "")
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def later(expires_at: datetime) -> datetime:
    """Return until when a share lasts once it is extended."""
    return expires_at + LONGER
