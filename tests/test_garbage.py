"""Commands look for garbage in cycles as seldom as bulk work bears it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from labour_book.cli import main
from labour_book.garbage import NEW_CONTAINERS


@pytest.fixture(autouse=True)
def as_python_does() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


class TestLookSeldom:
    def test_is_what_commands_do_with_an_installation(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LABOUR_BOOK_DEMO", "true")
        monkeypatch.setenv("LABOUR_BOOK_DATA_DIR", str(tmp_path))
        for words in (("init",), ("jobs", "list")):
            monkeypatch.setattr("sys.argv", ["labour-book", *words])
            with pytest.raises(SystemExit):
                raise SystemExit(main())

        assert gc.get_threshold() == (NEW_CONTAINERS, 10, 10)
