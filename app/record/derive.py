"""What follows from what was said: a form, seen together with what it rests on, becomes a row of the record.

Pure functions: the same forms give the same row. `publish` calls them for what was approved and for what that affects;
`doctor` calls them for everything and must find no difference.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app import dates
from app.forms import (
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
from app.record.filters import EventFilters
from app.record.rules import conflicts, disputes, origins, stages
from app.record.rules.places import surroundings_of
from app.record.search import bigrams, plain_text
from app.record.terms import TermPair
from app.vocabulary import Corroboration, Disputed, Nature, Role, Step, TermKey, Track


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

    def with_parents(self, list_: str, code: str) -> Iterable[str]:
        """A code and the wider codes of its list that it stands under."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            form = self.codes.get(f"{list_}:{code}")
            code = form.group if form and f"{list_}:{form.group}" in self.codes else ""
        return seen


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

    @property
    def plain(self) -> str:
        return plain_text(" \n ".join((self.title, self.summary, self.rest)))

    @property
    def cjk(self) -> list[str]:
        return sorted(bigrams(self.plain))


def derive(form: RecordForm, context: Context) -> Row:
    """The row of a public form; `form` holds no private value."""
    match form:
        case EventForm():
            return _event(Event(form, context))
        case EstimateForm():
            return _estimate(form, context)
        case SourceForm():
            return _source(form, context)
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
class Event:
    """An event with all that is derived about it; the filters' lines read these properties."""

    form: EventForm
    context: Context

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

    def codes_of(self, key: str, *roles: Role, but: Iterable[Role] = ()) -> list[str]:
        """Codes of the terms of that key, in the order of the form."""
        return [
            term.code
            for term in self.form.terms
            if term.key == key and term.code and (not roles or term.role in roles) and term.role not in but
        ]

    @property
    def places(self) -> set[str]:
        return surroundings_of(self.codes_of("place", but=(Role.SHOWN_ONLY,)), self.context.places)

    @property
    def shown(self) -> set[str]:
        return surroundings_of(self.codes_of("place", Role.SHOWN_ONLY), self.context.places)

    def covered(self, key: str) -> set[str]:
        """Codes that the event covers, and the wider codes they stand under; what is exempt has a key of its own."""
        codes = self.codes_of(key, but=(Role.EXEMPT,))
        return {wider for code in codes for wider in self.context.with_parents(key, code)}

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
        """No more than planned, so that a forecast supports it: by its stages or, without any, by all that is said."""
        if self.form.stages:
            return {stage.step for stage in self.form.stages} <= {Step.PLANNED}
        return not origins.supporting(self.form.citations, is_plan=False)

    @cached_property
    def support(self) -> list[Citation]:
        return origins.supporting(self.form.citations, self.is_plan)

    @cached_property
    def origins(self) -> list[origins.Origin]:
        return origins.independent(self.support, self.context.sources, self.context.outlets)

    @property
    def corroborations(self) -> list[str]:
        found: list[str] = [origins.corroboration(self.origins, self.support)]
        return [*found, Corroboration.DOCUMENTED] if origins.is_documented(self.support) else found

    @property
    def disputed(self) -> dict[Disputed, list[str]]:
        return disputes.disputed(self.form.citations)

    @cached_property
    def cited(self) -> dict[str, SourceForm]:
        return cited(self.form, self.context)

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
    def bases(self) -> set[str]:
        return {source.published_basis for source in self.cited.values()}

    @property
    def attributions(self) -> set[str]:
        return {citation.speaker.attribution for citation in self.form.citations}

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


def cited(form: EventForm | EstimateForm, context: Context) -> dict[str, SourceForm]:
    """The sources that speak of a record, one way or another, in the order of its citations."""
    ids = dict.fromkeys(citation.source for citation in form.citations)
    return {id: context.sources[id] for id in ids if id in context.sources}


def _event(event: Event) -> Row:
    form = event.form
    happened = words(form.happened) if form.happened else ""
    return Row(
        terms=frozenset(
            {(key.key, code) for key in EventFilters.terms() for code in key.codes(event)}
            | _references(form, event.context)
        ),
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


def _estimate(form: EstimateForm, context: Context) -> Row:
    series = conflicts.series(form)
    conflicting, differing = conflicts.compare(
        form, context.figures_of_series.get(series, []), context.sources, context.outlets
    )
    support = origins.supporting(form.citations, is_plan=form.nature is not Nature.OBSERVED)
    found = origins.independent(support, context.sources, context.outlets)
    time = form.as_of or form.period
    spans = dates.spans(dates.parse(time) if time else None, lasts=bool(form.period))
    sources = cited(form, context)
    places = surroundings_of([t.code for t in form.terms if t.key is TermKey.PLACE and t.code], context.places)
    return Row(
        terms=frozenset(
            {("place", code) for code in places}
            | {("series", series)}
            | ({("of", form.event)} if form.event else set())
            | _references(form, context)
        ),
        spans=spans,
        published=(),
        sort_day=dates.sort_day(spans),
        title=form.population_text,
        summary=form.printed_words,
        rest=_joined([*_texts(form), *_titles(sources.values())]),
        payload={
            "form": said(form),
            "time_words": words(time, lasts=bool(form.period)) if time else "",
            "series": series,
            "conflicts": sorted(conflicting),
            "differs": sorted(differing),
            "disputed": _plain(disputes.disputed(form.citations)),
            "corroboration": [str(origins.corroboration(found, support))],
            "origins": [_origin(origin) for origin in found],
            "sources": list(sources),
        },
    )


def _source(form: SourceForm, context: Context) -> Row:
    spans = dates.spans(dates.parse(form.published) if form.published else None, lasts=False)
    above = origins.rests_on(form.id, context.sources) - {form.id}
    return Row(
        terms=frozenset(
            {("outlet", form.outlet)}
            | {("speaks", parent.outlet) for parent in form.derived_from if parent.outlet}
            | {("rests-on", id) for id in above}
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
            "rests_on": sorted(above),
        },
    )


def _named(form: PlaceForm | OutletForm, terms: set[TermPair]) -> Row:
    names = [name.text for name in form.names]
    return Row(frozenset(terms), dates.Spans(), (), None, names[0], "", _joined(names[1:]), {"form": said(form)})


def words(edtf: str, lasts: bool = True) -> str:
    return dates.words(dates.parse(edtf), lasts=lasts)


def _references(form: EventForm | EstimateForm, context: Context) -> set[TermPair]:
    """Terms that no reader filters by: through them the door finds the rows that another row's change affects."""
    sources = {id for citation in form.citations for id in origins.rests_on(citation.source, context.sources)}
    speaking = {step.outlet for citation in form.citations for step in citation.chain if step.outlet}
    for id in sources & context.sources.keys():
        source = context.sources[id]
        speaking |= {source.outlet, *(parent.outlet for parent in source.derived_from if parent.outlet)}
    return (
        {("rests-on", id) for id in sources}
        | {("speaks", owner) for outlet in speaking for owner in origins.owners(outlet, context.outlets)}
        | {("linked", link.to) for link in form.links}
        | {("uses", f"{t.key}:{t.code}") for t in form.terms if t.code and t.key is not TermKey.PLACE}
        | {("uses", f"instrument:{legal.instrument}") for legal in getattr(form, "legal", ()) if legal.instrument}
    )


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
