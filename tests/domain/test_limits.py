import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.limits import UNKNOWN_PLACE, counted_as, roughly


class TestRoughly:
    @pytest.mark.parametrize(
        ("address", "shown"),
        [
            ("203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
            ("fe80::1%eth0", "fe80::/48"),
            (None, UNKNOWN_PLACE),
            ("", UNKNOWN_PLACE),
            ("example.com", UNKNOWN_PLACE),
            ("203.0.113.77:8080", UNKNOWN_PLACE),
        ],
    )
    def test_shows_a_network(self, address: str | None, shown: str) -> None:
        assert roughly(address) == shown

    @given(st.ip_addresses())
    def test_never_shows_the_address(self, address: object) -> None:
        assert roughly(str(address)).split("/")[0] != str(address) or str(address).endswith(
            (".0", "::")
        )

    @given(st.text(max_size=40))
    def test_reads_anything(self, text: str) -> None:
        assert len(roughly(text)) <= 60


class TestCountedAs:
    def test_counts_a_household_once(self) -> None:
        assert counted_as("2001:db8:1:2::1") == counted_as("2001:db8:1:2:ffff::9")
        assert counted_as("2001:db8:1:2::1") != counted_as("2001:db8:1:3::1")
        assert counted_as("203.0.113.77") != counted_as("203.0.113.78")
        assert counted_as("203.0.113.77") == counted_as("::ffff:203.0.113.77")
