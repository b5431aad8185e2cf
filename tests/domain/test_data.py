import pytest

from labour_book import data


class TestCodeLists:
    def test_say_whether_somebody_has_seen_their_days(self) -> None:
        lists = {row["list"]: row for row in data.rows("code_lists")}

        assert {row["dates"] for row in lists.values()} == {"seen", "unverified"}
        assert lists["wards_2026-07-25"]["dates"] == "seen"
        assert lists["vsic2018_l1_l2"]["valid_to"] == "2025-11-14"  # QĐ 36/2025 follows it

    def test_are_whole(self) -> None:
        assert len(data.provinces()) == 34
        assert len(data.legacy_provinces()) == 63
        assert len(data.communes()) == 3321
        assert len(data.legacy_districts()) == 696
        assert len(data.commune_conversions()) == 10606
        assert len(data.termination_reasons()) == 13
        assert data.ethnic_groups()["01"]["name"] == "Kinh"
        assert data.occupations()["75"]["level"] == "2"
        assert data.industries()["10"]
        assert len(data.form03_fields()) == 32

    def test_have_values_in_their_order(self) -> None:
        orders = [int(row["order"]) for row in data.form03_codes("employment_position")]

        assert orders == sorted(orders) == list(range(1, len(orders) + 1))
        assert data.form03_codes("no such list") == ()

    def test_are_read_once(self) -> None:
        assert data.rows("provinces_34") is data.rows("provinces_34")

    def test_are_missed_loudly(self) -> None:
        with pytest.raises(FileNotFoundError):
            data.rows("no_such_list")
