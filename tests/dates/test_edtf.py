"""EDTF dates: parsing, canonical text, and reasons for refusals."""

import pytest

from app.dates.day_ranges import possible_days
from app.dates.edtf import MAX_LENGTH, DateError, normalise, parse
from tests.support.day_ranges import days
from tests.support.tables import differing


def test_canonical_date_parses_to_its_possible_days() -> None:
    expected = {
        "2019-04-23": "2019-04-23",
        "2020-02-29": "2020-02-29",
        "2019-04": "2019-04-01 2019-04-30",
        "2020-02": "2020-02-01 2020-02-29",
        "2019-12": "2019-12-01 2019-12-31",
        "2019": "2019-01-01 2019-12-31",
        "2024-21": "2024-03-01 2024-05-31",
        "2024-22": "2024-06-01 2024-08-31",
        "2024-23": "2024-09-01 2024-11-30",
        "2024-24": "2024-12-01 2025-02-28",
        "2023-24": "2023-12-01 2024-02-29",
        "2019-04-23~": "2019-04-23",
        "2024-10?": "2024-10-01 2024-10-31",
        "2025%": "2025-01-01 2025-12-31",
        "2024-21~": "2024-03-01 2024-05-31",
        "2026-10-XX": "2026-10-01 2026-10-31",
        "2019-05/2019-06-03": "2019-05-01 2019-06-03",
        "2024-02~/2024-03?": "2024-02-01 2024-03-31",
        "2019/2019-06": "2019-01-01 2019-06-30",
        "2019-06/2019": "2019-06-01 2019-12-31",
        "2024-24/2025-01": "2024-12-01 2025-01-31",
        "2019-05/..": "2019-05-01 ..",
        "[2019-05-10..2019-05-20]/..": "2019-05-10 ..",
        "[2019-05-10..2019-05-20]": "2019-05-10 2019-05-20",
        "[2019-05,2019-06]": "2019-05-01 2019-05-31, 2019-06-01 2019-06-30",
        "[2018,2019-05,2019-06-03]": "2018-01-01 2018-12-31, 2019-05-01 2019-05-31, 2019-06-03",
        "../2017-09": "",
        "XXXX-05": "",
        "XXXX-05-01": "",
        "XXXX-02-29": "",
        "XXXX-11-01/XXXX-11-21": "",
        "XXXX-10/XXXX-11": "",
        "XXXX-12/XXXX-02": "",
        "../XXXX-12-31": "",
        "[XXXX-05,XXXX-06]": "",
        "1800/2200-24": "1800-01-01 2201-02-28",
    }

    for text, ranges in expected.items():
        assert parse(text).text == text
        assert possible_days(parse(text)) == tuple(map(days, filter(None, ranges.split(", "))))


def test_invalid_date_is_refused_with_a_suggestion() -> None:
    reasons = {
        "2019-06-31": "31 June 2019 is not a day; June has 30",
        "2026-02-29": "29 February 2026 is not a day; February 2026 has 28",
        "1900-02-29": "29 February 1900 is not a day; February 1900 has 28",
        "XXXX-02-30": "30 February is not a day; February has 29",
        "2019-06-00": "0 June 2019 is not a day; June has 30",
        "2019-13": "13 is not a month",
        "2019-00": "00 is not a month",
        "2019-25": "25 is not a month",
        "2024-21-03": "A season has a year and no days",
        "2024-21-XX": "A season has a year and no days",
        "XXXX-21": "A season has a year and no days",
        "1799": "years run from 1800 to 2200",
        "2201-01-01": "years run from 1800 to 2200",
        "0000": "years run from 1800 to 2200",
        "99999": "years run from 1800 to 2200",
        "-0500": "years run from 1800 to 2200",
        "Y170000002": "years run from 1800 to 2200",
        "2019-4": "two digits",
        "2019-04-3": "two digits",
        "2019-4-3~": "two digits",
        "20190423": "put hyphens between",
        "2019/04/23": "put hyphens between",
        "2019.04.23": "put hyphens between",
        "23.04.2019": "put the year first",
        "23/04/2019": "put the year first",
        "2019-04-23T10:00:00Z": "leave out the time of day",
        "April 2019": "write a day 2019-04-23",
        "unknown": "write a day 2019-04-23",
        "2019-04 ": "write a day 2019-04-23",
        "2019?-04": "one mark at the end",
        "2019-?04-23": "one mark at the end",
        "2019~?": "one mark at the end",
        "~2019": "one mark at the end",
        "201X": "for a decade write an interval",
        "2026-XX": "write the year alone",
        "2026-XX-XX": "write the year alone",
        "2026-XX-05": "write the year alone",
        "XXXX": "at least the month",
        "XXXX-05-XX": "at least the month",
        "2019/": "two dots",
        "/2019": "two dots",
        "../..": "two dots",
        "2019/2020/2021": "two sides",
        "2019..2020": "two dots stand alone",
        "[2019-05-20..2019-05-10]/..": "turn them round",
        "[2019-05-10~..2019-05-20]/..": "without ? ~ %",
        "[2019-05-20..2019-05-10]": "turn them round",
        "[2019-05-10..]": "the first and the last possible one",
        "[2019-05-10..2019-05-20]/2020": "nothing after the bracket",
        "2019-06/2019-05": "2019-05 comes before 2019-06: turn them round",
        "2024-24/2024-11": "turn them round",
        "2026-10-XX/..": "write the month or the year alone",
        "XXXX-05/2019": "Give both sides of an interval a year, or neither",
        "XXXX-11-21/XXXX-11-01": "turn them round",
        "{2019,2020}": "one of several dates is written",
        "[2019,2020": "nothing after the bracket",
        "[2019,2020]~": "nothing after the bracket",
        "[2019]": "Give 2 to 6 dates",
        "[]": "Give 2 to 6 dates",
        "[2011,2012,2013,2014,2015,2016,2017]": "Give 2 to 6 dates",
        "[2019~,2020]": "without ? ~ %, as",
        "[2024-21,2025]": "without ? ~ %, as",
        "[2026-10-XX,2027]": "without ? ~ %, as",
        "[XXXX-05,2027]": "Give each date in brackets a year, or none",
        "[XXXX-05,XXXX-05-02]": "XXXX-05-02 is part of XXXX-05",
        "[2019,2019]": "2019 is part of 2019",
        "[2018,2019-05,2019]": "2019-05 is part of 2019",
        "[2019,,2020]": "write a day",
        "[..,2020]": "two dots stand alone",
        "": "There is no date here",
        "2019\0": "only the digits 0 to 9",
        "2019\n": "only the digits 0 to 9",
        "２０１９": "only the digits 0 to 9",
        "٢٠١٩": "only the digits 0 to 9",
        "2019–2020": "only the digits 0 to 9",
        "\u202e2019": "only the digits 0 to 9",
        "2019" * 30: "at most 80 characters, not 120",
    }
    for text, reason in reasons.items():
        with pytest.raises(DateError) as refused:
            parse(text)
        assert reason in str(refused.value) and str(refused.value).isprintable(), text


def test_typed_date_is_normalised() -> None:
    expected = {
        " 2019-04 ": "2019-04",
        "2019-04 ~": "2019-04~",
        "2019-05 / ..": "2019-05/..",
        "[2019-06, 2019-05]": "[2019-05,2019-06]",
        "2026-10-xx": "2026-10-XX",
        "xxxx-05-01": "XXXX-05-01",
    }
    assert differing(normalise, expected) == {}


def test_long_text_is_refused_and_not_quoted() -> None:
    for typed in ("2019-04" + " " * MAX_LENGTH + "~", "a" * MAX_LENGTH):
        with pytest.raises(DateError) as refused:
            normalise(typed)
        assert len(str(refused.value)) < 200 and typed not in str(refused.value)
