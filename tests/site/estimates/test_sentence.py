"""The sentence on what an estimate measures, by its form, nature and measure."""

from typing import Any

import pytest

from app.record.names.directory import Directory
from app.record.rules.conflicts import series_key
from app.site.estimates.sentence import Surroundings, sentence
from tests.make import a_small_world, make_estimate, make_term

THINGS: dict[str, Any] = {"population": "things", "as_of": ""}
SHARE: dict[str, Any] = {"form": "share", "unit": "ratio", "point": "0.3274"}
SHARE_IN_RULE: dict[str, Any] = {**SHARE, "point": None}
NOT_BACK = "workers who did not go home in time"
AWAY = [make_term(code="country-3"), make_term(role="from")]


def words_of(event_title: str = "", whole: str = "", **values: Any) -> str:
    form = make_estimate(**values)
    time = "June 2019" if form.as_of or form.period else ""
    published: Any = form.model_dump(mode="json", exclude_defaults=True)
    around = Surroundings(time, event_title, whole)
    return sentence(form, published, around, Directory.of(a_small_world()))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "It counts people present in Place-1 (as of June 2019): workers."),
        (
            {**SHARE, "share_of": "the workers whose contracts ended", "population_text": NOT_BACK}
            | {"terms": AWAY},
            "32.74 per cent of the workers whose contracts ended: workers who did not go home in "
            "time, in Country-3 from Place-1 (as of June 2019).",
        ),
        (
            {**SHARE, "whole": "M7 (about 9,000)"},
            "32.74 per cent of M7 (about 9,000): workers, in Place-1 (as of June 2019).",
        ),
        (
            SHARE,
            "A share of 32.74 per cent of an unrecorded whole: workers, in Place-1 "
            "(as of June 2019).",
        ),
        (
            {**SHARE_IN_RULE, "nature": "threshold", "low": "0.28", "quantifier": "at-least"}
            | {"share_of": "those whose contracts ended", "population_text": NOT_BACK},
            "A rule applies from 28 per cent of those whose contracts ended: workers who "
            "did not go home in time, in Place-1 (reported June 2019).",
        ),
        (
            {**SHARE_IN_RULE, "nature": "threshold", "low": "0.28", "quantifier": "more-than"},
            "A rule applies above 28 per cent of an unrecorded whole: workers, in "
            "Place-1 (reported June 2019).",
        ),
        (
            {**SHARE_IN_RULE, "nature": "threshold", "high": "0.2", "quantifier": "fewer-than"}
            | {"whole": "M7 (about 9,000)"},
            "A rule applies below 20 per cent of M7 (about 9,000): workers, in Place-1 (reported "
            "June 2019).",
        ),
        (
            {**SHARE_IN_RULE, "nature": "limit", "high": "0.2", "quantifier": "up-to"}
            | {"share_of": "all staff"},
            "The most that a rule allows is 20 per cent of all staff: workers, in Place-1 "
            "(reported June 2019).",
        ),
        (
            {**SHARE, "nature": "planned", "share_of": "all staff"},
            "Planned, 32.74 per cent of all staff: workers, in Place-1 (reported June 2019).",
        ),
        (
            {**SHARE, "nature": "forecast", "quantifier": "about"},
            "Expected, about 32.74 per cent of an unrecorded whole: workers, "
            "in Place-1 (reported June 2019).",
        ),
        (
            {"nature": "threshold", "point": None, "low": 53, "quantifier": "at-least"}
            | {"population_text": "a district is listed", "counts": "taking-part"},
            "A rule applies from 53 people: a district is listed, in Place-1 (reported June 2019).",
        ),
        (
            {**THINGS, "nature": "threshold", "point": None, "high": "27.47", "unit": "cad"}
            | {"quantifier": "fewer-than", "counts": "money", "per": "hour"},
            "A rule applies below 27.47 Canadian dollars an hour: not people, in Place-1 (no date "
            "given).",
        ),
        (
            {**THINGS, "nature": "limit", "point": None, "high": 90, "unit": "days"}
            | {"quantifier": "up-to", "counts": "time", "per": "year", "event_title": "A limit"},
            "The most that a rule allows is 90 days a year: A limit, in Place-1 (no date given).",
        ),
        (
            {**THINGS, "nature": "minimum", "point": None, "low": 400, "unit": "usd"}
            | {"quantifier": "at-least", "counts": "money", "per": "month"}
            | {"population_text": "pay of household service workers"},
            "A rule requires at least 400 US dollars a month: pay of household service workers, in "
            "Place-1 (no date given).",
        ),
        (
            {**SHARE_IN_RULE, "nature": "minimum", "low": "0.3", "quantifier": "more-than"}
            | {"share_of": "all staff", "population_text": "nationals"},
            "A rule requires more than 30 per cent of all staff: nationals, in Place-1 (reported "
            "June 2019).",
        ),
        (
            {"nature": "minimum", "point": None, "low": 20, "quantifier": "at-least"},
            "A rule requires at least 20 people: workers, in Place-1 (reported June 2019).",
        ),
        (
            {**THINGS, "nature": "planned", "point": 6, "unit": "months", "counts": "time"}
            | {"event_title": "The halt"},
            "A planned length of 6 months: The halt, in Place-1 (no date given).",
        ),
        (
            {**THINGS, "counts": "money", "unit": "usd", "population_text": "what they send home"},
            "Money, 1,203 US dollars: what they send home, in Place-1 (date not known).",
        ),
        (
            {**THINGS, "counts": "money", "unit": "usd"},
            "Money, 1,203 US dollars: not people, in Place-1 (date not known).",
        ),
        (
            {**THINGS, "counts": "papers", "unit": "permits", "papers_were": "revoked"},
            "It counts visas and permits revoked in Place-1 (date not known): not people.",
        ),
        (
            {**THINGS, "counts": "papers", "unit": "visas", "papers_were": "issued"}
            | {"nature": "planned"},
            "It counts planned visas and permits to be issued in Place-1 (no date given): not "
            "people.",
        ),
        (
            {"population": "nobody", "as_of": "", "counts": "age", "unit": "years", "point": None}
            | {"nature": "threshold", "quantifier": "fewer-than", "high": 30}
            | {"population_text": "women may not leave"},
            "A rule applies below 30 years: women may not leave, in Place-1 (no date given).",
        ),
        (
            {"population": "nobody", "as_of": "", "counts": "age", "unit": "years", "point": 19}
            | {"event": "E1", "event_title": "The halt"},
            "An age of 19 years: The halt, in Place-1 (date not known).",
        ),
        (
            {"nature": "planned", "counts": "arrivals"},
            "It counts planned arrivals in Place-1 (reported June 2019): workers.",
        ),
        (
            {"counts": "arrivals"},
            "It counts arrivals in Place-1 (in all by June 2019): workers.",
        ),
        (
            {"counts": "taking-part"},
            "It counts people involved in Place-1 (as of June 2019): workers.",
        ),
        (
            {**THINGS, "counts": "places", "point": 40, "unit": "districts", "as_of": "2019"},
            "It counts places in Place-1 (as of June 2019): not people.",
        ),
        (
            {"terms": [make_term(printed="Tribhuvan airport")]},
            "It counts people present in Place-1 (“Tribhuvan airport”) (as of June 2019): workers.",
        ),
        (
            {"terms": [make_term(), make_term("nationality", "kp", scope="mostly")]},
            "It counts people present in Place-1 (as of June 2019): workers. Nationality: "
            "mostly kp.",
        ),
        (
            {"terms": [make_term(), make_term("nationality", "kp", scope="describes")]},
            "It counts people present in Place-1 (as of June 2019): workers. Nationality: kp "
            "among others.",
        ),
        (
            {"terms": [make_term(), make_term("sector", "seafood", scope="describes")]},
            "It counts people present in Place-1 (as of June 2019): workers. Industry: seafood.",
        ),
        (
            {"terms": [make_term(), make_term("sector", "seafood", scope="mostly")]},
            "It counts people present in Place-1 (as of June 2019): workers. Industry: "
            "mostly seafood.",
        ),
    ],
    ids=str,
)
def test_sentence_says_what_a_number_is(values: dict[str, Any], expected: str) -> None:
    assert words_of(**values) == expected


def test_shares_of_different_wholes_are_not_compared() -> None:
    one, other = (make_estimate(**SHARE, share_of=whole) for whole in ("All there", "Those ill"))
    assert series_key(one) != series_key(other)
    assert series_key(one) == series_key(make_estimate(**SHARE, share_of="all there"))
