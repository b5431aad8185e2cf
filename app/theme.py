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


Shade = tuple[str, str]
"""A colour in the normal and in the strong contrast."""
_LIGHT: dict[str, Shade] = {
    "surface": ("#f4fafa", "#ffffff"),
    "on_surface": ("#161d1d", "#000000"),
    "on_surface_variant": ("#3f4949", "#1d2626"),
    "outline_variant": ("#c8d2d2", "#3f4949"),
    "primary": ("#00696b", "#00363a"),
    "primary_container": ("#cdebdc", "#cdebdc"),
    "on_primary_container": ("#00210f", "#00210f"),
    "tertiary_container": ("#ffe3b3", "#ffe3b3"),
    "on_tertiary_container": ("#2a1a00", "#2a1a00"),
    "error_container": ("#ffdad5", "#ffdad5"),
    "on_error_container": ("#410002", "#410002"),
    "surface_container_lowest": ("#ffffff", "#ffffff"),
}
_DARK: dict[str, Shade] = {
    "surface": ("#0e1415", "#000000"),
    "on_surface": ("#dde4e3", "#ffffff"),
    "on_surface_variant": ("#bec9c8", "#eef4f4"),
    "outline_variant": ("#3f4949", "#bec9c8"),
    "primary": ("#80d4d6", "#b8fdff"),
    "primary_container": ("#0f4f35", "#0f4f35"),
    "on_primary_container": ("#d3f5e2", "#d3f5e2"),
    "tertiary_container": ("#5c3f00", "#5c3f00"),
    "on_tertiary_container": ("#ffe3b3", "#ffe3b3"),
    "error_container": ("#7d1d14", "#7d1d14"),
    "on_error_container": ("#ffdad5", "#ffdad5"),
    "surface_container_lowest": ("#1a2122", "#000000"),
}


def light(*, strong: bool) -> ft.Theme:
    """Return the light theme; strong: black on white, and lines around everything."""
    return _theme(_LIGHT, strong=strong)


def dark(*, strong: bool) -> ft.Theme:
    """Return the dark theme; strong: white on black."""
    return _theme(_DARK, strong=strong)


def _theme(shades: dict[str, Shade], *, strong: bool) -> ft.Theme:
    scheme = ft.ColorScheme(**{name: pair[strong] for name, pair in shades.items()})
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
