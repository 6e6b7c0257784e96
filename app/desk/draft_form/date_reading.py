"""How a date is read while it is typed: which days it means, or what may have been meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dates import edtf as dates
from app.dates.bar import Bar, bar
from app.dates.edtf import BadDate, Edtf
from app.desk.draft_form import date_words
from app.desk.draft_form.date_words import Offer
from app.forms.events import UNKNOWN, UNSTATED
from app.i18n.translate import _

ANY_DAY = "2000-12-31"


@dataclass(frozen=True)
class DateReading:
    """What stands under a box for a date."""

    words: str = ""
    means: str = ""
    offers: Sequence[Offer] = ()
    nothing: str = ""
    """Why it can't be read, where nothing can be offered for it either."""
    bar: Bar | None = None
    year: str = ""
    """The year on whose scale it is drawn."""


def date_reading(typed: str, published: str = "") -> DateReading:
    """For an empty box, if it is told when the article came out, the times of which it may well speak."""
    text = typed.strip()
    if not text:
        return DateReading(offers=date_words.near(published))
    if text in {UNKNOWN, UNSTATED}:
        return DateReading(words=_(text))
    try:
        edtf = dates.parse(dates.normalise(text))
    except BadDate as error:
        offers = date_words.offers(text, published)
        return DateReading(
            offers=offers, nothing="" if offers else _why_not(text, published, error)
        )
    first = dates.sort_day(dates.spans(edtf, lasts=True))
    year = str(first.year) if first else ""
    return DateReading(
        dates.words(edtf, _),
        dates.reading(edtf, _),
        bar=_bar(edtf, year) if year else None,
        year=year,
    )


def _why_not(text: str, published: str, error: BadDate) -> str:
    if date_words.offers(text, ANY_DAY):
        return _(
            "It is not known when the article came out, from which this counts: say the year too."
        )
    return (date_words.no_such_day(text, published) or error).words(_)


def _bar(edtf: Edtf, year: str) -> Bar | None:
    spans = dates.spans(edtf, lasts=True)
    return bar(spans.possible, spans.lo, spans.hi, edtf.text, "", dates.window(year, year))
