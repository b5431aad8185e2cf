import string

import pytest

from labour_book import data
from labour_book.domain.check_rules import Family, Rule, rules, shown_tenths

RULES = list(rules().values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
class TestRules:
    def test_say_what_they_found_with_the_same_values_in_both_languages(self, rule: Rule) -> None:
        if not rule.message_vi:
            assert rule.code in data.causes()
            assert not rule.message_en
            return
        vi, en = (
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (rule.message_vi, rule.message_en)
        )

        assert vi == en

    def test_name_owner_source_and_what_they_compare(self, rule: Rule) -> None:
        assert rule.owner
        assert rule.source
        assert rule.queue
        assert rule.compares_vi
        assert rule.compares_en

    def test_are_tuned_within_bounds_or_not_at_all(self, rule: Rule) -> None:
        numbers = (rule.threshold, rule.least, rule.most, rule.step)
        if None in numbers:
            assert numbers == (None,) * 4
            return
        threshold, least, most, step = (each or 0 for each in numbers)

        assert 0 < least <= threshold <= most
        assert 0 < step <= most - least

    def test_never_tell_pay(self, rule: Rule) -> None:
        names = {name for _, name, _, _ in string.Formatter().parse(rule.message_en) if name}

        assert not names & {"wage", "wages", "vnd", "amount", "pay", "name"}


class TestWarnings:
    def test_all_have_a_threshold_that_feedback_moves(self) -> None:
        warnings = [each for each in RULES if each.family is Family.WARNING]

        assert len(warnings) == 6
        assert all(each.step for each in warnings)


class TestShownTenths:
    @pytest.mark.parametrize(("value", "shown"), [(35, "3,5"), (500, "50"), (5, "0,5")])
    def test_writes_a_decimal_comma(self, value: int, shown: str) -> None:
        assert shown_tenths(value) == shown
