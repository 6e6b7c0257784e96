"""Numbers of records of each list in words."""

from collections.abc import Callable

from app.i18n.translate import ngettext
from app.vocabulary.kinds import RecordKind

COUNTED: dict[str, Callable[[int], str]] = {
    RecordKind.EVENT: lambda count: ngettext("{count} event", "{count} events", count).format(
        count=count
    ),
    RecordKind.ESTIMATE: lambda count: ngettext(
        "{count} estimate", "{count} estimates", count
    ).format(count=count),
    RecordKind.SOURCE: lambda count: ngettext("{count} source", "{count} sources", count).format(
        count=count
    ),
}
