"""What a text has of the records of the article that it copies."""

from typing import Any

import pytest

from app.desk.reading.copied_facts import Found, Statement, compare_statements
from app.desk.reading.marks import Figure


def figure(number: float, unit: str = "people", **more: Any) -> Figure:
    return Figure("about", number, number, unit, **more)


def estimate(number: float, place: str = "dandong", **more: Any) -> Statement:
    return Statement("estimate", "present", frozenset({place}), "", figure(number, **more))


def event(type: str = "repatriation", place: str = "dandong", when: str = "2019-06") -> Statement:
    return Statement("event", type, frozenset({place}), when)


@pytest.mark.parametrize(
    ("on_record", "text", "found", "field"),
    [
        (estimate(300), estimate(300), Found.ALSO, ""),
        (estimate(300), estimate(400), Found.DIFFERENT, "number"),
        (estimate(300), estimate(300, unit="visas"), Found.MISSING, ""),
        (estimate(300), estimate(3, per="day"), Found.MISSING, ""),
        (estimate(300), estimate(30_000), Found.MISSING, ""),
        (estimate(300), estimate(400, place="hunchun"), Found.MISSING, ""),
        (estimate(300), estimate(300, place="liaoning"), Found.ALSO, ""),
        (event(), event(when="2019-06-03"), Found.ALSO, ""),
        (event(), event(when=""), Found.ALSO, ""),
        (event(), event(when="2018-01"), Found.DIFFERENT, "when"),
        (event(), event(place="hunchun"), Found.DIFFERENT, "where"),
        (event(), event(type="deportation"), Found.MISSING, ""),
        (event(), estimate(300), Found.MISSING, ""),
    ],
)
def test_statement_of_the_text_is_the_same_or_differs(
    on_record: Statement, text: Statement, found: Found, field: str
) -> None:
    compared = compare_statements(
        {"R": on_record}, [text], lambda place: {"liaoning"} if place == "dandong" else ()
    )
    assert (compared["R"].found, compared["R"].field) == (found, field)


def test_number_that_is_the_same_as_one_record_is_no_other_value_of_another() -> None:
    compared = compare_statements({"M1": estimate(300), "M2": estimate(400)}, [estimate(400)])
    assert [compared[record].found for record in ("M1", "M2")] == [Found.MISSING, Found.ALSO]


def test_of_several_numbers_the_nearest_is_the_other_value() -> None:
    compared = compare_statements({"M1": estimate(300)}, [estimate(1_000), estimate(400)])
    here = compared["M1"].here
    assert here and here.figure and here.figure.low == 400
