"""What the package promises: its names, its example, and one code per reason."""

import doctest
import subprocess
import sys

import pytest

import signing
from signing import Reason


class TestPublicNames:
    def test_are_all_there(self) -> None:
        for name in signing.__all__:
            assert getattr(signing, name) is not None

    def test_are_sorted(self) -> None:
        assert len(set(signing.__all__)) == len(signing.__all__)

    def test_do_not_include_what_is_not_there(self) -> None:
        with pytest.raises(AttributeError):
            signing.nothing  # noqa: B018 - the access is the test


class TestExample:
    def test_runs_as_written(self) -> None:
        results = doctest.testmod(signing)

        assert results.attempted > 5
        assert results.failed == 0


class TestReason:
    def test_is_its_own_code(self) -> None:
        assert all(reason.name == reason.value for reason in Reason)


class TestImport:
    def test_leaves_the_pdf_libraries_alone_until_they_are_needed(self) -> None:
        code = "import signing, sys; print('pyhanko' in sys.modules, 'pikepdf' in sys.modules)"

        printed = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True
        )

        assert printed.stdout.split() == ["False", "False"]
