from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from labour_book.services import numbering

KEY = b"k" * 32


class TestStatusIndex:
    @given(st.integers(1, 600), st.integers(1, 5))
    def test_is_a_permutation_of_the_list(self, capacity: int, list_id: int) -> None:
        indices = {
            numbering.status_index(KEY, list_id, ordinal, capacity=capacity)
            for ordinal in range(capacity)
        }

        assert indices == set(range(capacity))

    def test_is_another_one_for_each_list_and_key(self) -> None:
        orders = {
            tuple(numbering.status_index(key, list_id, n, capacity=1 << 20) for n in range(8))
            for key in (KEY, b"q" * 32)
            for list_id in (1, 2)
        }

        assert len(orders) == 4

    def test_spreads_neighbours(self) -> None:
        indices = [numbering.status_index(KEY, 1, n, capacity=1 << 20) for n in range(1_000)]
        near = sum(abs(a - b) < 1_000 for a, b in pairwise(indices))

        assert near < 20


class TestReadCode:
    @given(st.uuids())
    def test_reads_what_was_printed(self, version_id: UUID) -> None:
        code = numbering.lookup_code(KEY, version_id)

        assert len(code) == numbering.CODE_DIGITS
        assert numbering.read_code(numbering.grouped(code)) == code
        assert numbering.read_code(code.lower()) == code

    @given(st.text())
    def test_reads_nothing_else(self, text: str) -> None:
        read = numbering.read_code(text)

        assert read is None or len(read) == numbering.CODE_DIGITS


class TestNewBookNo:
    def test_is_random_and_grouped(self) -> None:
        assert numbering.new_book_no(bytes) == "SLD-0000-0000-0000"
        assert numbering.new_book_no(lambda n: b"\xff" * n) == "SLD-ZZZZ-ZZZZ-ZZZZ"
