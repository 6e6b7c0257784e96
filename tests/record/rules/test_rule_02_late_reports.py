"""Steps of which a later report tells, and states that were so when reported (rule 2)."""

from datetime import date
from typing import Any, cast

import pytest

from app.record.derivation.rows import derive_row
from app.record.names.status_labels import last_reported_labels
from app.record.payloads import EventPayload
from app.record.rules.reported_status import last_reported, status_on
from app.vocabulary.events import StatusGroup, Track
from tests.make import (
    a_context,
    a_small_world,
    make_citation,
    make_code,
    make_event,
    make_source,
    make_stage,
)

RECENT, OLD, LAW = StatusGroup.RECENT, StatusGroup.UNCONFIRMED, StatusGroup.LAW
REPORT = "2019-11-05"


def payload(*stages: Any, said: str = REPORT, **changes: Any) -> EventPayload:
    event = make_event(stages=list(stages), citations=[make_citation(said=said)], **changes)
    context = a_context(*a_small_world(), make_code(), event)
    return cast(EventPayload, derive_row(event, context).payload)


@pytest.mark.parametrize(
    ("step", "day", "happened", "label"),
    [
        # Its own date says since when; or it begins an event with such a date.
        ("in-force", "2019-02-05/..", "", "In force since 5 February 2019 (report of"),
        ("in-force", "2019-02-05", "2019-02-05/..", "In force since 5 February 2019 (report"),
        ("enforced", "2019-02~/..", "", "Enforced since about February 2019 (report of"),
        # A report that comes more than a month later says so; nothing says that it still held.
        ("in-force", "2019-02-05", "2019-02-05", "In force, reported for 5 February 2019 (report"),
        ("in-force", "2019-03", "2019-02-05/..", "In force, reported for March 2019 (report of"),
        ("announced", "2019-02-05", "2019-02-05/..", "Announced or ordered, reported for 5 Febr"),
        # A month is no delay to speak of.
        ("in-force", "2019-10-05", "", "In force, last reported 5 October 2019"),
        ("in-force", "2019-10", "", "In force, last reported October 2019"),
        ("in-force", REPORT, "", "In force, last reported 5 November 2019"),
    ],
)
def test_label_names_the_report_of_a_state_or_of_a_past_step(
    step: str, day: str, happened: str, label: str
) -> None:
    [(code, words)] = last_reported_labels(
        payload(make_stage(step, day), happened=happened or "2019")
    )
    assert (code, words[: len(label)]) == (step, label)


@pytest.mark.parametrize(
    ("day", "on", "group"),
    [
        # A state counts from the report by which it still held.
        ("2019-02-05/..", "2021-11-05", RECENT),
        ("2019-02-05/..", "2021-11-06", OLD),
        # Between its first day and that report it held.
        ("2019-02-05/..", "2019-08-01", RECENT),
        ("2019-02-05/..", "2019-02-05", RECENT),
        # What is over counts from its own day, however late the report.
        ("2019-02-05", "2021-02-05", RECENT),
        ("2019-02-05", "2021-02-06", OLD),
        ("2019-02", "2019-03-01", RECENT),
    ],
)
def test_age_counts_from_the_report_of_a_state(day: str, on: str, group: StatusGroup) -> None:
    status = status_on(payload(make_stage("in-force", day)), date.fromisoformat(on), is_law=False)
    assert status and status.group is group


@pytest.mark.parametrize(
    ("day", "said", "label", "held", "counts_from"),
    [
        ("2019-02-05/..", "2019-11", "November 2019", "2019-11-30", "2019-11-01"),
        # The first day of a report is not known, or before the step: then that of the step.
        ("2019-04-01/..", "[..2019-05-02]", "2 May 2019 or earlier", "2019-05-02", "2019-04-01"),
        (
            "2019-10-26~/..",
            "2019-10/2020-04~",
            "October 2019 to about April 2020",
            "2020-04-30",
            "2019-10-26",
        ),
    ],
)
def test_vague_report_is_named_and_counts_from_its_first_possible_day(
    day: str, said: str, label: str, held: str, counts_from: str
) -> None:
    written = payload(make_stage("in-force", day), said=said)
    [(_code, words)] = last_reported_labels(written)
    assert words.startswith("In force since") and words.endswith(f"(report of {label})")
    step = last_reported(written)[Track.LAW]
    assert step.held and step.held.last == date.fromisoformat(held)
    assert step.day == date.fromisoformat(counts_from)


def test_source_published_on_some_day_of_a_range_is_a_report() -> None:
    event = make_event(stages=[make_stage("in-force", "2013-10-26~/..")])
    world = [form for form in a_small_world() if form.id != "S1"]
    source = make_source(1, published="2013-11~/2014-04~")
    derived = derive_row(event, a_context(*world, source, make_code(), event)).payload
    [(_code, words)] = last_reported_labels(cast(EventPayload, derived))
    assert words == (
        "In force since about 26 October 2013 (report of about November 2013 to about April 2014)"
    )


def test_state_that_held_after_its_stated_end_did_not_end_then() -> None:
    written = payload(make_stage("in-force", "2019-02-05/..", valid_until="2019-06-30"))
    status = status_on(written, date(2019, 12, 1), is_law=False)
    assert status and status.group is RECENT
    over = payload(make_stage("in-force", "2019-02-05", valid_until="2019-06-30"))
    status = status_on(over, date(2019, 12, 1), is_law=False)
    assert status and status.group is StatusGroup.ENDED


def test_later_step_outranks_an_earlier_state_that_is_reported_later() -> None:
    written = payload(make_stage("in-force", "2019-02-05/.."), make_stage("eased", "2019-07-01"))
    assert last_reported(written)[Track.LAW].step == "eased"


def test_law_that_was_reported_later_dates_from_its_day() -> None:
    written = payload(make_stage("in-force", "2019-02-05"))
    status = status_on(written, date(2026, 1, 1), is_law=True)
    assert status and status.group is LAW
