"""The reading of a date while it is typed: the days that it means, or suggestions."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dates import day_ranges, wording
from app.dates import edtf as dates
from app.dates.bar import Bar, bar
from app.dates.edtf import DateError, Edtf
from app.dates.periods import parse_period
from app.desk.draft_form import date_words
from app.desk.draft_form.date_words import DateOffer
from app.i18n.translate import _
from app.kinds.events import UNKNOWN, UNSTATED

ANY_DAY = "2000-12-31"


@dataclass(frozen=True)
class DateReading:
    """The data shown below a date box."""

    words: str = ""
    means: str = ""
    offers: Sequence[DateOffer] = ()
    nothing: str = ""
    """Why the text can't be read, if there are no suggestions."""
    bar: Bar | None = None
    year: str = ""
    """The year on whose scale the bar is drawn."""

    def sole_offer(self, typed: str) -> DateOffer | None:
        """Return the date that typed words mean, if only one; in an empty box, dates are tips."""
        return self.offers[0] if typed.strip() and len(self.offers) == 1 else None


def read_date(typed: str, published: str = "", field: str = "") -> DateReading:
    """Return the reading of a text; for an empty box, dates near the article's publication.

    At a date in the field `attested`, a state was going on.
    """
    text = typed.strip()
    if not text:
        return DateReading(offers=date_words.suggested_dates(published))
    if text in {UNKNOWN, UNSTATED}:
        return DateReading(words=_(text))
    try:
        edtf = dates.parse(dates.normalise(text))
    except DateError as error:
        offers = date_words.date_offers(text, published)
        return DateReading(
            offers=offers, nothing="" if offers else _why_not(text, published, error)
        )
    if field == "attested" and dates.OPEN not in edtf.parts:
        return _attested_reading(edtf)
    first = day_ranges.sort_day(day_ranges.spans(edtf, lasts=True))
    year = str(first.year) if first else ""
    return DateReading(
        wording.words(edtf, _),
        wording.reading(edtf, _),
        bar=_bar(edtf, year, day_ranges.spans(edtf, lasts=True)) if year else None,
        year=year,
    )


def _attested_reading(edtf: Edtf) -> DateReading:
    spans = day_ranges.attested_spans(edtf)
    first = day_ranges.sort_day(spans)
    year = str(first.year) if first else ""
    means = _("on any day up to then") if first else wording.reading(edtf, _)
    drawn = _bar(edtf, year, spans, is_attested=True) if year else None
    return DateReading(wording.attested_in_words(edtf.text, _), means=means, bar=drawn, year=year)


def _why_not(text: str, published: str, error: DateError) -> str:
    if date_words.date_offers(text, ANY_DAY):
        return _("This date is relative, and the report has no publication date. Add the year.")
    return (date_words.invalid_day_error(text, published) or error).words(_)


def _bar(
    edtf: Edtf, year: str, spans: day_ranges.Spans, *, is_attested: bool = False
) -> Bar | None:
    return bar(
        spans.possible,
        spans.lo,
        spans.hi,
        edtf.text,
        "",
        parse_period(year, year),
        surroundings=spans.surroundings,
        is_attested=is_attested,
    )
