"""The published forms that a calculation may read, with reverse indexes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Self, cast

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


@dataclass
class DerivationContext:
    """Published forms by id (named records by code), and indexes of their references."""

    named: dict[str, dict[str, NamedForm]] = field(
        default_factory=lambda: {kind: {} for kind in NAMED_KINDS}
    )
    """Named records by kind and code."""
    codes: dict[str, CodeForm] = field(default_factory=dict)
    sources: dict[str, SourceForm] = field(default_factory=dict)
    events: dict[str, EventForm] = field(default_factory=dict)
    estimates: dict[str, EstimateForm] = field(default_factory=dict)
    estimates_linked_to: dict[str, list[EstimateForm]] = field(default_factory=dict)
    estimates_of_event: dict[str, list[str]] = field(default_factory=dict)
    links_into: dict[str, list[tuple[str, EventToEvent]]] = field(default_factory=dict)
    estimates_of_series: dict[str, list[EstimateForm]] = field(default_factory=dict)
    day: date | None = None
    """The day of the edition: stated ends before it have passed. None in checks of one record."""
    cited_in: dict[str, list[EventForm | EstimateForm]] = field(default_factory=dict)

    @classmethod
    def of(cls, forms: Iterable[RecordForm]) -> Self:
        context = cls()
        for form in forms:
            match form:
                case CodeForm():
                    context.codes[form.id] = form
                case SourceForm():
                    context.sources[form.id] = form
                case EventForm():
                    context.events[form.id] = form
                    for link in form.links:
                        context.links_into.setdefault(link.to, []).append((form.id, link))
                case EstimateForm():
                    context.estimates[form.id] = form
                    for to in dict.fromkeys(link.to for link in form.links):
                        context.estimates_linked_to.setdefault(to, []).append(form)
                    context.estimates_of_series.setdefault(conflicts.series_key(form), []).append(
                        form
                    )
                    if form.event:
                        context.estimates_of_event.setdefault(form.event, []).append(form.id)
                case _:
                    context.named[KIND[type(form)]][form.code] = form
            if isinstance(form, EventForm | EstimateForm):
                for source in dict.fromkeys(citation.source for citation in form.citations):
                    context.cited_in.setdefault(source, []).append(form)
        for linked in context.links_into.values():
            linked.sort(key=lambda pair: int(pair[0][1:]))
        return context

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
