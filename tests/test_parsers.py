"""Everything that reads what strangers send: whatever the bytes are, an answer or a refusal.

Each parser gets every file of ``tests/corpus`` and changed copies of something right. What was
signed and then changed is never believed. ``make fuzz`` tries thousands of changes, and bounds the
memory and the processor's time of each file of the corpus; an input that breaks a parser there is
kept in the corpus.
"""

import json
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import labour_book.data
import signing
from labour_book.documents.evidence_files import taken
from labour_book.documents.photo import printable_photo
from labour_book.documents.scan import page_scan
from labour_book.errors import Invalid, Unavailable
from labour_book.registers import KINDS, check_file, looks_like
from labour_book.registers.envelope import read_signed
from labour_book.registers.notifications import read_notification, read_notifications
from labour_book.services.scanning import texts_in
from signing import BlindIndex, State, Use, Verdict, VerificationError
from tests.signing import refusals, samples, test_pdf
from tests.support.evidence import pdf, photo

CORPUS = Path(__file__).parent / "corpus"
DEMO = Path(labour_book.data.__file__).parent / "demo"
FILES = sorted(each.name for each in CORPUS.iterdir())
SECRET = BlindIndex(bytes(range(32)))
MOST_SECONDS = 5
"""Of the processor, for one input; most take milliseconds, a workbook the start of a process."""
MOST_BYTES = 96 * 1024 * 1024
REFUSED = object()
Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Parser:
    """Something that reads bytes, something right for it, and what it says to what is wrong."""

    read: Read
    right: Callable[[], bytes]
    refusals: tuple[type[Exception], ...] = (VerificationError,)
    is_believed: Callable[[object], bool] = lambda _: False
    """Whether an answer says that all of it is as it was signed."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "right", cache(self.right))  # no two signatures are alike

    def answer(self, content: bytes) -> object:
        try:
            return self.read(content)
        except self.refusals:
            return REFUSED


def text(read: Callable[[str], object]) -> Read:
    """Read what came as text; what is none never reaches a parser of text."""
    return lambda content: read(content.decode("utf-8", "replace"))


def good(answer: object) -> bool:
    assert isinstance(answer, Verdict)
    return answer.integrity.state is State.YES


def verdict_of(token: str) -> Verdict:
    return signing.verify_credential(token, samples.trust(), samples.NOW, samples.all_valid)


def file_of(kind: str) -> Read:
    def read(content: bytes) -> object:
        with TemporaryDirectory() as folder:
            path = Path(folder) / ("form03_02260.xlsx" if content.startswith(b"PK") else "x.csv")
            path.write_bytes(content)
            looks_like(path)
            check_file(path, kind)
            return list(KINDS[kind].read(path))

    return read


def notes(content: bytes) -> object:
    known = partial(read_notification, secret=SECRET, now=samples.NOW)
    return [known(each, signed=told) for each in read_notifications(content) for told in (0, 1)]


def envelope() -> bytes:
    said = {"version": "1", "sender_org": "A01", "body": {"personal_id": "001090012345"}}
    return signing.canonical_json(said | {"signature": _hmac(said)})


def _hmac(said: dict[str, object]) -> str:
    return SECRET.of(signing.canonical_json(said).decode()).hex()


def status_list() -> bytes:
    return signing.sign_status_list(
        signing.StatusList.of(1000, {7: 1}),
        signer=samples.key(Use.STATUS_LIST),
        uri=samples.STATUS_URI,
        issued_at=samples.NOW,
    ).encode()


def trust_list() -> bytes:
    days = {"issued_at": samples.NOW, "expires_at": samples.END}
    return signing.trust_list_sign(samples.trust(), signer=samples.key(Use.TRUST), **days).encode()


def checkpoint() -> bytes:
    made = signing.Checkpoint("so.example.vn/trace", 12, bytes(32))
    return signing.sign_checkpoint(made, signer=samples.key(Use.LOG)).encode()


def sample(name: str, most: int = 3_000) -> bytes:
    return (DEMO / name).read_bytes()[:most]


FILE = (Invalid,)
TRUST = {"trust": samples.trust(), "now": samples.NOW}
PARSERS: dict[str, Parser] = {
    "qr": Parser(
        text(partial(signing.compact_verify, **TRUST, status=samples.all_valid)),
        lambda: samples.compact().encode(),
        is_believed=good,
    ),
    "qr preview": Parser(text(signing.compact_read), lambda: samples.compact().encode()),
    "sd-jwt": Parser(text(verdict_of), refusals.TOKEN.encode, is_believed=good),
    "presentation": Parser(
        text(refusals.verify_presented),
        refusals.PRESENTED.encode,
        is_believed=lambda said: getattr(said, "is_good", False),
    ),
    "status list": Parser(
        text(partial(signing.read_status_list, **TRUST)), status_list, is_believed=lambda _: True
    ),
    "trust list": Parser(
        text(
            partial(signing.trust_list_read, root=samples.root().certificate, now=samples.NOW),
        ),
        trust_list,
        is_believed=lambda _: True,
    ),
    "checkpoint": Parser(
        text(partial(signing.read_checkpoint, **TRUST, origin="so.example.vn/trace")),
        checkpoint,
        is_believed=lambda _: True,
    ),
    "holder proof": Parser(
        text(partial(signing.read_holder_proof, typ=signing.DPOP)), refusals.JWT.encode
    ),
    "wallet answer": Parser(
        text(partial(signing.open_answer, private_key=signing.new_answer_key())),
        refusals.JWT.encode,
    ),
    "sealed pdf": Parser(
        partial(signing.verify_pdf, **TRUST),
        test_pdf.sealed,
        is_believed=lambda said: (
            getattr(said, "integrity").state is State.YES  # noqa: B009 - of an object of any kind
        ),
    ),
    "envelope": Parser(
        partial(read_signed, secret=SECRET),
        envelope,
        (Unavailable,),
        is_believed=lambda _: True,
    ),
    "notifications": Parser(notes, lambda: json.dumps([json.loads(envelope())]).encode(), FILE),
    "evidence": Parser(taken, lambda: photo(900, 1200), FILE),
    "evidence pdf": Parser(taken, pdf, FILE),
    "cv photo": Parser(printable_photo, lambda: photo(400, 500), FILE),
    "page scan": Parser(page_scan, lambda: photo(700, 900), FILE),
    "picture of a code": Parser(texts_in, lambda: photo(300, 300), FILE),
    **{
        kind: Parser(file_of(kind), partial(sample, f"{kind}.{ending}"), FILE)
        for kind, ending in (
            ("population", "csv"),
            ("enterprises", "csv"),
            ("insurance", "csv"),
            ("qualifications", "csv"),
            ("contracts", "jsonl"),
        )
    },
    "form03": Parser(file_of("form03"), partial(sample, "form03_02260.xlsx", 10_000_000), FILE),
}
CHANGES = st.lists(
    st.tuples(
        st.floats(0, 1), st.integers(0, 12), st.one_of(st.binary(max_size=8), st.just(b"~."))
    ),
    min_size=1,
    max_size=5,
)
QUICK = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
THOROUGH = settings(QUICK, max_examples=3_000, derandomize=False)
SLOW = settings(THOROUGH, max_examples=150)
"""For what starts a process, or makes pictures anew."""
UNSIGNED = {"qr preview", "holder proof", "wallet answer"} | {
    name for name, parser in PARSERS.items() if parser.refusals == FILE
}
STARTS = {"form03", "evidence", "page scan", "cv photo", "sealed pdf", "evidence pdf"}


def changed(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for where, drop, put in changes:
        at = int(where * len(content))
        content = content[:at] + put + content[at + drop :]
    return content


def try_on(name: str, content: bytes) -> None:
    """Give it to a parser; what was signed and changed is not believed."""
    parser = PARSERS[name]
    answer = parser.answer(content)
    if answer is REFUSED or not parser.is_believed(answer):
        return
    right = parser.right()
    assert _parts(content) <= _parts(right), "a changed text was believed"


def _parts(content: bytes) -> set[bytes]:
    """A credential is signed in parts: one may be left out, none may come in."""
    return set(content.split(b"~"))


class TestEveryParser:
    @pytest.mark.parametrize("name", PARSERS)
    def test_believes_what_is_right(self, name: str) -> None:
        parser = PARSERS[name]
        answer = parser.answer(parser.right())

        assert (answer is REFUSED) == (name in {"holder proof", "wallet answer"})
        assert parser.is_believed(answer) or name in UNSIGNED

    @pytest.mark.parametrize("name", PARSERS)
    def test_refuses_whatever_the_corpus_holds(self, name: str) -> None:
        for file in FILES:
            try_on(name, (CORPUS / file).read_bytes())

    @pytest.mark.parametrize("name", sorted(set(PARSERS) - STARTS))
    @QUICK
    @given(changes=CHANGES)
    def test_refuses_what_was_changed(
        self, name: str, changes: list[tuple[float, int, bytes]]
    ) -> None:
        try_on(name, changed(PARSERS[name].right(), changes))


@pytest.mark.fuzz
class TestThoroughly:
    @pytest.mark.parametrize("name", PARSERS)
    def test_refuses_what_was_changed(self, name: str) -> None:
        @(SLOW if name in STARTS else THOROUGH)
        @given(changes=CHANGES)
        def attempt(changes: list[tuple[float, int, bytes]]) -> None:
            content = changed(PARSERS[name].right(), changes)
            try:
                try_on(name, content)
            except Exception:
                kept = CORPUS / f"found-{sha256(content).hexdigest()[:12]}.bin"
                kept.write_bytes(content)
                raise

        attempt()

    @pytest.mark.parametrize("name", PARSERS)
    def test_takes_bounded_time_and_memory(self, name: str) -> None:
        for file in FILES:
            content = (CORPUS / file).read_bytes()
            tracemalloc.start()
            began = time.process_time()
            try:
                PARSERS[name].answer(content)
                took, (_, most) = time.process_time() - began, tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()

            assert took < MOST_SECONDS, file
            assert most < MOST_BYTES, file
