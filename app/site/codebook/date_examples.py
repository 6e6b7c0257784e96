"""How uncertain dates are drawn, by examples on the page of the codebook."""

from dataclasses import dataclass
from datetime import date

from app.dates import day_ranges, edtf
from app.dates.bar import Bar, bar
from app.dates.periods import parse_period
from app.dates.wording import attested_in_words, in_words
from app.i18n.translate import N_, _


@dataclass(frozen=True)
class DateExample:
    """An example of a date's bar, with its meaning."""

    bar: Bar | None
    words: str
    meaning: str


EXAMPLE_YEAR = 2019
LAST_REPORT = date(EXAMPLE_YEAR, 11, 1)
"""Assumed day of the last report: an open-ended event is drawn up to it."""
DATE_EXAMPLES = [
    (f"{EXAMPLE_YEAR}-04-23", "", N_("on that day")),
    (f"{EXAMPLE_YEAR}-04", "", N_("on one day of that month")),
    (
        f"{EXAMPLE_YEAR}-04~",
        "",
        N_(
            "about that month: definitely in a period only if the period includes the pale days "
            "around it"
        ),
    ),
    (f"{EXAMPLE_YEAR}", "", N_("month unknown")),
    (f"[{EXAMPLE_YEAR}-05,{EXAMPLE_YEAR}-06]", "", N_("in one of the two months")),
    (f"[..{EXAMPLE_YEAR}-05-05]", "", N_("on one day up to and including that day")),
    (
        f"{EXAMPLE_YEAR}-03/{EXAMPLE_YEAR}-06~",
        "",
        N_("lasted several months, with an approximate end"),
    ),
    (f"{EXAMPLE_YEAR}-05/..", "", N_("no end known; drawn up to the last report")),
    (
        f"[{EXAMPLE_YEAR}-05-10..{EXAMPLE_YEAR}-05-20]/..",
        "",
        N_("began on a day between the two and continues"),
    ),
    (f"{EXAMPLE_YEAR - 3}-03/{EXAMPLE_YEAR}-10", "", N_("began before the start of the scale")),
    (
        f"{EXAMPLE_YEAR}-03~",
        f"{EXAMPLE_YEAR}-06-30",
        N_("with a deadline on 30 June, shown by a flag"),
    ),
]


def date_examples() -> list[DateExample]:
    scale = parse_period(str(EXAMPLE_YEAR), str(EXAMPLE_YEAR))
    found = []
    for text, deadline, meaning in DATE_EXAMPLES:
        spans = day_ranges.spans(edtf.parse(text), lasts=True, until=LAST_REPORT)
        drawn = bar(
            spans.possible,
            spans.lo,
            spans.hi,
            text,
            deadline,
            scale,
            surroundings=spans.surroundings,
        )
        found.append(DateExample(drawn, in_words(text), _(meaning)))
    attested = f"{EXAMPLE_YEAR}-05-05"
    spans = day_ranges.attested_spans(edtf.parse(attested))
    drawn = bar(spans.possible, spans.lo, spans.hi, attested, "", scale, is_attested=True)
    meaning = _("ongoing on that day; it may have begun on any earlier day")
    found.append(DateExample(drawn, attested_in_words(attested), meaning))
    return found
