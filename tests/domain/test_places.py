from datetime import date

from labour_book import data
from labour_book.domain.places import REFORM, places

TODAY = date(2026, 11, 20)


class TestProvinces:
    def test_of_63_all_became_one_of_34(self) -> None:
        known = places()

        assert len(known.legacy_provinces) == 63
        assert len(known.provinces) == 34
        assert {new for _, new in known.legacy_provinces.values()} == set(known.provinces)

    def test_codes_changed_their_meaning(self) -> None:
        assert places().province_of_legacy("24") == ("Bắc Giang", "24")
        assert places().province_of_new("24") == "Tỉnh Bắc Ninh"
        assert places().province_of_legacy("70") == ("Bình Phước", "75")
        assert places().province_of_new("75") == "Thành phố Đồng Nai"


class TestCommuneName:
    def test_depends_on_the_day(self) -> None:
        assert places().commune_name("00097", TODAY) == "Phường Hồng Hà, Thành phố Hà Nội"
        assert (
            places().commune_name("00001", date(2025, 6, 30)) == "Phường Phúc Xá, Thành phố Hà Nội"
        )
        assert places().commune_name("00001", REFORM) is None

    def test_is_known_for_every_commune_of_today(self) -> None:
        assert all(places().commune_name(code, TODAY) for code in places().communes)
        assert len(places().communes) == 3321


class TestConvertLegacyCommune:
    def test_gives_the_new_commune(self) -> None:
        assert places().convert_legacy_commune("00001") == [("00097", True, "whole")]
        assert places().automatic_commune("00001") == "00097"

    def test_gives_nothing_for_an_unknown_code(self) -> None:
        assert places().convert_legacy_commune("99999") == []
        assert places().automatic_commune("99999") is None

    def test_never_chooses_for_a_split_commune(self) -> None:
        split = {
            row["old_ward_code"] for row in data.commune_conversions() if row["is_split"] == "1"
        }

        assert len(split) > 400
        assert not any(places().automatic_commune(code) for code in split if code)

    def test_never_uses_a_pair_the_official_table_does_not_have(self) -> None:
        doubtful = {
            (row["old_ward_code"], row["new_ward_code"])
            for row in data.commune_conversions()
            if "not_in_nso_table" in row["nso_merge"]
        }

        assert doubtful
        assert not any(places().automatic_commune(old) == new for old, new in doubtful)

    def test_leads_to_communes_that_exist(self) -> None:
        known = places()

        for old in known.conversions:
            assert all(new in known.communes for new, _, _ in known.convert_legacy_commune(old))


class TestCommunesNamed:
    def test_does_not_mind_tones_or_the_kind_of_unit(self) -> None:
        found = places().communes_named("phuong hong ha", "01")

        assert [commune.code for commune in found] == ["00097"]
        assert places().communes_named("Hồng Hà", "79") == []
