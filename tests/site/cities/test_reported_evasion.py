"""Reported evasion on the page of a city, with the rules that began shortly before."""

from typing import Any

from app.kinds import EventForm
from app.settings import Settings
from tests.make import (
    make_citation,
    make_event,
    make_link,
    make_place,
    make_stage,
    make_term,
)
from tests.support.event_pages import published_as
from tests.support.html import words

AFTER = "After Stays are cut , 1 June 2019"
EARLIER = "which began earlier or elsewhere"
REPORTS = [
    ("2019-06-01", True, f"{AFTER} Reportedly evades it"),
    ("2019-08-30", True, f"{AFTER} Reportedly evades it"),
    ("2019-08", True, f"{AFTER} possibly Reportedly evades it"),
    ("2019", True, f"{AFTER} possibly Reportedly evades it"),
    ("2019-08-31", True, f"Reportedly evades E1 , {EARLIER}"),
    ("2019-05-31", True, f"Reportedly evades E1 , {EARLIER}"),
    # What no source reports is our reading.
    ("2019-06-01", False, f"{AFTER} Evades it, in the editors’ reading"),
    ("2019-08-31", False, f"Evades, in the editors’ reading, E1 , {EARLIER}"),
]
"""The date of each report, whether a source reports the evasion, and what the page says."""


def rule(number: int, title: str, day: str, *more: Any, at: str, step: str = "announced") -> Any:
    return make_event(
        number,
        title=title,
        happened=day,
        terms=[make_term(code=at)],
        stages=[make_stage(step, day, f"C{number}"), *more],
    )


def report(number: int, happened: str, evaded: str, is_cited: bool) -> EventForm:
    about = [make_citation(100 + number, about=f"L{number}")] if is_cited else []
    return make_event(
        number,
        title=f"Report {number}.",
        type="repatriation",
        happened=happened,
        links=[make_link(evaded, "evades", number)] if evaded else [],
        citations=[make_citation(number), *about],
    )


def test_report_lists_rules_of_previous_90_days_at_its_place(database: Settings) -> None:
    part = rule(44, "Its first stage", "2019-06", at="place-12")
    part.links.append(make_link("E45", "part-of", 44))
    evaded, measure = (make_stage("evasion", "2019-07", f"C{n}") for n in (42, 45))
    forms = [
        *(make_place(number, parent="province-2") for number in (11, 12, 13)),
        rule(1, "Stays are cut", "2019-06-01", at="place-1"),
        rule(40, "Another rule", "2019-06-02", at="province-2"),
        *(report(n, day, "E1", is_cited) for n, (day, is_cited, _s) in enumerate(REPORTS, 2)),
        report(30, "2019-06-20", "E40", False),
        report(31, "2019-06-20", "", False),
        # An event that was itself evaded is a report; its parts and plans are no rules.
        rule(41, "A rule", "2019-06-01", at="place-11"),
        rule(42, "A later rule", "2019-07", evaded, at="place-11"),
        part,
        rule(
            45,
            "The measure",
            "2019-07",
            measure,
            at="place-12",
            step="in-force",
        ),
        rule(46, "A plan", "2019-06", at="place-12", step="planned"),
        rule(47, "Not evaded", "2019-06-01", at="place-13"),
    ]
    with published_as(database, (*forms,)) as client:

        def section(code: str) -> str:
            _, _, after = words(client.get(f"/cities/{code}").text).partition("Reported evasion")
            return after.partition("Events in")[0]

        here = section("place-1")
        for number, (*case, said) in enumerate(REPORTS, 2):
            assert f"Report {number}. E{number} {said}" in here, case
        elsewhere = here.partition("Report 30.")[2].partition("Report 2")[0]
        assert AFTER in elsewhere and "Evades, in the editors’ reading, E40" in elsewhere
        assert "Another rule" not in here and "Report 31" not in here
        assert "A later rule E42 After A rule" in section("place-11")
        assert section("place-12") == section("place-13") == ""
