import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from labour_book.documents import Chart, Line, drawn

DAYS = tuple(date(2026, 11, day) for day in (1, 2, 3))


def lines(count: int) -> tuple[Line, ...]:
    return tuple(Line(f"Đường {n}", tuple((day, 10.0 * n) for day in DAYS)) for n in range(count))


@pytest.fixture(scope="module")
def svg() -> str:
    return drawn(Chart('Đúng "và" đủ', "%", lines(3), 100))


class TestDrawn:
    def test_is_one_well_formed_picture_with_its_title(self, svg: str) -> None:
        root = ET.fromstring(svg)  # noqa: S314 - our own picture

        assert root.tag.endswith("svg")
        assert root.get("role") == "img"
        assert root.get("aria-label") == 'Đúng "và" đủ'

    def test_tells_lines_apart_without_colour(self, svg: str) -> None:
        colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg)) - {"none", "transparent"}
        dashes = set(re.findall(r'stroke-dasharray="([^"]+)"', svg))

        assert colours == {"currentColor"}
        assert len(dashes) >= 3

    def test_brings_no_script_style_or_address_of_its_own(self, svg: str) -> None:
        assert "<script" not in svg
        assert " style=" not in svg
        assert not re.search(r"(?:href|src)=", svg)

    def test_names_the_lines_and_the_days_of_vietnam(self, svg: str) -> None:
        assert "Đường 2" in svg
        assert "01/11/26" in svg

    def test_refuses_more_lines_than_can_be_told_apart(self) -> None:
        with pytest.raises(ValueError, match="told apart"):
            drawn(Chart("x", "%", lines(7)))
