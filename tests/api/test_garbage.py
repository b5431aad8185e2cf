"""Every process of ours looks for garbage in cycles as seldom as bulk work bears it."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from labour_book.cli import main
from labour_book.garbage import NEW_VALUES
from tests.api.conftest import Office, built


@pytest.fixture(autouse=True)
def as_python_does() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


class TestLookSeldom:
    def test_commands_begin_with_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.argv", ["labour-book", "settings"])

        with pytest.raises(SystemExit):
            main()

        assert gc.get_threshold() == (NEW_VALUES, 10, 10)

    def test_the_service_begins_with_it(self, small_office: Office, tmp_path: Path) -> None:
        with TestClient(built(small_office, tmp_path)):
            assert gc.get_threshold() == (NEW_VALUES, 10, 10)
