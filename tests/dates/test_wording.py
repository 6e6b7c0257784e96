"""Dates in words."""

from app.dates.edtf import Days, parse
from app.dates.wording import (
    planned_in_words,
    reading,
    rule_in_words,
    words,
    words_of_days,
)
from tests.support.tables import differing


def test_date_is_printed_in_words() -> None:
    expected = {
        "2019-04-23": "23 April 2019",
        "2019-03~": "about March 2019",
        "2024-10?": "perhaps October 2024",
        "2025%": "perhaps about 2025",
        "2024-21": "spring 2024",
        "2024-24": "winter 2024–25",
        "1899-24": "winter 1899–00",
        "2026-10-XX": "some day in October 2026",
        "[2026-09-21..2026-09-30]": "some day from 21 to 30 September 2026",
        "2026-10-XX?": "perhaps October 2026",
        "XXXX-05": "May, year not known",
        "XXXX-05-01": "1 May, year not known",
        "XXXX-11-01/XXXX-11-21": "1–21 November, year not known",
        "XXXX-10/XXXX-11": "October to November, year not known",
        "../XXXX-12-31": "by 31 December, year not known; since when is not said",
        "[XXXX-05,XXXX-06]": "May or June, year not known",
        "[2019-05,2019-06]": "May or June 2019",
        "[2018-05,2019-05,2019-06]": "May 2018, May or June 2019",
        "[2019-05-03,2019-05-05,2019-06]": "3, 5 May or June 2019",
        "[2019-05,2020]": "May 2019 or 2020",
        "2019-05/..": "since May 2019",
        "2019-06~/..": "since about June 2019",
        "../2017-09": "by September 2017; since when is not said",
        "2024-08-28/2024-08-29": "28–29 August 2024",
        "2024-10-14/2024-10-21~": "14 to about 21 October 2024",
        "2023-08-28/2023-09-03~": "28 August to about 3 September 2023",
        "2025-03/2025-05": "March to May 2025",
        "2025-03~/2025-05": "about March 2025 to May 2025",
        "2024-02~/2024-03~": "about February to about March 2024",
        "2024-04-30~/2024-05~": "about 30 April to about May 2024",
        "2017-12/2019-11-19": "December 2017 to 19 November 2019",
        "2019-11/2020-02": "November 2019 to February 2020",
        "2024-21/2024-23": "spring to autumn 2024",
        "2024-24/2025-03": "winter 2024–25 to March 2025",
        "2024-09/2024-24": "September 2024 to winter 2024–25",
        "2005/2011": "2005 to 2011",
        "2019/2019-06": "2019 to June 2019",
        "2019-03/2019": "March 2019 to 2019",
        "2019-05/2019-05": "May 2019",
        "[..2023-12-16]": "on or before 16 December 2023",
        "[..2023-12~]": "on or before about December 2023",
        "[..XXXX-12-31]": "on or before 31 December, year not known",
    }
    assert differing(lambda text: words(parse(text)), expected) == {}


def test_open_date_of_moment_is_some_day_on_that_side() -> None:
    expected = {"2019-05/..": "May 2019 or later", "../2017-09": "September 2017 or earlier"}
    assert differing(lambda text: words(parse(text), lasts=False), expected) == {}


def test_reading_names_the_days_meant() -> None:
    expected = {
        "2019-04~": "this means 1–30 April 2019",
        "2019-04-23": "this means 23 April 2019",
        "2019": "this means 1 January to 31 December 2019",
        "2024-24": "this means 1 December 2024 to 28 February 2025",
        "2024-10-14/2024-10-21~": "this means 14–21 October 2024",
        "2019-05/..": "this means 1 May 2019 or later",
        "../2017-09": "this means 30 September 2017 or earlier",
        "[2019-05,2019-06]": "this means 1–31 May 2019 or 1–30 June 2019",
        "XXXX-05-01": "this means no period finds it, since its year is not known",
    }
    assert differing(lambda text: reading(parse(text)), expected) == {}


def test_range_without_bounds_is_any_day() -> None:
    assert words_of_days(Days()) == "any day"


def test_time_of_a_plan_does_not_say_that_it_has_begun() -> None:
    expected = {
        "2012-05-28/..": "not before 28 May 2012",
        "2025-06~/..": "not before about June 2025",
        "../2025-12": "by December 2025",
        "2025-06/2025-08": "June to August 2025",
        "2026": "2026",
        "[2026,2027]": "2026 or 2027",
    }
    assert differing(planned_in_words, expected) == {}


def test_time_of_a_rule_says_from_when() -> None:
    expected = {"2007-10-01/..": "from 1 October 2007", "../2025-12": "by December 2025"}
    assert differing(rule_in_words, expected) == {}
