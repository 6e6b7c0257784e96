"""A list of named records, such as places: their names, kinds, and how often they are used."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from app.filtering import DroppedParameter, Filters, Terms
from app.i18n.translate import _
from app.record.filters import ListFilters, NamedListFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.search import plain_text
from app.site.components.urls import address, with_filters
from app.site.lists.summary import notices
from app.vocabulary.code import Code
from app.web.urls import url

ROWS_PER_PAGE = 100


@dataclass(frozen=True)
class UseCount:
    """How many rows of a list use the record, and the address of the list of them."""

    count: int
    address: str


@dataclass(frozen=True)
class NamedListRow:
    """A record with names, in a list of its kind."""

    code: str
    label: str
    address: str
    names: Sequence[tuple[str, str]]
    """A few names in other scripts, each after its language."""
    all_names: Sequence[str]
    """Every name, in which the letters typed may be."""
    kind: str
    detail: str
    """What tells it from others of its name: where it is, or to whom it belongs."""
    terms: Mapping[str, frozenset[str]]
    """Its codes by the keys of the list's filters."""
    uses: Sequence[UseCount]
    """One for each of the list's columns."""

    @property
    def total_uses(self) -> int:
        return sum(use.count for use in self.uses)


@dataclass(frozen=True)
class NamedListWording:
    """What the list of one kind says about itself."""

    page: str
    """Name of its URL, and of the list in the API."""
    title: str
    lede: str
    found: Callable[[int], str]
    search: str
    """Label of the search field."""
    columns: Sequence[str]
    """Titles of the columns of uses."""


@dataclass(frozen=True)
class NamedChoice:
    """A filter of the list as a select field."""

    key: str
    title: str
    options: Sequence[tuple[str, str, bool]]
    """Code, label, and whether it is chosen."""


@dataclass(frozen=True)
class NamedList:
    """The page model of `site/components/named_list.html`."""

    wording: NamedListWording
    rows: Sequence[NamedListRow]
    columns: Sequence[str]
    """Titles of the columns in which any record of the whole list has a number."""
    total: int
    found: str
    words: str
    choices: Sequence[NamedChoice]
    notices: Sequence[str]
    kept: Sequence[tuple[str, str]]
    """Hidden fields of the form."""
    before: int
    """Number of rows on the pages before this one."""
    is_filtered: bool
    address: str
    json_address: str
    lasting_address: str
    next_address: str
    first_address: str


def uses_by_code(
    edition: IndexedEdition, lists: Sequence[type[ListFilters]], key: str
) -> Callable[[str], list[UseCount]]:
    """Return a function that counts the rows of each list with a code of this key."""
    counted = [(each, edition.indexes[each.KIND].term_counts.of(key)) for each in lists]
    return lambda code: [
        UseCount(counts.get(code, 0), address(each.made_of({key: (code,)}, {})))
        for each, counts in counted
    ]


def kinds_in_use(kinds: type[Code], used: Iterable[Code]) -> list[tuple[str, str]]:
    """Return the kinds that some record has, with their labels, in the order of the list."""
    found = set(used)
    return [(str(kind), _(kind.label)) for kind in kinds if kind in found]


def codes_by_label(noun: str, codes: Iterable[str], directory: Directory) -> list[tuple[str, str]]:
    return sorted(((code, directory.label(noun, code)) for code in codes), key=itemgetter(1, 0))


def named_list(
    query: tuple[NamedListFilters, Sequence[DroppedParameter]],
    rows: Sequence[NamedListRow],
    wording: NamedListWording,
    offered: Mapping[str, Sequence[tuple[str, str]]],
    named: Collection[str],
    *,
    directory: Directory,
    edition: int,
) -> NamedList:
    """Return one page of the rows that match.

    `offered`: codes and labels, by filter key. `named`: the codes that the search of everything
    finds for the words; if it finds none, names that have the letters do.
    """
    filters, dropped = query
    used = [
        position
        for position, _title in enumerate(wording.columns)
        if any(row.uses[position].count for row in rows)
    ]
    words = plain_text(filters.one("q")).split()
    matching = [
        row
        for row in rows
        if (row.code in named if named else _has_words(row, words)) and _has_terms(row, filters)
    ]
    matching.sort(key=lambda row: row.label.casefold())
    if filters.one("sort") != "name":
        matching.sort(key=lambda row: row.total_uses, reverse=True)
    before = int(filters.one("after") or 0)
    end = before + ROWS_PER_PAGE
    bare = filters.with_(after=None, edition=None)

    def own_address(some: Filters) -> str:
        return with_filters(url(wording.page), some)

    return NamedList(
        wording=wording,
        rows=[
            replace(row, uses=[row.uses[position] for position in used])
            for row in matching[before:end]
        ],
        columns=[wording.columns[position] for position in used],
        total=len(matching),
        found=wording.found(len(matching)),
        words=filters.one("q"),
        choices=[
            *(_choice(key, offered[key.key], filters) for key in filters.terms()),
            _sort_choice(filters),
        ],
        notices=notices(filters, dropped, directory),
        kept=[("edition", filters.one("edition"))] if filters["edition"] else [],
        before=before,
        is_filtered=bool(words) or any(filters[key.key] for key in filters.terms()),
        address=url(wording.page),
        json_address=f"{url('api-v1')}/{wording.page}",
        lasting_address=own_address(bare.with_(edition=str(edition))),
        next_address=own_address(filters.with_(after=str(end), edition=str(edition)))
        if len(matching) > end
        else "",
        first_address=own_address(bare) if before else "",
    )


def _has_words(row: NamedListRow, words: Sequence[str]) -> bool:
    """Whether every word, or the beginning of one, is in the row's names."""
    names = plain_text(" ".join(row.all_names))
    return all(word in names for word in words)


def _has_terms(row: NamedListRow, filters: Filters) -> bool:
    return all(
        (not filters[key.key] or not row.terms[key.key].isdisjoint(filters[key.key]))
        and row.terms[key.key].isdisjoint(filters.excluded.get(key.key, ()))
        for key in filters.terms()
    )


def _choice(key: Terms, offered: Sequence[tuple[str, str]], filters: Filters) -> NamedChoice:
    chosen = filters[key.key]
    return NamedChoice(
        key.key,
        _(key.title),
        [
            ("", _("All"), not chosen),
            *((code, label, code in chosen) for code, label in offered),
        ],
    )


def _sort_choice(filters: NamedListFilters) -> NamedChoice:
    chosen = filters.one("sort")
    labels = {"uses": _("Most used first"), "name": _("By name")}
    options = [
        ("" if code == "uses" else code, label, code == chosen) for code, label in labels.items()
    ]
    return NamedChoice("sort", _("Sort"), options)
