"""Places, outlets, codes of the codebook and help sections, found by their names and texts."""

import weakref
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.i18n.translate import _
from app.record.names.directory import Directory, preferred_name
from app.record.rules.containment import parents_of
from app.record.search import SearchUnit, plain_text, split_scripts
from app.record.words.query import Query, QueryPart
from app.record.words.stems import stems
from app.site.codebook.lists import EVERY_LIST
from app.site.components.urls import place_page_address
from app.site.search.help_sections import help_sections
from app.vocabulary.record import PlaceKind
from app.web.urls import url

EXACT, WHOLE_NAME, IN_NAME, IN_TEXT = 6.0, 2.5, 1.0, 0.05
"""Scores: the query is a name; a part of the query is; its words are in a name; in the text."""
MAX_TEXT_CHARACTERS = 4_000


@dataclass(frozen=True)
class Entry:
    """Something with a name that is no row of a list."""

    kind: str
    """Key of the group of results: `places`, `outlets`, `codebook`, `help`."""
    code: str
    label: str
    kick: str
    """What it is: a kind of place, a list of codes, a page."""
    address: str
    names: Sequence[str]
    text: str = ""
    definition: str = ""
    is_rare: bool = False
    """Whether it comes after others: codes of lists that describe our own work."""


@dataclass(frozen=True)
class FoundEntry:
    entry: Entry
    score: float
    is_by_name: bool


@dataclass(frozen=True)
class Entries:
    """All entries of an edition, with the stems of their names and texts."""

    all: Sequence[Entry]
    stems: dict[str, tuple[str, ...]]
    by_stem: dict[str, set[int]] = field(default_factory=dict)

    def find(self, query: Query) -> list[FoundEntry]:
        """Return the entries that have the words of a query, best first.

        A name may have one part of the query; a text has all of them.
        """
        forms = {unit.words: stems(unit.words) for part in query.parts for unit in part.units}
        parts = [part for part in query.parts if not part.is_excluded]
        whole = plain_text(" ".join(part.words for part in parts))
        found = []
        for number in self._candidates(parts, forms):
            entry = self.all[number]
            each = [self._score(entry, part, forms) for part in parts]
            is_by_name = any(score >= IN_NAME for score in each)
            if not (is_by_name or (each and all(each))):
                continue
            names = {plain_text(name) for name in entry.names}
            score = EXACT if whole in names else sum(each)
            found.append(FoundEntry(entry, score - entry.is_rare, is_by_name))
        return sorted(found, key=lambda each: (-each.score, len(each.entry.label)))

    def _candidates(
        self, parts: Sequence[QueryPart], forms: dict[str, tuple[str, ...]]
    ) -> set[int]:
        found: set[int] = set()
        for part in parts:
            for unit in part.units:
                words = forms.get(unit.words, ())
                sets = [self.by_stem.get(word, set()) for word in words]
                sets += [self._with_run(run) for run in split_scripts(unit.words)[0]]
                if sets:
                    found |= set.intersection(*sets)
        return found

    def _with_run(self, run: str) -> set[int]:
        return {no for no, plain in enumerate(self.plain) if run in plain}

    @cached_property
    def plain(self) -> Sequence[str]:
        """The normalized names of each entry, for Chinese, Japanese and Korean words."""
        return [plain_text(" \n ".join((*entry.names, entry.text))) for entry in self.all]

    def _score(self, entry: Entry, part: QueryPart, forms: dict[str, tuple[str, ...]]) -> float:
        best = 0.0
        for position, unit in enumerate(part.units):
            share = 1.0 if position == 0 else 0.7
            if any(self._is_name(name, unit, forms) for name in entry.names):
                best = max(best, WHOLE_NAME * share)
            elif any(self._has(name, unit, forms) for name in entry.names):
                best = max(best, IN_NAME if share == 1.0 else IN_NAME * 0.9)
            elif entry.text and self._has(entry.text, unit, forms):
                best = max(best, IN_TEXT * share)
        return best

    def _is_name(self, name: str, unit: SearchUnit, forms: dict[str, tuple[str, ...]]) -> bool:
        if plain_text(name) == plain_text(unit.words):
            return True
        words = forms.get(unit.words, ())
        return bool(words) and self.stems[name] == words

    def _has(self, text: str, unit: SearchUnit, forms: dict[str, tuple[str, ...]]) -> bool:
        runs, words = split_scripts(unit.words)[0], forms.get(unit.words, ())
        if not runs and not words:
            return False
        there = self.stems[text]
        is_there = not words or any(
            there[at : at + len(words)] == words for at in range(len(there) - len(words) + 1)
        )
        return is_there and all(run in plain_text(text) for run in runs)


_ENTRIES: "weakref.WeakKeyDictionary[Directory, Entries]" = weakref.WeakKeyDictionary()


def entries_of(directory: Directory) -> Entries:
    """Return the entries of an edition; read once for each directory."""
    if (known := _ENTRIES.get(directory)) is not None:
        return known
    all_ = list(_all_entries(directory))
    texts = {text for entry in all_ for text in (*entry.names, entry.text) if text}
    forms = {text: stems(text) for text in texts}
    by_stem: dict[str, set[int]] = defaultdict(set)
    for number, entry in enumerate(all_):
        for text in (*entry.names, *([entry.text] if entry.text else [])):
            for each in forms[text]:
                by_stem[each].add(number)
    _ENTRIES[directory] = Entries(all_, forms, dict(by_stem))
    return _ENTRIES[directory]


def _all_entries(directory: Directory) -> Iterator[Entry]:
    yield from _places(directory)
    for outlet in directory.outlets.values():
        label = preferred_name(outlet.names)
        yield Entry(
            "outlets",
            outlet.code,
            label,
            _(outlet.kind.label),
            url("outlet", code=outlet.code),
            [name.text for name in outlet.names],
        )
    yield from _codes(directory)
    for section in help_sections():
        yield Entry(
            "help",
            section.address,
            _(section.title),
            _(section.page),
            section.address,
            [_(section.title)],
            section.text[:MAX_TEXT_CHARACTERS],
        )


def _places(directory: Directory) -> Iterator[Entry]:
    for place in directory.places.values():
        around = [
            directory.label("place", code)
            for code in parents_of(place.code, directory.places)
            if directory.kind_of_place(code) is not PlaceKind.WORLD
        ]
        kind = _(place.kind.label)
        where = _("{kind} in {places}").format(kind=kind, places=_(", ").join(around))
        yield Entry(
            "places",
            place.code,
            directory.label("place", place.code),
            where if around else kind,
            place_page_address(directory, place.code),
            [name.text for name in place.names],
        )


OF_SUBJECTS = {"type", "paper", "group", "sector", "right", "nationality", "instrument"}
"""Lists of what the record is about; the others describe sources, dates and our own work."""


def _codes(directory: Directory) -> Iterator[Entry]:
    for listed in EVERY_LIST:
        if listed.codes is None:
            codes = [
                (form.code, form.label, form.definition, form.example)
                for form in directory.codes.values()
                if form.list == listed.key and not form.successor
            ]
        else:
            codes = [
                (str(code), _(code.label), _(code.definition) if code.definition else "", "")
                for code in listed.codes
            ]
        for code, label, definition, example in codes:
            yield Entry(
                "codebook",
                f"{listed.key}:{code}",
                label,
                _(listed.title),
                f"{url('codebook')}#{listed.key}-{code}",
                [label],
                " \n ".join(filter(None, (definition, example))),
                definition,
                is_rare=listed.key not in OF_SUBJECTS,
            )
