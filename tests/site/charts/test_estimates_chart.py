"""The chart of a place's estimates: panels, marks, the time axis, events, and what was ignored."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from app.site.charts.estimates_chart import letters_of_number
from app.site.charts.glyphs import (
    ARROW_PIXELS,
    HALF_SYMBOL_PIXELS,
    STROKE_PIXELS,
    WORD_STROKE_PIXELS,
)
from app.site.charts.panels import Chart, EventCount
from tests.make import make_citation, make_estimate, make_link, make_step, make_term
from tests.support.charts import draw, drawings, height, only_mark, path_numbers

LEAST: dict[str, Any] = {"point": None, "low": 700, "quantifier": "at-least"}
MOST: dict[str, Any] = {"point": None, "high": 700, "quantifier": "up-to"}
RANGE: dict[str, Any] = {"point": None, "low": 700, "high": 800, "quantifier": "range"}
ONE_PLANT = {"population": "one-group", "population_text": "workers of one plant"}


def drawn(**changes: Any) -> Any:
    """Return the panel, the mark and the label of one estimate."""
    return only_mark(draw(make_estimate(**changes)))


def kinds(mark: Any) -> list[str]:
    return [shape.kind for shape in mark.shapes]


# Marks --------------------------------------------------------------------------------------------


def test_exact_estimate_is_symbol_at_its_day_and_number() -> None:
    panel, mark, _ = drawn(point=1_500, as_of="2020-07-01")
    years = len(panel.years)
    year = (panel.right - panel.left) / years
    begin = panel.years[int(2020 - (2026 - years + 1))]
    assert mark.x == pytest.approx(begin + year / 2, abs=1)
    assert mark.middle == pytest.approx(height(panel, 1_500), abs=0.2)
    assert kinds(mark) == ["point"]


def test_scale_starts_at_zero_and_includes_all_estimates() -> None:
    for most in (0, 1, 7, 60, 1_203, 47_000, 80_000, 100_000, 250_001):
        panel, mark, _ = drawn(point=most)
        numbers = [int(line.words.replace(",", "")) for line in panel.lines]
        assert numbers[0] == 0 and panel.lines[0].at == panel.base, most
        assert len(numbers) <= 6 and numbers[-1] >= most
        assert mark.middle == pytest.approx(height(panel, most) if most else panel.base, abs=0.2)


def test_bounds_are_bars_and_arrows_without_a_point() -> None:
    """A second mark beside a bar or an arrow would look like a second estimate."""
    panel, mark, _ = drawn(**RANGE)
    x, top, bottom = path_numbers(mark, "range")
    assert (top, bottom) == pytest.approx((height(panel, 800), height(panel, 700)), abs=0.2)
    assert x == mark.x
    # Arrows have a constant length.
    for changes, kind, pixels in [
        (LEAST | {"low": 30}, "up", -ARROW_PIXELS),
        (LEAST | {"low": 20_000}, "up", -ARROW_PIXELS),
        (MOST | {"high": 80_000}, "down", ARROW_PIXELS),
    ]:
        panel, mark, _ = drawn(**changes)
        _x, start, length = path_numbers(mark, kind)
        end = changes.get("low") or changes["high"]
        assert start == pytest.approx(height(panel, end), abs=0.2) and length == pixels
    for changes in (RANGE, LEAST, MOST):
        for drawing in drawings(draw(make_estimate(**changes))):
            [(mark, label)] = drawing.panels[0].marks
            assert label and label.words == "a"
            assert not {*kinds(mark)} & {"point", "ring", "about"}, changes


def test_marks_near_zero_stay_above_the_axis() -> None:
    small = make_estimate(1, point=None, high=100, quantifier="fewer-than")
    about = make_estimate(2, point=100, quantifier="about", as_of="2021")
    [panel] = draw(small, about, make_estimate(3, point=100_000, as_of="2022")).wide.panels
    fewer, roughly, _much = (mark for mark, _ in panel.marks)
    _x, start, length = path_numbers(fewer, "down")
    assert start + length <= panel.base + 0.2
    assert len(path_numbers(roughly, "about")) == 3  # only the stroke above


def test_approximate_estimate_has_strokes_outside_symbol() -> None:
    _, mark, _ = drawn(point=6_000, quantifier="about")
    _x, above, up, _x, below, down = path_numbers(mark, "about")
    assert (above, up) == (mark.middle - HALF_SYMBOL_PIXELS, -STROKE_PIXELS)
    assert (below, down) == (mark.middle + HALF_SYMBOL_PIXELS, STROKE_PIXELS)


def test_estimate_in_words_is_on_base_line_without_scale() -> None:
    panel, mark, _ = drawn(point=None, quantifier="words", printed_words="scores")
    assert path_numbers(mark, "word") == [mark.x, panel.base, -WORD_STROKE_PIXELS]
    assert "“scores”" in mark.words
    assert [line.words for line in panel.lines] == ["0"]


@pytest.mark.parametrize(
    "changes",
    [
        {"coverage": "part", "population_text": "workers at several plants"},
        {"population": "permit-holders", "population_text": "workers with permits"},
        {**RANGE, "coverage": "part"},
        {**LEAST, "coverage": "part"},
    ],
)
def test_part_of_people_present_has_a_panel_of_its_own(changes: dict[str, Any]) -> None:
    """A part is on no scale with a whole."""
    found = draw(make_estimate(1, point=6_000), make_estimate(2, as_of="2020-01", **changes))
    whole, part = found.wide.panels
    for panel, id, is_of_parts in ((whole, "M1", False), (part, "M2", True)):
        [(mark, _label)] = panel.marks
        assert (panel.is_of_parts, mark.figure.id) == (is_of_parts, id)
        assert ("only a part of the people" in mark.words) is is_of_parts
    assert part.heading.title == "People present: parts of a place"
    # Of movements there is no whole.
    moved, _, _ = drawn(counts="departures", period="2024-10", **ONE_PLANT)
    assert not moved.is_of_parts


def test_planned_estimate_is_outline_explained_in_the_key() -> None:
    for nature in ("planned", "forecast", "limit"):
        found = draw(make_estimate(counts="arrivals", nature=nature, period="2026-03"))
        _, mark, _ = only_mark(found)
        assert kinds(mark) == ["plan"], nature
        assert dict(found.signs) == {"plan": "planned, forecast or allowed"}


def test_speaker_group_selects_the_symbol() -> None:
    for attribution, group, kind in [
        ("document", "doc", "ring"),  # described by a report: hollow
        ("named-official", "rec", "point"),
        ("resident", "anon", "ring"),
        ("outlet-own-voice", "out", "point"),
        ("expert", "ana", "point"),
    ]:
        said = make_citation(1, kind="number", chain=[make_step(attribution, words="somebody")])
        found = draw(make_estimate(citations=[said]))
        _, mark, _ = only_mark(found)
        assert (mark.figure.speaker_group, kinds(mark)[0]) == (group, kind)
        assert [code for code, _words in found.groups] == [group]
        assert ("unseen" in dict(found.signs)) == (attribution == "document")


# Time ---------------------------------------------------------------------------------------------


def test_time_longer_than_a_day_is_a_line() -> None:
    panel, mark, _ = drawn(as_of="2022")
    start, y, end, *_ = path_numbers(mark, "time")
    assert end - start == pytest.approx((panel.right - panel.left) / len(panel.years), abs=0.5)
    assert y == mark.middle
    assert "time" not in kinds(drawn(as_of="2022-05-01")[1])
    # With an open end, it leads away from the known one.
    for as_of, direction in (("../2017-09", -1), ("2017-09/..", 1)):
        _, mark, _ = drawn(as_of=as_of)
        start, _y, length, *_ = path_numbers(mark, "time")
        assert start == pytest.approx(mark.x, abs=0.2) and length * direction > 0


def test_panels_share_at_least_ten_years_up_to_the_edition() -> None:
    found = draw(make_estimate(1, as_of="2019"), make_estimate(2, counts="arrivals", period="2024"))
    for drawing in drawings(found):
        axes = {(tuple(p.years), p.left, p.right, p.now) for p in drawing.panels}
        assert len(drawing.panels) == 2 and len(axes) == 1
    assert len(found.wide.panels[0].years) == 10
    assert found.wide.panels[0].year_names[-1].words == "2026"
    longer = draw(make_estimate(1, as_of="2005"), make_estimate(2, as_of="2026-01"))
    assert len(longer.wide.panels[0].years) == 22
    # Year labels without room are omitted.
    for drawing in drawings(draw(make_estimate(as_of="1950"))):
        ticks = [tick.at for tick in drawing.panels[0].year_names]
        assert all(after - before >= 30 for before, after in pairwise(ticks))


# Panels -------------------------------------------------------------------------------------------


def panels_of(*changes: dict[str, Any]) -> tuple[Chart, dict[str, list[int]]]:
    """Return the chart, and the numbers of the estimates in each panel by its title, in order."""
    found = draw(*(make_estimate(n, **each) for n, each in enumerate(changes, 1)))
    return found, {
        panel.heading.title: [int(mark.figure.id[1:]) for mark, _ in panel.marks]
        for panel in found.wide.panels
    }


def test_each_measure_has_its_own_panel() -> None:
    then = {"period": "2019"}
    papers = {"counts": "papers", "population": "things", **then}
    found, numbers = panels_of(
        {},
        {"counts": "arrivals", **then},
        {"counts": "departures", **then},
        {"counts": "crossings", "unit": "entries", **then},
        {"unit": "visas", **papers},
        {"unit": "permits", **papers},
        {"terms": [make_term(role="from"), make_term(code="country-3")]},
    )
    assert numbers == {
        "People present": [1],
        "People from here, elsewhere": [7],
        "Arrivals": [2],
        "Departures": [3],
        "Crossings": [4],
        "Visas and permits: permits": [6],
        "Visas and permits: visas": [5],
    }
    assert all(len(panel.marks) == 1 for drawing in drawings(found) for panel in drawing.panels)
    # Papers are apart by what was done with them.
    found, numbers = panels_of(
        *({"unit": "permits", "papers_were": done, **papers} for done in ("issued", "revoked")),
        {"unit": "permits", **papers},
    )
    assert [(p.heading.title, p.heading.note) for p in found.wide.panels] == [
        ("Visas and permits", "permits; unknown whether issued or in force"),
        ("Visas and permits issued", "permits, issued in a period"),
        ("Visas and permits revoked", "permits, revoked in a period"),
    ]
    # Flights whose words name none may be ships: they are drawn as journeys.
    left = {"counts": "departures", "period": "2022-06"}
    _found, numbers = panels_of(
        left,
        {"unit": "flights", "point": 21, "printed_words": "21 ships", **left},
        {"unit": "flights", "point": 3, "printed_words": "three flights", **left},
        {"unit": "journeys", "point": 4, **left},
    )
    assert numbers == {
        "Departures: flights": [3],
        "Departures: journeys": [2, 4],
        "Departures: people": [1],
    }
    # So are nationalities, each with a scale of its own.
    found, numbers = panels_of(
        *(
            {"point": point, "terms": [make_term(), make_term("nationality", code)]}
            for code, point in (("kp", 6_000), ("ph", 250_000))
        )
    )
    assert numbers == {"People present, kp": [1], "People present, ph": [2]}
    assert found.wide.panels[0].lines[-1].words == "6,000"


def test_movement_up_to_a_day_is_told_in_the_heading() -> None:
    for when, note in [
        ({"as_of": "2022-06-17"}, "people in a period, or in all by a date"),
        ({"period": "2022-06"}, "people in a period"),
    ]:
        assert drawn(counts="departures", **when)[0].heading.note == note


def test_estimate_not_drawn_is_listed_with_its_reason() -> None:
    things = {"population": "things"}
    moved = {"counts": "arrivals", "period": "2019"}
    weekly = {"counts": "departures", "period": "2022", "unit": "journeys", "per": "week"}
    rule = {"counts": "arrivals", "nature": "minimum", **LEAST, "low": 20}
    reasons: list[tuple[dict[str, Any], str]] = [
        (ONE_PLANT, "one workplace or group"),
        ({"form": "share", "unit": "ratio", "point": 0.5}, "a share"),
        ({"form": "mean", "period": "2012/2015"}, "an average"),
        ({"form": "change", "point": -20}, "a change"),
        ({"per": "group", "point": 20}, "a rate per"),
        (weekly, "a rate per day, week"),
        ({"counts": "taking-part", "period": "2019"}, "people involved in one event"),
        ({"counts": "sites", "unit": "businesses", **things}, "not people"),
        ({"counts": "money", "unit": "yuan", "period": "2019", **things}, "not people"),
        ({"terms": [make_term(role="via")], **moved}, "on their way through"),
        (rule, "a number in a rule"),
        ({"role": "rejected", "role_reason": "A misprint."}, "not trusted"),
        ({"as_of": "XXXX-05"}, "without a year"),
        ({"as_of": ""}, "without a year"),
    ]
    for changes, reason in reasons:
        found = draw(make_estimate(1, **RANGE), make_estimate(2, **changes))
        [left_out] = found.left_out
        assert found.drawn == 1 and reason in left_out.reason, changes
        assert list(left_out.letters) == ["b"] == [found.letters["M2"]]
        assert [figure.id for figure in found.figures] == ["M1", "M2"]


def test_part_is_left_out_only_if_its_whole_is_drawn() -> None:
    moved = {"counts": "arrivals", "period": "2024-08", "point": 500}
    part = make_estimate(2, **moved | {"point": 150}, links=[make_link("M1", "part-of")])
    assert draw(make_estimate(1, **moved), part).drawn == 1
    assert draw(part).drawn == 1  # the whole is of another place
    assert draw(make_estimate(1, nature="forecast", **moved), part).drawn == 2
    # Parts and their reported sum are all drawn.
    parts = [
        make_estimate(n, **moved | {"period": f"2024-08-{13 + n}", "point": 250 + n})
        for n in (1, 2)
    ]
    links = [make_link("M1", "sum-of", 1), make_link("M2", "sum-of", 2)]
    found = draw(*parts, make_estimate(3, **moved | LEAST | {"low": 500}, links=links))
    amounts = {mark.figure.amount for mark, _ in found.wide.panels[0].marks}
    assert amounts == {"251", "252", "at least 500"} and found.drawn == 3


def test_letters_continue_after_z_and_look_like_no_mark() -> None:
    for number, expected in [(0, "a"), (22, "z"), (23, "aa"), (45, "az"), (46, "ba"), (551, "zz")]:
        assert letters_of_number(number) == expected
    assert not {sign for number in range(1_000) for sign in letters_of_number(number)} & set("ilo")


def test_only_the_headline_has_a_black_letter() -> None:
    forms = [make_estimate(n, point=1_000 * n, as_of=f"{2015 + n}") for n in (1, 2, 3)]
    for drawing in drawings(draw(*forms, headline="M2")):
        labels = [label for panel in drawing.panels for _, label in panel.marks if label]
        assert [label.is_headline for label in labels] == [False, True, False]


# Events -------------------------------------------------------------------------------------------


def test_events_are_strokes_on_one_line() -> None:
    acts = [EventCount(date(*day), n) for day, n in (((2019, 6, 1), 2), ((2020, 6, 1), 1))]
    old = EventCount(date(1999, 1, 1), 4)
    for drawing in drawings(draw(make_estimate(as_of="2019"), acts=[*acts, old])):
        strip = drawing.strip
        assert strip and len(strip.strokes) == 2
        assert (strip.earlier, strip.description) == (4, "7 events")
    # A chart without estimates spans the years of events; an empty one has neither.
    found = draw(acts=[old])
    assert found.wide.strip and found.wide.strip.earlier == 0 and not found.wide.panels
    found = draw()
    assert (found.wide.panels, found.wide.strip, list(found.figures)) == ([], None, [])


def test_chart_has_one_unconnected_mark_per_estimate() -> None:
    """Every estimate has its own mark, and no path leads from one mark to another."""
    found = draw(*(make_estimate(n, point=1_000 * n, as_of=f"{2015 + n}-06") for n in range(1, 8)))
    [panel] = found.wide.panels
    assert [mark.figure.id for mark, _ in panel.marks] == [f"M{n}" for n in range(1, 8)]
    for mark, _ in panel.marks:
        left, right = min(box[0] for box in mark.boxes), max(box[2] for box in mark.boxes)
        for shape in mark.shapes:
            for x in re.findall(r"M(-?[\d.]+)", shape.path):
                assert left - 1 <= float(x) <= right + 1
