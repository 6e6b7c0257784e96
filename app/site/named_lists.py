"""`/places`, `/outlets`, `/actors`, `/laws` and `/pages`: names, kinds and uses of records."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from operator import itemgetter
from typing import Any, ClassVar

from fastapi import Request
from markupsafe import Markup

from app.filtering import NONE, Terms
from app.i18n.translate import N_, _
from app.kinds import FORMS
from app.record.filters import (
    NAMED_FILTERS,
    EstimateFilters,
    EventFilters,
    ListFilters,
    NamedListFilters,
    SourceFilters,
    page_filters,
)
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.reads.cited_rows import CitedRows, RowsInEdition, rows_with_ids
from app.record.search import plain_text
from app.record.sql.rows import ListRow
from app.site.components.text import insert, link
from app.site.components.urls import address, with_filters
from app.site.dataset import FILES, Dataset
from app.site.entries import codes_named
from app.site.export.columns import row_as_json
from app.site.export.responses import json_heading, limit_of, next_address
from app.site.lists.summary import count_in_words
from app.site.presenters.page import NamedView, matches, named_view
from app.site.references.citable import CitableView
from app.vocabulary.kinds import RecordNoun

Use = tuple[str, int, str]
"""Title of a list, how many of its rows use a record, and the address of the list of them."""


class NamedList(Dataset[NamedListFilters]):
    """A list of named records. Runs no SQL: the directory has the names, the index the counts."""

    template = "site/components/named_list.html"
    endings = FILES
    noun: ClassVar[RecordNoun]
    lede: ClassVar[str]
    search: ClassVar[str]
    lists: ClassVar[Sequence[type[ListFilters]]] = (EventFilters, EstimateFilters, SourceFilters)
    rows_per_page: ClassVar[int] = 50

    def __init_subclass__(cls) -> None:
        cls.name, cls.filter_class = f"{cls.noun}s", page_filters(cls.noun.kind)
        cls.kind, cls.api_filters = cls.noun.kind, NAMED_FILTERS[cls.noun.kind]
        super().__init_subclass__()

    @property
    def kept(self) -> list[tuple[str, str]]:
        return [pair for pair in self.filters.pairs() if pair[0] == "edition"]

    @cached_property
    def every(self) -> list[NamedView]:
        entry = named_view(self.noun)
        return [entry(code, self.directory) for code in self.directory.named_records[self.noun]]

    @cached_property
    def counts(self) -> Mapping[type[ListFilters], Mapping[str, int]]:
        """How many rows of each list use each code, for lists that use any."""
        counted = {
            each: self.edition.indexes[each.KIND].term_counts.of(self.noun) for each in self.lists
        }
        return {
            each: counts
            for each, counts in counted.items()
            if any(counts.get(row.code) for row in self.every)
        }

    @property
    def columns_used(self) -> list[str]:
        return [FORMS[each.KIND].WORDS.title for each in self.counts]

    @cached_property
    def matching(self) -> list[NamedView]:
        """All rows that match, in the order of the list.

        Words find what the search of everything finds for them; if that is nothing, names that
        have the letters.
        """
        typed = self.filters.one("q")
        words, named = plain_text(typed).split(), codes_named(typed, self.name, self.directory)
        found = [
            row
            for row in self.every
            if (row.code in named if named else _has_words(row, words))
            and matches(row, self.filters)
        ]
        found.sort(key=lambda row: row.label.casefold())
        if self.filters.one("sort") != "name":
            found.sort(key=self._uses, reverse=True)
        return found

    @property
    def found(self) -> str:
        return count_in_words(self.kind, len(self.matching))

    @property
    def answer(self) -> Markup:
        """How many there are, and which one the record uses most."""
        if not (self.counts and self.matching) or not self.filters.is_empty:
            return insert(_("{found} found."), found=self.found)
        lists, counts = next(iter(self.counts.items()))
        first = max(self.matching, key=lambda row: counts.get(row.code, 0))
        return insert(
            _("The record has {found}. The most used is {name}, with {uses}."),
            found=self.found,
            name=link(first.label, first.address),
            uses=count_in_words(lists.KIND, counts.get(first.code, 0)),
        )

    def _uses(self, row: NamedView) -> int:
        return sum(counts.get(row.code, 0) for counts in self.counts.values())

    @property
    def before(self) -> int:
        """Number of rows on the pages before this one."""
        return int(self.filters.one("after") or 0)

    @property
    def rows(self) -> list[tuple[NamedView, list[Use]]]:
        return [
            (row, [self._use(each, row.code) for each in self.counts])
            for row in self.matching[self.before : self.before + self.rows_per_page]
        ]

    def _use(self, lists: type[ListFilters], code: str) -> Use:
        listed = address(lists.made_of({self.noun: (code,)}, {}))
        return FORMS[lists.KIND].WORDS.title, self.counts[lists].get(code, 0), listed

    @property
    def view(self) -> CitableView:
        words = "; ".join([self.title, *(chip.label for chip in self.chips)])
        return CitableView(self.edition, self.link(), self.name, words)

    @property
    def cited_rows(self) -> RowsInEdition:
        """The records that match in each edition, by its own names."""

        def rows(edition: IndexedEdition, directory: Directory) -> CitedRows:
            listed = type(self)(self.db, edition, directory, directory.led_on(self.filters))
            return rows_with_ids(edition, self.kind, [row.form.id for row in listed.matching])

        return rows

    @property
    def changed(self) -> list[tuple[str, str]]:
        return [("what", self.noun)]

    def file_rows(self) -> list[ListRow]:
        ids = [row.form.id for row in self.matching]
        by_id = backend.rows_by_id(self.db, self.edition, ids)
        return [by_id[id] for id in ids]

    def item(self, row: ListRow) -> dict[str, Any]:
        return row_as_json(self.kind, row)

    def api_json(self, request: Request) -> dict[str, Any]:
        """Return one page, ordered by id, with the filters of the API."""
        edition, filters, limit = self.edition, self.filters, limit_of(self.filters)
        numbers = {int(row.form.id[1:]): row.form.id for row in self.every if matches(row, filters)}
        rest = [number for number in sorted(numbers) if number > int(filters.one("after") or 0)]
        ids = [numbers[number] for number in rest[:limit]]
        rows = backend.rows_by_id(self.db, edition, ids)
        last = str(rest[limit - 1]) if len(rest) > limit else None
        lasting = filters.with_(after=None, limit=None, edition=None)
        page = with_filters(request.url.path, lasting)
        return {
            **json_heading(request, filters, replace(self.view, page=page)),
            "total": len(numbers),
            "next": next_address(request, edition, filters, last),
            "items": [self.item(rows[id]) for id in ids],
        }

    @property
    def cursor(self) -> str | None:
        end = self.before + self.rows_per_page
        return str(end) if len(self.matching) > end else None

    @property
    def fields(self) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """The fields of the form: key, title, and options as code, label, whether chosen."""
        fields = [
            (
                key.key,
                _(key.title),
                [("", _("All"), not self.filters[key.key]), *self._options(key)],
            )
            for key in self.filters.terms()
        ]
        (_default, label, is_chosen), *others = self.options("sort")
        return [*fields, ("sort", _("Sort"), [("", label, is_chosen), *others])]

    def _options(self, key: Terms) -> list[tuple[str, str, bool]]:
        """Return the codes of a key that some row has, except its own."""
        codes = {code for row in self.every for code in key.codes(row) - {row.code, NONE}}
        named = [(code, self.directory.label(key.vocabulary, code)) for code in codes]
        return [
            (code, label, code in self.filters[key.key])
            for code, label in sorted(named, key=itemgetter(1, 0))
        ]


def _has_words(row: NamedView, words: Sequence[str]) -> bool:
    """Whether every word, or the beginning of one, is in the row's names."""
    names = plain_text(" ".join(row.all_names))
    return all(word in names for word in words)


class Places(NamedList):
    noun = RecordNoun.PLACE
    lede = N_(
        "All places in the record, from towns to countries. Counts include places within a place."
    )
    search = N_("Search places")


class Outlets(NamedList):
    noun = RecordNoun.OUTLET
    lede = N_(
        "All publishers of sources, and all outlets that others quote as the first to report. "
        "Each page has the outlet’s reliability, with the reason."
    )
    search = N_("Search outlets")
    lists = (SourceFilters, EventFilters, EstimateFilters)


class Actors(NamedList):
    noun = RecordNoun.ACTOR
    lede = N_(
        "Governments, offices, firms and other bodies that sources name in events and "
        "estimates. Counts include bodies under an actor."
    )
    search = N_("Search actors")


class Laws(NamedList):
    noun = RecordNoun.LAW
    lede = N_(
        "Resolutions, treaties, laws, decrees, notices and agreements in the record. Counts "
        "include laws under a law."
    )
    search = N_("Search laws")
    lists = (EventFilters, SourceFilters)


class Pages(NamedList):
    noun = RecordNoun.PAGE
    lede = N_("Texts of this site that editors write. Each has a history.")
    search = N_("Search pages")
    lists = ()
