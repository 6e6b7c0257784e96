"""The lane drawing of stages: marks, positions and labels."""

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
from tests.support.charts import overlapping


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
    assert drawn(step("2019-03")).lanes[1].steps == []


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


def test_lines_are_dotted_after_deadline_flag() -> None:
    drawing = drawn(step("2019-03"), deadline="2019-06-30", words="30 June 2019")
    assert drawing.flag and drawing.flag.words == "Deadline 30 June 2019"
    assert (
        drawing.known_to == drawing.flag.x == pytest.approx(EDGE + day(drawing, 181 / 365), abs=0.1)
    )
    without = drawn(step("2019-03"))
    assert without.flag is None and without.known_to == without.end
    late = drawn(step("2019-03"), deadline="2019-12-22", words="22 December 2019").flag
    assert late and late.is_left and late.words_x < late.x


def test_scale_is_whole_years_around_steps_and_deadline() -> None:
    assert [name for _, name in drawn(step("2019-03")).names][:2] == ["2019", "Feb"]
    three_years = drawn(step("2017-12-22"), deadline="2019-12-22", words="22 December 2019")
    assert [name for _, name in three_years.names] == ["2017", "2018", "2019"]


def test_undated_steps_are_not_drawn() -> None:
    law, _ = drawn(step("2019-03"), step("", Step.ENDED)).lanes
    assert [placed.step.code for placed in law.steps] == ["announced"]
    assert stage_lanes_view([step("")], "", "") is None
    assert stage_lanes_view([step("")], "2019-06-30", "30 June 2019") is None


def test_empty_lane_does_not_deny_what_is_told_elsewhere() -> None:
    def practice(*steps: DrawnStep, is_told: bool) -> str:
        view = stage_lanes_view([step("2019-03"), *steps], "2019-06-30", "30 June 2019", is_told)
        assert view
        _law, practice = view.wide.lanes
        assert view.label == (
            f"Legal status: announced or ordered then. In practice: {practice.empty}. "
            "Deadline 30 June 2019."
        )
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
        assert overlapping(boxes) == []


def _room(step: DrawnStep) -> float:
    return MARK_WIDTH + max(
        len(step.label) * BOLD_LETTER_WIDTH, len(step.words) * DATE_LETTER_WIDTH
    )


def test_every_step_has_a_track() -> None:
    assert {code.track for code in Step} == set(Track)
