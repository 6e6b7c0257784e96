"""What is derived about an event, a figure and a source, each seen together with what it rests on; filters read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from app.dates import edtf
from app.forms import Citation, EstimateForm, EventForm, SourceForm
from app.record.derivation.context import Context
from app.record.rules import conflicts, disputes, independence, stages
from app.record.rules.containment import surroundings_of
from app.record.terms import TermPair
from app.vocabulary.estimates import Nature, Rivalry
from app.vocabulary.events import Role, Step, TermKey, Track
from app.vocabulary.sources import Extent
from app.vocabulary.support import Corroboration, Disputed

F = TypeVar("F", EventForm, EstimateForm)


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
            if term.key == key
            and term.code
            and (not roles or term.role in roles)
            and term.role not in but
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
        """Whether it is no more than planned, so that a forecast supports it."""
        raise NotImplementedError

    @cached_property
    def support(self) -> list[Citation]:
        return independence.supporting(self.form.citations, self.is_plan)

    @cached_property
    def origins(self) -> list[independence.Origin]:
        return independence.independent(self.support, self.context.sources, self.context.outlets)

    @property
    def disputed(self) -> dict[Disputed, list[str]]:
        return disputes.disputed(self.form.citations)

    @property
    def references(self) -> set[TermPair]:
        """Terms that no reader filters by: through them the door finds the rows that another row's change affects, and
        pages the places that a record names itself."""
        form, context = self.form, self.context
        direct: set[str] = {citation.source for citation in form.citations}
        sources = {id for cited in direct for id in independence.rests_on(cited, context.sources)}
        speaking = {
            step.outlet for citation in form.citations for step in citation.chain if step.outlet
        }
        read = [context.sources[id] for id in sources if id in context.sources]
        speaking |= {source.outlet for source in read}
        speaking |= {
            parent.outlet for source in read for parent in source.derived_from if parent.outlet
        }
        return (
            {("cites", id) for id in direct}
            | {("rests-on", id) for id in sources}
            | {
                ("speaks", owner)
                for outlet in speaking
                for owner in independence.owners(outlet, context.outlets)
            }
            | {("names", code) for code in self.named_places}
            | {("linked", link.to) for link in form.links}
            | {
                ("uses", f"{t.key}:{t.code}")
                for t in form.terms
                if t.code and t.key is not TermKey.PLACE
            }
            | {
                ("uses", f"instrument:{legal.instrument}")
                for legal in getattr(form, "legal", ())
                if legal.instrument
            }
        )


class Event(Statement[EventForm]):
    """An event with all that is derived about it."""

    @cached_property
    def spans(self) -> edtf.Spans:
        happened = edtf.parse(self.form.happened) if self.form.happened else None
        within = edtf.parse(self.form.within) if self.form.within else None
        return edtf.spans(happened, lasts=True, until=self.last_said, within=within)

    @property
    def last_said(self) -> date | None:
        """The last day on which a source said so: an event "still going on" is possible up to then (rule 1)."""
        days = []
        for citation in independence.supporting(self.form.citations, is_plan=True):
            source = self.context.sources.get(citation.source)
            text = citation.said or (source.published if source else "")
            whole = edtf.parse(text).whole if text else None
            if whole and whole.last:
                days.append(whole.last)
        return max(days, default=None)

    @property
    def precision(self) -> str:
        return edtf.precision(edtf.parse(self.form.happened) if self.form.happened else None)

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
        taken_back = {id for form in self.around for id in independence.taken_back(form.citations)}
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
        return not independence.supporting(self.form.citations, is_plan=False)

    @property
    def corroborations(self) -> list[str]:
        found: list[str] = [independence.corroboration(self.origins, self.support)]
        return (
            [*found, Corroboration.DOCUMENTED]
            if independence.is_documented(self.support)
            else found
        )

    @property
    def parts(self) -> set[TermPair]:
        """Which part each outlet plays in it."""
        played = independence.parts_played(self.origins, self.support, self.context.sources)
        return {("part", f"{part}:{outlet}") for part, outlet in played}

    @property
    def bases(self) -> set[str]:
        return {source.published_basis for source in self.cited.values()}

    @property
    def estimates(self) -> list[str]:
        return sorted(
            self.context.estimates_of_event.get(self.form.id, []), key=lambda id: int(id[1:])
        )

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
        return {
            self.context.places[code].kind
            for code in self.named_places
            if code in self.context.places
        }

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
        return independence.rests_on(self.form.id, self.context.sources) - {self.form.id}

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
