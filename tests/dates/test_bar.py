"""Bars of the date strip: which days they cover, and the shape for each kind of date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dates import day_ranges, edtf
from app.dates.bar import Bar, bar
from app.dates.edtf import Days
from tests.support.tables import differing

# A scale on which one day is one pixel: 2019 has 365 days.
YEAR = Days(date(2019, 1, 1), date(2019, 12, 31))
WIDTH = 365
FEB, MARCH, APRIL, MAY, JUNE, JULY = 31, 59, 90, 120, 151, 181
"""The pixel at which each month of 2019 begins."""


def make_bar(
    happened: str,
    deadline: str = "",
    scale: Days = YEAR,
    until: date | None = None,
) -> Bar:
    spans = day_ranges.spans(edtf.parse(happened), True, until)
    found = bar(
        spans.possible,
        spans.lo,
        spans.hi,
        happened,
        deadline,
        scale,
        WIDTH,
        surroundings=spans.surroundings,
    )
    assert found
    return found


def drawn(found: Bar) -> str:
    """Return the shapes: `light 0-31`, `solid 0-31`, `line 59.5`, and `<` or `>` for chevrons."""
    shapes = [f"< {found.before:g}"] if found.before is not None else []
    for x, width, is_solid in found.boxes:
        outline = 0 if is_solid else 0.8
        edges = f"{round(x - outline)}-{round(x + width + outline)}"
        shapes.append(f"{'solid' if is_solid else 'light'} {edges}")
    shapes += [f"line {x:g}" for x in found.days]
    shapes += [f"> {found.after:g}"] if found.after is not None else []
    return ", ".join(shapes)


def test_shape_shows_the_kind_of_date() -> None:
    shapes = {
        # A day is a line in its middle.
        "2019-03-01": f"line {MARCH + 0.5}",
        "[2019-03-01,2019-05-01]": f"line {MARCH + 0.5}, line {MAY + 0.5}",
        # Some day of a month or year is a light box over all of them, and "about" widens none.
        "2019-03": f"light {MARCH}-{APRIL}",
        "2019-03?": f"light {MARCH}-{APRIL}",
        "2019-03~": f"light {MARCH}-{APRIL}",
        "2019-03-XX": f"light {MARCH}-{APRIL}",
        "2019-21": f"light {MARCH}-{JUNE}",
        "2019": f"light 0-{WIDTH}",
        # What lasts is a solid box.
        "2019-03/2019-05": f"solid {MARCH}-{JUNE}",
        "2019-03-05/2019-03-14": f"solid {MARCH + 4}-{MARCH + 14}",
        # Beyond the scale is a chevron.
        "2018-11/2019-02": f"< 0, solid 7-{MARCH}",
        "2019-05/2020-02": f"solid {MAY}-{WIDTH - 7}, > {WIDTH}",
    }
    assert differing(lambda happened: drawn(make_bar(happened)), shapes) == {}
    # A deadline does not end it.
    solid = f"solid {MARCH}-{JULY}"
    assert drawn(make_bar("2019-03/2019-06", "2019-04")) == solid


def test_about_adds_strokes_outside_each_approximate_end() -> None:
    sides = {
        "2019-03~": "left right",
        "2019-03%": "left right",
        "2019-03-10~": "left right",
        "2019-03?": "",
        "2019-03~/2019-05": "left",
        "2019-03/2019-05~": "right",
    }

    def found(happened: str) -> str:
        bar = make_bar(happened)
        edges = [edge for x, width, _ in bar.boxes for edge in (x, x + width)]
        edges += [edge for x in bar.days for edge in (x - 1, x + 1)]
        for start, end in bar.strokes:
            assert end <= min(edges) or start >= max(edges), happened
            assert end - start == pytest.approx(6, abs=0.11)
        return " ".join("left" if end <= min(edges) else "right" for _, end in bar.strokes)

    assert differing(found, sides) == {}


def test_open_end_has_a_chevron_at_the_last_report() -> None:
    found = make_bar("2019-03/..", until=date(2019, 5, 31))
    assert drawn(found) == f"solid {MARCH}-{JUNE}, > {JUNE + 7}"


def test_date_outside_scale_is_a_chevron_alone() -> None:
    scale = Days(date(2019, 1, 1), date(2019, 1, 31))
    assert drawn(make_bar("2018-05", scale=scale)) == "< 0"
    assert drawn(make_bar("2019-05", scale=scale)) == f"> {WIDTH}"


def test_deadline_is_a_flag_at_end_of_last_possible_day() -> None:
    expected = {
        "2019-06-30": JULY,
        "2019-06": JULY,
        "2019-06~": JULY,
        "2019-12-31": WIDTH,
    }
    assert differing(lambda deadline: make_bar("2019-03", deadline).deadline, expected) == {}


def test_unknown_year_has_no_bar() -> None:
    assert bar([], None, None, "XXXX-05-01", "", YEAR) is None


days = st.dates(date(1800, 1, 1), date(2200, 12, 31))
marks = st.sampled_from(["", "~", "?", "%"])
written = st.one_of(
    st.builds(lambda day, mark: f"{day}{mark}", days, marks),
    st.builds(lambda day, mark: f"{day:%Y-%m}{mark}", days, marks),
    st.builds(lambda day, mark: f"{day:%Y}{mark}", days, marks),
    st.builds(lambda a, b, x, y: f"{min(a, b)}{x}/{max(a, b)}{y}", days, days, marks, marks),
    st.builds(lambda day, mark: f"{day:%Y-%m}{mark}/..", days, marks),
    st.builds(lambda day, year: f"[{day},{year}]", days, st.integers(1800, 2200)).filter(
        lambda text: text[1:5] != text[-5:-1]
    ),
)
scales = st.builds(lambda a, b: Days(min(a, b), max(a, b)), days, days)


@given(written, written | st.just("unstated"), scales, st.integers(60, 600))
def test_only_strokes_are_drawn_outside_the_scale(
    happened: str, deadline: str, scale: Days, width: int
) -> None:
    spans = day_ranges.spans(edtf.parse(happened), True)
    found = bar(
        spans.possible,
        spans.lo,
        spans.hi,
        happened,
        deadline,
        scale,
        width,
        surroundings=spans.surroundings,
    )
    if not spans.possible:
        assert found is None
        return
    assert found
    positions = [edge for x, w, _ in found.boxes for edge in (x, x + w)]
    positions += [edge for x, w in found.faded for edge in (x, x + w)]
    positions += [
        *found.days,
        *found.ticks,
        *(x for x in (found.before, found.after, found.deadline) if x is not None),
    ]
    assert all(-0.1 <= x <= width + 0.1 for x in positions)
    assert all(w > 0 for _, w, _ in found.boxes)
    # Every date is visible.
    assert found.boxes or found.days or found.before is not None or found.after is not None


# Attested states ----------------------------------------------------------------------------------


def test_attested_state_is_open_on_both_sides_of_its_day() -> None:
    shapes = {
        "2019-05-05": ["< 0", f"light 7-{MAY + 5}", f"line {MAY + 4.5}", f"> {MAY + 12}"],
        "2019-05": ["< 0", f"light 7-{JUNE}", f"light {MAY}-{JUNE}", f"> {JUNE + 7}"],
        "2019-05-05~": ["< 0", f"light 7-{MAY + 5}", f"line {MAY + 4.5}", f"> {MAY + 12}"],
    }

    def found(attested: str) -> list[str]:
        spans = day_ranges.attested_spans(edtf.parse(attested))
        ends = (spans.possible, spans.lo, spans.hi)
        found = bar(*ends, attested, "", YEAR, WIDTH, True, spans.surroundings, is_attested=True)
        assert found
        return drawn(found).split(", ")

    assert differing(found, shapes) == {}
