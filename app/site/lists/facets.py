"""The facets beside a list: each value with its count, in the order and under the headings a reader expects."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup

from app.filtering import NONE, Terms
from app.i18n.translate import N_, _
from app.record.filters import ALL, ListFilters
from app.record.names.directory import Directory
from app.record.rules.containment import surroundings_of
from app.record.sql.counts import Counts
from app.site.components.badges import speaker_group
from app.site.components.place_links import short_names
from app.site.components.urls import address
from app.vocabulary.events import Side
from app.vocabulary.record import PlaceKind
from app.web.templates import part


class Option(NamedTuple):
    """One value of a facet, and its choice as it is printed."""

    code: str
    label: str
    found: int
    is_chosen: bool
    drawn: str
    children: Sequence["Option"] = ()

    @property
    def shows(self) -> bool:
        return bool(self.found or self.is_chosen or any(child.shows for child in self.children))


@dataclass(frozen=True)
class OptionGroup:
    """Options under one heading, which is empty where there is no need for one."""

    title: str
    options: Sequence[Option]

    @property
    def count(self) -> int:
        return sum(option.found for option in self.options)


@dataclass(frozen=True)
class Facet:
    """The values of one key, each counted with the other keys applied."""

    key: str
    title: str
    description: str
    groups: Sequence[OptionGroup]
    chosen: int
    is_not: bool
    """Whether the chosen values are excluded: "none of these"."""
    is_open: bool
    is_tree: bool = False
    shown_at_first: int = 12
    is_every: bool = False
    """Whether it was asked for every code, however many."""
    turned: str = ""
    """Of a list that is cut the address at which it is whole; of one that was asked for whole, that of the cut one."""

    @property
    def length(self) -> int:
        return sum(len(group.options) for group in self.groups)

    def split(self, group: OptionGroup) -> tuple[Markup, Markup, int]:
        """What stands open, what waits behind "show all", and how many wait: the end of a long list or, where there
        are headings, what finds nothing. What is chosen never waits."""
        has_headings = len(self.groups) > 1
        open_: list[Option] = []
        waiting: list[Option] = []
        for index, option in enumerate(group.options):
            is_among_first = option.shows if has_headings else index < self.shown_at_first
            is_open = self.is_every or option.is_chosen or is_among_first
            (open_ if is_open else waiting).append(option)
        return _printed(open_), _printed(waiting), len(waiting)


def _printed(options: Iterable[Option]) -> Markup:
    return Markup("".join(option.drawn for option in options))  # noqa: S704 (each of them is)


OPEN_AT_FIRST = {"place", "corroboration", "stage", "counts", "kind"}
SIDE_TITLES = {str(side): side.label for side in Side} | {"seen": N_("Seen on the ground")}
GLYPHS = {"stage": "st-", "corroboration": "co-"}


MOST, MOST_PLACES = 30, 60
"""Codes of one key that a page offers, unless it is asked for every one; what is chosen comes on top."""
CAN_BE_LONG = ALL.choices.keys()


def facets(filters: ListFilters, counted: Counts, directory: Directory) -> list[Facet]:
    return [_facet(key, filters, counted, directory) for key in filters.terms()]


def _facet(key: Terms, filters: ListFilters, counted: Counts, directory: Directory) -> Facet:
    included, excluded = filters[key.key], filters.excluded.get(key.key, ())
    chosen = included or excluded
    is_every, is_cut = filters.one("all") == key.key, False
    if key.key in CAN_BE_LONG and not is_every:
        # One more, since what is not stated stands apart from the others.
        most = MOST_PLACES if key.key == "place" else MOST + 1
        # Of a place also what it lies in, which the tree shows above it.
        also = surroundings_of(chosen, directory.places) if key.key == "place" else set(chosen)
        counts, are_all = counted.highest(key.key, most, {*also, NONE})
        is_cut = not are_all
    else:
        counts = counted.facets.get(key.key, {})

    def option(code: str, children: Sequence[Option] = ()) -> Option:
        found, is_chosen = counts.get(code, 0), code in chosen
        label, before, after = _choice(
            key.key, key.vocabulary, code, directory, found > 0, is_chosen
        )
        return Option(code, label, found, is_chosen, f"{before}{found}{after}", children)

    if key.key == "place":
        # What anything answers to is answered to by all that it lies in as well.
        groups = _place_tree(
            option, {*counts, *surroundings_of(chosen, directory.places)}, directory
        )
        if key.has_none:
            groups.append(OptionGroup("", [option(NONE)]))
    elif key.key == "type":
        groups = _by_side(option, directory)
    else:
        codes = list(key.closed) if key.closed else []
        others = ({*counts} - directory.retired(key.vocabulary) | {*chosen}) - {*codes, NONE}
        ordered = _in_order(option(code) for code in others)
        if key.key in CAN_BE_LONG and not is_every:
            is_cut = is_cut or len(ordered) > MOST
            ordered = [*ordered[:MOST], *(each for each in ordered[MOST:] if each.is_chosen)]
        nothing = [option(NONE)] if key.has_none else []
        groups = [OptionGroup("", [*(option(code) for code in codes), *ordered, *nothing])]
    return Facet(
        key.key,
        _(key.title),
        _(key.description),
        groups,
        chosen=len(chosen),
        is_not=bool(excluded and not included),
        is_open=key.key in OPEN_AT_FIRST or bool(chosen) or is_every,
        is_tree=key.key == "place",
        is_every=is_every,
        turned=address(filters.with_(all=None if is_every else key.key))
        if is_cut or is_every
        else "",
    )


def _in_order(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=lambda option: (-option.found, option.label))


@lru_cache(maxsize=20_000)
def _choice(  # noqa: PLR0917 - by all of these it is kept
    key: str, vocabulary: str, code: str, directory: Directory, is_found: bool, is_chosen: bool
) -> tuple[str, str, str]:
    """Its label, and how it is printed before and after the number found.

    Kept, since a page has hundreds and most of them are what they were on other pages.
    """
    label = directory.label(vocabulary, code)
    drawn = part(
        "site/components/facet_choice.html",
        key=key,
        code=code,
        label=label,
        names=short_names(directory, code, most=1) if vocabulary == "place" else (),
        glyph=_glyph(key, code),
        found=NUMBER if is_found else 0,
        is_chosen=is_chosen,
    )
    before, _number, after = drawn.rpartition(NUMBER if is_found else "0")
    return label, before, after


NUMBER = "\0"
"""Stands for a number in what is kept, where no name and no code could have it."""


def _glyph(key: str, code: str) -> str:
    if key == "attribution":
        return "" if code == NONE else f"at-{speaker_group(code)}"
    return f"{GLYPHS[key]}{code}" if key in GLYPHS else ""


def _place_tree(option: Any, shown: Collection[str], directory: Directory) -> list[OptionGroup]:
    """The tree by level, only what holds events or is chosen; regions cut across it and stand by themselves."""
    regions = directory.regions

    def in_order(made: Iterable[Option]) -> list[Option]:
        return _in_order(option for option in made if option.shows)

    def below(parent: str) -> list[Option]:
        codes = [
            code for code in directory.children.get(parent, ()) if code != parent and code in shown
        ]
        # What lies in a region by administration as well keeps its place in the tree.
        nested = [inner for code in codes if code in regions for inner in below(code)]
        return in_order(
            [*(option(code, below(code)) for code in codes if code not in regions), *nested]
        )

    # What lies everywhere is left out: the whole world holds every event and tells nothing apart.
    roots = below("")
    worlds = [o for o in roots if directory.kind_of_place(o.code) is PlaceKind.WORLD]
    countries = in_order(
        [
            *(child for world in worlds for child in world.children),
            *(o for o in roots if o not in worlds),
        ]
    )
    groups = [OptionGroup("", countries)]
    if across := in_order(option(code) for code in regions if code in shown):
        groups.append(OptionGroup(_("Regions"), across))
    return groups


def _by_side(option: Any, directory: Directory) -> list[OptionGroup]:
    groups = []
    for side, title in SIDE_TITLES.items():
        codes = [
            form for form in directory.codes.values() if form.list == "type" and form.group == side
        ]
        offered = [
            made for form in codes if (made := option(form.code)).is_chosen or not form.successor
        ]
        if offered:
            groups.append(OptionGroup(_(title), _in_order(offered)))
    return groups
