"""The bar of an event's date, for cards and event pages."""

from app.caches import memoized
from app.dates.bar import Bar, bar
from app.dates.edtf import Days
from app.record.payloads import form_of
from app.record.sql.rows import ListRow

_BAR_OF = memoized("date-bars")(bar)
"""Draws a bar once: thousands of events share a few hundred dates."""


def event_bar(event: ListRow, scale: Days | None, width: int = 132) -> Bar | None:
    """Return the bar of an event's date; None without a scale or without possible days."""
    if scale is None:
        return None
    form = form_of(event)
    return _BAR_OF(
        tuple(event.span),
        event.lo,
        event.hi,
        form.get("happened") or form.get("attested", ""),
        form.get("deadline", ""),
        scale,
        width,
        surroundings=event.surroundings,
        is_attested="attested" in form,
    )
