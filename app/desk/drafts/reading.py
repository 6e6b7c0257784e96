"""How a date is read while it is typed: which days it means, or what may have been meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from app import dates
from app.dates import BadDate
from app.desk.drafts import date_words
from app.desk.drafts.date_words import Offer
from app.forms.events import UNKNOWN, UNSTATED
from app.language import _


@dataclass(frozen=True)
class DateReading:
    """What stands under a box for a date."""

    words: str = ""
    means: str = ""
    offers: Sequence[Offer] = ()
    nothing: str = ""
    """Why it can't be read."""


def date_reading(typed: str, published: str = "") -> DateReading:
    """For an empty box the times that an article of that date often speaks of."""
    text = typed.strip()
    if not text:
        return DateReading(offers=date_words.near(published))
    if text in {UNKNOWN, UNSTATED}:
        return DateReading(words=_(text))
    try:
        edtf = dates.parse(dates.normalise(text))
    except BadDate as error:
        return DateReading(offers=date_words.offers(text, published), nothing=error.words(_))
    return DateReading(words=dates.words(edtf, _), means=dates.reading(edtf, _))
