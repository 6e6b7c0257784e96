"""Facets of a list, with counts of each code; and its histogram by month, quarter or year."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.dates import edtf
from app.filtering import NONE, Terms
from app.i18n.translate import _, day_in_words
from app.record.filters import ALL_FACETS, ALL_FILTER, ListFilters
from app.record.index.edition import IndexedEdition
from app.record.index.matching import Histogram, ListCounts
from app.record.index.rows import BIN_MONTHS, MAX_BINS, BinSize
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.rules.containment import places_and_ancestors
from app.site.components.links import short_names
from app.site.components.urls import address
from app.vocabulary.citations import speaker_group
from app.vocabulary.events import Direction
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import PlaceKind
from app.vocabulary.support import ClaimCertainty


class Option(NamedTuple):
    """One code of a facet."""

    code: str
    label: str
    found: int
    is_chosen: bool
    glyph: str
    names: Sequence[tuple[str, str]] = ()
    """Of a place, in other scripts."""
    children: Sequence["Option"] = ()

    @property
    def shows(self) -> bool:
        return bool(self.found or self.is_chosen or any(child.shows for child in self.children))


OptionGroup = tuple[str, Sequence[Option]]
"""Options under one heading; it is empty where the facet has a single group."""


@dataclass(frozen=True)
class Facet:
    """The codes of one key. Counts apply the filters of all other keys."""

    key: str
    title: str
    description: str
    groups: Sequence[OptionGroup]
    chosen: int
    is_not: bool
    """Whether the chosen values are excluded: "none of these"."""
    is_open: bool
    is_every: bool = False
    """Whether the reader requested the whole list (`all=` in the URL)."""
    turned: str = ""
    """Address that shows the whole list or shortens it again; empty where nothing is cut."""


KEYS_OPEN_AT_FIRST = {"direction", "place"}
GLYPH_PREFIXES = {"stage": "st-", "corroboration": "co-"}


MAX_CODES = 8
"""Codes per key on a page, unless the whole list is requested. Chosen codes are added."""
MAX_PLACES = 20
"""The same for places, of which many are named once: a tree shows what they are in, too."""


class Facets:
    """The facets of a list: a few at first, and the rest once the reader opens them."""

    def __init__(self, filters: ListFilters, counted: ListCounts, directory: Directory) -> None:
        keys = list(filters.terms())
        rest = [key for key in keys if key.key not in filters.FIRST_FACETS]
        in_use = [key for key in rest if filters[key.key] or filters.excluded.get(key.key)]
        self.is_whole = filters.one("all") != ALL_FILTER.default

        # Below “More filters”, keys in use show what was chosen: a page has few elements to spare.
        def made(some: Iterable[Terms], most: int = MAX_CODES) -> list[Facet]:
            found = [_facet_of_key(key, filters, counted, directory, most) for key in some]
            return [facet for facet in found if any(options for _heading, options in facet.groups)]

        self.first = made(key for key in keys if key.key in filters.FIRST_FACETS)
        # Only those in use, until all are requested.
        self.rest = made(rest) if self.is_whole else made(in_use, most=0)
        self.rest_count, self.rest_in_use = len(rest), len(in_use)
        self.rest_address = address(filters.with_(all=ALL_FACETS))


def _facet_of_key(
    key: Terms, filters: ListFilters, counted: ListCounts, directory: Directory, most: int
) -> Facet:
    included, excluded = filters[key.key], filters.excluded.get(key.key, ())
    chosen = included or excluded
    is_every = filters.one("all") == key.key
    counts, is_cut = _counts_of_key(key, chosen, counted, directory, is_every=is_every)

    def option(code: str, children: Sequence[Option] = ()) -> Option:
        return Option(
            code,
            directory.label(key.vocabulary, code),
            counts.get(code, 0),
            code in chosen,
            glyph_of(key.key, code),
            short_names(directory, code, most=1) if key.vocabulary == "place" else (),
            children,
        )

    if key.key == "place":
        # Counts already include the ancestors of counted places; only chosen places lack them.
        groups = _place_tree(
            option, {*counts, *places_and_ancestors(chosen, directory.places)}, directory
        )
        if key.has_none:
            groups.append(("", [option(NONE)]))
    else:
        codes = [
            code
            for code in _codes_of_key(key, directory)
            if code in chosen or not _is_replaced(key, code, counts)
        ]
        other_codes = ({*counts} - directory.retired(key.vocabulary) | {*chosen}) - {*codes, NONE}
        options = [
            *(option(code) for code in codes),
            *_sort_options(option(code) for code in other_codes),
        ]
        # No list is cut for the sake of two codes.
        if is_cut or (not is_every and len(options) > most + 2):
            is_cut, options = True, _most_frequent(options, most)
        not_stated = [option(NONE)] if key.has_none else []
        groups = [("", [*options, *not_stated])]
    return Facet(
        key.key,
        _(key.title),
        _(key.description),
        groups,
        chosen=len(chosen),
        is_not=bool(excluded and not included),
        is_open=key.key in KEYS_OPEN_AT_FIRST or bool(chosen) or is_every,
        is_every=is_every,
        turned=address(filters.with_(all=None if is_every else key.key))
        if is_cut or is_every
        else "",
    )


def _counts_of_key(
    key: Terms,
    chosen: Collection[str],
    counted: ListCounts,
    directory: Directory,
    *,
    is_every: bool,
) -> tuple[Mapping[str, int], bool]:
    """Return counts by code, and whether some codes are missing because only a few were asked."""
    if is_every or key.closed:
        return counted.facets.get(key.key, {}), False
    # The tree shows the ancestors of a chosen place, so their counts are needed too.
    always = places_and_ancestors(chosen, directory.places) if key.key == "place" else set(chosen)
    # One more, because the code for "not stated" is listed separately.
    counts, are_all = counted.highest(key.key, MAX_CODES + 1, {*always, NONE})
    if key.key == "place" and len(counts) > MAX_PLACES + len(always):
        # Of places that are named equally often, those come first that the others are in.
        def by_count(code: str) -> tuple[int, int, str]:
            return -counts[code], len(places_and_ancestors([code], directory.places)), code

        shown = {*sorted(counts, key=by_count)[:MAX_PLACES], *always, NONE}
        return {code: count for code, count in counts.items() if code in shown}, True
    return counts, not are_all


def _codes_of_key(key: Terms, directory: Directory) -> Sequence[str]:
    """Return the codes that are offered even if nothing has them."""
    if key.key != "type":
        return key.offered
    return [
        form.code for form in directory.codes.values() if form.list == "type" and not form.successor
    ]


def _most_frequent(options: Sequence[Option], most: int) -> list[Option]:
    """Return the first options by count, and the chosen ones."""
    first = _sort_options(options)
    return [*first[:most], *(each for each in first[most:] if each.is_chosen)]


def _is_replaced(key: Terms, code: str, counts: Mapping[str, int]) -> bool:
    """Whether a retired code finds nothing of its own: its successors are listed instead."""
    successors = dict(key.retired).get(code, ())
    return bool(successors) and (
        not counts.get(code) or any(counts.get(each) for each in successors)
    )


def _sort_options(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=lambda option: (-option.found, option.label, option.code))


def glyph_of(key: str, code: str) -> str:
    if key == "attribution":
        return "" if code == NONE else f"at-{speaker_group(code)}"
    if (key, code) == ("claim", ClaimCertainty.ALLEGED):
        return "co-alleged"
    return f"{GLYPH_PREFIXES[key]}{code}" if key in GLYPH_PREFIXES else ""


def _place_tree(
    option: Any, visible_codes: Collection[str], directory: Directory
) -> list[OptionGroup]:
    """Return places with results or chosen as a tree. Regions span countries: a separate group."""
    regions = directory.regions

    def in_order(made: Iterable[Option]) -> list[Option]:
        return _sort_options(option for option in made if option.shows)

    def below(parent: str) -> list[Option]:
        codes = [
            code
            for code in directory.children.get(parent, ())
            if code != parent and code in visible_codes
        ]
        # A place whose administrative parent is a region stays in the tree, one level higher.
        nested = [inner for code in codes if code in regions for inner in below(code)]
        return in_order(
            [*(option(code, below(code)) for code in codes if code not in regions), *nested]
        )

    # The world itself is left out, because every event is in it.
    roots = below("")
    worlds = [o for o in roots if directory.kind_of_place(o.code) is PlaceKind.WORLD]
    countries = in_order(
        [
            *(child for world in worlds for child in world.children),
            *(o for o in roots if o not in worlds),
        ]
    )
    groups: list[OptionGroup] = [("", countries)]
    if across := in_order(option(code) for code in regions if code in visible_codes):
        groups.append((_("Regions"), across))
    return groups


def facets_as_json(
    filters: ListFilters, counted: ListCounts, directory: Directory
) -> dict[str, list[dict[str, Any]]]:
    """Return, for each key, all codes with rows; for closed lists, all but rare codes.

    Offered codes come first in their order, then others: most frequent first, then by code.
    """
    found = {}
    for key in filters.terms():
        counts, chosen = counted.facets.get(key.key, {}), filters[key.key]
        rest = {*counts, *chosen} - {*key.offered}
        codes = [*key.offered, *sorted(rest, key=lambda code: (-counts.get(code, 0), code))]
        found[key.key] = [
            {
                "code": code,
                "label": directory.label(key.vocabulary, code),
                "count": counts.get(code, 0),
                "selected": code in chosen,
            }
            for code in codes
        ]
    return found


# Histogram ----------------------------------------------------------------------------------------


MAX_BARS_NARROW = 13
"""Bars at least 24 pixels wide, to be hit by a finger, on a screen of 390 pixels."""
MAX_NAMED_BARS = 20
"""With more bars than this, only some bars have a name and a number."""


class HistogramBar(NamedTuple):
    name: str
    year: str
    """Printed under the name of the first bar of a year; empty for other bars."""
    is_told: bool
    """Whether the name is printed even where there is no room for every name."""
    possible: int
    address: str
    label: str
    """The period and both counts in words, for screen readers."""
    parts: Sequence[tuple[str, float, float]]
    """Name in the style sheet, top and height on a scale of 0 to 100, from below."""


@dataclass(frozen=True)
class BarsView:
    bars: Sequence[HistogramBar]
    are_many: bool
    is_by_direction: bool


@dataclass(frozen=True)
class HistogramView:
    wide: BarsView
    narrow: BarsView | None
    """The same rows in fewer bars, for narrow screens. None if the wide version fits them."""


def histogram_view(
    db: Session,
    edition: IndexedEdition,
    filters: ListFilters,
    directory: Directory,
    extent: edtf.Days,
    *,
    least: BinSize = "month",
) -> HistogramView | None:
    """Return the histogram of a list, or None if no row has a date."""
    matching = backend.match(db, edition, filters, directory)
    drawn = matching.histogram(extent, least)
    if drawn is None:
        return None
    groups = {
        name: matching.among([("direction", code) for code in codes])
        for name, codes in DIRECTION_GROUPS.items()
        if filters.KIND == RecordKind.EVENT
    }

    def made(drawn: Histogram, most: int = MAX_BINS) -> BarsView:
        found = {name: rows.histogram(extent, least, most) for name, rows in groups.items()}
        return _bars(filters, drawn, {name: each for name, each in found.items() if each})

    narrow = None
    if len(drawn.bars) > MAX_BARS_NARROW:
        narrow = matching.histogram(extent, least, MAX_BARS_NARROW)
    return HistogramView(
        made(drawn),
        made(narrow, MAX_BARS_NARROW) if narrow else None,
    )


DIRECTION_GROUPS: Mapping[str, Sequence[str]] = {
    "tightens": [Direction.TIGHTENS],
    "eases": [Direction.EASES],
    "moves": [Direction.ARRIVES, Direction.LEAVES],
}
"""What a bar of events tells apart, from below; the rest is on top."""


def _stacked(whole: int, counts: Mapping[str, int], highest: int) -> list[tuple[str, float, float]]:
    parts, top = [], 100.0
    for name, count in [*counts.items(), ("other", whole - sum(counts.values()))]:
        if count:
            height = 100 * count / highest
            top -= height
            parts.append((name, round(top, 1), round(height, 1)))
    return parts


def _bars(filters: ListFilters, drawn: Histogram, groups: Mapping[str, Histogram]) -> BarsView:
    years, are_many = BIN_MONTHS[drawn.bin] // 12, len(drawn.bars) > MAX_NAMED_BARS
    # l10n: numbers of rows in a bar of a chart
    label_text = _("{when}: {could} possibly, {must} definitely")
    highest = max((bar.possible for bar in drawn.bars), default=0) or 1
    bars = []
    for number, each in enumerate(drawn.bars):
        assert each.days.first and each.days.last
        first, last = each.days.first, each.days.last
        name, title = bar_in_words(drawn.bin, first, last)
        counts = {name: rows.bars[number].possible for name, rows in groups.items()}
        # Events by direction; of others, those that are certainly in the period.
        parts = _stacked(each.possible, counts or {"cert": each.certain}, highest)
        begins = not number or (first.year // years % 5 == 0 if years else first.month == 1)
        is_told = begins if are_many else not (years and number % 2)
        bounds = (str(first.year), str(last.year)) if years else (f"{first:%Y-%m}", f"{last:%Y-%m}")
        bars.append(
            HistogramBar(
                name,
                str(first.year) if begins and not years else "",
                is_told,
                each.possible,
                address(filters.with_(**dict(zip(filters.PERIODS[0], bounds, strict=True)))),
                label_text.format(when=title, could=each.possible, must=each.certain),
                parts,
            )
        )
    return BarsView(bars, are_many, bool(groups))


@lru_cache(2_000)
def bar_in_words(bin: BinSize, first: date, last: date) -> tuple[str, str]:
    """Return the short name under a bar, and its full name."""
    if bin == "month":
        return day_in_words(first, "MMM"), day_in_words(first, "MMMM y")
    if bin == "quarter":
        months = _("{first} to {last}").format(
            first=day_in_words(first, "MMMM"), last=day_in_words(last, "MMMM y")
        )
        return f"Q{(first.month + 2) // 3}", months
    if bin == "year":
        return str(first.year), str(first.year)
    return f"{first.year}–{last:%y}", _("{first} to {last}").format(
        first=first.year, last=last.year
    )
