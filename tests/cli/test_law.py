"""The law on the command line."""

import pytest

from labour_book.cli import main


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *given: str) -> str:
    monkeypatch.setattr("sys.argv", ["labour-book", "law", *given])
    with pytest.raises(SystemExit):
        raise SystemExit(main())
    printed = capsys.readouterr()
    return printed.out + printed.err


def test_tells_how_a_rule_came_to_its_result(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = run(monkeypatch, capsys, "retirement", "sex=M", "birth=1965-05-15", "--english")

    assert "= Day of retirement: 30/11/2026" in said
    assert "(ND 135/2020, art. 4; since 01/01/2021; checked against the official text)" in (
        " ".join(said.split())
    )


def test_names_what_is_written_wrongly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "month: a month, YYYY-MM" in run(
        monkeypatch, capsys, "contributions", "payer=employee", "wage=1", "region=I"
    )
