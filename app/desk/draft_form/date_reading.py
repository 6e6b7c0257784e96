"""The reading of a date while it is typed: the days that it means, or suggestions for its words.

“Late April 2019” suggests about April 2019; the editor chooses. Words such as "Monday" or "last
month" count from the day of the article. If that day is not known exactly, neither are they.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.dates import edtf as dates
from app.dates import wording
from app.dates.edtf import DateError
from app.dates.phrases.reading import read_phrase
from app.i18n.translate import _
from app.kinds.events import UNKNOWN, UNSTATED

ANY_DAY = "2000-12-31"
MAX_OFFERS = 4


class DateOffer(NamedTuple):
    edtf: str
    words: str


def date_offers(typed: str, published: str = "") -> list[DateOffer]:
    """Return dates that the words may mean, likeliest first; none if they already are a date."""
    try:
        day = date.fromisoformat(published)
    except ValueError:
        # Words that count from it mean nothing.
        day = None
    readings: list[str] = []
    # A decade in full EDTF, which our subset has as an interval.
    words = re.sub(r"(?<=^[0-9]{3})[Xx]$", "0s", typed[: dates.MAX_LENGTH].strip())
    for reading in read_phrase(words, day):
        edtf = dates.parse_or_none(reading)
        if edtf and edtf.text not in [*readings, typed.strip()]:
            readings.append(edtf.text)
    return [DateOffer(edtf, wording.in_words(edtf)) for edtf in readings[:MAX_OFFERS]]


@dataclass(frozen=True)
class DateReading:
    """The data shown below a date box."""

    words: str = ""
    means: str = ""
    offers: Sequence[DateOffer] = ()
    nothing: str = ""
    """Why the text can't be read, if there are no suggestions."""

    @property
    def sole(self) -> str:
        """The only date that the words mean; "" if they mean none or several."""
        return self.offers[0].edtf if len(self.offers) == 1 else ""


def read_date(typed: str, published: str = "") -> DateReading:
    text = typed.strip()
    if not text:
        return DateReading()
    if text in {UNKNOWN, UNSTATED}:
        return DateReading(words=_(text))
    try:
        edtf = dates.parse(dates.normalise(text))
    except DateError as error:
        offers = date_offers(text, published)
        return DateReading(offers=offers, nothing="" if offers else _why_not(text, error))
    return DateReading(wording.words(edtf), wording.reading(edtf))


def _why_not(text: str, error: DateError) -> str:
    if date_offers(text, ANY_DAY):
        return _("This date is relative, and the report’s day is not known exactly. Add the year.")
    return str(error)
