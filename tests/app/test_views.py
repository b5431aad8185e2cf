"""What the screens say and offer, without a window."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import flet as ft
import pytest

from app import guide
from app.answers import (
    Background,
    Doubt,
    Identity,
    LineSources,
    OfflineCode,
    Preset,
    Preview,
    Shares,
    Source,
    Wallet,
)
from app.attention import Known, attention
from app.client import Problem
from app.guard import broken_view
from app.health import WORDS
from app.parts.basic import choosing
from app.parts.months import month_bar, months_in_words
from app.parts.screen import filled, trouble
from app.state import Loaded
from app.texts import Say
from app.views.about import about_view
from app.views.book import book_view
from app.views.case import case_view, steps_view
from app.views.correct_forms import what_view
from app.views.corrections import corrections_view
from app.views.draft import Draft, choose_view
from app.views.home import HomeData, home_view, words_of
from app.views.insurance import lines_of_year, paid_by_year
from app.views.line import line_view
from app.views.looked import KINDS, OTHERS, looked_view
from app.views.mandates import mandates_view
from app.views.more import more_view
from app.views.new_share import presets_view, preview_view
from app.views.notices import notices_view
from app.views.offline_code import offline_code_view
from app.views.own_data import own_data_view
from app.views.paper import paper_view
from app.views.papers import papers_view
from app.views.settings import settings_view
from app.views.share import grouped, share_view
from app.views.shares import shares_view
from app.views.shown_book import shown_book
from app.views.sign_in import sign_in_view
from app.views.terms import wrong_with
from app.views.wallets import wallets_view
from app.views.word import word_view
from tests.app.reading import controls, is_said, labels, names, nowhere, texts
from tests.app.samples import (
    BOOK,
    CASE,
    CASE_LINE,
    CONFIRMED,
    DIPLOMA,
    IDENTITY,
    MANDATE,
    NOW,
    OFFICE,
    OWN,
    SEWING,
    SHARE,
    UNCONFIRMED,
    VIEWED,
    access,
)
from tests.app.views import DEEDS, lead, nothing

VI, EN = Say("vi"), Say("en")


OFFLINE = OfflineCode("VNL1:A", "<svg/>", NOW, 1, 0)
WALLET = Wallet("1", None, 1, 1, NOW, None)


def home(say: Say = VI) -> list[ft.Control]:
    data = HomeData(OWN, Background((), ()), Known((VIEWED,), (UNCONFIRMED,), (CASE_LINE,)))
    todo = attention(OWN, data.known, IDENTITY, NOW)
    return home_view(say, data, words_of(data, NOW), todo, lead)


def word(say: Say, name: str) -> list[ft.Control]:
    data = HomeData(replace(OWN, state="revoked"), Background((), ()), Known(cases=(CASE_LINE,)))
    return word_view(say, words_of(data, NOW)[WORDS.index(name)], lead)


EVERY: dict[str, Callable[[Say], object]] = {
    "home": home,
    "book": lambda say: book_view(say, OWN, "work", lead),
    "insurance": lambda say: book_view(say, OWN, "insurance", lead),
    "qualifications": lambda say: book_view(say, OWN, "qualifications", lead),
    "line": lambda say: line_view(say, OFFICE, None),
    "shares": lambda say: shares_view(say, Shares(NOW, (SHARE,)), lead, nothing, busy=False),
    "preview": lambda say: preview_view(say, Preview(BOOK), nothing, nothing),
    "looked": lambda say: looked_view(
        say, [access(1, "official")], OTHERS, DEEDS, lambda _: nothing
    ),
    "more": lambda say: more_view(say, Identity("worker", "A", 1), lead, nothing),
    "choose": lambda say: choose_view(say, OWN, Draft("CUSTOM"), lambda *_: nothing, DEEDS),
    "offline-code": lambda say: offline_code_view(say, OFFLINE, "1", DEEDS),
    "own-data": lambda say: own_data_view(say, nothing, nothing, busy=False),
    "wallets": lambda say: wallets_view(say, (WALLET,), DEEDS, busy=False),
    "broken": lambda say: broken_view(say, nothing),
    "line-own": lambda say: line_view(say, OFFICE, None, CONFIRMED, DEEDS),
    "paper": lambda say: paper_view(say, DIPLOMA, UNCONFIRMED, DEEDS),
    "notices": lambda say: notices_view(say, [VIEWED], lambda _: nothing, nothing, busy=False),
    "corrections": lambda say: corrections_view(say, (CASE_LINE,), lead),
    "what": lambda say: what_view(say, "employment", guide.WRONGS["employment"], DEEDS),
    "case": lambda say: [*case_view(say, CASE), *steps_view(say, CASE)],
    "papers": lambda say: papers_view(
        say, CASE, "OTHER", {"OTHER": nothing}, DEEDS, add=nothing, busy=False
    ),
    "mandates": lambda say: mandates_view(say, [MANDATE], lambda _: nothing, busy=False),
    "about": about_view,
    **{f"word-{name}": partial(word, name=name) for name in WORDS},
    "sign-in": lambda say: sign_in_view(say, is_over=True, enter=nothing, other_language=nothing),
}


class TestEveryScreen:
    @pytest.mark.parametrize("name", EVERY)
    def test_is_said_in_both_languages(self, name: str) -> None:
        vi, en = (texts(EVERY[name](say)) for say in (VI, EN))

        assert vi != en
        assert all("{" not in each for each in (*vi, *en))

    @pytest.mark.parametrize("name", EVERY)
    def test_has_a_name_for_every_button(self, name: str) -> None:
        nameless = [
            control
            for control in controls(EVERY[name](VI))
            if isinstance(control, (ft.FilledButton, ft.OutlinedButton))
            and not isinstance(control.content, str)
        ]
        icons = [each for each in controls(EVERY[name](VI)) if isinstance(each, ft.IconButton)]

        assert nameless == icons == []


class TestHome:
    def test_tells_the_four_words_and_what_to_look_at(self) -> None:
        view = home()

        assert is_said(view, "Nguyễn Thị Mẫu", "SLD-7K2M-Q9XD-04TB", "Cấp ngày 20/11/2026")
        assert is_said(view, "Đúng", "Đủ", "Sạch", "Sống", "9 tháng chưa được đóng bảo hiểm")
        assert is_said(view, "1 đề nghị sửa đang chờ", "1 dòng bạn chưa xác nhận")
        assert {"home-share", "word-right", "attention.arrears", "attention.looked"} <= names(view)

    def test_says_so_if_there_is_nothing_to_do(self) -> None:
        data = HomeData(OWN, None, Known())
        view = home_view(VI, data, words_of(data, NOW), [], lead)

        assert is_said(view, "Không có việc gì cần làm", "Chưa tải được")


class TestBook:
    def test_puts_work_and_gaps_in_one_order_with_the_newest_first(self) -> None:
        said = texts(book_view(VI, OWN, "work", lead))
        order = [said.index(each) for each in (OFFICE.employer, "Khoảng trống", SEWING.employer)]

        assert order == sorted(order)
        assert "03/2021 - 08/2023 (2 năm 6 tháng)" in said
        assert "01/09/2023 - nay" in said

    def test_tells_paid_owed_and_unknown_months_in_words_beside_the_bar(self) -> None:
        assert months_in_words(VI, OFFICE) == "đã đóng 2 năm 5 tháng, nợ 9 tháng"
        assert labels(month_bar(VI, OFFICE)) == ["đã đóng 2 năm 5 tháng, nợ 9 tháng"]

    def test_counts_each_month_once_in_a_year(self) -> None:
        twice = replace(BOOK, employments=(SEWING, replace(SEWING, no=3)))

        assert paid_by_year(twice) == {2019: 10, 2020: 12, 2021: 2}

    def test_lists_the_months_of_a_year_as_ranges(self) -> None:
        assert [(each.no, name, run) for each, name, run in lines_of_year(BOOK, 2026)] == [
            (2, "paid", "01"),
            (2, "arrears", "02-10"),
        ]

    def test_says_what_to_do_about_unpaid_months(self) -> None:
        assert is_said(
            book_view(VI, OWN, "insurance", lead), "9 tháng chưa được đóng", "Hỏi nơi làm"
        )


class TestLine:
    def test_tells_who_vouches_for_it_and_what_does_not_fit(self) -> None:
        day = NOW.date()
        background = Background(
            (LineSources(2, (Source("INSURANCE", day),)), LineSources(1, (Source("FORM03", day),))),
            (Doubt("DATES_DIFFER", 2, "Ngày khác nhau", "x"), Doubt("A", 1, "Việc khác", "y")),
        )
        view = line_view(VI, OFFICE, background)

        assert is_said(view, "Bảo hiểm xã hội, ngày 20/11/2026", "Ngày khác nhau", "6.226.800 đồng")
        assert nowhere(view, ["Phiếu thu thập", "Việc khác"])

    def test_is_shown_without_its_sources_if_they_could_not_be_loaded(self) -> None:
        assert is_said(line_view(VI, OFFICE, None), "Chưa tải được nguồn dữ liệu")


class TestSharing:
    def test_previews_what_is_in_the_claims_and_nothing_else(self) -> None:
        worker = replace(BOOK.worker, birth_date=None, sex=None) if BOOK.worker else None
        view = shown_book(VI, replace(BOOK, worker=worker, qualifications=(), insurance=None))

        assert is_said(view, "Nguyễn Thị Mẫu", OFFICE.employer)
        assert nowhere(view, ["02/05/1996", "Giới tính", "BHXH", "Bằng cấp", "nợ 9 tháng"])

    def test_offers_every_preset(self) -> None:
        presets = [Preset(each, each, each, "", "") for each in ("GENERAL", "SKILLED")]
        picks = choosing(["GENERAL", "SKILLED", "CUSTOM"], lambda _: None)

        assert {"preset-GENERAL", "preset-SKILLED", "preset-CUSTOM"} <= names(
            presets_view(VI, presets, picks)
        )

    @pytest.mark.parametrize(
        ("audience", "purpose", "code", "wrong"),
        [
            ("anyone", "Ứng tuyển", "", (False, False)),
            ("anyone", "  ", "", (True, False)),
            ("enterprise", "x", "", (False, True)),
            ("enterprise", "x", "01001091O6", (False, True)),
            ("enterprise", "x", "0100109106", (False, False)),
            ("enterprise", "x", "0100109106-001", (False, False)),
        ],
    )
    def test_checks_what_was_typed(
        self, audience: str, purpose: str, code: str, wrong: tuple[bool, bool]
    ) -> None:
        found = wrong_with(VI, audience, {"purpose": purpose, "enterprise_code": code})

        assert (bool(found.purpose), bool(found.enterprise_code)) == wrong

    @pytest.mark.usefixtures("no_actions")
    def test_offers_only_what_a_share_allows(self) -> None:
        over = replace(SHARE, state="withdrawn", possible=("ask-deletion",))
        view = share_view(VI, over, None, DEEDS, busy=False)

        assert "ask-deletion" in names(view)
        assert names(view).isdisjoint({"withdraw", "extend", "live", "share-qr"})

    @pytest.mark.usefixtures("no_actions")
    def test_tells_who_has_looked(self) -> None:
        view = share_view(VI, SHARE, b"png", DEEDS, busy=False)

        assert is_said(view, "Người có mã QR", "15:30, 20/11/2026", "đã xem 1/10 lần")
        assert is_said(view, grouped(SHARE.code))

    def test_says_that_all_sharing_is_frozen(self) -> None:
        view = shares_view(VI, Shares(NOW, ()), lead, nothing, busy=False)
        assert is_said(view, "Mọi chia sẻ đang tạm dừng", "Mở lại chia sẻ")


@pytest.fixture
def no_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copying needs a window; what is copied is seen in the journey."""
    monkeypatch.setattr(ft, "CopyToClipboard", lambda _: None)


class TestLooked:
    ROWS = (access(3, "official", who_name="SỞ NỘI VỤ", purpose="Hồ sơ 1187"), access(2, "worker"))

    def test_shows_others_first_and_what_they_said_it_was_for(self) -> None:
        view = looked_view(VI, self.ROWS, OTHERS, DEEDS, lambda _: nothing)

        assert is_said(view, "SỞ NỘI VỤ", "Mục đích: Hồ sơ 1187", "Mở sổ của bạn")
        assert "Bạn" not in texts(view)
        assert {f"kind-{each}" for each in ("others", "official", "worker")} <= names(view)
        assert "kind-machine" not in names(view)

    def test_shows_the_own_looks_on_request(self) -> None:
        view = looked_view(VI, self.ROWS, "worker", DEEDS, lambda _: nothing)

        assert is_said(view, "Bạn")
        assert nowhere(view, ["SỞ NỘI VỤ"])

    def test_marks_who_was_refused(self) -> None:
        view = looked_view(
            VI, [access(1, "machine", refused=True)], OTHERS, DEEDS, lambda _: nothing
        )
        assert is_said(view, "Đã bị từ chối")

    def test_has_words_for_every_kind_of_caller(self) -> None:
        assert all(VI.code("who", each) != each for each in KINDS)


class TestFilled:
    def test_shows_what_was_loaded_before_with_its_age_if_it_cannot_be_renewed(self) -> None:
        stale = Loaded("x", NOW, Problem("unreachable", {}), waiting=False)
        view = filled(VI, stale, nothing, lambda value: [ft.Text(value)])

        assert is_said(view, "15:30, 20/11/2026", "Thử lại", "x")

    def test_says_what_happened_and_what_to_do_if_there_is_nothing_to_show(self) -> None:
        failed: Loaded[str] = Loaded(problem=Problem("unreachable", {}), waiting=False)
        view = filled(VI, failed, nothing, lambda value: [ft.Text(value)])

        assert is_said(view, "Không kết nối được với máy chủ", "Thử lại")

    def test_says_a_refusal_it_has_no_words_for_in_the_words_of_the_interface(self) -> None:
        view = trouble(EN, Problem("brand-new", {"vi": "Mới", "en": "Brand new"}))
        assert is_said(view, "Brand new")

    def test_is_never_blank_while_it_waits(self) -> None:
        waiting: Loaded[str] = Loaded()
        assert labels(filled(VI, waiting, nothing, lambda _: [])) == ["Đang tải"]


class TestSettings:
    def test_lead_to_what_people_look_for_there(self) -> None:
        chosen = {"language": "vi", "theme": "system"}
        view = settings_view(VI, chosen, dict.fromkeys(chosen, DEEDS), lead)

        assert {
            "go-identity-check",
            "go-channels",
            "go-own-data",
            "go-data-requests",
            "go-about",
        } <= names(view)
        assert is_said(view, "Ngôn ngữ", "Yêu cầu về dữ liệu")

    def test_offer_no_text_size_where_the_device_has_its_own(self) -> None:
        view = settings_view(VI, {"language": "vi"}, {"language": DEEDS}, lead)

        assert nowhere([view], [VI("settings.text_size")])
