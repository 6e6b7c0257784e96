"""Months without a year, in four languages."""

from app.record.words.numbers import read_month
from tests.support.tables import differing


def test_month_is_read_with_its_part() -> None:
    parts = {
        "6月末": (["6月", "June"], 1),
        "6月末までに": (["6月", "June"], 1),
        "12月底": (["12月", "December"], 1),
        "6월 말 귀국": (["6월", "June"], 2),
        "6월까지": (["6월", "June"], 1),
        "конец июня Китай": (["июня", "June"], 2),
        "июне": (["июне", "June"], 1),
    }
    assert differing(lambda words: read_month(words.split()), parts) == {}


def test_january_is_not_found_in_november() -> None:
    assert read_month(["1月"]) == (["年1月", "년 1月", " 1月", "January"], 1)


def test_english_may_is_no_verb() -> None:
    found = read_month(["мая"])
    assert found and "May" not in found[0]


def test_other_words_are_no_months() -> None:
    for word in ("Маньчжурия", "6", "13月", "6000月", "June", "марты", "конец"):
        assert read_month([word]) is None, word
