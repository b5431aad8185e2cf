"""Offline QR codes: what they hold, how large they are, and that nothing breaks their check."""

import json
import time
import tracemalloc
import zlib
from dataclasses import fields
from datetime import timedelta
from typing import Any

import cbor2
import pytest
import qrcode
from hypothesis import given
from hypothesis import strategies as st

import signing
from signing import CompactJob, Reason, State
from signing.base45 import ALPHABET, base45
from signing.compact import PREFIX, unwrap, wrap
from signing.compact_book import from_wire, to_wire
from tests.signing import golden_cases, golden_compact, samples

TEXT = samples.compact()
LEVELS = {
    "L": qrcode.constants.ERROR_CORRECT_L,
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
}


def verify(text: str, **changes: Any) -> signing.Verdict:
    given = {"trust": samples.trust(), "now": samples.NOW, "status": samples.all_valid} | changes
    return signing.compact_verify(text, **given)


def version(text: str, level: str) -> int:
    code = qrcode.QRCode(error_correction=LEVELS[level])
    code.add_data(text)
    return code.best_fit()


class TestCompactBook:
    def test_takes_name_last_four_digits_jobs_and_totals_of_a_record(self) -> None:
        book = signing.compact_book(samples.claims(), jobs=[3, 1])

        assert (book.full_name, book.birth_date, book.id_tail) == (
            "Nguyễn Văn An",
            "1990-04-05",
            "2345",
        )
        assert [each.employer for each in book.jobs] == ["Công ty TNHH May Hòa Bình"] * 2
        assert book.totals == signing.CompactTotals(120, 118, "2026-09")
        assert (book.book_no, book.version) == ("VN-0000123", 3)

    def test_needs_no_more_of_a_worker_than_the_name(self) -> None:
        record = samples.claims(worker={"full_name": "An"}, employments=[], insurance={})

        book = signing.compact_book(record)

        assert (book.id_tail, book.birth_date, book.jobs, book.totals) == (None, None, (), None)

    @pytest.mark.parametrize("jobs", [[4], [0]])
    def test_refuses_a_job_that_is_not_there(self, jobs: list[int]) -> None:
        with pytest.raises(signing.SigningError):
            signing.compact_book(samples.claims(), jobs=jobs)

    def test_refuses_a_record_without_a_name(self) -> None:
        with pytest.raises(signing.SigningError):
            signing.compact_book(samples.claims(worker={}))

    def test_has_no_place_for_pay_reasons_or_the_whole_personal_id(self) -> None:
        record = samples.claims()
        record["worker"]["full_name"] = "An"

        inside = json.dumps(to_wire(signing.compact_book(record)))

        for secret in ("8500000", "001090012345", "HD-0001", "0010"):
            assert secret not in inside
        names = {each.name for each in fields(CompactJob)}
        assert not {name for name in names if "wage" in name or "reason" in name}


class TestCompactSign:
    def test_says_what_went_in(self) -> None:
        book = golden_cases.book(3)

        assert signing.compact_read(samples.compact(book)) == book

    def test_has_the_claims_of_the_profile_in_their_order(self) -> None:
        claims = cbor2.loads(unwrap(TEXT).payload)

        assert list(claims) == [1, 4, 6, 65535, -65537]
        assert claims[65535] == {"status_list": {"idx": samples.INDEX, "uri": samples.STATUS_URI}}
        assert claims[4] - claims[6] == timedelta(days=7).total_seconds()

    def test_is_a_cose_sign1_for_everybody_else_too(self) -> None:
        inner = cbor2.loads(zlib.decompress(decode45(TEXT.removeprefix(PREFIX))))
        protected, unprotected, payload, signature = inner.value

        assert inner.tag == 18
        assert unprotected == {}
        kid = signing.encoding.b64url_decode(samples.key(signing.Use.QR).kid, step=0)
        assert cbor2.loads(protected) == {1: -7, 4: kid[:8]}
        covered = cbor2.dumps(["Signature1", protected, b"", payload])
        signing.trusted(samples.key(signing.Use.QR).chain).check(signature, covered, step=0)

    @pytest.mark.parametrize(
        "changes",
        [
            {"signer": samples.key()},
            {"issuer": "https://other.example"},
            {"expires_at": samples.NOW},
            {"expires_at": samples.NOW + timedelta(days=7, seconds=1)},
            {"issued_at": samples.END, "expires_at": samples.END + timedelta(days=1)},
            {"status_index": -1},
        ],
    )
    def test_refuses_the_wrong_key_life_or_index(self, changes: dict[str, Any]) -> None:
        with pytest.raises(signing.SigningError):
            samples.compact(**changes)

    @pytest.mark.parametrize(
        "changes",
        [
            {"id_tail": "001090012345"},
            {"id_tail": "234"},
            {"id_tail": "234a"},
            {"full_name": ""},
            {"full_name": "A" * 201},
            {"full_name": "An\n"},
            {"full_name": "Nguyễn Văn An 001090012345"},
            {"book_no": "012345678"},
            {"birth_date": "05/04/1990"},
            {"birth_date": "1899"},
            {"birth_date": "1990-13"},
            {"version": -1},
            {"version": 1.0},
            {"totals": signing.CompactTotals(-1, 0, "2026")},
            {"jobs": (golden_cases.job(1),) * 13},
            {"jobs": (golden_cases.job(1, enterprise_code="001090012345"),)},
            {"jobs": (golden_cases.job(1, occupation_code="may"),)},
            {"jobs": (golden_cases.job(1, contract_kind="VERBAL"),)},
            {"jobs": (golden_cases.job(1, position="lương 850000000"),)},
            {"jobs": (golden_cases.job(1, employer=None),)},
            {"jobs": (golden_cases.job(1, first_day="2020-02-32"),)},
        ],
    )
    def test_refuses_what_may_not_stand_in_its_place(self, changes: dict[str, Any]) -> None:
        with pytest.raises(signing.SigningError):
            samples.compact(golden_cases.book(**changes))

    def test_refuses_more_than_a_code_can_hold(self) -> None:
        letters = [chr(0x4E00 + at * 7919 % 20_000) for at in range(4_800)]
        texts = ["".join(letters[at : at + 200]) for at in range(0, 4_800, 200)]
        jobs = tuple(
            golden_cases.job(1, employer=texts[at], position=texts[at + 12]) for at in range(12)
        )

        with pytest.raises(signing.SigningError):
            samples.compact(golden_cases.book(jobs=jobs))


class TestSize:
    """CREDENTIALS, section 3; a status reference costs about 60 letters of each."""

    @pytest.mark.parametrize(
        ("jobs", "letters", "versions"),
        [(1, 480, (12, 14, 17)), (3, 748, (15, 18, 22)), (10, 1258, (21, 24, 28))],
    )
    def test_stays_within_the_table(
        self, jobs: int, letters: int, versions: tuple[int, int, int]
    ) -> None:
        issuer = "https://solaodong.moha.gov.vn"
        signer = samples.key(signing.Use.QR, issuer=issuer)

        text = samples.compact(
            golden_cases.book(jobs), signer=signer, issuer=issuer, status_uri=f"{issuer}/status/1"
        )

        assert len(text) <= letters * 1.05
        assert set(text) <= set(ALPHABET)
        for level, largest in zip("LMQ", versions, strict=True):
            assert version(text, level) <= largest

    def test_of_three_employers_is_at_most_20_at_level_m(self) -> None:
        assert version(samples.compact(golden_cases.book(3)), "M") <= 20


class TestCompactVerify:
    def test_answers_three_times_yes(self) -> None:
        verdict = verify(TEXT)

        assert verdict.is_good
        assert verdict.claims["worker"] == {
            "full_name": "Nguyễn Văn An",
            "birth_date": "1990-04-05",
            "id_tail": "2345",
        }
        assert verdict.claims["employments"][0]["last_day"] == "2024-05-31"
        assert verdict.claims["insurance"] == {"SI": 120, "UI": 118, "as_of": "2026-09"}
        assert verdict.kid == samples.key(signing.Use.QR).kid

    def test_refuses_a_bomb_without_inflating_it(self) -> None:
        bomb = PREFIX + base45(zlib.compress(bytes(2_800_000), 9))
        assert len(bomb) < 4_296

        tracemalloc.start()
        started = time.process_time()
        verdict = verify(bomb)
        took = time.process_time() - started
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert verdict.integrity.reason is Reason.TOO_LARGE
        assert peak < 1024 * 1024
        assert took < 0.05

    def test_needs_a_time_zone(self) -> None:
        with pytest.raises(signing.SigningError):
            verify(TEXT, now=samples.NOW.replace(tzinfo=None))

    @given(st.data())
    def test_refuses_any_one_changed_letter(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(TEXT) - 1))
        letter = data.draw(st.sampled_from(ALPHABET))
        changed = TEXT[:at] + letter + TEXT[at + 1 :]

        verdict = verify(changed)

        if verdict.integrity.state is State.YES:  # zlib has more than one spelling of the same
            assert unwrap(changed) == unwrap(TEXT)

    @given(st.text(max_size=200) | st.text(ALPHABET, max_size=200).map(PREFIX.__add__))
    def test_never_raises_on_any_text(self, text: str) -> None:
        assert verify(text).integrity.state is State.NO

    @given(st.binary(max_size=200))
    def test_never_raises_on_any_envelope(self, raw: bytes) -> None:
        for envelope in (raw, b"\xd2\x84" + raw, b"\xd2\x84\x4d\xa2\x01\x26\x04\x48" + raw):
            assert verify(wrap(envelope)).claims is None

    @given(st.binary(max_size=100))
    def test_never_raises_on_any_signed_bytes(self, raw: bytes) -> None:
        verdict = golden_compact.check(
            {"text": golden_cases.text(raw), "trust": "current", "status": "fresh", "now": NOW},
            FILE,
        )

        assert verdict.claims is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=8)
        | st.dictionaries(st.integers(0, 9) | st.text(max_size=3), inner, max_size=8)
    ),
    max_leaves=12,
)
NOW = golden_cases.NOW.isoformat()
FILE = golden_compact.read() or {}


class TestFromWire:
    @given(st.sampled_from([1, 2, 3, 5, 6, 7, 8]), VALUES)
    def test_reads_only_what_would_be_written(self, key: int, value: object) -> None:
        wire = to_wire(golden_cases.book()) | {key: value}

        try:
            book = from_wire(wire)
        except signing.SigningError:
            return

        assert to_wire(book) == wire

    @given(VALUES)
    def test_never_raises_anything_else(self, value: object) -> None:
        with pytest.raises(signing.SigningError):
            from_wire(value)

    @pytest.mark.parametrize("day", ["1900", "2026-10", "2057-12-31", "9999-12-31", "1975-04-30"])
    def test_gives_each_day_back(self, day: str) -> None:
        book = golden_cases.book(birth_date=day)

        assert from_wire(to_wire(book)).birth_date == day


def decode45(text: str) -> bytes:
    """Return the bytes as RFC 9285 puts it, step by step."""
    values, raw = [ALPHABET.index(each) for each in text], b""
    for at in range(0, len(values), 3):
        number = sum(value * 45**place for place, value in enumerate(values[at : at + 3]))
        raw += number.to_bytes(2 if at + 2 < len(values) else 1, "big")
    return raw
