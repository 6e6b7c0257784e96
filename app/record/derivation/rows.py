"""Calculates the row of a form from the form and its context.

Pure functions: the same forms give the same row. publish() calls them for changed and affected
records; the integrity checks call them for every record and expect no difference.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from app.dates import day_ranges, edtf, wording
from app.kinds import (
    KIND,
    CodeForm,
    EstimateForm,
    EventForm,
    NamedForm,
    OutletForm,
    PageForm,
    PlaceForm,
    RecordForm,
    SourceForm,
)
from app.kinds.events import UNSTATED
from app.kinds.references import named_references
from app.kinds.terms import EventToEvent
from app.record.derivation.context import DerivationContext
from app.record.derivation.facts import EstimateFacts, EventFacts, SourceFacts
from app.record.filters import EstimateFilters, EventFilters, ListFilters, SourceFilters
from app.record.payloads import (
    EstimatePayload,
    EventPayload,
    PublishedCarrier,
    PublishedSupport,
    SourcePayload,
)
from app.record.rules.containment import places_and_ancestors
from app.record.search import bigrams, plain_text
from app.record.terms import TermPair
from app.record.words.query import VALUE
from app.vocabulary.citations import Certainty, Stance
from app.vocabulary.estimates import NATURES_OF_RULES, Nature, Rivalry
from app.vocabulary.events import EventLink
from app.vocabulary.support import Disputed


@dataclass(frozen=True)
class DerivedRow:
    """The calculated columns of a version."""

    payload: Mapping[str, Any] = field(default_factory=dict)
    terms: AbstractSet[TermPair] = frozenset()
    spans: day_ranges.Spans = field(default_factory=day_ranges.Spans)
    published: tuple[edtf.Days, ...] = ()
    sort_day: date | None = None
    title: str = ""
    """Names and titles. A search ranks these words first, those of each next field after them."""
    summary: str = ""
    paraphrase: str = ""
    """What sources say in our words, and the titles of these sources."""
    printed: str = ""
    """Words as printed, and whatever else a search finds."""

    @cached_property
    def plain(self) -> str:
        return plain_text(" \n ".join((self.title, self.summary, self.paraphrase, self.printed)))

    @property
    def cjk(self) -> list[str]:
        return sorted(bigrams(self.plain))


def derive_row(form: RecordForm, context: DerivationContext) -> DerivedRow:
    """Calculate the row of a form without private values."""
    row = _row_of(form, context)
    return replace(row, terms=row.terms | usage_terms(KIND[type(form)], row.payload))


def _row_of(form: RecordForm, context: DerivationContext) -> DerivedRow:
    match form:
        case EventForm():
            return _event_row(EventFacts(form, context))
        case EstimateForm():
            return _estimate_row(EstimateFacts(form, context))
        case SourceForm():
            return _source_row(SourceFacts(form, context))
        case CodeForm():
            return DerivedRow(
                {"form": public_fields(form)},
                {("list", form.list)},
                title=form.label,
                summary=form.definition,
                paraphrase=form.example,
            )
    return _named_row(form, _named_terms(form, context))


def _named_terms(form: NamedForm, context: DerivationContext) -> set[TermPair]:
    """Return what the record is within, and the records of other kinds that it refers to."""
    match form:
        case PlaceForm():
            within = places_and_ancestors([form.code], context.places)
        case OutletForm():
            return {("belongs", form.belongs_to)} if form.belongs_to else set()
        case PageForm():
            # By `linked`, a page is found when a record in its text is withdrawn or merged.
            linked = {("linked", id) for id in form.linked}
            return linked | {("refers", f"{kind}:{code}") for kind, code in named_references(form)}
        case _:
            within = context.with_ancestors(KIND[type(form)], form.code)
    others = {
        ("refers", f"{kind}:{code}")
        for kind, code in named_references(form)
        if kind != KIND[type(form)]
    }
    return {("within", code) for code in within} | others


def public_fields(form: RecordForm) -> Any:
    """Return a form as stored in payloads: without defaults, so new fields change no old row."""
    return form.model_dump(mode="json", exclude_defaults=True)


def _event_row(event: EventFacts) -> DerivedRow:
    form = event.form
    happened = event.happened_words
    return DerivedRow(
        terms=_filter_terms(EventFilters, event) | event.outlet_roles | event.references,
        spans=event.spans,
        published=tuple(
            days
            for source in event.cited.values()
            if source.published
            for days in day_ranges.possible_days(edtf.parse(source.published))
        ),
        sort_day=day_ranges.sort_day(event.spans),
        title=form.title,
        summary=form.summary,
        paraphrase=_join_texts([*_paraphrases(form), *_titles(event.cited.values())]),
        printed=_join_texts([*_printed_texts(form), happened]),
        payload=_event_payload(event, happened),
    )


def _event_payload(event: EventFacts, happened: str) -> EventPayload:
    form = event.form
    return {
        "form": public_fields(form),
        "happened_words": happened,
        "deadline_words": wording.in_words(form.deadline)
        if form.deadline and form.deadline != UNSTATED
        else "",
        "precision": event.precision,
        "direction": event.direction,
        "stage": {str(track): str(step) for track, step in event.stage.items()},
        "steps": [
            {
                "step": str(step.step),
                "track": str(step.step.track),
                "earliest": step.earliest.isoformat() if step.earliest else None,
                "latest": step.latest.isoformat() if step.latest else None,
                "hedged": step.is_hedged,
                "reported": reported,
            }
            for step, reported in zip(event.steps, event.steps_reported, strict=True)
        ],
        "corroboration": [str(code) for code in event.corroborations],
        **_support_json(event),
        "position": event.position,
        "field_support": {
            str(kind): {
                "corroboration": str(level),
                "independent": count,
                "citations": [citation.id for citation in support],
            }
            for kind, (level, count, support) in event.field_support.items()
        },
        "origins": event.origins,
        "disputed": _disputed_json(event.disputed),
        "sources": list(event.cited),
        "outlets": sorted(event.outlets),
        "estimates": event.estimates,
        "links_from": [
            {"id": link.id, "type": str(link.type), "from": other}
            for other, link in event.context.links_into[form.id]
        ],
        "carried_out_by": carriers(event),
        "lapsed": sorted(str(track) for track in event.lapsed),
    }


def _estimate_row(figure: EstimateFacts) -> DerivedRow:
    form = figure.form
    time = form.as_of or form.period
    payload: EstimatePayload = {
        "form": public_fields(form),
        "time_words": _time_words(figure),
        "coverage": str(figure.coverage or ""),
        "whole_at": figure.whole_at,
        "is_of_low_grade": figure.is_of_low_grade,
        "series": figure.series,
        "conflicts": figure.rivals[Rivalry.CONFLICTS],
        "marked_conflicts": figure.marked_conflicts,
        "differs": figure.rivals[Rivalry.DIFFERS],
        "disputed": _disputed_json(figure.disputed),
        "corroboration": [str(code) for code in figure.corroborations],
        **_support_json(figure),
        "position": figure.position,
        "origins": figure.origins,
        "sources": list(figure.cited),
        "outlets": sorted(figure.outlets),
        "outlet_of": {id: source.outlet for id, source in figure.cited.items()},
    }
    spans = day_ranges.spans(edtf.parse(time) if time else None, lasts=bool(form.period))
    return DerivedRow(
        terms=(
            _filter_terms(EstimateFilters, figure)
            | ({("of", form.event)} if form.event else set())
            | _values(form)
            | figure.references
        ),
        spans=spans,
        sort_day=day_ranges.sort_day(spans),
        title=form.population_text,
        summary=form.printed_words,
        paraphrase=_join_texts([*_paraphrases(form), *_titles(figure.cited.values())]),
        printed=_join_texts(_printed_texts(form)),
        payload=payload,
    )


def _values(form: EstimateForm) -> set[TermPair]:
    """Return the terms by which a search for a number finds the estimate."""
    return {
        (VALUE, f"{value:.0f}")
        for value in (form.low, form.point, form.high)
        if value is not None and value == int(value)
    }


def _time_words(figure: EstimateFacts) -> str:
    """Return the time in words; that of a plan or rule does not say that it has begun."""
    form = figure.form
    if form.period and form.nature in {Nature.PLANNED, Nature.FORECAST}:
        return wording.planned_in_words(form.period)
    if form.nature in NATURES_OF_RULES and form.period.endswith("/.."):
        return wording.rule_in_words(form.period)
    time = form.as_of or form.period
    return wording.in_words(time, lasts=bool(form.period))


def _source_row(source: SourceFacts) -> DerivedRow:
    form = source.form
    spans = day_ranges.spans(edtf.parse(form.published) if form.published else None, lasts=False)
    payload: SourcePayload = {
        "form": public_fields(form),
        "published_words": wording.in_words(form.published, lasts=False),
        "link": form.url if form.is_linked else "",
        "rests_on": sorted(source.ancestors),
        "cited_by": sorted(
            (citing.id for citing in source.statements), key=lambda id: (id[0], int(id[1:]))
        ),
    }
    return DerivedRow(
        terms=(
            _filter_terms(SourceFilters, source)
            | {("speaks", parent.outlet) for parent in form.derived_from if parent.outlet}
            | {("rests-on", id) for id in source.ancestors}
        ),
        spans=spans,
        published=spans.possible,
        sort_day=day_ranges.sort_day(spans),
        title=_join_texts([form.title, form.title_en]),
        paraphrase=_join_texts([form.author, form.remark]),
        printed=form.url,
        payload=payload,
    )


def _filter_terms(
    filters: type[ListFilters], row: EventFacts | EstimateFacts | SourceFacts
) -> set[TermPair]:
    """Return the terms of all filters of a list."""
    return {(key.key, code) for key in filters.terms() for code in key.codes(row)}


def _named_row(form: NamedForm, terms: set[TermPair]) -> DerivedRow:
    names = [name.text for name in form.names]
    texts = (
        [form.body, *(each.says for each in form.sections)] if isinstance(form, PageForm) else []
    )
    return DerivedRow(
        {"form": public_fields(form)},
        terms,
        title=_join_texts(names),
        summary=_join_texts(texts),
    )


def _support_json(facts: EventFacts | EstimateFacts) -> PublishedSupport:
    return {
        "certainty": str(facts.certainty or ""),
        "supporting_sources": facts.supporting_sources,
        "supporting_outlets": facts.supporting_outlets,
    }


def _disputed_json(disputed: dict[Disputed, list[str]]) -> dict[str, list[str]]:
    return {str(field): ids for field, ids in disputed.items()}


def _paraphrases(form: EventForm | EstimateForm) -> Iterable[str]:
    for citation in form.citations:
        yield from (citation.paraphrase, citation.quote_translation)


def _printed_texts(form: EventForm | EstimateForm) -> Iterable[str]:
    """Yield the searchable words of a record that are neither title, summary nor paraphrase."""
    for term in form.terms:
        yield term.printed
    for citation in form.citations:
        yield from (citation.quote, citation.said_text, citation.value)
        for step in citation.chain:
            yield from (step.words, step.occasion)
    if isinstance(form, EventForm):
        yield from (legal.printed for legal in form.legal)
        yield form.happened_text
        for stage in form.stages:
            yield from (stage.date_text, stage.remark)
    else:
        yield from (form.as_of_text, form.period_text, form.share_of, form.remark)


def _titles(sources: Iterable[SourceForm]) -> Iterable[str]:
    for source in sources:
        yield from (source.title, source.title_en)


def _join_texts(texts: Iterable[str]) -> str:
    # Line breaks, so that no phrase matches across two texts.
    return " \n ".join(text for text in texts if text)


def carriers(plan: EventFacts) -> list[PublishedCarrier]:
    """Return the events that carry out a plan, the earliest first; none for any other event."""
    if not plan.form.is_only_planned:
        return []
    links = plan.context.links_into[plan.form.id]
    found = [
        _carrier(EventFacts(other, plan.context), link)
        for id, link in links
        if link.type is EventLink.IMPLEMENTS
        and (other := plan.context.events.get(id))
        and not other.is_only_planned
    ]
    return sorted(found, key=lambda carrier: carrier["begins"] or date.max.isoformat())


def _carrier(other: EventFacts, link: EventToEvent) -> PublishedCarrier:
    begins = other.spans.lo.first if other.spans.lo else None
    is_said = any(
        citation.about == link.id and citation.stance is Stance.SUPPORTS
        for citation in other.form.citations
    )
    return {
        "event": other.form.id,
        "when": other.happened_words,
        "begins": begins.isoformat() if begins else None,
        "is_ours": not link.citation and (bool(link.reason) or not is_said),
        "is_alleged": not any(
            citation.certainty is Certainty.FIRM for citation in other.support_if(is_plan=False)
        ),
    }


# Codes in no filter -------------------------------------------------------------------------------


@dataclass(frozen=True)
class CodeLocation:
    """Where a payload contains codes of a list."""

    kinds: str
    """The letters of the kinds of records."""
    path: Sequence[str]
    """Names of nested fields: all but the last one are objects or lists of objects."""
    default: str
    """The code of an object without the field."""

    def codes(self, payload: Mapping[str, Any]) -> set[str]:
        *names, field = self.path
        rows: list[Any] = [payload]
        for name in names:
            values = (row.get(name, []) for row in rows)
            rows = [
                each for value in values for each in (value if isinstance(value, list) else [value])
            ]
        return {code for row in rows if (code := row.get(field, self.default))}


with Path(__file__).with_name("code_locations.csv").open(encoding="utf-8", newline="") as _file:
    CODE_LOCATIONS = {
        row["list"]: CodeLocation(row["kinds"], row["path"].split("."), row["default"])
        for row in csv.DictReader(_file)
    }
    """The lists of codes without a filter."""


def usage_terms(kind: str, payload: Mapping[str, Any]) -> set[TermPair]:
    """Return the terms `uses list:code` of a payload."""
    return {
        ("uses", f"{name}:{code}")
        for name, place in CODE_LOCATIONS.items()
        if kind in place.kinds
        for code in place.codes(payload)
    }
