"""Dates suggested for words."""

import pytest

from app.dates import wording
from app.desk.draft_form.date_reading import read_date
from app.desk.draft_form.date_words import date_offers, suggested_dates


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("late April 2019", ["2019-04~", "2019-04-21/2019-04-30", "[2019-04-21..2019-04-30]"]),
        ("early March 2019", ["2019-03~", "2019-03-01/2019-03-10", "[2019-03-01..2019-03-10]"]),
        ("mid-June 2019", ["2019-06~", "2019-06-11/2019-06-20", "[2019-06-11..2019-06-20]"]),
        ("end of June 2019", ["2019-06~", "2019-06-30"]),
        ("first half of 2019", ["2019-01/2019-06", "[2019-01..2019-06]"]),
        ("late 2019", ["2019~", "2019-09/2019-12", "[2019-09..2019-12]"]),
        ("23 April 2019", ["2019-04-23"]),
        ("April 23rd, 2019", ["2019-04-23"]),
        ("2019.4.23", ["2019-04-23"]),
        ("23.4.2019", ["2019-04-23"]),
        ("2019年4月23日", ["2019-04-23"]),
        ("2019년 4월 23일", ["2019-04-23"]),
        ("2019年4月", ["2019-04"]),
        ("2019년 4월 말", ["2019-04~", "2019-04-21/2019-04-30", "[2019-04-21..2019-04-30]"]),
        ("2019年6月上旬", ["2019-06~", "2019-06-01/2019-06-10", "[2019-06-01..2019-06-10]"]),
        ("2019년 초", ["2019~", "2019-01/2019-04", "[2019-01..2019-04]"]),
        ("2019年底", ["2019~", "2019-09/2019-12", "[2019-09..2019-12]"]),
        ("конец апреля 2019", ["2019-04~", "2019-04-21/2019-04-30", "[2019-04-21..2019-04-30]"]),
        (
            "В начале мая 2019 года",
            ["2019-05~", "2019-05-01/2019-05-10", "[2019-05-01..2019-05-10]"],
        ),
        ("15 апреля 2026", ["2026-04-15"]),
        ("3 марта 2026 г.", ["2026-03-03"]),
        ("в сентябре 2026", ["2026-09"]),
        ("первая половина 2019 года", ["2019-01/2019-06", "[2019-01..2019-06]"]),
        ("весной 2019", ["2019-21"]),
        ("с 3 по 5 мая 2019", ["2019-05-03/2019-05-05"]),
        ("до июня 2019 года", ["../2019-06"]),
        ("около марта 2019", ["2019-03~"]),
        ("3 June to 5 July 2026", ["2026-06-03/2026-07-05"]),
        ("2019年13月末", []),
        ("год", []),
        ("Spring 2019", ["2019-21"]),
        ("about March 2019", ["2019-03~"]),
        ("perhaps 2018", ["2018?"]),
        ("since May 2019", ["2019-05/.."]),
        ("until June 2019", ["../2019-06"]),
        ("May or June 2019", ["[2019-05,2019-06]"]),
        ("from 3 to 5 May 2019", ["2019-05-03/2019-05-05"]),
        ("March to May 2019", ["2019-03/2019-05"]),
        ("28–29 August 2024", ["2024-08-28/2024-08-29"]),
        ("31 June 2019", []),
        ("2019-04", []),
        ("when the river froze", []),
        ("last month", []),
        ("Monday", []),
        ("", []),
        ("since " * 200, []),
    ],
)
def test_words_get_date_suggestions(typed: str, offered: list[str]) -> None:
    assert [offer.edtf for offer in date_offers(typed)] == offered


@pytest.mark.parametrize(
    ("typed", "published", "offered"),
    [
        (
            "early March",
            "2019-04-23",
            ["2019-03~", "2019-03-01/2019-03-10", "[2019-03-01..2019-03-10]"],
        ),
        ("November", "2019-04-23", ["2018-11"]),
        ("4월 15일", "2019-04-23", ["2019-04-15"]),
        ("4월 말", "2019-04-28", ["2019-04~", "2019-04-21/2019-04-30", "[2019-04-21..2019-04-30]"]),
        (
            "11月中旬",
            "2019-04-28",
            ["2018-11~", "2018-11-11/2018-11-20", "[2018-11-11..2018-11-20]"],
        ),
        ("지난달", "2019-01", ["2018-12"]),
        ("15 апреля", "2026-04-23", ["2026-04-15"]),
        (
            "в конце ноября",
            "2019-04-28",
            ["2018-11~", "2018-11-21/2018-11-30", "[2018-11-21..2018-11-30]"],
        ),
        ("в прошлом году", "2019", ["2018"]),
        ("вчера", "2019-03-01", ["2019-02-28"]),
        ("去年", "2019", ["2018"]),
        ("어제", "2019-03-01", ["2019-02-28"]),
        ("last month", "2019-01", ["2018-12"]),
        ("last year", "2019", ["2018"]),
        ("yesterday", "2019-03-01", ["2019-02-28"]),
        # 23 April 2019 was a Tuesday. Without a verb, a weekday may also be the coming one.
        ("Monday", "2019-04-23", ["2019-04-22", "2019-04-29"]),
        ("Tuesday", "2019-04-23", ["2019-04-23", "2019-04-30"]),
        ("last Tuesday", "2019-04-23", ["2019-04-16"]),
        ("last week", "2019-04-23", ["2019-04-15/2019-04-21", "[2019-04-15..2019-04-21]"]),
        ("28 December to 3 January 2026", "2026-01", ["2025-12-28/2026-01-03"]),
        # Words count no more exactly than the article's own date.
        ("Monday", "2019-04", ["2019-04~"]),
        ("Monday", "2019-04-23~", ["2019-04~"]),
        ("yesterday", "2019-04-10/2019-04-20", ["2019-04~"]),
        ("last month", "2019", ["2019~"]),
        ("last month", "2019-04-15", ["2019-03"]),
        ("since last week", "2019-04", ["2019-04~/.."]),
        ("last year", "2019-06~", ["2018"]),
        ("in March", "2019", ["2019-03", "2020-03", "2018-03"]),
        ("early March", "2019~", []),
    ],
)
def test_relative_words_count_from_the_article_date(
    typed: str, published: str, offered: list[str]
) -> None:
    assert [offer.edtf for offer in date_offers(typed, published)] == offered


@pytest.mark.parametrize(
    ("published", "offered"),
    [
        ("2019-04-23", ["2019-04-23", "2019-04", "2019-03"]),
        ("2019-01", ["2019-01", "2018-12"]),
        ("2019", []),
        ("2019-04~", []),
        ("", []),
    ],
)
def test_empty_box_suggests_dates_near_the_article(published: str, offered: list[str]) -> None:
    assert [offer.edtf for offer in suggested_dates(published)] == offered
    assert all(offer.words == wording.in_words(offer.edtf) for offer in suggested_dates(published))


@pytest.mark.parametrize("typed", ["4월 말", "конец апреля", "late April"])
def test_words_with_suggestions_show_no_error(typed: str) -> None:
    read = read_date(typed, "2019-04-28")
    assert read.offers and not read.nothing
    lost = read_date(typed)
    assert not lost.offers and "Add the year" in lost.nothing, (
        "without an article's date, words without a year must ask for the year"
    )
    assert "is not a date we can read" in read_date("when the river froze").nothing


def test_written_year_takes_precedence_over_article_year() -> None:
    assert date_offers("3 June to 5 July 2026", "2026-05-01")[0].edtf == "2026-06-03/2026-07-05"


@pytest.mark.parametrize(
    ("typed", "published", "why"),
    [
        ("31 February 2026", "", "31 February 2026 is not a day; February 2026 has 28"),
        ("31 April", "2026-05-01", "31 April 2026 is not a day; April has 30"),
        ("31 June to 5 July 2026", "", "31 June 2026 is not a day; June has 30"),
    ],
)
def test_impossible_day_is_reported_with_its_month(typed: str, published: str, why: str) -> None:
    assert read_date(typed, published).nothing == why


@pytest.mark.parametrize(
    ("typed", "words", "is_drawn"),
    [
        ("2019-05-05", "attested 5 May 2019; beginning and end not known", True),
        ("2019-05~", "attested about May 2019; beginning and end not known", True),
        ("XXXX-05", "attested May, year not known; beginning and end not known", False),
    ],
)
def test_attested_date_reads_as_a_state_without_ends(
    typed: str, words: str, is_drawn: bool
) -> None:
    reading = read_date(typed, "2019-06", "attested")
    assert reading.words == words
    assert bool(reading.bar and reading.bar.before is not None) is is_drawn
    assert reading.means


def test_phrases_are_offered_for_an_attested_date() -> None:
    assert [offer.edtf for offer in read_date("23 April 2019", "", "attested").offers] == [
        "2019-04-23"
    ]
