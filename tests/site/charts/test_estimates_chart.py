"""The chart of a place's estimates: panels, marks, the time axis, events, and what was ignored."""

import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from app.forms import EstimateForm
from app.site.charts.chart_views import EventCount
from app.site.charts.estimates_chart import (
    letters_of_number,
)
from app.site.charts.glyphs import (
    ARROW_PIXELS,
    HALF_SYMBOL_PIXELS,
    STROKE_PIXELS,
    WORD_STROKE_PIXELS,
)
from tests.make import (
    make_citation,
    make_estimate,
    make_link,
    make_step,
    make_term,
)
from tests.support.charts import (
    draw,
    drawings,
    height,
    only_mark,
    path_numbers,
)

# Panels -------------------------------------------------------------------------------------------


def test_people_from_here_have_a_panel_of_their_own() -> None:
    away = [make_term(role="from"), make_term(code="country-3")]
    found = draw(make_estimate(1), make_estimate(2, terms=away))
    titles = [panel.heading.title for panel in found.wide.panels]
    assert titles == ["People present", "People from here, elsewhere"]


# Marks --------------------------------------------------------------------------------------------


def test_exact_estimate_is_symbol_at_its_day_and_number() -> None:
    panel, mark, _ = only_mark(draw(make_estimate(point=1_500, as_of="2020-07-01")))
    years = len(panel.years)
    year = (panel.right - panel.left) / years
    begin = panel.years[int(2020 - (2026 - years + 1))]
    assert mark.x == pytest.approx(begin + year / 2, abs=1)
    assert mark.middle == pytest.approx(height(panel, 1_500), abs=0.2)
    assert [shape.kind for shape in mark.shapes] == ["point"]


@pytest.mark.parametrize("most", [1, 7, 60, 1_203, 47_000, 80_000, 100_000, 250_001])
def test_scale_starts_at_zero_and_includes_all_estimates(most: int) -> None:
    panel, mark, _ = only_mark(draw(make_estimate(point=most)))
    numbers = [int(line.words.replace(",", "")) for line in panel.lines]
    assert numbers[0] == 0 and panel.lines[0].at == panel.base
    assert len(numbers) <= 6 and numbers[-1] >= most
    assert mark.middle == pytest.approx(height(panel, most), abs=0.2)


def test_zero_estimate_is_on_the_axis() -> None:
    panel, mark, _ = only_mark(draw(make_estimate(point=0)))
    assert mark.middle == panel.base


def test_range_is_bar_between_its_bounds() -> None:
    panel, mark, _ = only_mark(
        draw(make_estimate(point=None, low=2_000, high=5_000, quantifier="range"))
    )
    x, top, bottom = path_numbers(mark, "range")
    assert (top, bottom) == pytest.approx((height(panel, 5_000), height(panel, 2_000)), abs=0.2)
    assert x == mark.x
    assert not [shape for shape in mark.shapes if shape.kind in {"point", "about", "up", "down"}]


@pytest.mark.parametrize("least", [30, 20_000])
def test_lower_bound_is_arrow_up_of_constant_length(least: int) -> None:
    panel, mark, _ = only_mark(draw(make_estimate(point=None, low=least, quantifier="more-than")))
    _x, start, length = path_numbers(mark, "up")
    assert start == pytest.approx(height(panel, least), abs=0.2)
    assert length == -ARROW_PIXELS


def test_upper_bound_is_arrow_down() -> None:
    panel, mark, _ = only_mark(draw(make_estimate(point=None, high=80_000, quantifier="up-to")))
    _x, start, length = path_numbers(mark, "down")
    assert start == pytest.approx(height(panel, 80_000), abs=0.2)
    assert length == ARROW_PIXELS


def test_marks_near_zero_stay_above_the_axis() -> None:
    small = make_estimate(1, point=None, high=100, quantifier="fewer-than")
    about = make_estimate(2, point=100, quantifier="about", as_of="2021")
    [panel] = draw(small, about, make_estimate(3, point=100_000, as_of="2022")).wide.panels
    fewer, roughly, _much = (mark for mark, _ in panel.marks)
    _x, start, length = path_numbers(fewer, "down")
    assert start + length <= panel.base + 0.2
    assert len(path_numbers(roughly, "about")) == 3  # only the stroke above


def test_approximate_estimate_has_strokes_outside_symbol() -> None:
    _, mark, _ = only_mark(draw(make_estimate(point=6_000, quantifier="about")))
    _x, above, up, _x, below, down = path_numbers(mark, "about")
    assert (above, up) == (mark.middle - HALF_SYMBOL_PIXELS, -STROKE_PIXELS)
    assert (below, down) == (mark.middle + HALF_SYMBOL_PIXELS, STROKE_PIXELS)


def test_estimate_in_words_is_on_base_line_without_scale() -> None:
    form = make_estimate(point=None, quantifier="words", printed_words="scores")
    panel, mark, _ = only_mark(draw(form))
    assert path_numbers(mark, "word") == [mark.x, panel.base, -WORD_STROKE_PIXELS]
    assert "“scores”" in mark.words
    assert [line.words for line in panel.lines] == ["0"]


@pytest.mark.parametrize(
    "changes",
    [
        {"coverage": "part", "population_text": "workers at several plants"},
        {"population": "permit-holders", "population_text": "workers with permits"},
        {"point": None, "low": 2_000, "high": 5_000, "quantifier": "range", "coverage": "part"},
        {"point": None, "low": 2_000, "quantifier": "more-than", "coverage": "part"},
    ],
)
def test_part_of_people_present_has_a_panel_of_its_own(changes: dict[str, Any]) -> None:
    """A part is on no scale with a whole."""
    found = draw(make_estimate(1, point=6_000), make_estimate(2, as_of="2020-01", **changes))
    whole, part = found.wide.panels
    assert [
        (panel.is_of_parts, [mark.figure.id for mark, _ in panel.marks]) for panel in (whole, part)
    ] == [
        (False, ["M1"]),
        (True, ["M2"]),
    ]
    assert part.heading.title == "People present: parts of a place"
    assert "only a part of the people" in part.marks[0][0].words
    assert "only a part" not in whole.marks[0][0].words


@pytest.mark.parametrize(
    "changes",
    [
        {"quantifier": "exact"},
        {"quantifier": "about"},
        {"point": None, "low": 700, "high": 800, "quantifier": "range"},
        {"point": None, "low": 700, "quantifier": "at-least"},
    ],
)
def test_calculated_figure_is_hollow_in_square_brackets(changes: dict[str, Any]) -> None:
    """A number that no source wrote is not drawn like those of its speaker."""
    moved = {"counts": "arrivals", "period": "2022"}
    found = draw(
        make_estimate(1, point=11_100, **moved),
        make_estimate(2, printed=False, **{**moved, "point": 736, **changes}),
    )
    [panel] = found.wide.panels
    (reported, _), (ours, _) = panel.marks
    assert [shape.kind for shape in reported.shapes if shape.kind != "time"] == ["point"]
    kinds = [shape.kind for shape in ours.shapes]
    assert "ours" in kinds and "point" not in kinds
    assert dict(found.signs)["ours"] == "calculated by us"
    assert "calculated by us" in ours.words and "calculated" not in reported.words
    assert "ours" not in dict(draw(make_estimate(1, **moved)).signs)


def test_movement_of_a_group_is_not_a_part() -> None:
    """Of movements there is no whole."""
    changes: Any = {
        "population": "one-group",
        "population_text": "ill workers",
        "period": "2024-10",
    }
    panel, _, _ = only_mark(draw(make_estimate(counts="departures", **changes)))
    assert not panel.is_of_parts


@pytest.mark.parametrize("nature", ["planned", "forecast", "limit"])
def test_planned_estimate_is_outline_explained_in_the_key(nature: str) -> None:
    found = draw(make_estimate(counts="arrivals", nature=nature, period="2026-03"))
    _, mark, _ = only_mark(found)
    assert [shape.kind for shape in mark.shapes] == ["plan"]
    assert dict(found.signs) == {"plan": "planned, forecast or allowed"}


@pytest.mark.parametrize(
    ("attribution", "group", "kind"),
    [
        ("document", "doc", "ring"),  # described by a report: hollow
        ("named-official", "rec", "point"),
        ("resident", "anon", "ring"),
        ("outlet-own-voice", "out", "point"),
        ("expert", "ana", "point"),
    ],
)
def test_speaker_group_selects_the_symbol(attribution: str, group: str, kind: str) -> None:
    said = make_citation(1, kind="number", chain=[make_step(attribution, words="somebody")])
    found = draw(make_estimate(citations=[said]))
    _, mark, _ = only_mark(found)
    assert (mark.figure.view.speaker_group, mark.shapes[0].kind) == (group, kind)
    assert [code for code, _words in found.groups] == [group]
    assert ("unseen" in dict(found.signs)) == (attribution == "document")


@pytest.mark.parametrize(
    "changes",
    [
        {"point": None, "low": 100, "quantifier": "at-least"},
        {"point": None, "high": 100, "quantifier": "up-to"},
        {"point": None, "low": 100, "high": 200, "quantifier": "range"},
    ],
)
def test_bound_is_drawn_without_a_point(changes: dict[str, Any]) -> None:
    """A second mark beside a bar or an arrow would look like a second estimate."""
    for drawing in drawings(draw(make_estimate(**changes))):
        [panel] = drawing.panels
        [(mark, label)] = panel.marks
        assert label
        kinds = {shape.kind for shape in mark.shapes}
        assert not kinds & {"point", "ring"} and label.words == "a"


# Time ---------------------------------------------------------------------------------------------


def test_time_longer_than_a_day_is_a_line() -> None:
    panel, mark, _ = only_mark(draw(make_estimate(as_of="2022")))
    start, y, end, *_ = path_numbers(mark, "time")
    assert end - start == pytest.approx((panel.right - panel.left) / len(panel.years), abs=0.5)
    assert y == mark.middle
    assert "time" not in [
        shape.kind for shape in only_mark(draw(make_estimate(as_of="2022-05-01")))[1].shapes
    ]


@pytest.mark.parametrize(("as_of", "direction"), [("../2017-09", -1), ("2017-09/..", 1)])
def test_open_ended_time_is_line_from_its_known_end(as_of: str, direction: int) -> None:
    _, mark, _ = only_mark(draw(make_estimate(as_of=as_of)))
    start, _y, length, *_ = path_numbers(mark, "time")
    assert start == pytest.approx(mark.x, abs=0.2)
    assert length * direction > 0


def test_panels_share_at_least_ten_years_up_to_the_edition() -> None:
    found = draw(make_estimate(1, as_of="2019"), make_estimate(2, counts="arrivals", period="2024"))
    for drawing in drawings(found):
        assert (
            len(
                {
                    (tuple(panel.years), panel.left, panel.right, panel.now)
                    for panel in drawing.panels
                }
            )
            == 1
        )
    assert len(found.wide.panels[0].years) == 10
    assert found.wide.panels[0].year_names[-1].words == "2026"
    longer = draw(make_estimate(1, as_of="2005"), make_estimate(2, as_of="2026-01"))
    assert len(longer.wide.panels[0].years) == 22


def test_year_labels_without_room_are_omitted() -> None:
    for drawing in drawings(draw(make_estimate(as_of="1950"))):
        ticks = [tick.at for tick in drawing.panels[0].year_names]
        assert all(after - before >= 30 for before, after in pairwise(ticks))


# Panels -------------------------------------------------------------------------------------------


def test_each_measure_has_its_own_panel() -> None:
    found = draw(
        make_estimate(1),
        make_estimate(2, counts="arrivals", period="2019"),
        make_estimate(3, counts="departures", period="2019"),
        make_estimate(4, counts="crossings", unit="entries", period="2019"),
        make_estimate(5, counts="papers", unit="visas", population="things", period="2019"),
        make_estimate(6, counts="papers", unit="permits", population="things", period="2019"),
    )
    assert [panel.heading.title for panel in found.wide.panels] == [
        "People present", "Arrivals", "Departures", "Crossings",
        "Visas and permits: permits", "Visas and permits: visas",
    ]  # fmt: skip
    assert all(len(panel.marks) == 1 for drawing in drawings(found) for panel in drawing.panels)


def test_papers_have_panels_by_what_was_done() -> None:
    papers = {"counts": "papers", "unit": "permits", "population": "things", "period": "2017"}
    found = draw(
        make_estimate(1, papers_were="issued", point=186, **papers),
        make_estimate(2, papers_were="revoked", point=74, **papers),
        make_estimate(3, point=482, **papers),
    )
    assert [(p.heading.title, p.heading.note) for p in found.wide.panels] == [
        ("Visas and permits", "permits; unknown whether issued or in force"),
        ("Visas and permits issued", "permits, issued in a period"),
        ("Visas and permits revoked", "permits, revoked in a period"),
    ]


def test_movement_up_to_a_day_is_told_in_the_heading() -> None:
    left = {"counts": "departures"}
    [panel] = draw(make_estimate(1, as_of="2022-06-17", **left)).wide.panels
    assert panel.heading.note == "people in a period, or in all by a date"
    [panel] = draw(make_estimate(1, period="2022-06", **left)).wide.panels
    assert panel.heading.note == "people in a period"


def test_journeys_have_panel_apart_from_people_and_flights() -> None:
    """Flights whose words name none may be ships: they are drawn as journeys."""
    left = {"counts": "departures", "period": "2022-06"}
    found = draw(
        make_estimate(1, **left),
        make_estimate(2, unit="flights", point=21, printed_words="21 ships", **left),
        make_estimate(3, unit="flights", point=3, printed_words="three flights", **left),
        make_estimate(4, unit="journeys", point=4, **left),
    )
    assert {p.heading.title: [m.figure.id for m, _ in p.marks] for p in found.wide.panels} == {
        "Departures: flights": ["M3"],
        "Departures: journeys": ["M2", "M4"],
        "Departures: people": ["M1"],
    }


def test_nationalities_have_separate_panels() -> None:
    def of(number: int, code: str, point: int) -> EstimateForm:
        terms = [make_term(), make_term("nationality", code)]
        return make_estimate(number, point=point, terms=terms)

    found = draw(of(1, "kp", 6_000), of(2, "ph", 250_000))
    assert [panel.heading.title for panel in found.wide.panels] == [
        "People present, kp",
        "People present, ph",
    ]
    assert found.wide.panels[0].lines[-1].words == "6,000"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"population": "one-group", "population_text": "workers of one plant"},
            "one workplace or group",
        ),
        ({"form": "share", "unit": "ratio", "point": 0.5}, "a share"),
        ({"form": "mean", "period": "2012/2015"}, "an average"),
        ({"form": "change", "point": -20}, "a change"),
        ({"per": "group", "point": 20}, "a rate per"),
        (
            {"counts": "departures", "period": "2022", "unit": "journeys", "per": "week"},
            "a rate per day, week",
        ),
        ({"counts": "taking-part", "period": "2019"}, "people involved in one event"),
        ({"counts": "sites", "unit": "businesses", "population": "things"}, "not people"),
        (
            {"counts": "money", "unit": "yuan", "population": "things", "period": "2019"},
            "not people",
        ),
        (
            {"counts": "arrivals", "period": "2019", "terms": [make_term(role="via")]},
            "on their way through",
        ),
        (
            {"counts": "arrivals", "nature": "minimum", "quantifier": "at-least"}
            | {"point": None, "low": 20},
            "a number in a rule",
        ),
        ({"role": "rejected", "role_reason": "A misprint."}, "not trusted"),
        (
            {"may_count": "crossings", "remark": "As many as the visits."},
            "may measure something other",
        ),
        ({"as_of": "XXXX-05"}, "without a year"),
        ({"as_of": ""}, "without a year"),
    ],
)
def test_estimate_not_drawn_is_listed_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    found = draw(
        make_estimate(1, point=None, low=1, high=9, quantifier="range"), make_estimate(2, **changes)
    )
    assert found.drawn == 1
    [left_out] = found.left_out
    assert reason in left_out.reason
    assert list(left_out.letters) == ["b"] == [found.letters["M2"]]
    assert [figure.id for figure in found.figures] == ["M1", "M2"]


def test_part_is_left_out_only_if_its_whole_is_drawn() -> None:
    whole = make_estimate(1, counts="arrivals", period="2024-08", point=500)
    part = make_estimate(
        2, counts="arrivals", period="2024-08", point=150, links=[make_link("M1", "part-of")]
    )
    assert draw(whole, part).drawn == 1
    assert draw(part).drawn == 1  # the whole is of another place
    forecast = make_estimate(1, counts="arrivals", nature="forecast", period="2024-08", point=500)
    assert draw(forecast, part).drawn == 2


def test_parts_and_their_reported_sum_are_all_drawn() -> None:
    parts = [
        make_estimate(n, counts="departures", period=f"2024-10-{13 + n}", point=250 + n)
        for n in (1, 2)
    ]
    links = [make_link("M1", "sum-of", 1), make_link("M2", "sum-of", 2)]
    sum_ = make_estimate(
        3,
        counts="departures",
        period="2024-10",
        point=None,
        low=500,
        quantifier="more-than",
        links=links,
    )
    found = draw(*parts, sum_)
    assert found.drawn == 3
    assert {mark.figure.view.amount for mark, _ in found.wide.panels[0].marks} == {
        "251",
        "252",
        "more than 500",
    }


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "a"), (22, "z"), (23, "aa"), (45, "az"), (46, "ba"), (551, "zz")]
)
def test_letters_continue_after_z(number: int, expected: str) -> None:
    assert letters_of_number(number) == expected


def test_letters_look_like_no_mark() -> None:
    used = {sign for number in range(1_000) for sign in letters_of_number(number)}
    assert not used & set("ilo")


def test_only_the_headline_has_a_black_letter() -> None:
    forms = [make_estimate(n, point=1_000 * n, as_of=f"{2015 + n}") for n in (1, 2, 3)]
    for drawing in drawings(draw(*forms, headline="M2")):
        labels = [label for panel in drawing.panels for _, label in panel.marks if label]
        assert [label.is_headline for label in labels] == [False, True, False]


# Events -------------------------------------------------------------------------------------------


def test_events_are_strokes_on_one_line() -> None:
    acts = [
        EventCount(date(2019, 6, 1), 2),
        EventCount(date(2020, 6, 1), 1),
        EventCount(date(1999, 1, 1), 4),
    ]
    for drawing in drawings(draw(make_estimate(as_of="2019"), acts=acts)):
        strip = drawing.strip
        assert strip and len(strip.strokes) == 2
        assert (strip.earlier, strip.description) == (4, "7 events")


def test_chart_without_estimates_spans_years_of_events() -> None:
    found = draw(acts=[EventCount(date(1999, 1, 1), 1)])
    assert found.wide.strip and found.wide.strip.earlier == 0
    assert not found.wide.panels


def test_empty_chart_has_no_panels_and_no_strip() -> None:
    found = draw()
    assert (found.wide.panels, found.wide.strip, list(found.figures)) == ([], None, [])


def test_chart_has_one_unconnected_mark_per_estimate() -> None:
    """Every estimate has its own mark, and no path leads from one mark to another."""
    found = draw(*(make_estimate(n, point=1_000 * n, as_of=f"{2015 + n}-06") for n in range(1, 8)))
    [panel] = found.wide.panels
    assert [mark.figure.id for mark, _ in panel.marks] == [f"M{n}" for n in range(1, 8)]
    for mark, _ in panel.marks:
        for shape in mark.shapes:
            assert all(
                min(box[0] for box in mark.boxes) - 1
                <= float(x)
                <= max(box[2] for box in mark.boxes) + 1
                for x in re.findall(r"M(-?[\d.]+)", shape.path)
            )
