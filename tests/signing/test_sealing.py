import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing import BlindIndex, Sealer, SigningError, derive_key

KEY, OTHER = bytes(32), bytes(range(32))
ROW = b"person/personal_id/1"
PLAIN = b"001090012345"


class TestSealer:
    @given(st.binary(), st.binary())
    def test_opens_what_it_sealed_for_the_same_row(self, plain: bytes, row: bytes) -> None:
        sealer = Sealer(KEY)

        assert sealer.open(sealer.seal(plain, bound_to=row), bound_to=row) == plain

    def test_never_seals_twice_alike(self) -> None:
        sealer = Sealer(KEY)

        sealed = {sealer.seal(PLAIN, bound_to=ROW) for _ in range(100)}

        assert len(sealed) == 100
        assert all(PLAIN not in each for each in sealed)

    def test_does_not_open_for_another_row(self) -> None:
        sealed = Sealer(KEY).seal(PLAIN, bound_to=ROW)

        with pytest.raises(SigningError):
            Sealer(KEY).open(sealed, bound_to=b"person/personal_id/2")

    def test_does_not_open_under_another_key(self) -> None:
        sealed = Sealer(KEY).seal(PLAIN, bound_to=ROW)

        with pytest.raises(SigningError):
            Sealer(OTHER).open(sealed, bound_to=ROW)

    def test_does_not_open_when_any_byte_changed_or_is_missing(self) -> None:
        sealer = Sealer(KEY)
        sealed = sealer.seal(PLAIN, bound_to=ROW)

        broken = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(41)]
        broken += [sealed[:length] for length in range(len(sealed))]

        for each in broken:
            with pytest.raises(SigningError):
                sealer.open(each, bound_to=ROW)

    def test_opens_what_a_retired_key_sealed_and_says_so(self) -> None:
        old = Sealer(KEY, version=1).seal(PLAIN, bound_to=ROW)
        rotated = Sealer(OTHER, version=2, retired={1: KEY})

        assert rotated.open(old, bound_to=ROW) == PLAIN
        assert not rotated.is_current(old)
        assert rotated.is_current(rotated.seal(PLAIN, bound_to=ROW))

    def test_does_not_open_a_version_passed_off_as_another(self) -> None:
        sealed = Sealer(KEY, version=1).seal(PLAIN, bound_to=ROW)

        with pytest.raises(SigningError):
            Sealer(KEY, version=2).open(b"\x02" + sealed[1:], bound_to=ROW)

    def test_refuses_keys_and_versions_that_cannot_be(self) -> None:
        for wrong in (
            lambda: Sealer(b"short"),
            lambda: Sealer(KEY, version=0),
            lambda: Sealer(KEY, version=256),
            lambda: Sealer(KEY, version=1, retired={1: OTHER}),
        ):
            with pytest.raises(SigningError):
                wrong()

    def test_shows_no_key(self) -> None:
        assert "key" not in repr(Sealer(OTHER, version=2, retired={1: KEY}))
        assert "key" not in repr(BlindIndex(OTHER))


class TestBlindIndex:
    def test_is_equal_for_equal_texts_only(self) -> None:
        index = BlindIndex(KEY)

        assert index.of("001090012345") == index.of("001090012345")
        assert index.of("001090012345") != index.of("001090012346")
        assert len(index.of("")) == 32

    def test_depends_on_its_key(self) -> None:
        assert BlindIndex(KEY).of("1") != BlindIndex(OTHER).of("1")

    def test_is_hmac_sha_256(self) -> None:
        # RFC 4231 test case 1, whose key is shorter than ours, padded to 32 bytes as HMAC does
        index = BlindIndex(b"\x0b" * 20 + bytes(12))

        assert index.of("Hi There").hex().startswith("b0344c61d8db38535ca8afceaf0bf12b")

    def test_refuses_a_short_key(self) -> None:
        with pytest.raises(SigningError):
            BlindIndex(b"short")


class TestDeriveKey:
    def test_gives_each_purpose_its_own_key(self) -> None:
        keys = {derive_key(KEY, purpose) for purpose in ("sealing", "blind-index", "")}

        assert len(keys) == 3
        assert {len(each) for each in keys} == {32}
        assert derive_key(KEY, "sealing") == derive_key(KEY, "sealing")
