"""QR codes, made by two libraries and read back by an independent reader."""

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from labour_book.documents.qr import LONGEST_LINK, QUIET_ZONE, modules, qr_png, qr_svg
from labour_book.errors import Invalid
from tests.documents.books import ADDRESS

DENSE = "VNL1:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" * 16


def picture_of(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def drawn(svg: str, *, scale: int) -> Image.Image:
    """Draw the one path of our SVG, without an SVG library."""
    size = int(svg.split('viewBox="0 0 ')[1].split(maxsplit=1)[0])
    picture = Image.new("L", (size * scale, size * scale), 255)
    for run in svg.split(' d="M')[2].split('"', maxsplit=1)[0].split("M"):
        place, length = run.split("h")[:2]
        x, y = map(int, place.split())
        width = int(length.split("v")[0]) * scale
        picture.paste(0, (x * scale, y * scale, x * scale + width, (y + 1) * scale))
    return picture


@pytest.mark.parametrize("text", [ADDRESS, DENSE, "Sổ lao động", "x" * LONGEST_LINK + "y"])
class TestQrPng:
    def test_reads_back(self, text: str) -> None:
        [code] = zxingcpp.read_barcodes(picture_of(qr_png(text, scale=4)))

        assert code.text == text
        assert code.ec_level == "M"

    def test_is_as_large_as_its_modules_and_quiet_zone(self, text: str) -> None:
        picture = picture_of(qr_png(text, scale=3))

        assert picture.size == (len(modules(text)) * 3,) * 2
        assert picture.mode == "1"

    def test_has_a_white_border_of_four_modules(self, text: str) -> None:
        picture = picture_of(qr_png(text, scale=1)).convert("L")
        size = picture.width

        ring = [
            picture.getpixel((x, y))
            for x in range(size)
            for y in range(size)
            if min(x, y, size - 1 - x, size - 1 - y) < QUIET_ZONE
        ]

        assert set(ring) == {255}
        assert picture.getpixel((QUIET_ZONE, QUIET_ZONE)) == 0

    def test_is_the_same_at_every_call(self, text: str) -> None:
        assert qr_png(text) == qr_png(text)


@pytest.mark.parametrize("text", [ADDRESS, DENSE])
class TestQrSvg:
    def test_reads_back(self, text: str) -> None:
        [code] = zxingcpp.read_barcodes(drawn(qr_svg(text), scale=4))

        assert code.text == text

    def test_holds_no_words_of_the_text(self, text: str) -> None:
        assert text[:12] not in qr_svg(text)


class TestModules:
    def test_of_a_link_are_version_4(self) -> None:
        assert len(modules(ADDRESS)) == 33 + 2 * QUIET_ZONE

    def test_of_an_offline_book_are_version_20_at_most(self) -> None:
        assert len(DENSE) > 720
        assert len(modules(DENSE)) <= 97 + 2 * QUIET_ZONE

    @pytest.mark.parametrize("text", ["", "x" * 1_461, "ộ" * 500])
    def test_refuses_nothing_and_too_much(self, text: str) -> None:
        with pytest.raises(Invalid):
            modules(text)
