"""Keeps counts from telling of single people: small cells are left out, and what would betray them.

A table is cells by key, one code per dimension, with the totals that are published along with it.
Left out are the cells of fewer than ``k`` people (but not of nobody), and as many others as it
takes that no cell left out can be recomputed. The proof is a second table: for each cell left out
there are other counts of the cells left out that fit every published one. They are found as the
method of hypercubes does: in each dimension one code is exchanged for another, and the corners
grow and shrink in turn, so that every sum stays what it was.

Rounding is against what this cannot see: the difference between two tables, of neighbouring areas
or of successive months. Between multiples of ``k`` no difference is smaller than ``k``.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

Key = tuple[str, ...]
Cells = Mapping[Key, int]
Shift = Mapping[str, int]
"""What happens to the codes of one dimension: one grows, another shrinks, each with its parents."""

TOTAL = "*"
"""Stands in a key for all of a dimension."""
FEWEST_K = 2


def with_totals(cells: Cells) -> dict[Key, int]:
    """Return cells that have no totals along with the totals over every dimension."""
    found: dict[Key, int] = {}
    for key, count in cells.items():
        for total in product(*((code, TOTAL) for code in key)):
            found[total] = found.get(total, 0) + count
    return found


def is_small(count: int, k: int) -> bool:
    """Say whether a count is of somebody, but of fewer than ``k``."""
    return 0 < count < k


def suppressed(
    cells: Cells, k: int, nested: Sequence[Mapping[str, str]] = ()
) -> dict[Key, int | None]:
    """Return the cells as they may be published: None for those to be left out.

    A cell that is not there counts nobody, and a total that is not there is not published. What has
    no known code needs a code for that, or the totals are more than what they are the total of.

    Args:
        cells: Counts by key; with the totals (`TOTAL`) that are published beside them.
        k: The fewest people whom a published cell may count.
        nested: For each dimension which code lies in which (communes in provinces); a code that it
            does not name lies right in the total.

    Raises:
        ValueError: ``k`` is so small that nothing would be left out.
    """
    if k < FEWEST_K:
        raise ValueError("a threshold under two leaves nothing out")
    table = _Table(cells, nested)
    hidden: set[Key] = set()
    smalls = sorted((count, key) for key, count in cells.items() if is_small(count, k))
    hidden.update(key for _, key in smalls)
    for _, key in smalls:
        hidden.update(table.corners(key, hidden, k))
    return {key: None if key in hidden else count for key, count in cells.items()}


def rounded(count: int | None, k: int) -> int | None:
    """Return a count as a multiple of ``k``, the nearest (half up); what is left out stays so."""
    return None if count is None else (2 * count + k) // (2 * k) * k


def told_apart(
    first: Mapping[Key, int | None], second: Mapping[Key, int | None], k: int
) -> list[Key]:
    """Return the keys of which two published tables together tell of fewer than ``k`` people.

    The two count the same of populations that differ little: of an area before and after a commune
    joined it, of two successive months. In order of key.
    """
    return sorted(
        key
        for key, count in first.items()
        if count is not None
        and (other := second.get(key)) is not None
        and is_small(abs(count - other), k)
    )


class _Table:
    """Cells, and how the codes of each dimension lie in one another."""

    def __init__(self, cells: Cells, nested: Sequence[Mapping[str, str]]) -> None:
        self.cells = cells
        width = len(next(iter(cells), ()))
        self.dimensions = [
            _Dimension(
                {key[place]: 0 for key in cells}, nested[place] if place < len(nested) else {}
            )
            for place in range(width)
        ]
        for key, count in cells.items():
            for code, dimension in zip(key, self.dimensions, strict=True):
                dimension.weights[code] += count

    def corners(self, key: Key, hidden: set[Key], k: int) -> set[Key]:
        """Return the cells that have to be left out, too, so that this one cannot be recomputed.

        Of all exchanges that leave the cell at least as many values as a small one can have, the
        one that leaves out the fewest cells more, and among those the fewest people.
        """
        ways = product(
            *(list(each.shifts(code)) for code, each in zip(key, self.dimensions, strict=True))
        )
        best: tuple[int, int, int] | None = None
        found: set[Key] = set()
        for number, way in enumerate(ways):
            signs = _corners_of(way)
            if self._room(signs) < max(1, k - 2):
                continue
            more = {each for each in signs if each in self.cells} - hidden
            cost = (len(more), sum(self.cells[each] for each in more), number)
            if best is None or cost < best:
                best, found = cost, more
            if not more:
                break
        return found

    def _room(self, signs: Mapping[Key, int]) -> float:
        """Return by how much the corners can move; nothing where one of them counts nobody."""
        up = down = float("inf")
        for key, sign in signs.items():
            is_total = any(
                each.is_above(code) for each, code in zip(self.dimensions, key, strict=True)
            )
            if key not in self.cells and is_total:
                continue
            count = self.cells.get(key, 0)
            if count < 1:
                return -1
            up = min(up, count - 1) if sign < 0 else up
            down = min(down, count - 1) if sign > 0 else down
        return up + down


class _Dimension:
    """The codes of one dimension, each with what it lies in and how many people it counts."""

    def __init__(self, weights: dict[str, int], parents: Mapping[str, str]) -> None:
        self.weights = weights
        self.parents = {each: parents.get(each, TOTAL) for each in sorted(weights) if each != TOTAL}
        self.children: dict[str, list[str]] = {}
        for code, parent in self.parents.items():
            self.children.setdefault(parent, []).append(code)

    def is_above(self, code: str) -> bool:
        """Say whether others lie in a code."""
        return code == TOTAL or code in self.children

    def shifts(self, code: str) -> Iterator[Shift]:
        """Return every way in which a code can grow while another shrinks, or the total grows."""
        grows = self._down(code)
        while code != TOTAL:
            parent = self.parents.get(code, TOTAL)
            for other in self.children.get(parent, []):
                if other != code:
                    yield dict.fromkeys(grows, 1) | dict.fromkeys(self._down(other), -1)
            code = parent
            grows = [*grows, code]
        yield dict.fromkeys(grows, 1)

    def _down(self, code: str) -> list[str]:
        """Return a code with the largest that lies in it, and so on down."""
        path = [code]
        while below := self.children.get(path[-1]):
            path.append(max(below, key=lambda each: (self.weights[each], each)))
        return path


def _corners_of(way: Sequence[Shift]) -> dict[Key, int]:
    """Return the cells that a shift in every dimension moves, each with its direction."""
    return {
        tuple(code for code, _ in corner): prod(sign for _, sign in corner)
        for corner in product(*(each.items() for each in way))
    }
