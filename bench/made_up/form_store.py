"""Stores forms on disk with an index of their references, for records larger than memory."""

import os
import pickle
from array import array
from collections.abc import Iterable
from functools import lru_cache
from typing import IO

import numpy as np

from app.kinds import (
    KIND,
    CodeForm,
    EstimateForm,
    EventForm,
    NamedForm,
    RecordForm,
    SourceForm,
)
from app.record.derivation.context import DerivationContext
from app.record.publishing.validation import PublishError
from app.record.rules import conflicts
from app.vocabulary.kinds import LISTED_KINDS, RecordKind

MAX_FORMS_IN_MEMORY = 10_000
"""Forms in the cache. Most references are to forms of about the same time."""


class ReferenceIndex:
    """Maps names, as integers, to positions of forms; sort before reading."""

    def __init__(self) -> None:
        self.names, self.places = array("Q"), array("Q")

    def add(self, name: int, place: int) -> None:
        self.names.append(name)
        self.places.append(place)

    def sort(self) -> None:
        names, places = (np.frombuffer(numbers, "u8") for numbers in (self.names, self.places))
        order = np.argsort(names, kind="stable")
        self.names, self.places = (
            array("Q", numbers[order].tobytes()) for numbers in (names, places)
        )

    def of(self, names: Iterable[int]) -> list[int]:
        known, wanted = np.frombuffer(self.names, "u8"), np.array(list(names), "u8")
        bounds = zip(
            np.searchsorted(known, wanted), np.searchsorted(known, wanted, "right"), strict=True
        )
        return [place for first, last in bounds for place in self.places[first:last]]


class FormStore:
    """Forms on disk: `put` all of them, `seal` the store, then read the context of some."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.begins = array("Q", [0])
        # There are few places, outlets and codes: they stay in memory.
        self.in_memory: dict[tuple[str, str], RecordForm] = {}
        self.by_number: dict[str, ReferenceIndex] = {
            kind: ReferenceIndex() for kind in LISTED_KINDS
        }
        self.citing, self.linking, self.belonging, self.series, self.linking_figures = (
            ReferenceIndex() for _ in range(5)
        )
        self.read = lru_cache(MAX_FORMS_IN_MEMORY)(self._read)

    def __len__(self) -> int:
        return len(self.begins) - 1

    # Adding -------------------------------------------------------------------------------------

    def put(self, form: RecordForm) -> None:
        place, kind = len(self), KIND[type(form)]
        self.begins.append(
            self.begins[-1] + self.file.write(pickle.dumps(form, pickle.HIGHEST_PROTOCOL))
        )
        if isinstance(form, NamedForm | CodeForm):
            name = form.id if isinstance(form, CodeForm) else form.code
            if (kind, name) in self.in_memory:
                raise PublishError([f"{form.id}: “{name}” is there twice"])
            self.in_memory[kind, name] = form
            return
        self.by_number[kind].add(id_number(form.id), place)
        if isinstance(form, EventForm | EstimateForm):
            for source in {citation.source for citation in form.citations}:
                self.citing.add(id_number(source), place)
        if isinstance(form, EventForm):
            for to in {link.to for link in form.links}:
                self.linking.add(id_number(to), place)
        if isinstance(form, EstimateForm):
            self.series.add(int(conflicts.series_key(form), 16), place)
            for to in {link.to for link in form.links}:
                self.linking_figures.add(id_number(to), place)
            if form.event:
                self.belonging.add(id_number(form.event), place)

    def seal(self) -> None:
        """Sort the relations after the last `put`, and check that ids are unique."""
        self.file.flush()
        for relation in (
            *self.by_number.values(),
            self.citing,
            self.linking,
            self.belonging,
            self.series,
            self.linking_figures,
        ):
            relation.sort()
        for kind, relation in self.by_number.items():
            known = np.frombuffer(relation.names, "u8")
            if len(duplicates := np.flatnonzero(known[1:] == known[:-1])):
                raise PublishError([f"{kind}{known[duplicates[0]]} is there twice"])

    # Reading ------------------------------------------------------------------------------------

    def order(self) -> list[int]:
        """Return the positions of all forms in the order of calculation: estimates last, by series.

        An estimate needs its whole series. In the order of ids, each batch would read the long
        series again.
        """
        figures = self.series.places
        is_figure = np.zeros(len(self), dtype=bool)
        is_figure[figures] = True
        return [*np.flatnonzero(~is_figure).tolist(), *figures]

    def form(self, kind: str, id: str) -> RecordForm | None:
        """Return a form, as `WorkingSet.form` does: places and outlets by code, others by id."""
        if kind in self.by_number:
            return next(map(self.read, self.by_number[kind].of([id_number(id)])), None)
        return self.in_memory.get((kind, id))

    def load(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Do nothing: `form` reads from disk."""

    def context(self, places: Iterable[int]) -> DerivationContext:
        """Return all forms that these rows are calculated from, like `WorkingSet.context`."""
        found = set(places)
        own = [self.read(place) for place in found]
        events = [form for form in own if isinstance(form, EventForm)]
        figures = [form for form in own if isinstance(form, EstimateForm)]
        sources = [form for form in own if isinstance(form, SourceForm)]
        found |= set(
            self.by_number[RecordKind.EVENT].of(
                id_number(link.to) for form in events for link in form.links
            )
        )
        names = [id_number(form.id) for form in events]
        found |= {*self.linking.of(names), *self.belonging.of(names)}
        found |= set(self.citing.of(id_number(form.id) for form in sources))
        series_places = self.series.of({int(conflicts.series_key(form), 16) for form in figures})
        series_places += self._linked_estimates([*figures, *map(self.read, series_places)])
        found |= set(series_places)
        series_forms = [
            form for place in series_places if isinstance(form := self.read(place), EstimateForm)
        ]
        citing_forms: list[EventForm | EstimateForm] = [*events, *series_forms]
        cited_sources = {citation.source for form in citing_forms for citation in form.citations}
        found |= self._with_ancestors(cited_sources | {form.id for form in sources})
        return DerivationContext.of([*self.in_memory.values(), *map(self.read, found)])

    def _linked_estimates(self, forms: Iterable[RecordForm]) -> list[int]:
        """Return the positions of the estimates that these link to, or that link to them."""
        figures = [form for form in forms if isinstance(form, EstimateForm)]
        linked = {id_number(link.to) for form in figures for link in form.links}
        return [
            *self.by_number[RecordKind.ESTIMATE].of(linked),
            *self.linking_figures.of({id_number(form.id) for form in figures}),
        ]

    def _with_ancestors(self, sources: set[str]) -> set[int]:
        """Return the positions of sources and of all sources that they derive from."""
        found: set[int] = set()
        pending = sources
        while pending:
            new = set(self.by_number[RecordKind.SOURCE].of(map(id_number, pending))) - found
            found |= new
            forms = [form for place in new if isinstance(form := self.read(place), SourceForm)]
            pending = {
                parent.source for form in forms for parent in form.derived_from if parent.source
            }
        return found

    def _read(self, place: int) -> RecordForm:
        # pread, because several processes share the file's offset.
        size = self.begins[place + 1] - self.begins[place]
        form: RecordForm = pickle.loads(os.pread(self.file.fileno(), size, self.begins[place]))  # noqa: S301 - ours
        return form


def id_number(id: str) -> int:
    return int(id[1:])
