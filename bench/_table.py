"""Write ``bench/README.md``: every figure against its peer or limit, with its goal.

    python bench/_table.py

Takes what ``results/`` holds into ``kept/``, which goes with the repository, and makes the tables
from ``kept/figures.json``, ``figures.csv`` (which figures there are, and their goals) and
``deploy/faults.csv`` (what breaks, what holds, which tests do it). A figure that was not measured
again keeps its value and its date.
"""

import csv
import json
import operator
import shutil
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEPT = HERE / "kept"
RESULTS = HERE / "results"
AS_THEY_ARE = ("growth.svg", "soak.svg", "growth-plans.json", "case-queue-plans.json")
"""Results that are kept whole."""
TESTS = {">=": operator.ge, "<=": operator.le}
Row = dict[str, str]
Found = dict[str, Any]


def main() -> None:
    KEPT.mkdir(exist_ok=True)
    for name in AS_THEY_ARE:
        if (RESULTS / name).exists():
            shutil.copyfile(RESULTS / name, KEPT / name)
    named = {row["path"] for row in rows_of(HERE / "figures.csv")} | {"growth"}
    before = {path: found for path, found in kept().items() if path in named}
    measured = before | measured_in(RESULTS)
    text = json.dumps(measured, indent=1, ensure_ascii=False)
    (KEPT / "figures.json").write_text(text + "\n", encoding="utf-8")
    (HERE / "README.md").write_text(page(kept()), encoding="utf-8")


def kept() -> dict[str, Found]:
    path = KEPT / "figures.json"
    found: dict[str, Found] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def measured_in(folder: Path) -> dict[str, Found]:
    """Return the figures that the results in a folder hold, by name."""
    found = {}
    for row in rows_of(HERE / "figures.csv"):
        result = read(folder / f"{row['result']}.json")
        if result is not None:
            found[row["path"]] = figure(row, result)
    growth = read(folder / "growth.json")
    return found if growth is None else found | {"growth": growth}


def read(path: Path) -> Found | None:
    """Return a result; None: there is none, or it does not say when and how it was found."""
    if not path.exists():
        return None
    result: Found = json.loads(path.read_text(encoding="utf-8"))
    if "run" not in result:
        print(f"{path.name} does not say when it was measured: measure again")
        return None
    return result


def figure(row: Row, result: Found) -> Found:
    """Return ours, the other and their ratio as one result tells them."""
    ours = value(result, row["ours"])
    found: Found = {"ours": ours, "run": result["run"]}
    if row["other"]:
        other = value(result, row["other"])
        found |= {"other": other, "ratio": ratio(row, result, ours / other)}
    return found


def ratio(row: Row, result: Found, quotient: float) -> float:
    """Return the median of the rounds' ratios where they were interleaved, else the quotient."""
    ways = result.get("ways", {})
    if row["other"] in ways and next(iter(ways)) == way(ways, row["ours"]):
        return float(ways[row["other"]].get("ours_to_this", quotient))
    return quotient


def way(ways: Iterable[str], wanted: str) -> str | None:
    """Return the first way of that name; ``*`` stands for a number in it that may change."""
    return next((name for name in ways if fnmatchcase(name, wanted)), None)


def value(result: Found, wanted: str) -> float:
    """Return a way's median, or what stands at a path ``a > b``; ``*`` adds up all below."""
    named = way(result.get("ways", {}), wanted)
    if named is not None:
        return float(result["ways"][named]["median"])
    return _at(result, wanted.split(" > "))


def _at(inner: Found | list[Found] | float, names: list[str]) -> float:
    for number, name in enumerate(names):
        if name == "*":
            parts = inner.values() if isinstance(inner, dict) else inner
            assert not isinstance(parts, (int, float)), names
            return sum(_at(each, names[number + 1 :]) for each in parts)
        if isinstance(inner, list):
            inner = inner[int(name)]
        elif isinstance(inner, dict):
            inner = inner[name]
    assert isinstance(inner, (int, float)), names
    return float(inner)


def rows_of(path: Path) -> list[Row]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def page(measured: Mapping[str, Found]) -> str:
    """Return the whole page."""
    every = rows_of(HERE / "figures.csv")
    rows = [row for row in every if row["path"] in measured]
    goals = [row for row in every if row["goal"]]
    met = sum(is_met(row, measured[row["path"]]) for row in rows if row["goal"])
    unknown = [row["path"] for row in every if row["path"] not in measured]
    intro = (
        "Made by `python bench/_table.py` from the results; not written by hand. Each bench runs"
        " ours, its peer and its limit in turn in one run: read the *ratio*, the machine was busy."
        " *limit*: the least that any way would cost; *peer*: another way of doing the same."
        " Rates are per second of CPU time of one core, unless it says otherwise."
    )
    parts = [
        "# What was measured",
        "",
        intro,
        "",
        f"**{met} of {len(goals)} goals met.**",
        *(f"Not measured yet: {path}." for path in unknown),
        "",
        *figures_table(rows, measured),
        "",
        *reasons(rows, measured),
        *growth_table(measured["growth"]),
        "",
        *trust_table(rows_of(HERE.parent / "deploy" / "faults.csv")),
        "",
        *machines(measured[row["path"]] for row in rows),
    ]
    return "\n".join(parts) + "\n"


def figures_table(rows: list[Row], measured: Mapping[str, Found]) -> list[str]:
    lines = [
        "## Speed and size",
        "",
        "| figure | ours | peer or limit | ours / that | goal | | date, load | command |",
        "|---|---:|---|---:|---|---|---|---|",
    ]
    for row in rows:
        found = measured[row["path"]]
        run, unit = found["run"], row["unit"]
        other = f"{row['against']} {told(found.get('other', 0), unit)} ({shown(row['other'])})"
        goal = f"{row['goal']}{' x' if row['compared'] == 'ratio' else f' {unit}'}".strip()
        cells = (
            row["path"],
            told(found["ours"], unit),
            other if "other" in found else "",
            f"{found['ratio']:.3f}" if "ratio" in found else "",
            goal if row["goal"] else "",
            ("met" if is_met(row, found) else "**missed**") if row["goal"] else "",
            ", ".join(str(each) for each in (run["date"], run["load"]) if each is not None),
            f"`{run['command']}`",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def reasons(rows: list[Row], measured: Mapping[str, Found]) -> list[str]:
    """Say why goals are missed, where it is known."""
    known = [row for row in rows if row["goal"] and row["because"]]
    missed = [row for row in known if not is_met(row, measured[row["path"]])]
    lines = [f"- *{row['path']}*: {row['because']}" for row in missed]
    return ["Why goals are missed:", "", *lines, ""] if lines else []


def is_met(row: Row, found: Found) -> bool:
    sign, bound = row["goal"].split()
    return bool(TESTS[sign](found[row["compared"]], float(bound)))


def told(number: float, unit: str) -> str:
    """Word a number with its unit, no more exactly than it was measured."""
    text = f"{number:,.0f}" if number >= 100 else f"{number:,.4g}"
    return f"{text} {unit}".strip() if not unit.startswith("/") else text + unit


def shown(way: str) -> str:
    """Return the name of a way, or the last words of a path."""
    names = way.split(" > ")
    return names[names.index("parts") - 1] if "parts" in names else names[-1]


def growth_table(growth: Found) -> list[str]:
    """Tell what each hot path touches as the number of people grows."""
    paths = growth["paths"]
    sizes = list(next(iter(paths.values())))
    intro = (
        "Pages of PostgreSQL that one call touches (and its milliseconds), by people on file;"
        " plans in [growth-plans.json](kept/growth-plans.json)."
        f" {growth['run']['date']}, `{growth['run']['command']}`."
    )
    lines = [
        "## Growth",
        "",
        intro,
        "",
        f"| path | {' | '.join(f'{int(size):,}' for size in sizes)} |",
        "|---|" + "---:|" * len(sizes),
    ]
    for path, of in paths.items():
        cells = [f"{of[size]['pages']:,} ({of[size]['ms']:.2f})" for size in sizes]
        lines.append(f"| {path} | {' | '.join(cells)} |")
    drawn = [f"![{name}](kept/{name}.svg)" for name in ("growth", "soak")]
    return [*lines, "", *(each for each in drawn if (HERE / each.split("(")[1][:-1]).exists())]


def trust_table(rows: list[Row]) -> list[str]:
    """Tell what breaks, what holds, and how many tests really do it, from ``faults.csv``."""
    columns = [name for name in rows[0] if name not in {"kind", "tests"}]
    intro = (
        "What the tests really do, from [faults.csv](../deploy/faults.csv), which names them."
        " `make test` does a few of each, `make faults` and `make fuzz` all;"
        " `labour-book prove` shows on an installation what can be shown there."
    )
    lines = [
        "## Trust",
        "",
        intro,
        "",
        f"| {' | '.join(columns)} | files of tests |",
        "|---|" + "---|" * len(columns),
    ]
    for row in rows:
        cells = [(row[name] or "").replace("|", "\\|") for name in columns]
        lines.append(f"| {' | '.join(cells)} | {len(row['tests'].split())} |")
    return lines


def machines(found: Iterable[Found]) -> list[str]:
    """Name the machines of the runs, each once."""
    told = sorted(
        {
            f"- {run['processor']}, {run['cores']} cores, {run['memory_gib']} GiB,"
            f" Python {run['python']}"
            for run in (each["run"] for each in found)
        }
    )
    return ["## Machines", "", *told]


if __name__ == "__main__":
    main()
