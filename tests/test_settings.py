import base64
import stat
from pathlib import Path

import pytest

from labour_book.errors import Invalid, Unavailable
from labour_book.settings import Settings, open_installation, read_settings
from tests.conftest import NOW

KEY = base64.b64encode(bytes(32)).decode()
COMPLETE = {
    "LABOUR_BOOK_SEAL_KEY": KEY,
    "LABOUR_BOOK_INDEX_KEY": KEY,
    "LABOUR_BOOK_LOOKUP_KEY": KEY,
    "LABOUR_BOOK_PUBLIC_URL": "https://solaodong.example/",
}


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


class TestReadSettings:
    def test_accepts_a_complete_installation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(monkeypatch, **COMPLETE)

        settings = read_settings()

        assert settings.public_url == "https://solaodong.example"
        assert set(settings.secrets.values()) == {bytes(32)}

    @pytest.mark.parametrize("missing", sorted(COMPLETE))
    def test_names_what_is_missing(self, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
        given(monkeypatch, **{name: value for name, value in COMPLETE.items() if name != missing})

        with pytest.raises(Invalid, match=missing):
            read_settings()

    @pytest.mark.parametrize("bad", ["short", "====", base64.b64encode(bytes(31)).decode()])
    def test_refuses_a_secret_that_is_no_key_without_showing_it(
        self, monkeypatch: pytest.MonkeyPatch, bad: str
    ) -> None:
        given(monkeypatch, **(COMPLETE | {"LABOUR_BOOK_SEAL_KEY": bad}))

        with pytest.raises(Invalid) as refused:
            read_settings()

        assert "SEAL_KEY must be 32 bytes" in str(refused.value)
        assert bad not in str(refused.value)

    def test_explains_what_a_wrong_variable_is_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(monkeypatch, **(COMPLETE | {"LABOUR_BOOK_BOOK_LIFE_DAYS": "soon"}))

        with pytest.raises(Invalid, match=r"BOOK_LIFE_DAYS.*signed version expires"):
            read_settings()


class TestOpenInstallation:
    def test_says_how_to_make_the_schema_when_there_is_none(self, tmp_path: Path) -> None:
        with pytest.raises(Unavailable, match="labour-book init"):
            open_installation(Settings(demo=True, data_dir=tmp_path), now=NOW)

    def test_says_that_the_database_does_not_answer(self, tmp_path: Path) -> None:
        nowhere = Settings(
            demo=True, data_dir=tmp_path, database_url="sqlite:////no/such/folder/db"
        )

        with pytest.raises(Unavailable, match="does not answer"):
            open_installation(nowhere, now=NOW)


class TestDemoSecrets:
    def test_are_made_once_and_kept_for_the_owner_alone(self, tmp_path: Path) -> None:
        first = Settings(demo=True, data_dir=tmp_path).secrets

        again = Settings(demo=True, data_dir=tmp_path).secrets

        assert first == again
        assert len(set(first.values())) == 3
        assert stat.S_IMODE((tmp_path / "demo-secrets.json").stat().st_mode) == 0o600

    def test_show_in_no_representation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(monkeypatch, **COMPLETE)

        assert KEY not in repr(read_settings())
