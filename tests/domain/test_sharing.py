import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.sharing import (
    CUSTOM,
    ENVELOPE,
    PERSONAL_ID,
    SHAREABLE,
    Audience,
    Lines,
    Selection,
    check_fits,
    custom_selection,
    leaks,
    line_keys,
    preset_selection,
    presets,
    shows,
)
from labour_book.errors import Invalid

FORBIDDEN_WORDS = (
    "wage",
    "pay_",
    "salary",
    "reason",
    "clause",
    "credited",
    "sick",
    "benefit",
    "maternity",
    "union",
    "strike",
    "ethnic",
    "priority",
    "disab",
    "health",
    "contract_id",
    "prev_sha256",
    "registration_group",
)


def job(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "employer": f"Công ty {number}",
        "enterprise_code": "0100109106",
        "position": "Thợ hàn",
        "first_day": f"20{number:02d}-01-01",
        "months_paid": 3,
        "assurance": "CONTRACT_MATCHED",
    } | changes


def diploma(number: int) -> dict[str, Any]:
    return {"kind": "DIPLOMA", "issuer": "Trường", "number": f"A-{number}", "issued_on": "2012"}


RECORD: dict[str, Any] = {
    "worker": {"full_name": "Nguyễn Văn An", "personal_id": "001090000001"},
    "employments": [job(each) for each in range(1, 6)],
    "qualifications": [diploma(each) for each in range(1, 4)],
}
PARTS = st.one_of(st.text(max_size=12), st.integers(-3, 9))
NAMES = st.sampled_from(
    [*sorted(SHAREABLE), "employments", "qualifications", "worker", "wage_base_vnd", "end_reason"]
)
PATHS = st.lists(st.one_of(NAMES, PARTS), min_size=1, max_size=4).map(tuple)
SELECTIONS = st.builds(
    Selection,
    st.frozensets(st.one_of(NAMES, st.text(max_size=10), st.just("employments.wage_base_vnd"))),
    st.builds(Lines, st.sampled_from(["none", "all", "latest", "chosen"]), st.integers(0, 9)),
    st.builds(Lines, st.sampled_from(["none", "all", "latest", "chosen"]), st.integers(0, 9)),
)


class TestShareable:
    def test_has_no_word_of_what_is_nobodys_business(self) -> None:
        assert [name for name in SHAREABLE for word in FORBIDDEN_WORDS if word in name] == []

    def test_is_exactly_this(self) -> None:
        assert sorted(SHAREABLE) == [
            "as_of",
            "book_no",
            "employments.months_paid",
            "gaps",
            "insurance.HI",
            "insurance.SI",
            "insurance.UI",
            "insurance.VOL",
            "insurance.as_of_month",
            "insurance.first_month",
            "insurance.last_month",
            "version",
            "worker.birth_date",
            "worker.full_name",
            "worker.nationality",
            "worker.personal_id",
            "worker.population_check",
            "worker.residence",
            "worker.sex",
        ]


class TestPresets:
    def test_are_the_five(self) -> None:
        assert list(presets()) == ["INSURED", "GENERAL", "SKILLED", "MANAGER", CUSTOM]

    @pytest.mark.parametrize("code", list(presets()))
    def test_are_told_in_both_languages(self, code: str) -> None:
        preset = presets()[code]

        assert all(preset.labels[each] and preset.shows[each] for each in ("vi", "en"))

    @pytest.mark.parametrize("code", [each for each in presets() if each != CUSTOM])
    def test_show_only_what_may_be_shown_to_anyone(self, code: str) -> None:
        selection = preset_selection(code)

        assert selection.claims <= SHAREABLE - {PERSONAL_ID, "book_no"}
        check_fits(selection, Audience.ANYONE)

    def test_of_being_insured_shows_no_job_and_no_length(self) -> None:
        selection = preset_selection("INSURED")

        assert (selection.employments.rule, selection.qualifications.rule) == ("none", "none")
        assert not any(
            name.startswith(("insurance.SI", "employments")) for name in selection.claims
        )

    @pytest.mark.parametrize("code", [CUSTOM, "ALL", "", "insured"])
    def test_are_not_invented(self, code: str) -> None:
        with pytest.raises(Invalid):
            preset_selection(code)


class TestCustomSelection:
    @pytest.mark.parametrize(
        "claim",
        [
            "employments.wage_base_vnd",
            "employments.contract_id",
            "employments.end_reason_clause",
            "employments.no",
            "employments.paid",
            "employments.arrears",
            "employments.unknown",
            "employments.months_arrears",
            "employments.months_unknown",
            "insurance.arrears_months",
            "insurance.credited_months",
            "worker.ethnic_code",
            "prev_sha256",
            "registration_group",
            "employments",
            "worker",
            "*",
            "",
        ],
    )
    def test_refuses_what_cannot_be_shared(self, claim: str) -> None:
        with pytest.raises(Invalid):
            custom_selection({claim}, RECORD, employments=(1,), qualifications=())

    @given(st.frozensets(st.text(max_size=20), min_size=1))
    def test_refuses_every_name_it_does_not_know(self, claims: frozenset[str]) -> None:
        if claims <= SHAREABLE:
            return
        with pytest.raises(Invalid):
            custom_selection(claims, RECORD, employments=(), qualifications=())

    @pytest.mark.parametrize("number", [0, -1, 6, 10**9])
    def test_refuses_lines_that_are_not_there(self, number: int) -> None:
        with pytest.raises(Invalid):
            custom_selection((), RECORD, employments=(number,), qualifications=())

    def test_refuses_nothing_at_all(self) -> None:
        with pytest.raises(Invalid):
            custom_selection((), RECORD, employments=(), qualifications=())

    def test_survives_storing(self) -> None:
        chosen = custom_selection({"gaps"}, RECORD, employments=(2, 5), qualifications=(1,))

        assert Selection.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen


class TestCheckFits:
    def test_lets_only_a_named_enterprise_see_the_personal_id(self) -> None:
        selection = Selection(frozenset({PERSONAL_ID}))

        check_fits(selection, Audience.ENTERPRISE)
        for audience in (Audience.ANYONE, Audience.PERSON):
            with pytest.raises(Invalid):
                check_fits(selection, audience)


class TestLines:
    KEYS = ("a", "b", "c", "d")

    @pytest.mark.parametrize(
        ("lines", "places"),
        [
            (Lines("all"), {0, 1, 2, 3}),
            (Lines("none"), set()),
            (Lines("latest", 3), {1, 2, 3}),
            (Lines("latest", 9), {0, 1, 2, 3}),
            (Lines("latest", 0), set()),
            (Lines("chosen", keys=frozenset({"b", "z"})), {1}),
            (Lines("everything"), set()),
        ],
    )
    def test_are_those_the_rule_says(self, lines: Lines, places: set[int]) -> None:
        assert lines.of(self.KEYS) == places

    def test_that_were_chosen_never_show_another_after_a_correction(self) -> None:
        chosen = custom_selection((), RECORD, employments=(2,), qualifications=())
        earlier = job(9, first_day="1999-01-01")
        corrected = RECORD | {
            "employments": [earlier, *RECORD["employments"][:1], job(2, first_day="2002-02-02")]
        }

        is_shown = shows(chosen, Audience.ANYONE, corrected)

        assert [at for at in range(3) if is_shown(("employments", at))] == []

    def test_follow_the_line_to_its_new_number(self) -> None:
        chosen = custom_selection((), RECORD, employments=(2,), qualifications=())
        moved = RECORD | {"employments": [job(9, first_day="1999"), *RECORD["employments"]]}

        is_shown = shows(chosen, Audience.ANYONE, moved)

        assert [at for at in range(6) if is_shown(("employments", at))] == [2]

    def test_have_keys_that_differ(self) -> None:
        assert len(set(line_keys("employments", RECORD))) == 5
        assert len(set(line_keys("qualifications", RECORD))) == 3

    def test_know_a_job_without_a_start(self) -> None:
        held = {"employer": "Cty B", "position": "Thợ may", "known_since": "2026-09"}
        collected_again = held | {"known_since": "2026-11"}

        (key,) = line_keys("employments", {"employments": [held]})

        assert line_keys("employments", {"employments": [collected_again]}) == [key]


class TestShows:
    @given(SELECTIONS, PATHS, st.sampled_from(Audience))
    def test_never_shows_what_is_not_on_the_list(
        self, selection: Selection, path: tuple[str | int, ...], audience: Audience
    ) -> None:
        if not shows(selection, audience, RECORD)(path):
            return

        name = ".".join(str(each) for each in path if not isinstance(each, int))
        assert name in SHAREABLE | {"employments", "qualifications"}
        if name == PERSONAL_ID:
            assert audience is Audience.ENTERPRISE

    @pytest.mark.parametrize("audience", list(Audience))
    def test_shows_the_personal_id_to_a_named_enterprise_alone(self, audience: Audience) -> None:
        greedy = Selection(frozenset({PERSONAL_ID}))

        shown = shows(greedy, audience, RECORD)(("worker", "personal_id"))

        assert shown is (audience is Audience.ENTERPRISE)

    @pytest.mark.parametrize(
        "inner",
        [
            *("wage_base_vnd", "contract_id", "end_reason_clause", "no"),
            *("paid", "arrears", "unknown", "months_arrears", "months_unknown"),
        ],
    )
    def test_shows_nothing_inside_a_line_that_is_not_on_the_list(self, inner: str) -> None:
        greedy = Selection(SHAREABLE | {f"employments.{inner}"}, Lines("all"), Lines("all"))

        assert not shows(greedy, Audience.ENTERPRISE, RECORD)(("employments", 0, inner))


class TestLeaks:
    @pytest.mark.parametrize(
        ("shown", "names"),
        [
            ({"employments": [job(1)]}, []),
            ({"employments": [job(1, wage_base_vnd=1)]}, ["employments.wage_base_vnd"]),
            ({"employments": [job(1, end_reason=3)]}, ["employments.end_reason"]),
            ({"employments": [job(1, no=4)]}, ["employments.no"]),
            ({"employments": [job(1, paid=[])]}, ["employments.paid"]),
            ({"employments": [job(1, unknown=["2020-03/2020-08"])]}, ["employments.unknown"]),
            ({"insurance": {"arrears_months": 1}}, ["insurance.arrears_months"]),
            ({"insurance": {"SI": 1, "credited_months": 6}}, ["insurance.credited_months"]),
            ({"worker": {"ethnic_code": "01"}}, ["worker.ethnic_code"]),
            ({"registration_group": 3}, ["registration_group"]),
            ({"gaps": [{"first": "2020-01", "why": "x"}]}, ["gaps.why"]),
            (dict.fromkeys(ENVELOPE, 1), []),
        ],
    )
    def test_names_what_must_not_be_there(self, shown: dict[str, Any], names: list[str]) -> None:
        assert leaks(shown, Audience.ENTERPRISE) == names

    def test_names_the_personal_id_where_nobody_is_named(self) -> None:
        shown = {"worker": {"personal_id": "001090000001"}}

        assert leaks(shown, Audience.ENTERPRISE) == []
        assert leaks(shown, Audience.ANYONE) == leaks(shown, Audience.PERSON) == [PERSONAL_ID]
