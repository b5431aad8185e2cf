"""How the app looks: one seed colour, one typeface, and three strengths of contrast with paper."""

import flet as ft

FONT = "Be Vietnam Pro"
SEED = "#00696b"
TOUCH = 48
"""The least height of whatever is tapped."""
RADIUS = 16
GAP = 12
WIDEST: dict[str | ft.ResponsiveRowBreakpoint, int | float] = {"xs": 12, "md": 10, "lg": 8, "xl": 6}
"""Of twelve columns: text is not stretched over a wide window."""


def light(*, strong: bool) -> ft.Theme:
    """Return the light theme; strong: black on white, and lines around everything."""
    scheme = ft.ColorScheme(
        surface="#ffffff" if strong else "#f4fafa",
        on_surface="#000000" if strong else "#161d1d",
        on_surface_variant="#1d2626" if strong else "#3f4949",
        outline_variant="#3f4949" if strong else "#c8d2d2",
        primary="#00363a" if strong else "#00696b",
        primary_container="#cdebdc",
        on_primary_container="#00210f",
        tertiary_container="#ffe3b3",
        on_tertiary_container="#2a1a00",
        error_container="#ffdad5",
        on_error_container="#410002",
        surface_container_lowest="#ffffff",
    )
    return _theme(scheme)


def dark(*, strong: bool) -> ft.Theme:
    """Return the dark theme; strong: white on black."""
    scheme = ft.ColorScheme(
        surface="#000000" if strong else "#0e1415",
        on_surface="#ffffff" if strong else "#dde4e3",
        on_surface_variant="#eef4f4" if strong else "#bec9c8",
        outline_variant="#bec9c8" if strong else "#3f4949",
        primary="#b8fdff" if strong else "#80d4d6",
        primary_container="#0f4f35",
        on_primary_container="#d3f5e2",
        tertiary_container="#5c3f00",
        on_tertiary_container="#ffe3b3",
        error_container="#7d1d14",
        on_error_container="#ffdad5",
        surface_container_lowest="#000000" if strong else "#1a2122",
    )
    return _theme(scheme)


def _theme(scheme: ft.ColorScheme) -> ft.Theme:
    return ft.Theme(
        color_scheme_seed=SEED,
        color_scheme=scheme,
        font_family=FONT,
        visual_density=ft.VisualDensity.STANDARD,
        page_transitions=ft.PageTransitionsTheme(
            android=ft.PageTransitionTheme.FADE_UPWARDS,
            ios=ft.PageTransitionTheme.CUPERTINO,
            linux=ft.PageTransitionTheme.NONE,
            macos=ft.PageTransitionTheme.NONE,
            windows=ft.PageTransitionTheme.NONE,
        ),
    )
