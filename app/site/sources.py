"""The list of sources, grouped by year of publication."""

from collections.abc import Iterator, Sequence

from app.i18n.translate import _
from app.record.filters import SourceFilters
from app.record.search import words_to_mark
from app.site.listing import Listing
from app.site.presenters.source import SourceView
from app.vocabulary.kinds import RecordKind


class Sources(Listing[SourceFilters]):
    name = "sources"
    kind = RecordKind.SOURCE
    filter_class = SourceFilters
    template = "site/sources/list.html"

    @property
    def groups(self) -> Iterator[tuple[str, Sequence[SourceView]]]:
        words = words_to_mark(self.filters.one("q"))
        for heading, rows in self.by_year(_("Date not known")):
            yield heading, [SourceView(row, self.directory, words) for row in rows]
