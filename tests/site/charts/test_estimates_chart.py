"""The chart of a place's estimates: kinds, marks, the time axis, words, and what is left out."""

from typing import Any

import pytest

from app.site.charts.glyphs import (
    overlap,
)
from tests.make import make_citation, make_estimate, make_link, make_step, make_term
from tests.support.charts import draw, drawings, forty, height, only_mark, overlapping, path_numbers

LEAST: dict[str, Any] = {"point": None, "low": 700, "quantifier": "at-least"}
MOST: dict[str, Any] = {"point": None, "high": 700, "quantifier": "up-to"}
RANGE: dict[str, Any] = {"point": None, "low": 700, "high": 800, "quantifier": "range"}
ONE_PLANT = {"population": "one-group", "population_text": "workers of one plant"}


def drawn(**changes: Any) -> Any:
    """Return the lane, the mark and the label of one estimate."""
    return only_mark(draw(make_estimate(**changes)))


def kinds(mark: Any) -> list[str]:
    return [shape.kind for shape in mark.shapes]


# Marks --------------------------------------------------------------------------------------------


def test_exact_estimate_is_symbol_at_its_day_and_number() -> None:
    drawing = draw(make_estimate(point=1_500, as_of="2020-07-01")).wide
    [lane], years = drawing.lanes, drawing.years
    [(mark, _)] = lane.marks
    year = (years.right - years.left) / 10
    begin = drawing.year_lines[3]
    assert mark.x == pytest.approx(begin + year / 2, abs=1)
    assert mark.middle == pytest.approx(height(lane, 1_500), abs=0.2)
    assert kinds(mark) == ["point"]


def test_scale_starts_at_zero_and_includes_all_estimates() -> None:
    for most in (0, 1, 7, 60, 1_203, 47_000, 80_000, 100_000, 250_001):
        lane, mark, _ = drawn(point=most)
        numbers = [int(line.words.replace(",", "")) for line in lane.lines]
        assert numbers[0] == 0 and lane.lines[0].at == lane.base, most
        assert len(numbers) <= 6 and numbers[-1] >= most
        assert mark.middle == pytest.approx(height(lane, most) if most else lane.base, abs=0.2)


def test_bounds_are_bars_and_arrows_without_a_point() -> None:
    """A second mark beside a bar or an arrow would look like a second estimate."""
    lane, mark, _ = drawn(**RANGE)
    _x, top, bottom = path_numbers(mark, "range")
    ends = height(lane, 800), height(lane, 700)
    assert (mark.middle + top, mark.middle + bottom) == pytest.approx(ends, abs=0.2)
    for changes, shape in ((RANGE, "range"), (LEAST, "up"), (MOST, "down")):
        for drawing in drawings(draw(make_estimate(**changes))):
            [(mark, label)] = drawing.lanes[0].marks
            assert label and shape in kinds(mark)
            assert not {*kinds(mark)} & {"point", "ring", "about"}, changes


@pytest.mark.parametrize(
    "changes",
    [
        {"coverage": "part", "population_text": "workers at several plants"},
        {"population": "permit-holders", "population_text": "workers with permits"},
        {**RANGE, "coverage": "part"},
    ],
)
def test_part_of_people_present_is_on_no_scale(changes: dict[str, Any]) -> None:
    found = draw(make_estimate(1, point=6_000), make_estimate(2, as_of="2020-01", **changes))
    whole, part = found.wide.lanes
    for lane, id, lines in ((whole, "M1", 4), (part, "M2", 0)):
        [(mark, _label)] = lane.marks
        assert (mark.figure.id, len(lane.lines)) == (id, lines)
        assert ("only a part of the people" in mark.figure.on_chart) is (lane is part)
    assert part.title == "People present: only some of the people"


def test_planned_estimate_is_outline_explained_in_the_key() -> None:
    for nature in ("planned", "forecast", "limit"):
        found = draw(make_estimate(counts="arrivals", nature=nature, period="2026-03"))
        _, mark, label = only_mark(found)
        assert kinds(mark) == ["plan"] and label.words.count(", ") == 1, nature
        assert dict(found.key[1]) == {"plan": "planned, forecast or allowed"}


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
        assert [code for code, _words in found.key[0]] == [group]
        assert ("unseen" in dict(found.key[1])) == (attribution == "document")


# Time ---------------------------------------------------------------------------------------------


def test_time_longer_than_a_day_is_a_line() -> None:
    years = draw(make_estimate(as_of="2022")).wide.years
    _lane, mark, _ = drawn(as_of="2022")
    start, _y, end, *_strokes = path_numbers(mark, "time")
    assert end - start == pytest.approx(years.width / 10, abs=0.5)
    assert "time" not in kinds(drawn(as_of="2022-05-01")[1])
    # An open end leads away from the known one, which alone has a stroke.
    for as_of, ends in (("../2017-09", (-20, 0)), ("2017-09/..", (0, 20))):
        _, mark, _ = drawn(as_of=as_of)
        start, _y, end, *stroke = path_numbers(mark, "time")
        assert (start, end, len(stroke), stroke[0]) == (*ends, 3, 0)


# Kinds --------------------------------------------------------------------------------------------


def lanes_of(*changes: dict[str, Any], headline: str = "") -> dict[str, list[int]]:
    """Return the numbers of the estimates of each kind by its title, in order."""
    forms = [make_estimate(n, **each) for n, each in enumerate(changes, 1)]
    return {
        lane.title: [int(mark.figure.id[1:]) for mark, _ in lane.marks]
        for lane in draw(*forms, headline=headline).wide.lanes
    }


def test_each_measure_has_its_own_line() -> None:
    then = {"period": "2019"}
    papers = {"counts": "papers", "population": "things", **then}
    left = {"counts": "departures", "period": "2022-06"}
    people = [
        {"point": point, "terms": [make_term(), make_term("nationality", code)]}
        for code, point in (("kp", 6_000), ("ph", 250_000))
    ]
    assert lanes_of(
        {},
        {"counts": "arrivals", **then},
        {"counts": "crossings", "unit": "entries", **then},
        {"unit": "permits", "papers_were": "issued", **papers},
        {"unit": "permits", **papers},
        {"terms": [make_term(role="from"), make_term(code="country-3")]},
        left,
        # Flights whose words name none may be ships: they are drawn as journeys.
        {"unit": "flights", "point": 21, "printed_words": "21 ships", **left},
        {"unit": "flights", "point": 3, "printed_words": "three flights", **left},
    ) == {
        "People present": [1],
        "People from here, elsewhere": [6],
        "Arrivals": [2],
        "Departures": [7],
        "Departures: Flights": [9],
        "Departures: Journeys": [8],
        "Crossings: Entries": [3],
        "Visas and permits: Permits": [5],
        "Visas and permits issued: Permits": [4],
    }
    # So are nationalities: the scale is that of the headline.
    assert list(lanes_of(*people)) == ["People present, kp", "People present, ph"]
    assert list(lanes_of(*people, headline="M2")) == ["People present, ph", "People present, kp"]


THINGS = {"population": "things"}
MOVED = {"counts": "arrivals", "period": "2019"}
NOT_DRAWN: list[dict[str, Any]] = [
    ONE_PLANT,
    {"form": "share", "unit": "ratio", "point": 0.5},
    {"form": "change", "point": -20},
    {"counts": "departures", "period": "2022", "unit": "journeys", "per": "week"},
    {"counts": "taking-part", "period": "2019"},
    {"counts": "money", "unit": "yuan", "period": "2019", **THINGS},
    {"terms": [make_term(role="via")], **MOVED},
    {"nature": "minimum", **MOVED, **LEAST, "low": 20},
    {"role": "rejected", "role_reason": "A misprint."},
    {"as_of": "XXXX-05"},
    {"as_of": ""},
]


@pytest.mark.parametrize("changes", NOT_DRAWN)
def test_estimate_of_other_things_is_only_in_the_table(changes: dict[str, Any]) -> None:
    found = draw(make_estimate(1, **RANGE), make_estimate(2, **changes))
    assert [figure.id for figure in found.drawn] == ["M1"]
    assert [figure.id for figure in found.figures] == ["M1", "M2"]


def test_part_is_left_out_only_if_its_whole_is_drawn() -> None:
    moved = {"counts": "arrivals", "period": "2024-08", "point": 500}
    part = make_estimate(2, **moved | {"point": 150}, links="M1 part-of")
    assert len(draw(make_estimate(1, **moved), part).drawn) == 1
    assert len(draw(part).drawn) == 1  # the whole is of another place
    assert len(draw(make_estimate(1, nature="forecast", **moved), part).drawn) == 2
    # Parts and their reported sum are all drawn.
    parts = [
        make_estimate(n, **moved | {"period": f"2024-08-{13 + n}", "point": 250 + n})
        for n in (1, 2)
    ]
    links = [make_link("M1", "sum-of", 1), make_link("M2", "sum-of", 2)]
    found = draw(*parts, make_estimate(3, **moved | LEAST | {"low": 500}, links=links))
    amounts = {mark.figure.amount for mark, _ in found.wide.lanes[0].marks}
    assert amounts == {"251", "252", "at least 500"} and len(found.drawn) == 3


# Words beside the marks ---------------------------------------------------------------------------


def test_numbers_beside_marks_cover_nothing() -> None:
    found = draw(*forty(), headline="M13")
    for drawing in drawings(found):
        for lane in drawing.lanes:
            labels = [label for _mark, label in lane.marks if label]
            marks = [box for mark, _label in lane.marks for box in mark.boxes]
            assert labels and overlapping([label.box for label in labels]) == []
            others = [label for label in labels if not label.is_headline]
            assert not any(overlap(label.box, box) for label in others for box in marks)
            assert all(each.box[0] >= 0 and each.box[2] <= drawing.width for each in labels)
            # The latest estimate for the whole place is never without its number.
            assert [label.is_headline for label in labels].count(True) == 1
    _lane, mark, label = drawn(point=6_000)
    assert label.words == mark.figure.amount == "6,000"
