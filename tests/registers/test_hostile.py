"""Whatever the bytes are: an answer row by row, or ``Invalid``, and nothing else."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labour_book.errors import Invalid
from labour_book.registers import KINDS, Parsed, check_file, looks_like
from labour_book.registers.form03_layout import MergedCells
from labour_book.registers.notes import Notes
from labour_book.registers.values import is_placeholder
from labour_book.registers.zip_guard import inspect

QUIET = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEWER = settings(QUIET, max_examples=QUIET.max_examples // 4)
"""A workbook takes longer than a line."""
TEXT_KINDS = ["population", "enterprises", "insurance", "contracts", "qualifications"]
edits = st.lists(
    st.tuples(st.integers(0, 4_000), st.integers(0, 20), st.binary(max_size=12)), max_size=6
)


def everything(path: Path, kind: str) -> list[Parsed]:
    """Check and read a file; what is anticipated is no failure."""
    looks_like(path)
    found: list[Parsed] = []
    anticipated: list[Invalid] = []
    try:
        check_file(path, kind)
    except Invalid as error:
        anticipated.append(error)
    try:
        found.extend(KINDS[kind].read(path))
    except Invalid as error:
        anticipated.append(error)
    assert all("cause" in error.facts for error in anticipated)
    return found


def mutated(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for at, drop, put in changes:
        content = content[:at] + put + content[at + drop :]
    return content


class TestAnyBytes:
    @pytest.mark.parametrize("kind", KINDS)
    @QUIET
    @given(content=st.binary(min_size=1, max_size=300))
    def test_are_refused(self, tmp_path: Path, kind: str, content: bytes) -> None:
        path = tmp_path / "x"
        path.write_bytes(content)

        assert all(each.row is None for each in everything(path, kind))

    @pytest.mark.parametrize("kind", TEXT_KINDS)
    @QUIET
    @given(changes=edits)
    def test_in_a_sample_never_raise_but_invalid(
        self, demo: Path, tmp_path: Path, kind: str, changes: list[tuple[int, int, bytes]]
    ) -> None:
        name = f"{kind}.jsonl" if kind == "contracts" else f"{kind}.csv"
        path = tmp_path / name
        path.write_bytes(mutated((demo / name).read_bytes()[:4_000], changes))

        for parsed in everything(path, kind):
            assert parsed.row is not None or parsed.findings

    @pytest.mark.parametrize("kind", TEXT_KINDS)
    @QUIET
    @given(text=st.text(max_size=40))
    def test_in_a_field_never_raise(self, demo: Path, tmp_path: Path, kind: str, text: str) -> None:
        name = f"{kind}.jsonl" if kind == "contracts" else f"{kind}.csv"
        lines = (demo / name).read_text(encoding="utf-8").splitlines()[:3]
        path = tmp_path / name
        changed = "\n".join([*lines[:2], lines[2].replace("0", text, 1), ""])
        path.write_bytes(changed.encode(errors="replace"))

        everything(path, kind)

    @FEWER
    @given(changes=st.lists(st.tuples(st.integers(0, 40_000), st.binary(max_size=8)), max_size=4))
    def test_in_a_workbook_never_raise_but_invalid(
        self, demo: Path, tmp_path: Path, changes: list[tuple[int, bytes]]
    ) -> None:
        content = (demo / "form03_26206.xlsx").read_bytes()
        path = tmp_path / "form03_26206.xlsx"
        path.write_bytes(mutated(content, [(at, len(put), put) for at, put in changes]))

        everything(path, "form03")

    @FEWER
    @given(changes=edits)
    def test_in_a_sheet_never_raise_but_invalid(
        self, demo: Path, tmp_path: Path, changes: list[tuple[int, int, bytes]]
    ) -> None:
        path = tmp_path / "form03_26206.xlsx"
        with (
            zipfile.ZipFile(demo / "form03_26206.xlsx") as old,
            zipfile.ZipFile(path, "w") as new,
        ):
            for name in old.namelist():
                content = old.read(name)
                is_sheet = name.endswith("sheet1.xml")
                new.writestr(name, mutated(content, changes) if is_sheet else content)

        everything(path, "form03")


class TestInspect:
    def test_finds_formulas_across_the_pieces_it_inflates(self, tmp_path: Path) -> None:
        cell = b'<c r="B%d"><f>A%d+1</f><v>1</v></c>'
        sheet = b"".join(cell % (row, row) for row in range(1, 60_001))
        relation = b'<Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
        path = tmp_path / "x.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("xl/workbook.xml", '<sheet name="a" r:id="r1"/>')
            archive.writestr("xl/_rels/workbook.xml.rels", relation)
            archive.writestr("xl/worksheets/sheet1.xml", sheet)

        (formulas,) = inspect(path).formulas

        assert len(formulas) == 60_000
        assert formulas["B60000"] == "A60000+1"


class TestMergedCells:
    def test_fills_downwards_only(self) -> None:
        merged = MergedCells([(1, 0, 3, 0), (1, 1, 1, 2)])

        rows = [merged.filled(y, list(row)) for y, row in enumerate(["ab", "cd", "  ", "", "ef"])]

        assert rows[1] == ["c", "d"]
        assert rows[3] == ["c"]
        assert rows[4] == ["e", "f"]


class TestPlaceholders:
    @pytest.mark.parametrize("name", ["Nguyễn Văn Mẫu", "Test", "aaa", "---", "TRẦN THỊ TEST 02"])
    def test_are_told_from_people(self, name: str) -> None:
        assert is_placeholder(name) is (name != "Nguyễn Văn Mẫu")

    @pytest.mark.parametrize("name", ["Ý", "Đỗ Ân", "H'Hen Niê", "Tô Tô"])
    def test_are_not_people_with_short_names(self, name: str) -> None:
        assert not is_placeholder(name)


def test_notes_refuse_only_by_refusing() -> None:
    notes = Notes()
    notes.note("FORMULA_TEXT", "name")
    assert not notes.refused
    notes.refuse("BAD_DATE", "day")
    assert notes.refused
