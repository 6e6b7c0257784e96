"""The published forms that a calculation may read, with reverse indexes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import cast

from app.kinds import (
    KIND,
    CodeForm,
    EstimateForm,
    EventForm,
    EventToEvent,
    NamedForm,
    OutletForm,
    PlaceForm,
    RecordForm,
    SourceForm,
)
from app.record.rules import conflicts
from app.vocabulary.kinds import NAMED_KINDS, RecordKind


class DerivationContext:
    """Published forms by id (named records by code), and indexes of their references."""

    def __init__(self, forms: Iterable[RecordForm], day: date | None = None) -> None:
        self.day = day
        """The day of the edition: stated ends before it have passed. None in checks of a record."""
        self.named: dict[str, dict[str, NamedForm]] = {kind: {} for kind in NAMED_KINDS}
        """Named records by kind and code."""
        self.codes: dict[str, CodeForm] = {}
        self.sources: dict[str, SourceForm] = {}
        self.events: dict[str, EventForm] = {}
        self.estimates: dict[str, EstimateForm] = {}
        self.estimates_linked_to: dict[str, list[EstimateForm]] = defaultdict(list)
        self.estimates_of_event: dict[str, list[str]] = defaultdict(list)
        self.links_into: dict[str, list[tuple[str, EventToEvent]]] = defaultdict(list)
        self.estimates_of_series: dict[str, list[EstimateForm]] = defaultdict(list)
        self.cited_in: dict[str, list[EventForm | EstimateForm]] = defaultdict(list)
        for form in forms:
            match form:
                case CodeForm():
                    self.codes[form.id] = form
                case SourceForm():
                    self.sources[form.id] = form
                case EventForm():
                    self.events[form.id] = form
                    for link in form.links:
                        self.links_into[link.to].append((form.id, link))
                case EstimateForm():
                    self.estimates[form.id] = form
                    for to in dict.fromkeys(link.to for link in form.links):
                        self.estimates_linked_to[to].append(form)
                    self.estimates_of_series[conflicts.series_key(form)].append(form)
                    if form.event:
                        self.estimates_of_event[form.event].append(form.id)
                case _:
                    self.named[KIND[type(form)]][form.code] = form
            if isinstance(form, EventForm | EstimateForm):
                for source in dict.fromkeys(citation.source for citation in form.citations):
                    self.cited_in[source].append(form)
        for linked in self.links_into.values():
            linked.sort(key=lambda pair: int(pair[0][1:]))

    @property
    def places(self) -> dict[str, PlaceForm]:
        return cast(dict[str, PlaceForm], self.named[RecordKind.PLACE])

    @property
    def outlets(self) -> dict[str, OutletForm]:
        return cast(dict[str, OutletForm], self.named[RecordKind.OUTLET])

    def with_ancestors(self, kind: str, code: str) -> set[str]:
        """Return the code of a named record and those of the records above it."""
        found: set[str] = set()
        while code and code not in found:
            found.add(code)
            code = getattr(self.named[kind].get(code), "parent", "")
        return found

    def with_parents(self, list_: str, code: str) -> set[str]:
        """Return a code and its broader codes, each with the retired codes that it replaces.

        Thus a filter by a retired code finds the rows of its successor.
        """
        found: set[str] = set()
        while code and code not in found:
            form = self.codes.get(f"{list_}:{code}")
            if form and f"{list_}:{form.successor}" in self.codes:
                found.add(code)
                code = form.successor
                continue
            found |= {code, *self._retired_for(list_, code)}
            code = form.group if form and f"{list_}:{form.group}" in self.codes else ""
        return found

    def with_retired(self, list_: str, code: str) -> set[str]:
        """Return a code, its successors if it is retired, and the retired codes it replaces."""
        found: set[str] = {code}
        while (form := self.codes.get(f"{list_}:{code}")) and form.successor not in {"", *found}:
            code = form.successor
            found.add(code)
        return found | {*self._retired_for(list_, code)}

    def _retired_for(self, list_: str, code: str) -> Iterator[str]:
        for form in self.codes.values():
            if form.list == list_ and form.successor == code:
                yield form.code
                yield from self._retired_for(list_, form.code)
