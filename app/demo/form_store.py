"""Forms kept on disk, with who names whom, so that a record larger than memory can be derived some rows at a time."""

import os
import pickle
from array import array
from collections.abc import Iterable
from functools import lru_cache
from typing import IO

import numpy as np

from app.forms import (
    KIND,
    CodeForm,
    EstimateForm,
    EventForm,
    OutletForm,
    PlaceForm,
    RecordForm,
    SourceForm,
)
from app.record.derivation.context import Context
from app.record.publishing.validation import Refused
from app.record.rules import conflicts

MOST_IN_MEMORY = 10_000
"""Forms that were read last; what records rest on was mostly entered in the same days as they were."""


class Relation:
    """Names, as whole numbers, and the places of the forms that answer to each."""

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


class Stock:
    """Put all forms in, seal it, then read what the derivation of some of them looks at."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.begins = array("Q", [0])
        # Places, outlets and codes are few beside what names them.
        self.few: dict[tuple[str, str], RecordForm] = {}
        self.by_number = {kind: Relation() for kind in "SEM"}
        self.citing, self.linking, self.belonging, self.series = (Relation() for _ in range(4))
        self.read = lru_cache(MOST_IN_MEMORY)(self._read)

    def __len__(self) -> int:
        return len(self.begins) - 1

    # Putting in -------------------------------------------------------------------------------------------------------

    def put(self, form: RecordForm) -> None:
        place, kind = len(self), KIND[type(form)]
        self.begins.append(
            self.begins[-1] + self.file.write(pickle.dumps(form, pickle.HIGHEST_PROTOCOL))
        )
        if isinstance(form, PlaceForm | OutletForm | CodeForm):
            name = form.id if isinstance(form, CodeForm) else form.code
            if (kind, name) in self.few:
                raise Refused([f"{form.id}: “{name}” is there twice"])
            self.few[kind, name] = form
            return
        self.by_number[kind].add(number(form.id), place)
        if isinstance(form, EventForm | EstimateForm):
            for source in {citation.source for citation in form.citations}:
                self.citing.add(number(source), place)
        if isinstance(form, EventForm):
            for to in {link.to for link in form.links}:
                self.linking.add(number(to), place)
        if isinstance(form, EstimateForm):
            self.series.add(int(conflicts.series(form), 16), place)
            if form.event:
                self.belonging.add(number(form.event), place)

    def seal(self) -> None:
        """All are in: from here on they can be found."""
        self.file.flush()
        for relation in (
            *self.by_number.values(),
            self.citing,
            self.linking,
            self.belonging,
            self.series,
        ):
            relation.sort()
        for kind, relation in self.by_number.items():
            known = np.frombuffer(relation.names, "u8")
            if len(again := np.flatnonzero(known[1:] == known[:-1])):
                raise Refused([f"{kind}{known[again[0]]} is there twice"])

    # Reading ----------------------------------------------------------------------------------------------------------

    def order(self) -> list[int]:
        """All places, to be derived in this order: a figure looks at its whole series, so these come last and together.

        In the order of their numbers, every two thousand forms would read the long series again, most of all figures.
        """
        figures = self.series.places
        is_figure = np.zeros(len(self), dtype=bool)
        is_figure[figures] = True
        return [*np.flatnonzero(~is_figure).tolist(), *figures]

    def form(self, kind: str, id: str) -> RecordForm | None:
        """As the shelf has it: places and outlets by code, the rest by id."""
        if kind in self.by_number:
            return next(map(self.read, self.by_number[kind].of([number(id)])), None)
        return self.few.get((kind, id))

    def load(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Nothing to do: what is asked for is read from disk."""

    def context(self, places: Iterable[int]) -> Context:
        """All that the rows of these forms are derived from, as `Shelf.context` finds it in the record."""
        found = set(places)
        own = [self.read(place) for place in found]
        events = [form for form in own if isinstance(form, EventForm)]
        figures = [form for form in own if isinstance(form, EstimateForm)]
        sources = [form for form in own if isinstance(form, SourceForm)]
        found |= set(
            self.by_number["E"].of(number(link.to) for form in events for link in form.links)
        )
        names = [number(form.id) for form in events]
        found |= {*self.linking.of(names), *self.belonging.of(names)}
        found |= set(self.citing.of(number(form.id) for form in sources))
        mates = self.series.of({int(conflicts.series(form), 16) for form in figures})
        found |= set(mates)
        rivals = [form for place in mates if isinstance(form := self.read(place), EstimateForm)]
        compared: list[EventForm | EstimateForm] = [*events, *rivals]
        named = {citation.source for form in compared for citation in form.citations}
        found |= self._with_all_above(named | {form.id for form in sources})
        return Context.of([*self.few.values(), *map(self.read, found)])

    def _with_all_above(self, sources: set[str]) -> set[int]:
        """The places of sources and of all that they derive from, at any remove."""
        found: set[int] = set()
        waiting = sources
        while waiting:
            new = set(self.by_number["S"].of(map(number, waiting))) - found
            found |= new
            forms = [form for place in new if isinstance(form := self.read(place), SourceForm)]
            waiting = {
                parent.source for form in forms for parent in form.derived_from if parent.source
            }
        return found

    def _read(self, place: int) -> RecordForm:
        # At a place of its own rather than where the last read ended: several processes may share the file.
        size = self.begins[place + 1] - self.begins[place]
        form: RecordForm = pickle.loads(os.pread(self.file.fileno(), size, self.begins[place]))  # noqa: S301 - ours
        return form


def number(id: str) -> int:
    return int(id[1:])
