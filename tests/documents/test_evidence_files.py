from io import BytesIO

import pikepdf
import pytest
from PIL import Image, ImageFilter

from labour_book.documents import evidence_files, paper
from labour_book.documents.evidence_files import FileRefused, taken
from tests.support.evidence import encoded, pdf, photo, written


def why(content: bytes) -> str:
    with pytest.raises(FileRefused) as error:
        taken(content)
    assert str(error.value)
    return str(error.value.facts["cause"])


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def acting(**root: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for name, value in root.items():
        document.Root[f"/{name}"] = pikepdf.Object.parse(str(value).encode())
    return written(document)


class TestTaken:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_encodes_photos_anew(self, kind: str) -> None:
        sent = photo(mime=kind)

        file = taken(sent)

        assert file.media_type == "image/jpeg"
        assert opened(file.content).format == "JPEG"
        assert file.content != sent
        assert file.preview is not None
        assert max(opened(file.preview).size) == 900

    def test_forgets_what_the_camera_wrote_and_turns_the_photo_upright(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # lies on its side
        exif[0x8825] = {1: "N", 2: (21.0, 1.0, 42.0)}
        sent = encoded(opened(photo(1600, 1200)), exif=exif)

        kept = opened(taken(sent).content)

        assert kept.size == (1200, 1600)
        assert not kept.getexif()

    def test_shows_what_is_transparent_on_white(self) -> None:
        picture = opened(photo()).convert("RGBA")
        picture.putalpha(255)

        assert taken(encoded(picture, "PNG")).media_type == "image/jpeg"

    def test_refuses_a_photo_cut_short_also_where_pages_are_printed(self) -> None:
        assert paper.FONTS  # WeasyPrint is loaded

        assert why(photo()[:-2_000]) == "BROKEN"

    def test_keeps_a_pdf_as_it_is(self) -> None:
        sent = pdf(3)

        file = taken(sent)

        assert (file.media_type, file.content, file.pages) == ("application/pdf", sent, 3)
        assert file.preview is None

    @pytest.mark.parametrize(
        ("content", "cause"),
        [
            (b"", "EMPTY"),
            (b"x" * (evidence_files.LARGEST + 1), "TOO_LARGE"),
            (b"MZ\x90\x00", "NOT_A_PHOTO"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "NOT_A_PHOTO"),
            (b"<html><script>alert(1)</script>", "NOT_A_PHOTO"),
            (b"GIF89a", "NOT_A_PHOTO"),
            (b"\xff\xd8\xff\xe0", "NOT_A_PHOTO"),
            (photo()[:2000], "BROKEN"),
            (b"%PDF-1.7\nnothing", "BROKEN"),
            (photo(400, 2000), "TOO_SMALL"),
        ],
    )
    def test_refuses_what_is_no_evidence(self, content: bytes, cause: str) -> None:
        if cause == "BROKEN":
            assert why(content) in {"BROKEN", "NOT_A_PHOTO"}
            return
        assert why(content) == cause

    def test_refuses_what_cannot_be_read(self) -> None:
        sharp = opened(photo())

        assert why(encoded(sharp.filter(ImageFilter.GaussianBlur(4)))) == "BLURRED"
        assert why(encoded(sharp.point([each // 10 for each in range(256)] * 3))) == "NO_CONTRAST"
        assert why(encoded(Image.new("RGB", (1200, 1600), "white"))) == "NO_CONTRAST"

    def test_refuses_a_picture_that_is_meant_to_exhaust(self) -> None:
        assert why(encoded(Image.new("1", (8000, 6000)), "PNG")) == "TOO_MANY_PIXELS"
        assert why(encoded(Image.new("1", (14000, 14000)), "PNG")) == "TOO_MANY_PIXELS"

    def test_refuses_a_locked_pdf(self) -> None:
        for user in ("geheim", ""):
            lock = pikepdf.Encryption(owner="o", user=user)

            assert why(pdf(encryption=lock)) == "LOCKED"

    @pytest.mark.parametrize(
        ("root", "cause"),
        [
            ({"OpenAction": "<< /S /JavaScript /JS (app.alert(1)) >>"}, "RUNS"),
            ({"AA": "<< /O << /S /JavaScript /JS (x) >> >>"}, "RUNS"),
            ({"OpenAction": "<< /S /Launch /F (cmd.exe) >>"}, "RUNS"),
            ({"OpenAction": "<< /S /SubmitForm /F (http://x) >>"}, "RUNS"),
            ({"AcroForm": "<< /XFA (x) /Fields [] >>"}, "RUNS"),
            ({"Names": "<< /JavaScript << /Names [] >> >>"}, "RUNS"),
            ({"Names": "<< /EmbeddedFiles << /Names [] >> >>"}, "CARRIES_FILES"),
            ({"AF": "[ << /Type /Filespec /F (x.exe) >> ]"}, "CARRIES_FILES"),
        ],
    )
    def test_refuses_a_pdf_that_acts(self, root: dict[str, str], cause: str) -> None:
        assert why(acting(**root)) == cause

    def test_refuses_too_many_pages(self) -> None:
        assert why(pdf(51)) == "TOO_MANY_PAGES"
