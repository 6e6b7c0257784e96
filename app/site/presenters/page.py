"""A record on its page: what `site/record_pages/page.html` shows of every kind."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from babel import Locale
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.dates.wording import in_words
from app.i18n.formats import country_name, enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.filters import EventFilters, ListFilters, SourceFilters
from app.record.index.edition import IndexedEdition
from app.record.index.matching import ListCounts
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory, preferred_name
from app.record.payloads import form_of
from app.record.reads.event_context import RecordVersion, read_versions
from app.record.rules.containment import place_and_ancestors
from app.record.sql.rows import ListRow
from app.site.components.links import NameView, names_in_scripts
from app.site.components.text import link
from app.site.components.urls import PageLink, address, page_link
from app.site.lists.facets import HistogramView, histogram_view
from app.site.lists.summary import count_in_words
from app.site.presenters.event import EventView
from app.site.presenters.record import RecordView
from app.vocabulary.kinds import NOUN_OF_KIND, RecordNoun
from app.web.urls import url

# Named records ----------------------------------------------------------------------------------


COUNTRIES = Locale("en").territories


def kind_label(form: Any) -> str:
    """Return the label of a record's kind; empty if its noun has no kinds."""
    return _(form.kind.label) if hasattr(form, "kind") else ""


class NamedView:
    """A record with names. The keys of `app/record/filters.py` read its codes."""

    noun: RecordNoun
    names_shown = 2

    def __init__(self, code: str, directory: Directory) -> None:
        self.code, self.directory = code, directory
        self.form: Any = directory.named_records[self.noun][code]
        self.id: str = self.form.id

    @property
    def label(self) -> str:
        return self.directory.label(self.noun, self.code)

    @property
    def kind(self) -> str:
        return kind_label(self.form)

    @property
    def where(self) -> str:
        """Its kind, with what tells it from others."""
        return enumerate_words(filter(None, (self.kind, self.detail)))

    @property
    def address(self) -> str:
        return page_link(self.directory, self.noun, self.code).address

    @property
    def short_names(self) -> Sequence[tuple[str, str]]:
        """A few names in other scripts, each after its language."""
        names = [(name.language, name.text) for name in self.form.names if self.is_shown(name)]
        return names[: self.names_shown]

    def is_shown(self, name: Any) -> bool:
        return not name.text.isascii() and bool(name.text != self.label)

    @property
    def all_names(self) -> list[str]:
        """Every name, in which the letters typed may be."""
        return [getattr(self.form, "symbol", ""), *(name.text for name in self.form.names)]

    @property
    def detail(self) -> str:
        """What tells it from others of its name: where it is, or to whom it belongs."""
        owner = getattr(self.form, "belongs_to", "") or getattr(self.form, "parent", "")
        country = getattr(self.form, "country", "")
        return self.directory.label(self.noun, owner) if owner else COUNTRIES.get(country, country)

    # Codes by which lists are filtered ------------------------------------------------------------

    @property
    def lies_in(self) -> set[str]:
        return place_and_ancestors(self.code, self.directory.places)

    @property
    def within(self) -> list[str]:
        return self.directory.with_ancestors(self.noun, self.code)

    @property
    def issuers(self) -> list[str]:
        return self.directory.with_ancestors("actor", self.form.issuer)

    @property
    def languages(self) -> list[str]:
        return [language.lower() for language in self.form.languages]


def matches(row: Any, filters: Any) -> bool:
    """Whether a row of a table has a requested code of each filter, and no excluded code."""
    return all(
        (not (wanted := filters[key.key]) or not codes.isdisjoint(wanted))
        and codes.isdisjoint(filters.excluded.get(key.key, ()))
        for key, codes in ((key, key.codes(row)) for key in filters.terms())
    )


class LawEntry(NamedView):
    noun = RecordNoun.LAW
    names_shown = 1

    def is_shown(self, name: Any) -> bool:
        return bool(name.preferred and name.text != self.label)

    @property
    def detail(self) -> str:
        return in_words(self.form.adopted, lasts=False)


def named_view(noun: RecordNoun) -> type[NamedView]:
    """Return the class for records of this noun, wherever it is defined."""
    own = (each for each in NamedView.__subclasses__() if each.noun is noun)
    return next(own, None) or type(f"{noun.label}Entry", (NamedView,), {"noun": noun})


# Pages ------------------------------------------------------------------------------------------


MAX_ROWS_READ = 500
"""Records that name a record and are read for its page: the newest ones."""


class RecordPage(RecordView):
    """A record on its page. `full` is its validated form."""

    names: Sequence[NameView] = ()

    def __init__(
        self, db: Session, edition: IndexedEdition, row: Version, directory: Directory
    ) -> None:
        super().__init__(row, directory)
        self.db, self.edition = db, edition
        self.full: Any = FORMS[row.kind].model_validate(form_of(row))

    @property
    def answer(self) -> Markup:
        """What the record says, before all lists and caveats."""
        return Markup()

    @property
    def summary(self) -> str:
        """The answer without links, such as for the description of the page."""
        return self.answer.striptags()

    @cached_property
    def revisions(self) -> Sequence[RecordVersion]:
        return read_versions(self.db, self.edition, self.id)


class NamedPage(RecordPage):
    """A record with names on its page: its names, its kind, and what it is part of."""

    title_language = ""

    def __init__(
        self, db: Session, edition: IndexedEdition, row: Version, directory: Directory
    ) -> None:
        super().__init__(db, edition, row, directory)
        self.noun = NOUN_OF_KIND[row.kind]
        self.code: str = self.full.code
        self.title = preferred_name(self.full.names)
        self.names = names_in_scripts(self.full.names, directory)

    @property
    def kind(self) -> str:
        return kind_label(self.full)

    @property
    def kind_address(self) -> str:
        return f"{url(f'{self.noun}s')}?kind={self.full.kind}"

    @property
    def country(self) -> str:
        return country_name(self.full.country) or self.full.country

    def link(self, code: str, noun: str = "") -> PageLink:
        """Return a link to a record, of this kind if no other is named."""
        noun = noun or self.noun
        return page_link(self.directory, noun, code)

    @property
    def above(self) -> Sequence[PageLink]:
        """The records that it is part of, nearest first."""
        return [self.link(code) for code in self.directory.with_ancestors(self.noun, self.code)[1:]]

    @property
    def below(self) -> Sequence[PageLink]:
        """The records directly under it."""
        return [self.link(each) for each in self.directory.directly_under(self.noun, self.code)]

    # The lists of records that name it -----------------------------------------------------------

    def naming(self, lists: type[ListFilters], key: str = "") -> "NamingList":
        """Return the list of the records that name it."""
        return NamingList(self, lists.made_of({key or self.noun: (self.code,)}, {}))

    @cached_property
    def events(self) -> "NamingList":
        return self.naming(EventFilters)

    @cached_property
    def sources(self) -> "NamingList":
        return self.naming(SourceFilters)

    @cached_property
    def event_rows(self) -> Sequence[ListRow]:
        """The events that name it, newest first."""
        return self.events.rows("-happened")

    def event_view(self, row: Version | ListRow) -> EventView:
        return EventView(row, self.directory, self.edition.at.date())

    @property
    def unnamed(self) -> Markup:
        return escape(_("No event in the record names it."))


class NamingList:
    """A list of records that name the record of a page."""

    def __init__(self, page: NamedPage, filters: ListFilters) -> None:
        self.db, self.edition, self.directory = page.db, page.edition, page.directory
        self.filters = filters
        self.matching = backend.match(self.db, self.edition, filters, self.directory)

    @property
    def count(self) -> int:
        return self.matching.total

    @property
    def address(self) -> str:
        return address(self.filters)

    @property
    def found(self) -> str:
        return count_in_words(self.filters.KIND, self.count)

    @property
    def link(self) -> Markup:
        """The number of rows as a link within a sentence."""
        return link(self.found, self.address)

    @cached_property
    def counts(self) -> ListCounts:
        return self.matching.counts()

    @property
    def histogram(self) -> HistogramView | None:
        extent = self.counts.extent
        return histogram_view(
            self.db, self.edition, self.filters, self.directory, extent, least="year"
        )

    def rows(self, sort: str | None = None, most: int = MAX_ROWS_READ) -> Sequence[ListRow]:
        filters = self.filters.with_(sort=sort)
        return backend.read_page(self.db, self.edition, filters, self.directory, most).rows
