"""The lane drawing of stages: marks, positions and labels."""

import itertools
import random

import pytest

from app.site.events.stage_lanes import (
    BOLD_LETTER_WIDTH,
    DATE_LETTER_WIDTH,
    EDGE,
    MARK_WIDTH,
    NARROW,
    WIDE,
    DrawnStep,
    LanesDrawing,
    stage_lanes_view,
)
from app.vocabulary.events import Step, Track


def step(date: str, code: Step = Step.ANNOUNCED, words: str = "then", **changes: bool) -> DrawnStep:
    return DrawnStep(code.track, code, code.label, date, words, **changes)


def drawn(*steps: DrawnStep, deadline: str = "", words: str = "") -> LanesDrawing:
    view = stage_lanes_view(steps, deadline, words)
    assert view
    return view.wide


def day(drawing: LanesDrawing, share: float) -> float:
    """Return a position on the scale in pixels from the start of the lane."""
    return share * (drawing.end - drawing.start)


def test_law_and_practice_have_separate_lanes() -> None:
    law, practice = drawn(step("2019-03"), step("2019-04", Step.ENFORCED)).lanes
    assert [placed.step.code for placed in law.steps] == ["announced"]
    assert [placed.step.code for placed in practice.steps] == ["enforced"]
    assert law.y < practice.y


def test_lane_without_steps_is_drawn_empty() -> None:
    _, practice = drawn(step("2019-03")).lanes
    assert practice.steps == []


def test_day_is_line_and_month_is_box() -> None:
    law, _ = drawn(step("2019-07-02"), step("2019-12", Step.ENDED)).lanes
    on_a_day, in_a_month = (placed.shapes[0] for placed in law.steps)
    assert len(on_a_day.days) == 1 and not on_a_day.boxes
    assert on_a_day.days[0] == pytest.approx(day(drawn(step("2019-07-02")), 182.5 / 365), abs=1.5)
    assert len(in_a_month.boxes) == 1 and not in_a_month.days


def test_interval_of_step_is_box_not_bar() -> None:
    law, _ = drawn(step("2019-01/2019-06")).lanes
    ((left, width, lasted),) = law.steps[0].shapes[0].boxes
    assert not lasted
    assert (left, width) == pytest.approx((0, day(drawn(step("2019-01")), 181 / 365)), abs=2)


def test_about_has_strokes_and_one_of_two_has_two_boxes() -> None:
    law, _ = drawn(step("2019-03~"), step("[2019-05,2019-06]", Step.PLANNED)).lanes
    about, either = law.steps
    assert len(about.shapes[0].strokes) == 2
    assert [len(shape.boxes) for shape in either.shapes] == [1, 1]


def test_possible_and_planned_steps_are_labelled() -> None:
    law, _ = drawn(
        step("2019-03", is_hedged=True), step("2019-12", Step.PLANNED, is_plan=True)
    ).lanes
    assert [(placed.step.is_hedged, placed.step.is_plan) for placed in law.steps] == [
        (True, False),
        (False, True),
    ]


def test_lines_are_dotted_after_deadline_flag() -> None:
    drawing = drawn(step("2019-03"), deadline="2019-06-30", words="30 June 2019")
    assert drawing.flag and drawing.flag.words == "Deadline 30 June 2019"
    assert (
        drawing.known_to == drawing.flag.x == pytest.approx(EDGE + day(drawing, 181 / 365), abs=0.1)
    )


def test_lines_without_deadline_are_solid() -> None:
    drawing = drawn(step("2019-03"))
    assert drawing.flag is None and drawing.known_to == drawing.end


def test_label_of_late_deadline_is_left_of_flag() -> None:
    flag = drawn(step("2019-03"), deadline="2019-12-22", words="22 December 2019").flag
    assert flag and flag.is_left and flag.words_x < flag.x


def test_scale_is_whole_years_around_steps_and_deadline() -> None:
    assert [name for _, name in drawn(step("2019-03")).names][:2] == ["2019", "Feb"]
    three_years = drawn(step("2017-12-22"), deadline="2019-12-22", words="22 December 2019")
    assert [name for _, name in three_years.names] == ["2017", "2018", "2019"]


def test_undated_steps_are_not_drawn() -> None:
    law, _ = drawn(step("2019-03"), step("", Step.ENDED)).lanes
    assert [placed.step.code for placed in law.steps] == ["announced"]
    assert stage_lanes_view([step("")], "", "") is None
    assert stage_lanes_view([step("")], "2019-06-30", "30 June 2019") is None


def test_text_alternative_has_all_steps() -> None:
    view = stage_lanes_view(
        [step("2019-03~", words="about March 2019")], "2019-06-30", "30 June 2019"
    )
    assert view
    assert (
        view.label
        == "Legal status: announced or ordered about March 2019. In practice: nothing reported."
        " Deadline 30 June 2019."
    )


def test_empty_lane_does_not_deny_what_is_told_elsewhere() -> None:
    def practice(*steps: DrawnStep, is_told: bool) -> str:
        view = stage_lanes_view([step("2019-03"), *steps], "", "", is_told)
        assert view
        law, practice = view.wide.lanes
        assert f"In practice: {practice.empty}." in view.label and law.steps
        return practice.empty

    assert practice(is_told=False) == "nothing reported"
    assert practice(is_told=True) == "see the reports below"
    assert practice(step("", Step.ENFORCED), is_told=False) == "date not known"


@pytest.mark.parametrize("seed", range(20))
def test_names_neither_overlap_nor_leave_the_drawing(seed: int) -> None:
    chance = random.Random(seed)
    months = [f"{chance.randrange(2017, 2020)}-{chance.randrange(1, 13):02}" for _ in range(9)]
    steps = [step(month, chance.choice(list(Step)), "about May 2019") for month in months]
    view = stage_lanes_view(steps, "", "")
    assert view
    for drawing, width in ((view.wide, WIDE), (view.narrow, NARROW)):
        placed = [one for lane in drawing.lanes for one in lane.steps]
        boxes = [(one.x, one.y - 12, one.x + _room(one.step), one.y + 18) for one in placed]
        assert len(boxes) == len(steps)
        for left, top, right, bottom in boxes:
            assert left >= 0 and top >= 0 and right <= width and bottom <= drawing.height
        for one, other in itertools.combinations(boxes, 2):
            assert (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )


def _room(step: DrawnStep) -> float:
    return MARK_WIDTH + max(
        len(step.label) * BOLD_LETTER_WIDTH, len(step.words) * DATE_LETTER_WIDTH
    )


def test_every_step_has_a_track() -> None:
    assert {code.track for code in Step} == set(Track)
