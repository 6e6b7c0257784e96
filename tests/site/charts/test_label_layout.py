"""Labels beside marks, and brackets between conflicting estimates."""

import itertools
import re
from typing import Any

from app.site.charts.estimates_chart import (
    PREVIEW_SIZE,
    first_panel,
)
from app.site.charts.glyphs import EstimateMark
from app.site.charts.label_layout import GAP_PIXELS, LEADER_FROM_PIXELS, Label, overlap
from app.site.charts.panels import Chart, Panel
from tests.make import (
    make_citation,
    make_estimate,
    make_link,
)
from tests.support.charts import (
    EDITION_DAY,
    draw,
    drawings,
    figures_of,
    forty,
    only_mark,
    overlapping,
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
        assert not any(overlap(bracket.box, box) for mark, _ in panel.marks for box in mark.boxes)
        upright = [float(number) for number in re.findall(r"[\d.]+", bracket.path)]
        assert {upright[1], upright[3]} == {mark.middle for mark, _ in panel.marks}


def test_compatible_estimates_have_no_bracket() -> None:
    for changes in (
        {"as_of": "2019-07"},
        {"population": "nationals"},
        {"links": [make_link("M1", "corrects")]},
        {"nature": "planned", "period": "2019-06", "as_of": ""},
    ):
        found = conflicting_estimates(**changes)
        assert not found.conflicts.are_any, changes
        assert not any(panel.brackets for drawing in drawings(found) for panel in drawing.panels)


# Letters ------------------------------------------------------------------------------------------


def placed(panel: Panel) -> list[tuple[EstimateMark, Label]]:
    """Return the marks with their labels; every mark outside of a preview picture has one."""
    found = [(mark, label) for mark, label in panel.marks if label]
    assert len(found) == len(panel.marks)
    return found


def test_letters_cover_no_mark_axis_or_other_letter() -> None:
    for count in (1, 4, 12):
        for drawing in drawings(draw(*forty()[:count])):
            [panel] = drawing.panels
            boxes = [label.box for _mark, label in placed(panel)]
            assert overlapping(boxes) == []
            for box in boxes:
                assert box[0] >= 0 and box[2] <= panel.width
                assert box[1] >= 0 and box[3] <= panel.base
                assert not any(overlap(box, other) for m, _ in panel.marks for other in m.boxes)
    found = draw(*forty())
    assert found.drawn == 40
    [wide] = found.wide.panels
    assert overlapping([label.box for _mark, label in placed(wide)]) == []


def test_letter_is_at_its_mark_or_has_a_line_to_it() -> None:
    panels = [drawing.panels[0] for drawing in drawings(draw(*forty()[:24]))]
    for mark, label in itertools.chain.from_iterable(map(placed, panels)):
        if label.leader:
            x, y, *_ = (float(number) for number in re.findall(r"-?[\d.]+", label.leader))
            left, top, right, bottom = mark.box
            assert left - 0.2 <= x <= right + 0.2 and top - 0.2 <= y <= bottom + 0.2
            continue
        nearest = [
            abs(max(mark.box[i], label.box[i]) - min(mark.box[i + 2], label.box[i + 2]))
            for i in (0, 1)
            if max(mark.box[i], label.box[i]) > min(mark.box[i + 2], label.box[i + 2])
        ]
        assert max(nearest, default=0) <= GAP_PIXELS + LEADER_FROM_PIXELS


def test_letters_are_those_of_the_list() -> None:
    found = draw(*forty()[:24])
    for drawing in drawings(found):
        labels = {mark.figure.id: label.words for p in drawing.panels for mark, label in placed(p)}
        assert labels == dict(found.letters)
        assert len(set(labels.values())) == 24


def test_leader_lines_in_preview_cross_no_label() -> None:
    many = forty()[:24]
    panel = first_panel(figures_of(*many), ["place-1"], EDITION_DAY, PREVIEW_SIZE)
    assert panel and len(panel.marks) == len(many)
    labels = [label for _mark, label in panel.marks if label]
    assert labels
    for label in labels:
        if label.leader:
            x, y, to_x, to_y = (float(number) for number in re.findall(r"-?[\d.]+", label.leader))
            line = (min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            assert not any(overlap(line, other.box) for other in labels if other is not label)


def test_preview_draws_all_wholes_with_their_amount_and_no_part() -> None:
    """A letter would refer to a list, which a preview picture does not have."""
    wholes = [
        make_estimate(n, point=1_000 * n, quantifier="about", as_of=f"{2015 + n}") for n in (1, 4)
    ]
    part = make_estimate(2, as_of="2017", coverage="part", population_text="at one plant")
    panel = first_panel(figures_of(*wholes, part), ["place-1"], EDITION_DAY, PREVIEW_SIZE)
    assert panel and [mark.figure.id for mark, _label in panel.marks] == ["M1", "M4"]
    label = panel.marks[0][1]
    assert label and (label.words, label.is_boxed) == ("about 1,000", False)


def test_labels_do_not_overlap_the_line_of_the_edition() -> None:
    for as_of in [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in (2, 6, 9, 11)]:
        late = make_estimate(1, point=1_000, quantifier="about", as_of=as_of)
        picture = first_panel(figures_of(late), ["place-1"], EDITION_DAY, PREVIEW_SIZE)
        assert picture
        for panel in [*(drawing.panels[0] for drawing in drawings(draw(late))), picture]:
            [(_mark, label)] = panel.marks
            assert label and not label.box[0] < panel.now < label.box[2], as_of


def test_name_of_a_mark_begins_with_its_letter() -> None:
    """Label in name: who speaks to the computer says what is seen."""
    _, mark, label = only_mark(
        draw(make_estimate(point=None, high=80_000, quantifier="up-to", as_of="2022"))
    )
    assert mark.words == "a: up to 80,000, 2022, Outlet-1"
    assert mark.words.startswith(label.words)
