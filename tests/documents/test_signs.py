"""The font of signs is drawn, not found: what is shipped is what the code draws."""

from labour_book.documents.paper import FONTS
from labour_book.documents.signs import SHIPPED, SIGNS, signs_font
from labour_book.documents.wording import LEVELS


class TestSignsFont:
    def test_is_what_is_shipped(self) -> None:
        assert SHIPPED.read_bytes() == signs_font()

    def test_has_every_sign_that_is_printed(self) -> None:
        drawn = {character for character, _, _ in SIGNS.values()}

        assert {level.sign for level in LEVELS.values()} <= drawn
        assert set("█▒░▏△\N{REPLACEMENT CHARACTER}") <= drawn


class TestFonts:
    def test_are_all_shipped_with_their_licence(self) -> None:
        folder = SHIPPED.parent

        assert {each.name for each in folder.glob("*.ttf")} == FONTS
        assert "SIL Open Font License" in (folder / "OFL.txt").read_text()
