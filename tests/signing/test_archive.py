from io import BytesIO

import pytest

import signing
from signing import SigningError
from signing.archive import CHUNK, MAGIC, SALT_BYTES
from signing.sealing import TAG_BYTES

KEY = bytes(range(32))


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    target = BytesIO()
    signing.seal_file(BytesIO(content), target, key)
    return target.getvalue()


def opened(content: bytes, key: bytes = KEY) -> bytes:
    target = BytesIO()
    signing.open_file(BytesIO(content), target, key)
    return target.getvalue()


class TestArchive:
    @pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
    def test_gives_back_what_was_sealed(self, size: int) -> None:
        content = bytes(number % 251 for number in range(size))

        assert opened(sealed(content)) == content

    def test_shows_nothing_and_is_never_the_same(self) -> None:
        content = b"001090123456" * 100

        one, other = sealed(content), sealed(content)

        assert b"001090" not in one
        assert one != other

    @pytest.mark.parametrize("at", [0, len(MAGIC) + 3, len(MAGIC) + SALT_BYTES + 7, -1])
    def test_refuses_a_changed_byte(self, at: int) -> None:
        content = bytearray(sealed(b"x" * 100))
        content[at] ^= 1

        with pytest.raises(SigningError):
            opened(bytes(content))

    def test_refuses_another_key(self) -> None:
        with pytest.raises(SigningError):
            opened(sealed(b"x"), bytes(32))

    def test_refuses_chunks_cut_off_swapped_or_repeated(self) -> None:
        whole = sealed(bytes(3 * CHUNK))
        head = len(MAGIC) + SALT_BYTES
        step = CHUNK + TAG_BYTES
        chunks = [whole[head + n * step : head + (n + 1) * step] for n in range(3)]
        for order in ((0, 1), (1, 0, 2), (0, 1, 1, 2), (0, 2)):
            with pytest.raises(SigningError):
                opened(whole[:head] + b"".join(chunks[each] for each in order))
