"""An event as lists and previews show it: its kind, date, age, places and how sure it is."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from markupsafe import Markup

from app.i18n.translate import N_, _, inside
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.status_labels import Age, age, last_reported_labels, with_basis
from app.record.names.support_labels import disputed_in_words, reports_label, sure
from app.record.payloads import Stored, named_place_codes
from app.record.sql.rows import ListRow
from app.site.components.marks import term_in_words
from app.site.components.text import highlight
from app.site.components.urls import PageLink, page_link
from app.site.presenters.record import RecordView
from app.vocabulary.events import Direction, Role, TermKey

ACTOR_ROLE_LABELS = {
    Role.ORDERS: N_("Ordered by"),
    Role.AGREES: N_("Agreed by"),
    Role.SAYS: N_("Said by"),
    Role.CARRIES_OUT: N_("Carried out by"),
    Role.EMPLOYS: N_("Employer"),
    Role.TOLD: N_("Told"),
    Role.AFFECTED: N_("Also affected"),
    Role.DENIES: N_("Denied by"),
}
PLANNED_BY = N_("To be carried out by")
"""The label of who carries out what is only planned."""


class EventView(RecordView):
    """An event as lists show it on a day. `words` are marked in its texts."""

    def __init__(
        self, row: Version | ListRow, directory: Directory, on: date, words: Sequence[str] = ()
    ) -> None:
        super().__init__(row, directory)
        self.on, self.words = on, words

    @cached_property
    def title(self) -> Markup:
        return highlight(self.form["title"], self.words)

    @cached_property
    def summary(self) -> Markup | None:
        """The summary, unless it says no more than the title."""
        summary = self.form["summary"]
        return None if summary == self.form["title"] else highlight(summary, self.words)

    @property
    def direction(self) -> str:
        """Code of its direction; empty if it has none."""
        return str(self.payload.get("direction", ""))

    @property
    def type(self) -> str:
        return self.directory.label("type", self.form["type"])

    @property
    def kind(self) -> str:
        """Its type; behind what a rule means for workers."""
        # Of what has no status no report says that it is a rule.
        if self.direction not in {Direction.TIGHTENS, Direction.EASES} or not self.stages:
            return self.type
        # l10n: what a rule means for workers, and its type: "Tightens: limit on stay"
        return _("{direction}: {type}").format(
            direction=_(Direction(self.direction).label), type=inside(self.type)
        )

    @property
    def when(self) -> str:
        basis = self.form.get("happened_basis")
        return with_basis(self.payload["happened_words"], basis) or _("Date not known")

    @property
    def kick(self) -> list[str]:
        """What it is and when, above its title."""
        return [self.type, self.when]

    @cached_property
    def age(self) -> Age | None:
        """How long ago its end was, or its beginning if the end is open; None if only a year."""
        text = self.form.get("happened") or self.form.get("attested", "")
        days = self.row.lo if text.endswith("/..") else self.row.hi
        is_year_only = self.payload["precision"] in {"year", "unknown"}
        return None if is_year_only or days is None else age(days, self.on)

    @property
    def deadline(self) -> str:
        return str(self.payload["deadline_words"])

    @cached_property
    def places(self) -> list[PageLink]:
        """Its places, without those that are only pictured."""
        codes = named_place_codes(self.form["terms"])
        return [page_link(self.directory, "place", code) for code in codes]

    @property
    def stages(self) -> list[tuple[str, str]]:
        """Code and label of the last reported status of each track."""
        return last_reported_labels(self.payload)

    @property
    def sure(self) -> str:
        """How sure it is: "One named source, alleged"."""
        return sure(self.payload)

    @property
    def disputed(self) -> str:
        """What is disputed, or which state denies it; empty if nothing is."""
        return disputed_in_words(self.payload, self.directory)

    @property
    def reports_in_words(self) -> str:
        """Number of reports in support, and of their outlets."""
        return reports_label(self.payload)

    @property
    def papers(self) -> list[str]:
        return [
            self.directory.label("paper", term["code"]) if "code" in term else term["printed"]
            for term in self.form["terms"]
            if term["key"] == TermKey.PAPER and term["role"] != Role.EXEMPT
        ]

    @property
    def exempt(self) -> list[str]:
        """Labels of exempt groups, permits, places and so on."""
        return exempt_labels(self.form["terms"], self.directory)


def exempt_labels(terms: Sequence[Stored], directory: Directory) -> list[str]:
    """Return each exempt term once, with the wording of the source."""
    labels = (
        term_in_words(
            directory.label(term["key"], term["code"]) if "code" in term else "",
            term.get("printed"),
            None,
        )
        for term in terms
        if term["role"] == Role.EXEMPT
    )
    return list(dict.fromkeys(labels))
