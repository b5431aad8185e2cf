import base64
import stat
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

import migrations
from labour_book.cli.installing import prepare
from labour_book.domain.limits import SharingLimits
from labour_book.domain.share_states import Bounds
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


class TestOptionalSettings:
    def test_set_limits_and_bounds_of_sharing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(
            monkeypatch,
            **COMPLETE,
            LABOUR_BOOK_SHARE_MISSES_PER_MINUTE="5",
            LABOUR_BOOK_LIVE_CODE_SECONDS="60",
            LABOUR_BOOK_SHARE_MOST_DAYS="30",
        )

        settings = read_settings()

        assert (settings.sharing_limits.misses.most, settings.sharing_limits.misses.seconds) == (
            5,
            60,
        )
        assert settings.sharing_limits.live_code_seconds == 60
        assert settings.share_bounds == Bounds(7, 30, 10, 100)

    def test_are_those_of_the_subject_by_default(self) -> None:
        settings = Settings(demo=True)

        assert settings.sharing_limits == SharingLimits()
        assert settings.share_bounds == Bounds()

    @pytest.mark.parametrize(
        ("wrong", "named"),
        [
            ({"LIVE_CODE_SECONDS": "59"}, "LIVE_CODE_SECONDS"),
            ({"LIVE_CODE_SECONDS": "121"}, "LIVE_CODE_SECONDS"),
            ({"SHARE_MOST_DAYS": "91"}, "SHARE_MOST_DAYS"),
            ({"SHARE_MOST_DAYS": "5"}, "SHARE_DEFAULT_DAYS"),
            ({"SHARE_MOST_VIEWS": "5"}, "SHARE_DEFAULT_VIEWS"),
            ({"SHARE_MISSES_PER_MINUTE": "0"}, "SHARE_MISSES_PER_MINUTE"),
            ({"TRUSTED_PROXIES": "*"}, "TRUSTED_PROXIES"),
            ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "TRUSTED_PROXIES"),
            ({"TRUSTED_PROXIES": "proxy"}, "TRUSTED_PROXIES"),
            ({"TSA_URL": "ftp://a"}, "TSA_URL"),
            ({"TSA_URL": "https://tsa.example"}, "TSA_ROOTS"),
            ({"VALIDATION_DIR": "."}, "TSA_URL"),
            ({"TSA_TIMEOUT_SECONDS": "0"}, "TSA_TIMEOUT_SECONDS"),
            ({"HSM_TOKEN": "a"}, "HSM_MODULE"),
            ({"HSM_MODULE": "a.so", "HSM_TOKEN": "a", "HSM_PIN": ""}, "HSM_PIN"),
        ],
    )
    def test_are_checked_at_the_start(
        self, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], named: str
    ) -> None:
        given(monkeypatch, **COMPLETE)
        given(monkeypatch, **{f"LABOUR_BOOK_{name}": value for name, value in wrong.items()})

        with pytest.raises(Invalid, match=f"LABOUR_BOOK_{named}"):
            read_settings()

    def test_trust_proxies_by_address_or_network(self) -> None:
        settings = Settings(demo=True, trusted_proxies="10.0.0.5, 10.1.0.0/16")

        assert settings.trusted_proxies == "10.0.0.5/32,10.1.0.0/16"

    def test_show_no_pin(self) -> None:
        settings = Settings(
            demo=True,
            hsm_module=Path("a.so"),
            hsm_token="a",  # noqa: S106 - its label, not a secret
            hsm_pin=SecretStr("271828"),
        )

        assert "271828" not in repr(settings)


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

    def test_goes_back_to_the_release_before_only_when_told_to(
        self, sqlite_engine: sa.Engine, tmp_path: Path
    ) -> None:
        """The schema is one of a release that this one does not know."""
        url = sqlite_engine.url.render_as_string(hide_password=False)
        given = {"demo": True, "data_dir": tmp_path, "database_url": url}
        with sqlite_engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9000'")

        with pytest.raises(Unavailable, match="labour-book init"):
            open_installation(Settings(**given), now=NOW)  # type: ignore[arg-type]  # by name
        prepare(Settings(newer_schema=True, **given))  # type: ignore[arg-type]  # by name
        opened = open_installation(Settings(newer_schema=True, **given), now=NOW)  # type: ignore[arg-type]  # by name

        opened.close()
        assert not migrations.is_current(sqlite_engine)


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


PROVIDER = {
    "LABOUR_BOOK_OIDC_ISSUER": "https://id.example.vn",
    "LABOUR_BOOK_OIDC_CLIENT_ID": "so-lao-dong",
    "LABOUR_BOOK_OIDC_CLIENT_SECRET": "not to be shown",
}


class TestSignInSettings:
    def test_name_a_provider(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(monkeypatch, **COMPLETE, **PROVIDER)

        settings = read_settings()

        assert settings.oidc_issuer == "https://id.example.vn"
        assert "not to be shown" not in repr(settings)

    def test_name_none_unless_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(monkeypatch, **COMPLETE)

        assert read_settings().oidc_issuer == ""

    @pytest.mark.parametrize("missing", ["CLIENT_ID", "CLIENT_SECRET"])
    def test_need_id_and_secret(self, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
        variables = PROVIDER | {f"LABOUR_BOOK_OIDC_{missing}": ""}
        given(monkeypatch, **COMPLETE, **variables)

        with pytest.raises(Invalid, match=missing):
            read_settings()

    @pytest.mark.parametrize("issuer", ["http://id.example.vn", "id.example.vn", "ftp://x"])
    def test_refuse_a_provider_that_others_can_listen_to(
        self, monkeypatch: pytest.MonkeyPatch, issuer: str
    ) -> None:
        given(monkeypatch, **COMPLETE, **(PROVIDER | {"LABOUR_BOOK_OIDC_ISSUER": issuer}))

        with pytest.raises(Invalid, match="https://"):
            read_settings()

    @pytest.mark.parametrize("algorithm", ["none", "HS256", "es256"])
    def test_refuse_weak_signatures(self, monkeypatch: pytest.MonkeyPatch, algorithm: str) -> None:
        given(monkeypatch, **COMPLETE, LABOUR_BOOK_OIDC_ALGORITHM=algorithm)

        with pytest.raises(Invalid, match="OIDC_ALGORITHM"):
            read_settings()

    def test_set_how_long_sessions_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(
            monkeypatch,
            **COMPLETE,
            LABOUR_BOOK_SESSION_HOURS="8",
            LABOUR_BOOK_SESSION_IDLE_MINUTES="15",
        )

        limits = read_settings().session_limits

        assert (limits.hours, limits.idle_minutes) == (8, 15)


REGISTERS = {
    "LABOUR_BOOK_REGISTER_POPULATION_URL": "https://dancu.example.vn",
    "LABOUR_BOOK_REGISTER_SECRET": KEY,
}


class TestRegisterSettings:
    def test_name_the_registers_that_are_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(monkeypatch, **COMPLETE, **REGISTERS)

        settings = read_settings()

        assert settings.register_addresses == {"population": "https://dancu.example.vn"}
        assert KEY not in repr(settings)

    def test_name_none_unless_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(monkeypatch, **COMPLETE)

        assert read_settings().register_addresses == {}

    @pytest.mark.parametrize(
        ("variable", "value", "said"),
        [
            ("LABOUR_BOOK_REGISTER_SECRET", "short", "REGISTER_SECRET"),
            ("LABOUR_BOOK_REGISTER_POPULATION_URL", "http://dancu.example.vn", "https://"),
            ("LABOUR_BOOK_REGISTER_POPULATION_URL", "dancu.example.vn", "https://"),
            ("LABOUR_BOOK_REGISTER_OWN_ORG", "so lao dong", "REGISTER_OWN_ORG"),
            ("LABOUR_BOOK_REGISTER_TIMEOUT_SECONDS", "0", "REGISTER_TIMEOUT"),
        ],
    )
    def test_refuse_what_cannot_be(
        self, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
    ) -> None:
        given(monkeypatch, **COMPLETE, **(REGISTERS | {variable: value}))

        with pytest.raises(Invalid, match=said):
            read_settings()

    def test_need_the_secret_that_messages_are_signed_with(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address = "LABOUR_BOOK_REGISTER_POPULATION_URL"
        given(monkeypatch, **COMPLETE, **{address: REGISTERS[address]})

        with pytest.raises(Invalid, match="REGISTER_SECRET"):
            read_settings()


MAIL = {
    "LABOUR_BOOK_MAIL_HOST": "smtp.example.vn",
    "LABOUR_BOOK_MAIL_SENDER": "Sổ lao động <khong-tra-loi@example.vn>",
    "LABOUR_BOOK_MAIL_USER": "so-lao-dong",
    "LABOUR_BOOK_MAIL_PASSWORD": "not to be shown",
}


class TestMailSettings:
    def test_name_a_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given(monkeypatch, **COMPLETE, **MAIL)

        settings = read_settings()

        assert (settings.mail_host, settings.mail_security) == ("smtp.example.vn", "starttls")
        assert "not to be shown" not in repr(settings)

    @pytest.mark.parametrize(
        ("variable", "value", "said"),
        [
            ("LABOUR_BOOK_MAIL_SENDER", "", "MAIL_SENDER"),
            ("LABOUR_BOOK_MAIL_USER", "", "MAIL_PASSWORD"),
            ("LABOUR_BOOK_MAIL_SECURITY", "none", "starttls or tls"),
            ("LABOUR_BOOK_MAIL_SECURITY", "ssl", "MAIL_SECURITY"),
            ("LABOUR_BOOK_MAIL_ROOTS", "/no/such/file.pem", "MAIL_ROOTS"),
        ],
    )
    def test_refuse_what_cannot_be(
        self, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
    ) -> None:
        given(monkeypatch, **COMPLETE, **(MAIL | {variable: value}))

        with pytest.raises(Invalid, match=said):
            read_settings()

    def test_let_mail_go_unencrypted_on_the_machine_itself(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = {"LABOUR_BOOK_MAIL_HOST": "127.0.0.1", "LABOUR_BOOK_MAIL_SECURITY": "none"}
        given(monkeypatch, **COMPLETE, **(MAIL | here))

        assert read_settings().mail_security == "none"
