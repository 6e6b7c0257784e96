"""Dates suggested for words."""

import re
from pathlib import Path

from app.desk.draft_form.date_reading import date_offers, read_date
from tests.support.tables import failing


def offered(typed: str, published: str) -> str:
    return " ".join(offer.edtf for offer in date_offers(typed, published))


def test_words_are_offered_as_dates() -> None:
    cases = [("", "", ""), ("since " * 200, "", "")]
    for line in (Path(__file__).parent / "date_words.txt").read_text().splitlines():
        if not line.startswith("#"):
            published, typed, dates = re.split(r" ?\| | =>", line)
            cases.append((typed, published, dates.strip()))
    assert len(cases) > 2
    assert failing(cases, offered) == []


def test_words_with_suggestions_show_no_error() -> None:
    assert (read_date("unstated").words, read_date("unstated").nothing) == ("unstated", "")
    for typed in ("4월 말", "конец апреля", "late April"):
        read = read_date(typed, "2019-04-28")
        assert read.offers and not read.nothing
        lost = read_date(typed)
        assert not lost.offers and "Add the year" in lost.nothing, (
            "without an article's date, words without a year must ask for the year"
        )
    assert "is not a date we can read" in read_date("when the river froze").nothing
