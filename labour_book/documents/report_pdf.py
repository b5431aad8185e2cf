"""A report on coverage on paper, with the header of a state document, tables and charts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from labour_book.documents import report_words as say
from labour_book.documents.charts import FONT, INK, Chart, Line, drawn
from labour_book.documents.paper import Enclosure, Sheet, print_pdf
from labour_book.documents.qr import qr_png
from labour_book.documents.report_words import ReportPaper
from labour_book.domain.coverage import Goal, target_line
from labour_book.domain.people import show_place_and_date

Values = dict[str, Any]
_WIDTH, _HEIGHT = 300, 130
_PRINTED_INK, _PRINTED_FONT = "#111", "BVP"
_HUNDRED = 100
_PARTS = ("numerator", "denominator")


def render_report_pdf(paper: ReportPaper) -> bytes:
    """Return a report as PDF/A-3b on A4, not yet sealed; the same input gives the same bytes."""
    body = paper.body
    return print_pdf(
        Sheet(
            name="report",
            title=f"Báo cáo {paper.number} - {paper.title}",
            author=body["unit"]["name"],
            issued_on=paper.issued_on,
            pictures={"qr": qr_png(paper.address)},
            enclosures={
                "coverage.json": Enclosure(
                    paper.data, "Số liệu của báo cáo (JSON)", "Data", "application/json"
                )
            },
            values={
                "paper": paper,
                "body": body,
                "place_and_date": show_place_and_date(body["dated_at"], paper.issued_on),
                "recipients": say.RECIPIENTS[body["kind"]],
                "rows": [_row(each, body) for each in body["indicators"]],
                "figures": list(_figures(body)),
                "below": [_below(each, body) for each in body["below"]],
                "heads": [
                    body["in_words"][each["indicator"]]["label_vi"] for each in body["indicators"]
                ],
                "paragraphs": [each for each in body["words"].split("\n") if each.strip()],
                "as_of": say.day(body["as_of"]),
                "known_at": say.day(body["round"]["known_at"][:10]),
                "foot": _foot(paper),
            },
        )
    )


def _row(entry: Mapping[str, Any], body: Mapping[str, Any]) -> Values:
    goal = say.next_goal(entry)
    words = body["in_words"][entry["indicator"]]
    return {
        "label": words["label_vi"],
        "words": words,
        "numerator": say.count(entry["numerator"]),
        "denominator": say.count(entry["denominator"]),
        "share": say.share(entry["share"]),
        "line": say.share(entry["line"]),
        "standing": say.standing(entry["ahead"]),
        "goal": "" if goal is None else f"{say.share(goal['share'])} ({goal['by'][:4]})",
        "goals": [
            f"{each['by'][:4]}: {say.share(each['share'])} ({each['source']};"
            f" {say.PROVENANCE[each['provenance']]})"
            for each in entry["goals"]
        ],
        "projected": say.projected(entry["projection"], by=None if goal is None else goal["by"]),
        "lacks": say.MEASURES.get(entry["lacks"] or "", ""),
        "chart": _chart(entry, words["label_vi"]),
        "has_trend": any(each["share"] is not None for each in entry["trend"]),
        "trend": [
            (
                say.day(each["as_of"]),
                *(say.count(each[name]) for name in _PARTS),
                say.share(each["share"]),
            )
            for each in entry["trend"]
        ],
    }


def _figures(body: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the supplied figures that the shares are made of, each once."""
    seen = set()
    for entry in body["indicators"]:
        for name in _PARTS:
            found = entry[f"{name}_from"]
            key = None if found is None else tuple(sorted(found.items()))
            if found is not None and key not in seen:
                seen.add(key)
                yield (
                    body["in_words"][entry["indicator"]]["label_vi"],
                    say.count(found["value"]),
                    say.figure(found),
                )


def _below(each: Mapping[str, Any], body: Mapping[str, Any]) -> Values:
    names = [one["indicator"] for one in body["indicators"]]
    return {"name": each["name"], "cells": [_cell(each["cells"][name]) for name in names]}


def _cell(cell: Mapping[str, Any]) -> str:
    if cell["hidden"]:
        return say.HIDDEN
    if cell["share"] is None:
        return say.count(cell["numerator"] or None)
    return f"{say.sign_of(cell['share'], cell['line'])}{say.share(cell['share'])}"


def _chart(entry: Mapping[str, Any], title: str) -> Markup | None:
    """Return the trend and the target line as SVG; nothing where there are no two shares."""
    known = [each for each in entry["trend"] if each["share"] is not None]
    if len(known) < len(("from", "to")):
        return None
    svg = drawn(Chart(title, "%", trend_lines(entry["trend"], entry["goals"])), _WIDTH, _HEIGHT)
    return Markup(svg.replace(INK, _PRINTED_INK).replace(FONT, _PRINTED_FONT))  # noqa: S704 - drawn here, its texts are escaped by the converter


def trend_lines(
    trend: Sequence[Mapping[str, Any]], goals: Sequence[Mapping[str, Any]]
) -> tuple[Line, ...]:
    """Return the shares over time, and beside them where the targets have them."""
    known = [each for each in trend if each["share"] is not None]
    ends = [Goal(say.day_of(each["by"]), each["share"], "", "") for each in goals]
    lines = [
        Line(
            "Thực hiện",
            tuple((say.day_of(each["as_of"]), each["share"] / _HUNDRED) for each in known),
        )
    ]
    should = [(day, target_line(ends, day)) for day in (say.day_of(e["as_of"]) for e in known)]
    drawn_line = tuple((day, at / _HUNDRED) for day, at in should if at is not None)
    if drawn_line:
        lines.append(Line("Đường chỉ tiêu", drawn_line))
    return tuple(lines)


def _foot(paper: ReportPaper) -> Values:
    return {
        "what": "Báo cáo lưu tại (cần quyền truy cập)",
        "what_en": "Kept at",
        "address": paper.address,
        "code": "",
        "facts": [
            ("Số", "No.", paper.number),
            ("Dữ liệu SHA-256", "Data", f"{paper.body_sha256[:16]}…"),
        ],
    }
