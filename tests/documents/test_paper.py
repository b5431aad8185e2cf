"""What every document of ours keeps to, whatever is printed on it."""

import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from weasyprint.urls import FatalURLFetchingError

from labour_book.documents import paper
from tests.documents import books, reading

ONCE = """
import hashlib
from tests.documents import books
print(hashlib.sha256(books.printed(books.book(3))).hexdigest())
"""

FORKING = """
import os, sys
from multiprocessing import get_context
from tests.documents import books
before = books.printed(books.book(1))
child = os.fork()
if child == 0:
    sys.exit(0)
os.waitpid(child, 0)
assert os.listdir(os.environ["TMPDIR"])
worker = get_context("fork").Process(target=books.printed, args=(books.book(1),))
worker.start()
worker.join()
assert worker.exitcode == 0
assert books.printed(books.book(1)) == before
"""


def sheet(**values: object) -> paper.Sheet:
    foot: dict[str, object] = {"address": None, "facts": []}
    return paper.Sheet(
        name="cv",
        title="Thử",
        author="Thử",
        issued_on=books.ISSUED_ON,
        values={"foot": foot} | values,
    )


class TestFetching:
    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1/x.png",
            "https://example.vn/x.css",
            "file:///etc/passwd",
            "data:image/png;base64,AAAA",
            "ftp://example.vn/x",
            "font:../paper.py",
            "font:/etc/passwd",
            "picture:other",
            "enclosure:other",
        ],
    )
    def test_is_refused_for_everything_not_handed_over(self, address: str) -> None:
        with pytest.raises(FatalURLFetchingError):
            paper._only({}, {})(address)

    @pytest.mark.parametrize(
        "page",
        [
            '<img src="file:///etc/passwd">',
            '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
            '<p style="background: url(http://127.0.0.1:9/x.png)">x</p>',
            '<link rel="attachment" href="file:///etc/passwd">',
            "<style>@import url(file:///etc/passwd);</style>",
        ],
    )
    def test_ends_the_document_and_not_the_process(
        self, page: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(paper, "html_of", lambda _: page)

        with pytest.raises(RuntimeError):
            paper.print_pdf(sheet())


class TestPrintable:
    @pytest.mark.parametrize(
        "text", ["Nguyễn Thị Hường Ưu", "ẾỀỂỄỆ ỐỒỔỖỘ ỚỜỞỠỢ ỨỪỬỮỰ ẮẰẲẴẶ ẤẦẨẪẬ Đđ", "1 – 2 · ₫ “x”"]
    )
    def test_keeps_vietnamese(self, text: str) -> None:
        assert paper._printable(text) == text

    def test_composes_marks(self) -> None:
        assert paper._printable("e\u0302\u0301") == "ế"

    @pytest.mark.parametrize("text", ["\u202e", "\u200b", "\x00", "\x1b", "株", "😀", "\ud800"])
    def test_replaces_what_no_font_of_ours_has(self, text: str) -> None:
        assert paper._printable(f"a{text}b") == "a\N{REPLACEMENT CHARACTER}b"

    def test_cuts_what_no_cell_holds(self) -> None:
        assert paper._printable("x" * 40_000) == "x" * paper.LONGEST_TEXT + "…"


class TestPrintPdf:
    def test_gives_the_same_bytes_in_another_process(self) -> None:
        digests = {
            subprocess.run(
                [sys.executable, "-c", ONCE],
                check=True,
                capture_output=True,
                text=True,
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path), "TZ": zone},
            ).stdout
            for seed, zone in (("1", "UTC"), ("2", "America/New_York"))
        }

        assert len(digests) == 1

    def test_gives_the_same_bytes_from_several_threads(self) -> None:
        with ThreadPoolExecutor(4) as threads:
            pdfs = list(threads.map(lambda _: books.printed(books.book(1)), range(6)))

        assert len(set(pdfs)) == 1

    def test_leaves_the_collector_as_it_was(self) -> None:
        books.printed(books.book(1))
        assert gc.isenabled()

        gc.disable()
        try:
            books.printed(books.book(1))
            assert not gc.isenabled()
        finally:
            gc.enable()


class TestFolderOfFonts:
    def test_goes_with_the_process_that_made_it(self, tmp_path: Path) -> None:
        subprocess.run(
            [sys.executable, "-c", FORKING],
            check=True,
            env={"PYTHONPATH": ":".join(sys.path), "TMPDIR": str(tmp_path)},
        )

        assert list(tmp_path.iterdir()) == []


class TestFonts:
    def test_of_the_machine_are_never_used(self) -> None:
        pdf = books.printed(
            books.book(2, identity=books.identity(full_name="Nguyễn 株式 😀 Ω Я א"))
        )

        assert {name.split("-")[0] for name in reading.fonts(pdf)} <= {"BVP", "Signs"}
