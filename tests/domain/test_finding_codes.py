import pytest

from labour_book import data
from labour_book.domain.finding_codes import find_occupations, find_places
from labour_book.domain.places import places

HONG_HA = "Phường Hồng Hà, Thành phố Hà Nội"


class TestFindPlaces:
    @pytest.mark.parametrize(
        "typed", ["hong ha", "HỒNG HÀ", "Phường Hồng Hà", "p. hồng hà, tp hn", "hong ha ha noi"]
    )
    def test_finds_a_commune_however_it_is_written(self, typed: str) -> None:
        first = find_places(typed, 5)[0]

        assert (first.code, first.name, first.formerly) == ("00097", HONG_HA, "")

    def test_finds_what_took_over_a_commune_of_before_the_reform(self) -> None:
        (found,) = find_places("bến nghé tphcm", 5)

        assert (found.code, found.name) == ("26740", "Phường Sài Gòn, Thành phố Hồ Chí Minh")
        assert found.formerly == "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"

    def test_gives_each_commune_once_and_no_more_than_asked_for(self) -> None:
        found = find_places("ho", 7)

        assert len({each.code for each in found}) == len(found) == 7
        assert {each.code for each in found} <= places().communes.keys()

    def test_finds_a_commune_by_its_code(self) -> None:
        assert [each.name for each in find_places(" 00097 ", 5)] == [HONG_HA]

    @pytest.mark.parametrize("typed", ["", " , ", "khong co ten nay"])
    def test_finds_nothing_where_there_is_nothing(self, typed: str) -> None:
        assert find_places(typed, 5) == []


class TestFindOccupations:
    def test_takes_tones_as_they_are_typed(self) -> None:
        assert find_occupations("may", 3)[0].code == "75"  # sewing
        assert find_occupations("máy", 3)[0].code == "8"  # machines

    def test_tells_the_group(self) -> None:
        (found,) = find_occupations("lai xe", 5)

        assert found.group == "Thợ lắp ráp và vận hành máy móc, thiết bị"

    def test_goes_on_with_some_of_the_words_where_nothing_has_all(self) -> None:
        assert "72" in {each.code for each in find_occupations("thợ rèn", 60)}
        assert find_occupations("kế toán", 5) == []

    def test_returns_the_list_in_its_order_for_nothing_typed(self) -> None:
        assert [each.code for each in find_occupations("", 100)] == list(data.occupations())

    def test_finds_an_occupation_by_its_code(self) -> None:
        assert [each.code for each in find_occupations("83", 5)] == ["83"]
