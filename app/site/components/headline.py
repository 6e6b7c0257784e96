"""The headline of a place: its newest estimate, or the range of those of one month (rule 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.dates.wording import in_words
from app.i18n.translate import _
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import form_of
from app.record.sql.rows import ListRow
from app.site.components.age import Age, age
from app.site.components.estimate_line import EstimateView
from app.site.components.headcounts import month_of, possible_days, words_of_range


@dataclass(frozen=True)
class Headline:
    figures: Sequence[EstimateView]
    """The newest estimate, then the others of its month."""
    words: str
    time: str
    age: Age | None

    @property
    def newest(self) -> EstimateView:
        return self.figures[0]

    @property
    def doubts(self) -> Sequence[str]:
        """What is alleged or disputed in it, in words."""
        alleged = [_("Alleged")] if any(each.is_alleged for each in self.figures) else []
        disputed = (field.words for each in self.figures for field in each.disputed)
        return alleged + [
            _("Disputed: {what}").format(what=what) for what in dict.fromkeys(disputed)
        ]


def headline_view(
    rows: Sequence[ListRow | Version], on: date, directory: Directory, at: str = ""
) -> Headline:
    """Return the headline of estimates of one month, the newest one first."""
    figures = [EstimateView(row, directory, at) for row in rows]
    month = month_of(rows[0]) if len(rows) > 1 else ""
    return Headline(
        figures,
        words_of_range(rows),
        in_words(month) if month else figures[0].time,
        age(possible_days(form_of(rows[0])), on),
    )
