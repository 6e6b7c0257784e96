"""What follows from what was said: a form, seen together with what it rests on, becomes a row of the record.

Pure functions: the same forms give the same row. `publish` calls them for what was approved and for what that affects;
`doctor` calls them for everything and must find no difference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Generic, Self, TypeVar

from app import dates
from app.forms import (
    KIND,
    Citation,
    CodeForm,
    EstimateForm,
    EventForm,
    EventToEvent,
    OutletForm,
    PlaceForm,
    RecordForm,
    SourceForm,
)
from app.forms.events import UNSTATED
from app.record import uses
from app.record.filters import EstimateFilters, EventFilters, ListFilters, SourceFilters
from app.record.rules import conflicts, disputes, origins, stages
from app.record.rules.places import surroundings_of
from app.record.search import bigrams, plain_text
from app.record.terms import TermPair
from app.vocabulary import Corroboration, Disputed, Extent, Nature, Rivalry, Role, Step, TermKey, Track

F = TypeVar("F", EventForm, EstimateForm)


@dataclass
class Context:
    """The published forms that a derivation may look at, by id or, for places and outlets, by code."""

    places: dict[str, PlaceForm] = field(default_factory=dict)
    outlets: dict[str, OutletForm] = field(default_factory=dict)
    codes: dict[str, CodeForm] = field(default_factory=dict)
    sources: dict[str, SourceForm] = field(default_factory=dict)
    events: dict[str, EventForm] = field(default_factory=dict)
    estimates_of_event: dict[str, list[str]] = field(default_factory=dict)
    links_into: dict[str, list[tuple[str, EventToEvent]]] = field(default_factory=dict)
    figures_of_series: dict[str, list[EstimateForm]] = field(default_factory=dict)
    cited_in: dict[str, list[EventForm | EstimateForm]] = field(default_factory=dict)

    @classmethod
    def of(cls, forms: Iterable[RecordForm]) -> Self:
        context = cls()
        for form in forms:
            match form:
                case PlaceForm():
                    context.places[form.code] = form
                case OutletForm():
                    context.outlets[form.code] = form
                case CodeForm():
                    context.codes[form.id] = form
                case SourceForm():
                    context.sources[form.id] = form
                case EventForm():
                    context.events[form.id] = form
                    for link in form.links:
                        context.links_into.setdefault(link.to, []).append((form.id, link))
                case EstimateForm():
                    context.figures_of_series.setdefault(conflicts.series(form), []).append(form)
                    if form.event:
                        context.estimates_of_event.setdefault(form.event, []).append(form.id)
            if isinstance(form, EventForm | EstimateForm):
                for source in dict.fromkeys(citation.source for citation in form.citations):
                    context.cited_in.setdefault(source, []).append(form)
        for linked in context.links_into.values():
            linked.sort(key=lambda pair: int(pair[0][1:]))
        return context

    def with_parents(self, list_: str, code: str) -> set[str]:
        """A code and the wider codes of its list that it stands under, each with the retired codes it stands for.

        So whoever asks by a code that was retired since finds what its successor finds.
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

    def _retired_for(self, list_: str, code: str) -> Iterator[str]:
        for form in self.codes.values():
            if form.list == list_ and form.successor == code:
                yield form.code
                yield from self._retired_for(list_, form.code)


@dataclass(frozen=True)
class Row:
    """The columns of one version that are derived."""

    terms: frozenset[TermPair]
    spans: dates.Spans
    published: tuple[dates.Days, ...]
    sort_day: date | None
    title: str
    summary: str
    rest: str
    payload: dict[str, Any]

    @cached_property
    def plain(self) -> str:
        return plain_text(" \n ".join((self.title, self.summary, self.rest)))

    @property
    def cjk(self) -> list[str]:
        return sorted(bigrams(self.plain))


def derive(form: RecordForm, context: Context) -> Row:
    """The row of a public form; `form` holds no private value."""
    row = _row(form, context)
    return replace(row, terms=row.terms | uses.terms(KIND[type(form)], row.payload))


def _row(form: RecordForm, context: Context) -> Row:
    match form:
        case EventForm():
            return _event(Event(form, context))
        case EstimateForm():
            return _estimate(Estimate(form, context))
        case SourceForm():
            return _source(Source(form, context))
        case PlaceForm():
            return _named(form, {("within", code) for code in surroundings_of([form.code], context.places)})
        case OutletForm():
            return _named(form, {("belongs", form.belongs_to)} if form.belongs_to else set())
        case CodeForm():
            return Row(
                frozenset({("list", form.list)}), dates.Spans(), (), None, form.label, form.definition, form.example,
                {"form": said(form)},
            )  # fmt: skip


def said(form: RecordForm) -> dict[str, Any]:
    """The public form as it is kept in a payload: defaults left out, so that new fields change no old row."""
    return form.model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True)
class Statement(Generic[F]):
    """What sources speak of, an event or a figure, with what is derived alike about both; filters read it."""

    form: F
    context: Context

    def codes_of(self, key: str, *roles: Role, but: Iterable[Role] = ()) -> list[str]:
        """Codes of the terms of that key, in the order of the form."""
        return [
            term.code
            for term in self.form.terms
            if term.key == key and term.code and (not roles or term.role in roles) and term.role not in but
        ]

    @property
    def named_places(self) -> list[str]:
        """The places that it names itself, without what is only seen in a picture."""
        return self.codes_of("place", but=(Role.SHOWN_ONLY,))

    @property
    def places(self) -> set[str]:
        return surroundings_of(self.named_places, self.context.places)

    def covered(self, key: str) -> set[str]:
        """Codes that it covers, and the wider codes they stand under; what is exempt has a key of its own."""
        codes = self.codes_of(key, but=(Role.EXEMPT,))
        return {wider for code in codes for wider in self.context.with_parents(key, code)}

    @cached_property
    def cited(self) -> dict[str, SourceForm]:
        """The sources that speak of it, one way or another, in the order of its citations."""
        ids = dict.fromkeys(citation.source for citation in self.form.citations)
        return {id: self.context.sources[id] for id in ids if id in self.context.sources}

    @property
    def outlets(self) -> set[str]:
        return {source.outlet for source in self.cited.values()}

    @property
    def origin_outlets(self) -> set[str]:
        return {origins.origin_outlet(citation, self.context.sources) for citation in self.form.citations}

    @property
    def languages(self) -> set[str]:
        return {source.language.lower() for source in self.cited.values()}

    @property
    def attributions(self) -> set[str]:
        return {citation.speaker.attribution for citation in self.form.citations}

    @property
    def is_plan(self) -> bool:
        """Whether it is no more than planned, so that a forecast supports it."""
        raise NotImplementedError

    @cached_property
    def support(self) -> list[Citation]:
        return origins.supporting(self.form.citations, self.is_plan)

    @cached_property
    def origins(self) -> list[origins.Origin]:
        return origins.independent(self.support, self.context.sources, self.context.outlets)

    @property
    def disputed(self) -> dict[Disputed, list[str]]:
        return disputes.disputed(self.form.citations)

    @property
    def references(self) -> set[TermPair]:
        """Terms that no reader filters by: through them the door finds the rows that another row's change affects, and
        pages the places that a record names itself."""
        form, context = self.form, self.context
        direct: set[str] = {citation.source for citation in form.citations}
        sources = {id for cited in direct for id in origins.rests_on(cited, context.sources)}
        speaking = {step.outlet for citation in form.citations for step in citation.chain if step.outlet}
        read = [context.sources[id] for id in sources if id in context.sources]
        speaking |= {source.outlet for source in read}
        speaking |= {parent.outlet for source in read for parent in source.derived_from if parent.outlet}
        return (
            {("cites", id) for id in direct}
            | {("rests-on", id) for id in sources}
            | {("speaks", owner) for outlet in speaking for owner in origins.owners(outlet, context.outlets)}
            | {("names", code) for code in self.named_places}
            | {("linked", link.to) for link in form.links}
            | {("uses", f"{t.key}:{t.code}") for t in form.terms if t.code and t.key is not TermKey.PLACE}
            | {("uses", f"instrument:{legal.instrument}") for legal in getattr(form, "legal", ()) if legal.instrument}
        )


class Event(Statement[EventForm]):
    """An event with all that is derived about it."""

    @cached_property
    def spans(self) -> dates.Spans:
        happened = dates.parse(self.form.happened) if self.form.happened else None
        within = dates.parse(self.form.within) if self.form.within else None
        return dates.spans(happened, lasts=True, until=self.last_said, within=within)

    @property
    def last_said(self) -> date | None:
        """The last day on which a source said so: an event "still going on" is possible up to then (rule 1)."""
        days = []
        for citation in origins.supporting(self.form.citations, is_plan=True):
            source = self.context.sources.get(citation.source)
            text = citation.said or (source.published if source else "")
            whole = dates.parse(text).whole if text else None
            if whole and whole.last:
                days.append(whole.last)
        return max(days, default=None)

    @property
    def precision(self) -> str:
        return dates.precision(dates.parse(self.form.happened) if self.form.happened else None)

    @property
    def shown(self) -> set[str]:
        return surroundings_of(self.codes_of("place", Role.SHOWN_ONLY), self.context.places)

    @property
    def exempt(self) -> set[str]:
        return {
            f"{term.key}:{wider}"
            for term in self.form.terms
            if term.role is Role.EXEMPT and term.code
            for wider in self.context.with_parents(term.key, term.code)
        }

    @property
    def sides(self) -> set[str]:
        return {term.side for term in self.form.terms if term.side}

    @cached_property
    def steps(self) -> list[stages.DatedStep]:
        taken_back = {id for form in self.around for id in origins.taken_back(form.citations)}
        return stages.dated(self.form.stages, self.citable, taken_back)

    @property
    def around(self) -> list[EventForm]:
        """The event and those linked with it, either way."""
        linked = [link.to for link in self.form.links]
        linked += [other for other, _ in self.context.links_into.get(self.form.id, [])]
        return [self.form, *(self.context.events[id] for id in linked if id in self.context.events)]

    @property
    def citable(self) -> list[Citation]:
        """What a stage may rest on."""
        return [citation for form in self.around for citation in form.citations]

    @property
    def stage(self) -> dict[Track, Step]:
        return stages.newest(self.steps)

    @property
    def is_plan(self) -> bool:
        """By its stages or, without any, by all that is said."""
        if self.form.stages:
            return {stage.step for stage in self.form.stages} <= {Step.PLANNED}
        return not origins.supporting(self.form.citations, is_plan=False)

    @property
    def corroborations(self) -> list[str]:
        found: list[str] = [origins.corroboration(self.origins, self.support)]
        return [*found, Corroboration.DOCUMENTED] if origins.is_documented(self.support) else found

    @property
    def parts(self) -> set[TermPair]:
        """Which part each outlet plays in it."""
        played = origins.parts_played(self.origins, self.support, self.context.sources)
        return {("part", f"{part}:{outlet}") for part, outlet in played}

    @property
    def bases(self) -> set[str]:
        return {source.published_basis for source in self.cited.values()}

    @property
    def estimates(self) -> list[str]:
        return sorted(self.context.estimates_of_event.get(self.form.id, []), key=lambda id: int(id[1:]))

    @property
    def has(self) -> set[str]:
        found = {
            "estimate": bool(self.estimates),
            "quote": any(citation.quote for citation in self.form.citations),
            "archive": any(copy.archive for source in self.cited.values() for copy in source.copies),
            "deadline": bool(self.form.deadline),
        }
        return {name for name, is_there in found.items() if is_there}

    @property
    def lapsed_credibility(self) -> list[str]:
        """Citations graded 1, "confirmed by other independent sources", where there are no two origins (rule 14)."""
        if len(self.origins) > 1:
            return []
        return [citation.id for citation in self.form.citations if citation.credibility == 1]


class Estimate(Statement[EstimateForm]):
    """A figure with all that is derived about it."""

    @property
    def levels(self) -> set[str]:
        return {self.context.places[code].kind for code in self.named_places if code in self.context.places}

    @property
    def is_plan(self) -> bool:
        return self.form.nature is not Nature.OBSERVED

    @cached_property
    def series(self) -> str:
        return conflicts.series(self.form)

    @cached_property
    def rivals(self) -> dict[Rivalry, list[str]]:
        """Ids of the figures that it conflicts with, and of those that it merely differs from."""
        in_conflict, differing = conflicts.compare(
            self.form,
            self.context.figures_of_series.get(self.series, []),
            self.context.sources,
            self.context.outlets,
        )
        return {Rivalry.CONFLICTS: sorted(in_conflict), Rivalry.DIFFERS: sorted(differing)}

    @property
    def rivalries(self) -> list[str]:
        return [rivalry for rivalry, others in self.rivals.items() if others]


@dataclass(frozen=True)
class Source:
    """A source with what is derived about it: who speaks in it, and about which places."""

    form: SourceForm
    context: Context

    @property
    def above(self) -> set[str]:
        """All sources that it derives from."""
        return origins.rests_on(self.form.id, self.context.sources) - {self.form.id}

    @property
    def statements(self) -> list[EventForm | EstimateForm]:
        """Events and figures that cite it."""
        return self.context.cited_in.get(self.form.id, [])

    @property
    def citations(self) -> list[Citation]:
        return [c for form in self.statements for c in form.citations if c.source == self.form.id]

    @property
    def attributions(self) -> set[str]:
        return {citation.speaker.attribution for citation in self.citations}

    @property
    def places(self) -> set[str]:
        named = {
            term.code
            for form in self.statements
            for term in form.terms
            if term.key is TermKey.PLACE and term.code and term.role is not Role.SHOWN_ONLY
        }
        return surroundings_of(named, self.context.places)

    @property
    def has(self) -> set[str]:
        form = self.form
        found = {
            "link": form.is_linked,
            "archive": any(copy.archive for copy in form.copies),
            "full-text": any(copy.extent is Extent.FULL for copy in form.copies),
            "quote": any(citation.quote for citation in self.citations),
            "derived": bool(form.derived_from),
        }
        return {name for name, is_there in found.items() if is_there}


def _event(event: Event) -> Row:
    form = event.form
    happened = words(form.happened) if form.happened else ""
    return Row(
        terms=frozenset(_terms(EventFilters, event) | event.parts | event.references),
        spans=event.spans,
        published=tuple(
            days
            for source in event.cited.values()
            if source.published
            for days in dates.parse(source.published).possible
        ),
        sort_day=dates.sort_day(event.spans),
        title=form.title,
        summary=form.summary,
        rest=_joined([*_texts(form), happened, *_titles(event.cited.values())]),
        payload={
            "form": said(form),
            "happened_words": happened,
            "deadline_words": words(form.deadline) if form.deadline and form.deadline != UNSTATED else "",
            "precision": event.precision,
            "stage": {str(track): str(step) for track, step in event.stage.items()},
            "steps": [
                {
                    "step": str(step.step),
                    "track": str(step.step.track),
                    "earliest": step.earliest and step.earliest.isoformat(),
                    "latest": step.latest and step.latest.isoformat(),
                    "hedged": step.is_hedged,
                }
                for step in event.steps
            ],
            "corroboration": [str(code) for code in event.corroborations],
            "origins": [_origin(origin) for origin in event.origins],
            "disputed": _plain(event.disputed),
            "lapsed_credibility": event.lapsed_credibility,
            "sources": list(event.cited),
            "outlets": sorted(event.outlets),
            "estimates": event.estimates,
            "links_from": [
                {"id": link.id, "type": str(link.type), "from": other}
                for other, link in event.context.links_into.get(form.id, [])
            ],
        },
    )


def _estimate(figure: Estimate) -> Row:
    form = figure.form
    time = form.as_of or form.period
    spans = dates.spans(dates.parse(time) if time else None, lasts=bool(form.period))
    return Row(
        terms=frozenset(
            _terms(EstimateFilters, figure)
            | {("series", figure.series)}
            | ({("of", form.event)} if form.event else set())
            | figure.references
        ),
        spans=spans,
        published=(),
        sort_day=dates.sort_day(spans),
        title=form.population_text,
        summary=form.printed_words,
        rest=_joined([*_texts(form), *_titles(figure.cited.values())]),
        payload={
            "form": said(form),
            "time_words": words(time, lasts=bool(form.period)) if time else "",
            "series": figure.series,
            "conflicts": figure.rivals[Rivalry.CONFLICTS],
            "differs": figure.rivals[Rivalry.DIFFERS],
            "disputed": _plain(figure.disputed),
            "corroboration": [str(origins.corroboration(figure.origins, figure.support))],
            "origins": [_origin(origin) for origin in figure.origins],
            "sources": list(figure.cited),
            "outlets": sorted(figure.outlets),
        },
    )


def _source(source: Source) -> Row:
    form = source.form
    spans = dates.spans(dates.parse(form.published) if form.published else None, lasts=False)
    cited_by = sorted((citing.id for citing in source.statements), key=lambda id: (id[0], int(id[1:])))
    return Row(
        terms=frozenset(
            _terms(SourceFilters, source)
            | {("speaks", parent.outlet) for parent in form.derived_from if parent.outlet}
            | {("rests-on", id) for id in source.above}
        ),
        spans=spans,
        published=spans.possible,
        sort_day=dates.sort_day(spans),
        title=form.title,
        summary=form.title_en,
        rest=_joined([form.author, form.published_text, form.remark, form.url]),
        payload={
            "form": said(form),
            "published_words": words(form.published, lasts=False) if form.published else "",
            "link": form.url if form.is_linked else "",
            "rests_on": sorted(source.above),
            "cited_by": cited_by,
        },
    )


def _terms(filters: type[ListFilters], row: Event | Estimate | Source) -> set[TermPair]:
    """What a reader may filter by: the lines of `app/record/filters.py`, read for this row."""
    return {(key.key, code) for key in filters.terms() for code in key.codes(row)}


def _named(form: PlaceForm | OutletForm, terms: set[TermPair]) -> Row:
    names = [name.text for name in form.names]
    return Row(frozenset(terms), dates.Spans(), (), None, names[0], "", _joined(names[1:]), {"form": said(form)})


def words(edtf: str, lasts: bool = True) -> str:
    return dates.words(dates.parse(edtf), lasts=lasts)


def _origin(origin: origins.Origin) -> dict[str, Any]:
    return {
        "outlets": list(origin.outlets),
        "sources": list(origin.sources),
        "citations": list(origin.citations),
        "speakers": origin.speakers,
    }


def _plain(disputed: dict[Disputed, list[str]]) -> dict[str, list[str]]:
    return {str(field): ids for field, ids in disputed.items()}


def _texts(form: EventForm | EstimateForm) -> Iterable[str]:
    """All words of a record that a search should find, besides its title and summary."""
    for term in form.terms:
        yield term.printed
    for citation in form.citations:
        yield citation.paraphrase
        yield from (citation.quote, citation.quote_translation, citation.said_text, citation.value)
        for step in citation.chain:
            yield from (step.words, step.occasion)
    if isinstance(form, EventForm):
        yield from (form.happened_text, form.deadline_text)
        for stage in form.stages:
            yield from (stage.date_text, stage.remark)
        for legal in form.legal:
            yield legal.printed
    else:
        yield from (form.as_of_text, form.period_text, form.remark)


def _titles(sources: Iterable[SourceForm]) -> Iterable[str]:
    for source in sources:
        yield from (source.title, source.title_en)


def _joined(texts: Iterable[str]) -> str:
    """One text of many, none running into the next."""
    return " \n ".join(text for text in texts if text)
