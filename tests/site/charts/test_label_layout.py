"""Labels beside marks, and brackets between conflicting estimates."""

import re
from typing import Any

import pytest

from app.site.charts.chart_views import Chart
from app.site.charts.estimates_chart import (
    PREVIEW_SIZE,
    first_panel,
)
from app.site.charts.label_layout import overlap
from tests.make import (
    make_citation,
    make_estimate,
    make_link,
    make_step,
)
from tests.support.charts import (
    EDITION_DAY,
    draw,
    drawings,
    figures_of,
    forty,
    only_mark,
    words_box,
)

# Brackets -----------------------------------------------------------------------------------------


def conflicting_estimates(**changes: Any) -> Chart:
    one = make_estimate(1, point=2_035, quantifier="official")
    other = make_estimate(
        2,
        point=6_017,
        quantifier="official",
        citations=[make_citation(9, 2, kind="number")],
        **changes,
    )
    return draw(one, other)


def test_conflicting_estimates_have_a_bracket_beside_both() -> None:
    found = conflicting_estimates()
    assert list(found.conflicts.by_rule) == [("a", "b")]
    for drawing in drawings(found):
        [panel] = drawing.panels
        [bracket] = panel.brackets
        assert bracket.letters == ("a", "b")
        assert not any(overlap(bracket.box, mark.box) for mark, _ in panel.marks)
        upright = [float(number) for number in re.findall(r"[\d.]+", bracket.path)]
        assert {upright[1], upright[3]} == {mark.middle for mark, _ in panel.marks}


@pytest.mark.parametrize(
    "changes",
    [
        {"as_of": "2019-07"},
        {"population": "nationals"},
        {"links": [make_link("M1", "corrects")]},
        {"nature": "planned", "period": "2019-06", "as_of": ""},
    ],
)
def test_compatible_estimates_have_no_bracket(changes: dict[str, Any]) -> None:
    found = conflicting_estimates(**changes)
    assert not found.conflicts.are_any
    assert not any(panel.brackets for drawing in drawings(found) for panel in drawing.panels)


# Labels -------------------------------------------------------------------------------------------


def test_labels_of_forty_estimates_do_not_overlap() -> None:
    found = draw(*forty())
    assert found.drawn == 40
    [wide] = found.wide.panels
    boxes = [words_box(label, mark) for mark, label in wide.marks]
    covered = [(i, j) for i in range(40) for j in range(i) if overlap(boxes[i], boxes[j])]
    assert not covered
    assert not any(
        box[3] > wide.base + 1 or box[0] < wide.left - 1 or box[2] > wide.width for box in boxes
    )


def test_labels_overlap_neither_marks_nor_the_axis() -> None:
    for drawing in drawings(draw(*forty()[:12])):
        [panel] = drawing.panels
        for mark, label in panel.marks:
            box = words_box(label, mark)
            assert box[3] <= panel.base + 1
            others = (
                other for other, _ in panel.marks if other is not mark and other.box != mark.box
            )
            assert not any(overlap(box, other.box) for other in others), label.words


def test_leader_lines_of_few_close_marks_cross_no_label() -> None:
    """In the low preview picture, the last label once had room only behind other labels."""
    few = [
        make_estimate(1, quantifier="more-than", point=None, low=20_000, as_of="2017-01"),
        make_estimate(2, quantifier="about", point=20_000, as_of="2017-01"),
        make_estimate(3, quantifier="range", point=None, low=5_000, high=7_000, as_of="2017-08"),
        make_estimate(4, quantifier="up-to", point=None, high=80_000, as_of="2022"),
    ]
    panel = first_panel(figures_of(*few), ["place-1"], EDITION_DAY, PREVIEW_SIZE)
    assert panel and len(panel.marks) == 4
    for _mark, label in panel.marks:
        if label.leader:
            x, y, to_x, to_y = (float(number) for number in re.findall(r"-?[\d.]+", label.leader))
            line = (min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            others = [words_box(other, mark) for mark, other in panel.marks if other is not label]
            assert not any(overlap(line, other) for other in others), label.words


def test_leader_lines_in_preview_cross_no_label() -> None:
    many = forty()[:24]
    panel = first_panel(figures_of(*many), ["place-1"], EDITION_DAY, PREVIEW_SIZE)
    assert panel and len(panel.marks) == len(many)
    for _mark, label in panel.marks:
        if label.leader:
            x, y, to_x, to_y = (float(number) for number in re.findall(r"-?[\d.]+", label.leader))
            line = (min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            others = [
                words_box(other, mark)
                for mark, other in panel.marks
                if other is not label and other.words
            ]
            assert not any(overlap(line, other) for other in others), label.words


@pytest.mark.parametrize(
    "as_of", [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in (2, 6, 9, 11)]
)
def test_labels_do_not_overlap_the_line_of_the_edition(as_of: str) -> None:
    late = make_estimate(1, point=1_000, quantifier="about", as_of=as_of)
    picture = first_panel(figures_of(late), ["place-1"], EDITION_DAY, PREVIEW_SIZE)
    assert picture
    for panel in [*(drawing.panels[0] for drawing in drawings(draw(late))), picture]:
        [(mark, label)] = panel.marks
        left, _top, right, _bottom = words_box(label, mark)
        assert not left < panel.now < right, label.words


def test_wide_labels_have_details_and_narrow_ones_letters() -> None:
    found = draw(make_estimate(point=6_000, quantifier="about"))
    assert (only_mark(found)[2].words, only_mark(found)[2].below) == (
        "a\N{EN SPACE}about 6,000",
        "Outlet-1, June 2019",
    )
    [narrow] = found.narrow.panels
    assert [(label.words, label.below) for _, label in narrow.marks] == [("a", "")]


def test_label_names_population_other_than_workers() -> None:
    visas = make_estimate(
        counts="papers",
        unit="visas",
        population="things",
        population_text="student visas",
        period="2019",
    )
    assert only_mark(draw(visas))[2].below == "Student visas; Outlet-1, 2019"


def test_long_speaker_in_label_is_cut_before_the_time() -> None:
    said = make_citation(
        1, kind="number", chain=[make_step("named-official", "The deputy head of an office " * 4)]
    )
    below = only_mark(draw(make_estimate(citations=[said])))[2].below
    assert below == "The deputy head of an office The deputy head…, June 2019"


def test_mark_has_a_complete_text_alternative() -> None:
    _, mark, _ = only_mark(
        draw(make_estimate(point=None, high=80_000, quantifier="up-to", as_of="2022"))
    )
    assert mark.words == "a: up to 80,000, 2022, Outlet-1"
