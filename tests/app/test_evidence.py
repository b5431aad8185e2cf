from io import BytesIO

import pytest
from PIL import Image

from app import evidence
from app.evidence import size_of, wrong_with


def picture(kind: str, width: int = 800, height: int = 1200) -> bytes:
    with BytesIO() as file:
        Image.new("RGB", (width, height), "white").save(
            file, kind, exif=b"Exif\x00\x00" + b"x" * 99
        )
        return file.getvalue()


class TestWrongWith:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_takes_a_photo_that_can_be_read(self, kind: str) -> None:
        assert wrong_with(picture(kind)) is None

    def test_takes_a_pdf(self) -> None:
        assert wrong_with(b"%PDF-1.7\n") is None

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "empty"),
            (b"MZ\x90", "kind"),
            (b"%PDF-" + b"0" * evidence.LARGEST, "size"),
            (picture("JPEG", 599, 2000), "small"),
            (picture("PNG", 2000, 599), "small"),
            (evidence.PNG, "kind"),
            (b"\xff\xd8\xff\xe0", "kind"),
        ],
    )
    def test_refuses_what_cannot_be_sent(self, content: bytes, why: str) -> None:
        assert wrong_with(content) == f"evidence.wrong.{why}"


class TestSizeOf:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_is_what_the_file_says(self, kind: str) -> None:
        assert size_of(picture(kind, 640, 900)) == (640, 900)

    def test_is_found_in_a_progressive_photo(self) -> None:
        with BytesIO() as file:
            Image.new("L", (700, 650)).save(file, "JPEG", progressive=True)
            assert size_of(file.getvalue()) == (700, 650)
