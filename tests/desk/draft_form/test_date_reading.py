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
    for typed in ("4월 말", "конец апреля", "late April"):
        read = read_date(typed, "2019-04-28")
        assert read.offers and not read.nothing
        lost = read_date(typed)
        assert not lost.offers and "Add the year" in lost.nothing, (
            "without an article's date, words without a year must ask for the year"
        )
    assert "is not a date we can read" in read_date("when the river froze").nothing


def test_impossible_day_is_reported_with_its_month() -> None:
    cases = [
        ("31 February 2026", "", "31 February 2026 is not a day; February 2026 has 28"),
        ("31 April", "2026-05-01", "31 April 2026 is not a day; April has 30"),
        ("31 June to 5 July 2026", "", "31 June 2026 is not a day; June has 30"),
    ]
    assert failing(cases, lambda typed, published: read_date(typed, published).nothing) == []


def test_attested_date_reads_as_a_state_without_ends() -> None:
    def read(typed: str) -> tuple[str, bool]:
        reading = read_date(typed, "2019-06", "attested")
        return reading.words, reading.means == "on any day up to then"

    cases = [
        ("2019-05-05", ("attested 5 May 2019; beginning and end not known", True)),
        ("2019-05~", ("attested about May 2019; beginning and end not known", True)),
        ("XXXX-05", ("attested May, year not known; beginning and end not known", False)),
    ]
    assert failing(cases, read) == []


def test_phrases_are_offered_for_an_attested_date() -> None:
    offers = read_date("23 April 2019", "", "attested").offers
    assert [offer.edtf for offer in offers] == ["2019-04-23"]
