"""Draw the signs that the text font lacks; ``python -m labour_book.documents.signs`` writes them.

A sign in a font is laid out as text: it costs a tenth of a drawn box, keeps its meaning when the
text is copied out, and is the same on every machine because no system font is asked.
A test draws the font again and compares it with the file that is shipped.
"""

import math
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped] # has no types
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped] # has no types
from fontTools.ttLib.tables._g_l_y_f import Glyph  # type: ignore[import-untyped] # has no types

SHIPPED = Path(__file__).parent / "fonts" / "LabourBookSigns.ttf"
FAMILY = "Labour Book Signs"

# Units of the em. A bar cell is narrow, so that twenty of them fit into a table column.
EM, CELL, CELL_TOP, RAIL, STRIPE, SLANT = 1000, 500, 620, 45, 110, 140
CENTRE, RADIUS, LINE = (450, 350), 400, 70
ROUND = 900
FULL_TURN = 360

Point = tuple[float, float]


def empty() -> Glyph:
    return TTGlyphPen(None).glyph()


def polygon(pen: TTGlyphPen, points: Sequence[Point]) -> None:
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def arc(radius: float, start: float, end: float, *, steps: int = 48) -> Iterator[Point]:
    """Points on a circle, clockwise from twelve o'clock; ``start`` and ``end`` in degrees."""
    for step in range(steps + 1):
        angle = math.radians(start + (end - start) * step / steps)
        yield (
            round(CENTRE[0] + radius * math.sin(angle)),
            round(CENTRE[1] + radius * math.cos(angle)),
        )


def circle(pen: TTGlyphPen, radius: float, *, hole: bool = False) -> None:
    points = list(arc(radius, 0, FULL_TURN))[:-1]
    polygon(pen, points[::-1] if hole else points)


def ball(degrees: int) -> Glyph:
    """A circle that is filled from twelve o'clock on: the more, the better proved."""
    pen = TTGlyphPen(None)
    circle(pen, RADIUS)
    if degrees < FULL_TURN:
        circle(pen, RADIUS - LINE, hole=True)
        if degrees:
            polygon(pen, [CENTRE, *arc(RADIUS - LINE - 40, 0, degrees)])
    return pen.glyph()


def decided() -> Glyph:
    """A full circle with a tick cut out of it: an authority has decided."""
    pen = TTGlyphPen(None)
    circle(pen, RADIUS)
    tick = [(255, 335), (315, 395), (415, 285), (605, 525), (668, 472), (420, 165)]
    polygon(pen, tick[::-1])
    return pen.glyph()


def rectangle(
    pen: TTGlyphPen, left: float, bottom: float, right: float, top: float, *, hole: bool = False
) -> None:
    points: list[Point] = [(left, bottom), (left, top), (right, top), (right, bottom)]
    polygon(pen, points[::-1] if hole else points)


def solid_cell() -> Glyph:
    """A month that was paid; cells join into one bar."""
    pen = TTGlyphPen(None)
    rectangle(pen, 0, 0, CELL, CELL_TOP)
    return pen.glyph()


def rails(pen: TTGlyphPen) -> None:
    rectangle(pen, 0, 0, CELL, RAIL)
    rectangle(pen, 0, CELL_TOP - RAIL, CELL, CELL_TOP)


def striped_cell() -> Glyph:
    """Months owed: slanting stripes between the rails."""
    pen = TTGlyphPen(None)
    rails(pen)
    for left in (0, CELL // 2):
        right = left + STRIPE
        polygon(
            pen,
            [
                (left, RAIL),
                (left + SLANT, CELL_TOP - RAIL),
                (right + SLANT, CELL_TOP - RAIL),
                (right, RAIL),
            ],
        )
    return pen.glyph()


def open_cell() -> Glyph:
    """Months nobody has reported on: the rails alone."""
    pen = TTGlyphPen(None)
    rails(pen)
    return pen.glyph()


def bar_end() -> Glyph:
    pen = TTGlyphPen(None)
    rectangle(pen, 0, 0, RAIL, CELL_TOP)
    return pen.glyph()


def replacement() -> Glyph:
    """Stand in for a character that the text font cannot print (U+FFFD)."""
    pen = TTGlyphPen(None)
    rectangle(pen, 60, 0, 560, 700)
    rectangle(pen, 120, 60, 500, 640, hole=True)
    rectangle(pen, 280, 150, 340, 210)
    rectangle(pen, 280, 260, 340, 550)
    return pen.glyph()


def flag() -> Glyph:
    """A triangle that points up: something is open and somebody looks into it."""
    pen = TTGlyphPen(None)
    polygon(pen, [(450, 740), (870, 0), (30, 0)])
    polygon(pen, [(450, 600), (150, 70), (750, 70)])
    rectangle(pen, 415, 220, 485, 460)
    rectangle(pen, 415, 115, 485, 180)
    return pen.glyph()


SIGNS = {
    ".notdef": (None, 620, replacement),
    "space": (" ", 300, empty),
    "ring": ("○", ROUND, lambda: ball(0)),
    "quarter": ("◔", ROUND, lambda: ball(90)),
    "half": ("◑", ROUND, lambda: ball(180)),
    "threequarters": ("◕", ROUND, lambda: ball(270)),
    "full": ("●", ROUND, lambda: ball(360)),
    "decided": ("◉", ROUND, decided),
    "solid": ("█", CELL, solid_cell),
    "striped": ("▒", CELL, striped_cell),
    "open": ("░", CELL, open_cell),
    "end": ("▏", RAIL, bar_end),
    "flag": ("△", ROUND, flag),
    "replacement": ("\N{REPLACEMENT CHARACTER}", 620, replacement),
}


def signs_font() -> bytes:
    """The font as a TTF file, the same bytes at every call."""
    builder = FontBuilder(EM, isTTF=True)
    builder.updateHead(created=0, modified=0)
    builder.setupGlyphOrder(list(SIGNS))
    builder.setupCharacterMap(
        {ord(character): name for name, (character, _, _) in SIGNS.items() if character}
    )
    builder.setupGlyf({name: draw() for name, (_, _, draw) in SIGNS.items()})
    builder.setupHorizontalMetrics(
        {
            name: (width, getattr(builder.font["glyf"][name], "xMin", 0))
            for name, (_, width, _) in SIGNS.items()
        }
    )
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.font.recalcTimestamp = False
    written = BytesIO()
    builder.save(written)
    return written.getvalue()


if __name__ == "__main__":
    SHIPPED.write_bytes(signs_font())
