"""Calculated values of an event, an estimate or a source. `filters` and `rows` read them."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from app.dates import day_ranges, edtf, wording
from app.filtering import IN_WORDS
from app.kinds import Citation, CodeForm, EstimateForm, EventForm, SourceForm
from app.record.derivation.context import DerivationContext
from app.record.payloads import PublishedOrigin, PublishedPosition
from app.record.rules import (
    conflicts,
    independence,
    reported_status,
    stages,
)
from app.record.rules.containment import (
    place_and_ancestors,
    places_and_ancestors,
)
from app.record.terms import TermPair
from app.vocabulary.citations import CitationKind
from app.vocabulary.estimates import Nature, Rivalry, WholeOrPart
from app.vocabulary.events import (
    KIND_OF_TERM,
    Direction,
    EventLink,
    Role,
    Step,
    TermKey,
    Track,
    TypeNature,
)
from app.vocabulary.kinds import RecordKind
from app.vocabulary.named import NO_LEGAL_BASIS
from app.vocabulary.record import SETTLEMENTS
from app.vocabulary.sources import LOW_GRADES, Extent
from app.vocabulary.support import SUCCESSORS, ClaimCertainty, Corroboration, Disputed

ENDS: TermPair = ("ends", "stated")
"""The term of events with a stated end, which may pass between two editions."""

F = TypeVar("F", EventForm, EstimateForm)


@dataclass(frozen=True)
class CitedFacts(Generic[F]):
    """A record with citations, and the values that events and estimates have in common."""

    form: F
    context: DerivationContext

    @property
    def named_places(self) -> list[str]:
        """Codes of places in the form, without their ancestors and without places pictured only."""
        return [term.code for term in self.form.terms if term.names_place and term.code]

    @property
    def places(self) -> set[str]:
        return places_and_ancestors(self.named_places, self.context.places)

    @property
    def position(self) -> PublishedPosition | None:
        """Where the only city or town is that it names. A workplace or a province has no point."""
        places = [self.context.places.get(code) for code in dict.fromkeys(self.named_places)]
        settlements = [place for place in places if place and place.kind in SETTLEMENTS]
        place = settlements[0] if len(settlements) == 1 else None
        if place is None or place.latitude is None or place.longitude is None:
            return None
        return {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "precision_km": place.precision_km,
        }

    def covered(self, key: str) -> set[str]:
        """Return the codes of that key with their broader codes, without exempt ones.

        A term in words alone has the code `IN_WORDS`.
        """
        terms = [t for t in self.form.terms if t.key == key and t.role is not Role.EXEMPT]
        found = {
            broader
            for term in terms
            if term.code
            for broader in self.context.with_parents(key, term.code)
        }
        is_in_words = any(not term.code for term in terms)
        return found | {IN_WORDS} if is_in_words else found

    @property
    def actors(self) -> set[str]:
        """Codes of actors with the bodies above them; `IN_WORDS` for one that has no code."""
        return {code for _role, code in self._actors_by_role}

    @property
    def actor_roles(self) -> set[str]:
        """The same actors with the part of each, as `role:code`."""
        return {f"{role}:{code}" for role, code in self._actors_by_role if code != IN_WORDS}

    @property
    def _actors_by_role(self) -> set[tuple[str, str]]:
        return {
            (term.role, code)
            for term in self.form.terms
            if term.key is TermKey.ACTOR
            for code in (
                self.context.with_ancestors(RecordKind.ACTOR, term.code)
                if term.code
                else (IN_WORDS,)
            )
        }

    @cached_property
    def cited(self) -> dict[str, SourceForm]:
        """The cited sources of any stance, by id, in the order of the citations."""
        ids = dict.fromkeys(citation.source for citation in self.form.citations)
        return {id: self.context.sources[id] for id in ids if id in self.context.sources}

    @property
    def outlets(self) -> set[str]:
        return {source.outlet for source in self.cited.values()}

    @property
    def origin_outlets(self) -> set[str]:
        return {
            independence.origin_outlet(citation, self.context.sources)
            for citation in self.form.citations
        }

    @property
    def languages(self) -> set[str]:
        return {source.language.lower() for source in self.cited.values()}

    @property
    def attributions(self) -> set[str]:
        return {citation.speaker.attribution for citation in self.form.citations}

    @property
    def is_plan(self) -> bool:
        """Whether the record is only planned, so that a forecast supports it."""
        raise NotImplementedError

    @cached_property
    def support(self) -> list[Citation]:
        raise NotImplementedError

    @property
    def is_law(self) -> bool:
        """Whether it is a law or a listing, which a text of its own lays down."""
        return False

    @property
    def support_read(self) -> list[Citation]:
        """The supporting citations that are counted."""
        return independence.citations_read(self.support, self.context.sources)

    @property
    def supporting_sources(self) -> list[str]:
        """Ids of the sources that are counted."""
        return list(dict.fromkeys(citation.source for citation in self.counted))

    @property
    def counted(self) -> list[Citation]:
        return independence.counted_citations(self.origins, self.support_read)

    @property
    def supporting_outlets(self) -> list[str]:
        """Codes of the outlets that published the supporting sources."""
        return sorted({self.cited[id].outlet for id in self.supporting_sources if id in self.cited})

    @property
    def corroboration(self) -> Corroboration:
        return self._corroboration_by(self.origins, self.support)

    def _corroboration_by(
        self, origins: list[PublishedOrigin], support: list[Citation]
    ) -> Corroboration:
        context = self.context
        return independence.corroboration(origins, support, context.sources, context.outlets)

    @property
    def corroborations(self) -> list[str]:
        """The level, and that of an anonymous source beside an outlet's own voice."""
        level = self.corroboration
        is_of_outlet = level in {Corroboration.OWN_REPORT, Corroboration.PASSED_ON}
        if is_of_outlet and any(citation.is_anonymous for citation in self.counted):
            return [level, Corroboration.SINGLE_ANONYMOUS]
        return [level]

    @property
    def certainty(self) -> ClaimCertainty | None:
        return independence.claim_certainty(self.origins, self.support_read, self.context.sources)

    @cached_property
    def origins(self) -> list[PublishedOrigin]:
        return self._origins_of(self.support)

    def _origins_of(self, support: list[Citation]) -> list[PublishedOrigin]:
        context = self.context
        return independence.independent_sources(
            independence.citations_read(support, context.sources),
            *(context.sources, context.outlets),
            self.form.joined_sources,
            is_law=self.is_law,
        )

    @property
    def disputed(self) -> dict[Disputed, list[str]]:
        return independence.disputed_fields(self.form.citations)

    @property
    def references(self) -> set[TermPair]:
        """Terms without a filter.

        publish() finds by them the rows that a change affects; pages, the places in a form.
        """
        form, context = self.form, self.context
        cited_sources: set[str] = {citation.source for citation in form.citations}
        sources = {
            id
            for cited in cited_sources
            for id in independence.source_and_ancestors(cited, context.sources)
        }
        outlets = {
            step.outlet for citation in form.citations for step in citation.chain if step.outlet
        }
        forms = [context.sources[id] for id in sources if id in context.sources]
        outlets |= {source.outlet for source in forms}
        outlets |= {
            parent.outlet for source in forms for parent in source.derived_from if parent.outlet
        }
        return (
            {("cites", id) for id in cited_sources}
            | {("rests-on", id) for id in sources}
            | {
                ("speaks", owner)
                for outlet in outlets
                for owner in independence.owners(outlet, context.outlets)
            }
            | {("names", code) for code in self.named_places}
            | {("linked", link.to) for link in form.links}
            | {
                ("uses", f"{t.key}:{t.code}")
                for t in form.terms
                if t.code and t.key not in KIND_OF_TERM
            }
            | ({ENDS} if getattr(self, "has_stated_end", False) else set())
        )


class EventFacts(CitedFacts[EventForm]):
    @cached_property
    def spans(self) -> day_ranges.Spans:
        happened = self.happened
        if self.form.attested:
            return day_ranges.attested_spans(edtf.parse(self.form.attested))
        found = day_ranges.spans(happened, lasts=True, until=self.last_reported)
        # Which of its days belong to which place is not known.
        return replace(found, sure=None) if self._is_act_in_several_places else found

    @property
    def _is_act_in_several_places(self) -> bool:
        """Whether it is an act with several places in one role, none within another."""
        by_role: dict[Role, set[str]] = {}
        for term in self.form.terms:
            if term.names_place:
                by_role.setdefault(term.role, set()).add(term.code)
        places = self.context.places
        return self._nature is TypeNature.ACT and any(
            sum(
                not any(code in place_and_ancestors(other, places) for other in codes - {code})
                for code in codes
            )
            > 1
            for codes in by_role.values()
        )

    @property
    def type_form(self) -> CodeForm | None:
        return self.context.codes.get(f"type:{self.form.type}")

    @property
    def _nature(self) -> TypeNature | None:
        return self.type_form.nature if self.type_form else None

    @property
    def is_law(self) -> bool:
        return bool(self.type_form and self.type_form.is_law)

    @property
    def direction(self) -> str:
        """Its own direction, else that of its type; empty if there is none."""
        found = self.form.direction or (self.type_form.direction if self.type_form else None)
        return "" if found is Direction.NONE else str(found or "")

    @property
    def happened(self) -> edtf.Edtf | None:
        """When it happened. An act or statement is on one day up to an end (rule 1)."""
        if not self.form.happened:
            return None
        happened = edtf.parse(self.form.happened)
        is_done_once = self._nature in {TypeNature.ACT, TypeNature.STATEMENT}
        return happened.as_moment if is_done_once else happened

    @property
    def happened_words(self) -> str:
        """When it happened in words; empty if nobody says."""
        form = self.form
        if form.attested:
            return wording.attested_in_words(form.attested)
        return wording.words(self.happened) if self.happened else ""

    @property
    def last_reported(self) -> date | None:
        """The last day on which a source reported an ongoing event: its latest day (rule 1)."""
        days = []
        for citation in self.support_if(is_plan=True):
            source = self.context.sources.get(citation.source)
            text = citation.said or (source.published if source else "")
            whole = edtf.parse(text).whole if text else None
            if whole and whole.last:
                days.append(whole.last)
        return max(days, default=None)

    @property
    def precision(self) -> str:
        return edtf.precision(edtf.parse(self.form.when) if self.form.when else None)

    @property
    def shown(self) -> set[str]:
        shown = [term.code for term in self.form.terms if term.role is Role.SHOWN_ONLY]
        return places_and_ancestors(shown, self.context.places)

    @property
    def exempt(self) -> set[str]:
        """What is left out, as `key:code`. An exempt part does not exempt its broader code."""
        exempt = [term for term in self.form.terms if term.role is Role.EXEMPT]
        return {
            f"{term.key}:{code}" if term.code else IN_WORDS
            for term in exempt
            for code in self.context.with_retired(term.key, term.code)
        }

    @property
    def laws(self) -> set[str]:
        return {
            broader
            for legal in self.form.legal
            if legal.instrument
            for broader in self.context.with_ancestors(RecordKind.LAW, legal.instrument)
        }

    @property
    def sides(self) -> set[str]:
        return {term.side for term in self.form.terms if term.side}

    @cached_property
    def steps(self) -> list[stages.DatedStep]:
        taken_back = {
            id for form in self.self_and_linked for id in independence.retractions(form.citations)
        }
        own = {citation.id for citation in self.form.citations}
        return stages.date_steps(self.form.stages, self.citable, taken_back, own)

    @property
    def steps_reported(self) -> list[str]:
        """When each step's citation was made or published; empty if not known here."""
        said = {citation.id: citation.said for citation in self.citable}
        for citation in self.form.citations:
            if source := self.cited.get(citation.source):
                said[citation.id] = citation.said or source.published
        return [said.get(stage.citation, "") for stage in self.form.stages]

    @property
    def self_and_linked(self) -> list[EventForm]:
        """The event, and the events that it links to or that link to it."""
        linked = [link.to for link in self.form.links]
        linked += [other for other, _ in self.context.links_into[self.form.id]]
        return [self.form, *(self.context.events[id] for id in linked if id in self.context.events)]

    @property
    def citable(self) -> list[Citation]:
        """The citations that a stage may refer to."""
        return [citation for form in self.self_and_linked for citation in form.citations]

    @property
    def stage(self) -> dict[Track, Step]:
        return stages.newest_steps(self.steps)

    @cached_property
    def lapsed(self) -> set[Track]:
        """Tracks whose last step passed its stated end by the day of the edition (rule 2)."""
        if not (self.context.day and self.has_stated_end):
            return set()
        links = self.context.links_into[self.form.id]
        if any(link.type is EventLink.REVERSES for _, link in links):
            return set()
        steps = stages.steps_of(
            self.form.model_dump(mode="json", exclude_defaults=True),
            self.steps,
            self.steps_reported,
        )
        return reported_status.lapsed_tracks(steps, self.context.day)

    @property
    def has_stated_end(self) -> bool:
        return any(stage.valid_until for stage in self.form.stages)

    @property
    def stages_found(self) -> set[Step]:
        """The newest step of each track; “stated end passed” in place of one that has lapsed."""
        return {Step.LAPSED if track in self.lapsed else step for track, step in self.stage.items()}

    @property
    def is_plan(self) -> bool:
        """Whether all stages are planned or, without stages, whether only forecasts support it."""
        if self.form.stages:
            return {stage.step for stage in self.form.stages} <= {Step.PLANNED}
        return not self.support_if(is_plan=False)

    @property
    def is_statement(self) -> bool:
        """Whether its type is marked as a statement, so that a citation of the words reports it."""
        return self._nature is TypeNature.STATEMENT

    @cached_property
    def support(self) -> list[Citation]:
        return self.support_if(is_plan=self.is_plan)

    def support_if(self, *, is_plan: bool) -> list[Citation]:
        return independence.event_support(
            self.form.citations, is_plan=is_plan, is_statement=self.is_statement
        )

    @property
    def corroborations(self) -> list[str]:
        is_documented = independence.is_documented(self.support, self.context.sources)
        return [*super().corroborations, *([Corroboration.DOCUMENTED] if is_documented else [])]

    @property
    def corroboration_terms(self) -> list[str]:
        """The levels by which it is found, with the retired ones that they succeed."""
        found = self.corroborations
        return [*found, *(old for old, new in SUCCESSORS.items() if self.corroboration in new)]

    @property
    def field_support(self) -> dict[CitationKind, tuple[Corroboration, int, list[Citation]]]:
        """The level, the number of independent sources and the citations of each field."""
        found = {}
        # Whether it is based on a law or breaks it, not only mentions or plans it.
        has_law = any(legal.relation not in NO_LEGAL_BASIS for legal in self.form.legal)
        supports = independence.field_support(self.form.citations, has_law=has_law)
        for kind, support in supports.items():
            origins = self._origins_of(support)
            level = self._corroboration_by(origins, support)
            found[kind] = (level, len(origins), support)
        return found

    @property
    def outlet_roles(self) -> set[TermPair]:
        """Terms for the role of each outlet in the event."""
        roles = independence.outlet_roles(self.origins, self.support, self.context.sources)
        return {("part", f"{role}:{outlet}") for role, outlet in roles}

    @property
    def bases(self) -> set[str]:
        return {source.published_basis for source in self.cited.values()}

    @property
    def estimates(self) -> list[str]:
        return sorted(self.context.estimates_of_event[self.form.id], key=lambda id: int(id[1:]))

    @property
    def has(self) -> set[str]:
        found = {
            "estimate": bool(self.estimates),
            "quote": any(citation.quote for citation in self.form.citations),
            "archive": any(
                copy.archive for source in self.cited.values() for copy in source.copies
            ),
            "deadline": bool(self.form.deadline),
        }
        return {name for name, is_there in found.items() if is_there}


class EstimateFacts(CitedFacts[EstimateForm]):
    @property
    def levels(self) -> set[str]:
        return {
            self.context.places[code].kind
            for code in self.named_places
            if code in self.context.places
        }

    @property
    def is_plan(self) -> bool:
        return self.form.nature is not Nature.OBSERVED

    @cached_property
    def support(self) -> list[Citation]:
        return independence.estimate_support(self.form.citations, is_plan=self.is_plan)

    @cached_property
    def coverage(self) -> WholeOrPart | None:
        return self._coverage_of(self.form)

    def _coverage_of(self, form: EstimateForm) -> WholeOrPart | None:
        return conflicts.coverage(form, self.context.places, self.context.estimates)

    @property
    def whole_at(self) -> list[str]:
        return conflicts.whole_at(self.form, self.coverage)

    @cached_property
    def series(self) -> str:
        return conflicts.series_key(self.form)

    @property
    def references(self) -> set[TermPair]:
        return (
            super().references
            | {("series", self.series)}
            | {("whole-at", code) for code in self.whole_at}
        )

    @property
    def is_of_low_grade(self) -> bool:
        """Whether all outlets that published its supporting sources have a low grade."""
        outlets = [self.context.outlets.get(code) for code in self.supporting_outlets]
        return bool(outlets) and all(each and each.reliability in LOW_GRADES for each in outlets)

    @cached_property
    def rivals(self) -> dict[Rivalry, list[str]]:
        """Ids of the estimates that conflict with this one, and of those that differ."""
        context = self.context
        linked = [
            *context.estimates_linked_to[self.form.id],
            *(
                context.estimates[link.to]
                for link in self.form.links
                if link.to in context.estimates
            ),
        ]
        comparable = [
            other
            for other in context.estimates_of_series[self.series]
            if self._coverage_of(other) is self.coverage
        ]
        others = {other.id: other for other in [*comparable, *linked]}
        in_conflict, differing = conflicts.compare(
            self.form, list(others.values()), context.sources, context.outlets
        )
        return {Rivalry.CONFLICTS: sorted(in_conflict), Rivalry.DIFFERS: sorted(differing)}

    @property
    def marked_conflicts(self) -> list[str]:
        """Ids of the estimates that conflict with this one in the editors' judgement."""
        known = self.context.estimates
        return [
            id
            for id in self.rivals[Rivalry.CONFLICTS]
            if id in known and conflicts.is_marked(self.form, known[id])
        ]

    @property
    def rivalries(self) -> list[str]:
        return [rivalry for rivalry, others in self.rivals.items() if others]


@dataclass(frozen=True)
class SourceFacts:
    form: SourceForm
    context: DerivationContext

    @property
    def ancestors(self) -> set[str]:
        """Ids of the sources that it derives from, directly or indirectly."""
        return independence.source_and_ancestors(self.form.id, self.context.sources) - {
            self.form.id
        }

    @property
    def statements(self) -> list[EventForm | EstimateForm]:
        """The events and estimates that cite it."""
        return self.context.cited_in[self.form.id]

    @property
    def citations(self) -> list[Citation]:
        return [c for form in self.statements for c in form.citations if c.source == self.form.id]

    @property
    def attributions(self) -> set[str]:
        return {citation.speaker.attribution for citation in self.citations}

    @cached_property
    def citing(self) -> list[EventFacts | EstimateFacts]:
        """The events and estimates that cite it, with their calculated values."""
        return [
            EventFacts(form, self.context)
            if isinstance(form, EventForm)
            else EstimateFacts(form, self.context)
            for form in self.statements
        ]

    @property
    def actors(self) -> set[str]:
        return {code for facts in self.citing for code in facts.actors}

    @property
    def actor_roles(self) -> set[str]:
        return {code for facts in self.citing for code in facts.actor_roles}

    @property
    def laws(self) -> set[str]:
        return {code for each in self.citing if isinstance(each, EventFacts) for code in each.laws}

    @property
    def places(self) -> set[str]:
        named = {
            term.code
            for form in self.statements
            for term in form.terms
            if term.names_place and term.code
        }
        return places_and_ancestors(named, self.context.places)

    @property
    def has(self) -> set[str]:
        form = self.form
        found = {
            "link": form.is_linked,
            "archive": any(copy.archive for copy in form.copies),
            "full-text": any(copy.extent is Extent.FULL for copy in form.copies),
            "read": independence.was_read(form),
            "quote": any(citation.quote for citation in self.citations),
            "derived": bool(form.derived_from),
        }
        return {name for name, is_there in found.items() if is_there}
