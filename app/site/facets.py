"""The facets beside a list: each value with its count, in the order and under the headings a reader expects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from app.filtering import NONE, Terms
from app.language import N_, _
from app.record.directory import Directory
from app.record.filters import ListFilters
from app.record.queries import Counts
from app.site.cards import short_names, speaker_group
from app.vocabulary import PlaceKind, Side
from app.web import environment


@dataclass(frozen=True)
class Option:
    """One value of a facet, with its box and its name as they are printed."""

    code: str
    label: str
    count: int
    is_chosen: bool
    box: Markup
    name: Markup
    children: Sequence["Option"] = ()

    @property
    def shows(self) -> bool:
        return bool(self.count or self.is_chosen or any(child.shows for child in self.children))


@dataclass(frozen=True)
class OptionGroup:
    """Options under one heading, which is empty where there is no need for one."""

    title: str
    options: Sequence[Option]

    @property
    def count(self) -> int:
        return sum(option.count for option in self.options)


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

    @property
    def length(self) -> int:
        return sum(len(group.options) for group in self.groups)

    def split(self, group: OptionGroup) -> tuple[Sequence[Option], Sequence[Option]]:
        """What stands open, and what waits behind "show all": the end of a long list or, where there are headings,
        what finds nothing. What is chosen never waits."""
        has_headings = len(self.groups) > 1
        open_: list[Option] = []
        waiting: list[Option] = []
        for index, option in enumerate(group.options):
            is_open = option.is_chosen or (option.shows if has_headings else index < self.shown_at_first)
            (open_ if is_open else waiting).append(option)
        return open_, waiting


OPEN_AT_FIRST = {"place", "corroboration", "stage", "counts", "kind"}
SIDE_TITLES = {str(side): side.label for side in Side} | {"seen": N_("Seen on the ground")}
GLYPHS = {"stage": "st-", "corroboration": "co-"}


def facets(filters: ListFilters, counted: Counts, directory: Directory) -> list[Facet]:
    return [_facet(key, filters, counted, directory) for key in filters.terms()]


def _facet(key: Terms, filters: ListFilters, counted: Counts, directory: Directory) -> Facet:
    included, excluded = filters[key.key], filters.excluded.get(key.key, ())
    chosen = included or excluded
    counts = counted.facets.get(key.key, {})

    def option(code: str, children: Sequence[Option] = ()) -> Option:
        return Option(
            code,
            directory.label(key.vocabulary, code),
            counts.get(code, 0),
            code in chosen,
            *_drawn(key, code, directory),
            children,
        )

    if key.key == "place":
        groups = _place_tree(option, directory)
        if key.has_none:
            groups.append(OptionGroup("", [option(NONE)]))
    elif key.key == "type":
        groups = _by_side(option, directory)
    else:
        codes = list(key.closed) if key.closed else []
        others = {*counts, *chosen} - {*codes, NONE}
        codes += sorted(others, key=lambda code: (-counts.get(code, 0), directory.label(key.vocabulary, code)))
        if key.has_none:
            codes.append(NONE)
        groups = [OptionGroup("", [option(code) for code in codes])]
    return Facet(
        key.key,
        _(key.title),
        _(key.description),
        groups,
        chosen=len(chosen),
        is_not=bool(excluded and not included),
        is_open=key.key in OPEN_AT_FIRST or bool(chosen),
        is_tree=key.key == "place",
    )


@lru_cache(maxsize=20_000)
def _drawn(key: Terms, code: str, directory: Directory) -> tuple[Markup, Markup]:
    """What never changes of a choice. A page has hundreds, and its counts are other ones with each filter."""
    names = short_names(directory, code, most=1) if key.vocabulary == "place" else ()
    choice: Any = environment().get_template("site/_choice.html").module
    return (
        choice.box(key.key, code),
        choice.name(directory.label(key.vocabulary, code), names, _glyph(key, code)),
    )


def _glyph(key: Terms, code: str) -> str:
    if key.key == "attribution":
        return "" if code == NONE else f"at-{speaker_group(code)}"
    return f"{GLYPHS[key.key]}{code}" if key.key in GLYPHS else ""


def _place_tree(option: Any, directory: Directory) -> list[OptionGroup]:
    """The tree by level, only what holds events or is chosen; regions cut across it and stand by themselves."""
    regions = [code for code in directory.places if directory.kind_of_place(code) is PlaceKind.REGION]

    def in_order(made: Iterable[Option]) -> list[Option]:
        return sorted((o for o in made if o.shows), key=lambda o: (-o.count, o.label))

    def below(parent: str) -> list[Option]:
        codes = [code for code in directory.children.get(parent, ()) if code != parent]
        # What lies in a region by administration as well keeps its place in the tree.
        nested = [inner for code in codes if code in regions for inner in below(code)]
        return in_order([*(option(code, below(code)) for code in codes if code not in regions), *nested])

    # What lies everywhere is left out: the whole world holds every event and tells nothing apart.
    roots = below("")
    worlds = [o for o in roots if directory.kind_of_place(o.code) is PlaceKind.WORLD]
    countries = in_order(
        [*(child for world in worlds for child in world.children), *(o for o in roots if o not in worlds)]
    )
    groups = [OptionGroup("", countries)]
    if across := in_order(option(code) for code in regions):
        groups.append(OptionGroup(_("Regions"), across))
    return groups


def _by_side(option: Any, directory: Directory) -> list[OptionGroup]:
    groups = []
    for side, title in SIDE_TITLES.items():
        codes = [form.code for form in directory.codes.values() if form.list == "type" and form.group == side]
        options = sorted((option(code) for code in codes), key=lambda o: (-o.count, o.label))
        if options:
            groups.append(OptionGroup(_(title), options))
    return groups
