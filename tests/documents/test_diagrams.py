import re

from labour_book.documents import Bar, Tile, bars, pyramid, tiles


def words(svg: str) -> list[str]:
    return re.findall(r">([^<>]+)</text>", svg)


class TestPyramid:
    def test_reads_without_colour_and_says_what_is_left_out(self) -> None:
        svg = pyramid("Tuổi", ("Nữ", "Nam"), (Bar("15-19", 1200, None), Bar("20-24", 30, 7)))

        assert 'aria-label="Tuổi"' in svg
        assert {"15-19", "20-24", "1\N{NO-BREAK SPACE}200", "–", "7"} <= set(words(svg))
        assert "■ Nữ — □ Nam" in " ".join(" ".join(words(svg)).split())
        assert set(re.findall(r'fill-opacity="([^"]+)"', svg)) >= {"0", "0.6"}
        assert not re.findall(r"(?:fill|stroke)=\"(?!currentColor|none|transparent)[^\"]+\"", svg)


class TestBars:
    def test_keep_their_order(self) -> None:
        svg = bars("Ngành", (Bar("Xây dựng", 3), Bar("An ninh", 9)))

        said = words(svg)
        assert said.index("Xây dựng") < said.index("An ninh")


class TestTiles:
    def test_say_the_names_of_rows_and_columns_of_a_matrix(self) -> None:
        svg = tiles("Nơi đi", (Tile("", 0, 1, 61),), ("Khu 'A'",), ("Khu B", "Khu C"))

        assert {"Khu 'A'", "Khu C", "61"} <= set(words(svg))

    def test_say_their_own_name_on_a_map(self) -> None:
        assert {"Huế", "–"} <= set(words(tiles("Tỉnh", (Tile("Huế", 8, 2, None),))))
