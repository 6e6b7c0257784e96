"""The bar of an event's date, for cards and event pages."""

from app.dates.bar import Bar, bar
from app.dates.edtf import Days
from app.record.payloads import event_form
from app.record.sql.rows import ListRow


def event_bar(event: ListRow, scale: Days | None, width: int = 132) -> Bar | None:
    """Return the bar of an event's date; None without a scale or without possible days."""
    if scale is None:
        return None
    form = event_form(event)
    return bar(
        event.span,
        event.lo,
        event.hi,
        form.get("happened") or form.get("attested", ""),
        form.get("deadline", ""),
        scale,
        width,
        surroundings=event.surroundings,
        is_attested="attested" in form,
    )
