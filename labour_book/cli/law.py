"""The law as the product knows it: which rules, and how one comes to its result."""

from typing import Annotated

import typer

from labour_book.cli.edge import OUT
from labour_book.domain.display import show_date
from labour_book.domain.findings import Language
from labour_book.errors import Invalid
from labour_book.law.working_days import calendar_with
from labour_book.services.law_rules import RULES, Explained, Line, explained, rule, word


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("law")(law)


def law(
    name: Annotated[str, typer.Argument(help="of the rule; without one they are listed")] = "",
    given: Annotated[
        list[str] | None, typer.Argument(help="name=value ...; without them an example")
    ] = None,
    *,
    english: Annotated[bool, typer.Option("--english", help="tell it in English")] = False,
) -> None:
    """Follow a rule of the law: which numbers of which article it takes, step by step."""
    if not name:
        for each in RULES:
            OUT.print(f"{each:<16}{word(f'rule.{each}', 'vi')} / {word(f'rule.{each}', 'en')}")
        return
    wanted = rule(name)
    usual = {each.name: each.usual for each in wanted.inputs}
    inputs = read_given(given or []) if given else usual
    language: Language = "en" if english else "vi"
    _show(explained(name, inputs, calendar_with(None), language), inputs, language)


def read_given(given: list[str]) -> dict[str, str]:
    """Return inputs that are written name=value.

    Raises:
        Invalid: one is not.
    """
    pairs = [each.partition("=") for each in given]
    if not all(equals for _, equals, _ in pairs):
        raise Invalid("inputs are written name=value")
    return {name: value for name, _, value in pairs}


def _show(found: Explained, given: dict[str, str], language: Language) -> None:
    for name, value in given.items():
        OUT.print(f"{word(f'input.{name}', language)}: {value}", markup=False)
    for line in found.steps:
        where = f"  ({_where(line, language)})" if line.source else ""
        OUT.print(f"{'  ' * (line.depth + 1)}{line.label}: {line.value}{where}", markup=False)
    for line in found.results:
        OUT.print(f"= {line.label}: {line.value}", style="bold", markup=False)
    if found.unknown:
        OUT.print(f"{_UNKNOWN[language]}: {found.unknown}", style="yellow", markup=False)


def _where(line: Line, language: Language) -> str:
    told = [line.source]
    if line.since is not None:
        told.append(f"{_SINCE[language]} {show_date(line.since)}")
    if line.provenance:
        told.append(word(f"provenance.{line.provenance}", language))
    return "; ".join(told)


_SINCE: dict[Language, str] = {"vi": "từ", "en": "since"}
_UNKNOWN: dict[Language, str] = {
    "vi": "Hệ thống chưa có quy định của thời điểm này",
    "en": "The law of that time is not modelled",
}
