"""The page of one estimate: what it measures, its citations, conflicts, links and series."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.i18n.formats import enumerate_words
from app.i18n.translate import _, inside, ngettext
from app.kinds import EstimateForm, FigureToFigure, SourceForm, Term
from app.record.editions import SelectedEdition
from app.record.filters import EstimateFilters
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.quantity import printed_unit
from app.record.names.support_labels import independent_sources, reports_label
from app.record.payloads import estimate_payload, form_of
from app.record.rules import conflicts
from app.record.terms import term_numbers
from app.site.components.marks import Badge, corroboration_badges, decisions_in_words, term_in_words
from app.site.components.text import TextPart, link_names
from app.site.presenters.citations import CitationTarget, CitedPage
from app.site.presenters.estimate import (
    BACKWARD_LABELS,
    FORWARD_LABELS,
    EstimateView,
    scope_in_words,
)
from app.site.presenters.page import RecordPage
from app.vocabulary.estimates import (
    COUNTS_OF_NOBODY,
    Counts,
    EstimateLink,
    Population,
    WholeOrPart,
)
from app.vocabulary.events import Role, TermKey, TermScope
from app.vocabulary.kinds import RecordKind
from app.web.urls import url

# Conflicts --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ComparedEstimate:
    """One row of a conflict table: an estimate with the values it allows."""

    figure: EstimateView
    bounds: str
    origins: str
    reason: str = ""
    """Why the editors marked it as conflicting."""


@dataclass(frozen=True)
class ConflictTable:
    """This estimate and the estimates that its bounds exclude (rule 6)."""

    title: str
    rule: str
    is_conflict: bool
    figures: Sequence[ComparedEstimate]


def conflict_tables(
    row: Version, others: Mapping[str, Version], directory: Directory
) -> Iterable[ConflictTable]:
    """Yield the conflicting, then the differing estimates, each with the rule applied (rule 6)."""
    payload = estimate_payload(row)
    is_stock = payload["form"]["counts"] == Counts.PRESENT
    reasons = _marked_conflicts(row, others)
    marked = [others[id] for id in payload["conflicts"] if id in reasons]
    rivals = [others[id] for id in payload["conflicts"] if id in others and id not in reasons]
    differing = [others[id] for id in payload["differs"] if id in others]
    tables = [
        (
            marked,
            ngettext(
                "Conflicts, in the editors’ judgement, with another estimate",
                "Conflicts, in the editors’ judgement, with {count} other estimates",
                len(marked),
            ),
            _(
                "The editors judge that they conflict, although they measure different things. "
                "Both may be true."
            ),
        ),
        (
            rivals,
            ngettext(
                "In conflict with another estimate",
                "In conflict with {count} other estimates",
                len(rivals),
            ),
            _("They measure the same thing, possibly on the same day, and have no value in common.")
            if is_stock
            else _(
                "They measure the same thing over the same period, and have no value in common."
            ),
        ),
        (
            differing,
            ngettext(
                "Differs from another estimate",
                "Differs from {count} other estimates",
                len(differing),
            ),
            _(
                "They measure the same thing up to 92 days apart, and have no value in common. "
                "Both may be true on their day."
            ),
        ),
    ]
    for found, title, rule in tables:
        if found:
            compared = [_compared_estimate(r, directory, reasons) for r in (row, *found)]
            yield ConflictTable(title, rule, found is not differing, compared)


def _marked_conflicts(row: Version, others: Mapping[str, Version]) -> dict[str, str]:
    """Return the editors' reasons for a conflict, by the id of the other estimate."""
    own = [(link["to"], link) for link in form_of(row).get("links", []) if link["to"] in others]
    back = [
        (id, link)
        for id, other in others.items()
        for link in form_of(other).get("links", [])
        if link["to"] == row.id
    ]
    return {
        id: link.get("reason", "")
        for id, link in own + back
        if link["type"] == EstimateLink.CONFLICTS_WITH
    }


def _compared_estimate(
    row: Version, directory: Directory, reasons: Mapping[str, str]
) -> ComparedEstimate:
    form = EstimateForm.model_validate(form_of(row))
    found = conflicts.allowed_values(form)
    origins = len(estimate_payload(row)["origins"])
    return ComparedEstimate(
        EstimateView(row, directory),
        _bounds(found) if found else "",
        independent_sources(origins),
        reasons.get(row.id, ""),
    )


def _bounds(bounds: conflicts.Bounds) -> str:
    """Return the values that an estimate allows: "7,750 to 7,850", "more than 500"."""
    low, high = (format_number(n) if n is not None else "" for n in (bounds.low, bounds.high))
    if low and high:
        return low if low == high else _("{low} to {high}").format(low=low, high=high)
    if low:
        return (_("more than {number}") if bounds.low_open else _("{number} or more")).format(
            number=low
        )
    return (_("fewer than {number}") if bounds.high_open else _("{number} or fewer")).format(
        number=high
    )


def format_number(number: Decimal) -> str:
    return f"{number.normalize():,f}".replace("-", "−")


# The page ---------------------------------------------------------------------------------------


class FigureLink:
    """A link between this estimate and another one."""

    def __init__(
        self, link: FigureToFigure, label: str, other: Version, directory: Directory
    ) -> None:
        self.id = link.id
        self.label = label
        # For comparisons, such as "fell from".
        self.sense = f"“{link.sense}”" if link.sense else ""
        self.reason = link.reason
        self.figure = EstimateView(other, directory)


FACT_FIELDS = (
    *(name for name in EstimateForm.model_fields if name in EstimateFilters.by_key()),
    "quantifier",
)


POPULATIONS_OF_NOTHING = {Population.NOBODY, Population.ONE_GROUP, Population.THINGS}
"""Populations that say nothing of a length of time, an age or an amount of money."""


class EstimatePage(RecordPage, CitedPage, EstimateView):
    """An estimate on its page. One SQL statement reads the records around it."""

    full: EstimateForm
    title_language = ""

    def __init__(
        self, db: Session, edition: IndexedEdition, row: Version, directory: Directory
    ) -> None:
        super().__init__(db, edition, row, directory)
        form, payload = self.full, self.payload
        named = {
            *payload["sources"],
            *payload["conflicts"],
            *payload["differs"],
            *(link.to for link in form.links),
            form.event,
        }
        around = [("linked", row.id), ("series", payload["series"])]
        found = _read_related(db, edition, named - {""}, around)
        self.version = row
        self.read_sources = {
            r.id: SourceForm.model_validate(form_of(r))
            for r in found
            if r.kind == RecordKind.SOURCE
        }
        self.event_title: str = next(
            (form_of(r)["title"] for r in found if r.kind == RecordKind.EVENT and r.is_live), ""
        )
        self.others = {
            r.id: r for r in found if r.kind == RecordKind.ESTIMATE and r.is_live and r.id != row.id
        }

    @property
    def title(self) -> str:
        words = _("{figure}: {what}, {where}").format(
            figure=self.words, what=inside(self.counts), where=self.where
        )
        return words[:1].upper() + words[1:]

    @property
    def sentences(self) -> Sequence[Sequence[TextPart]]:
        """Whom it counts, when and by whom, which the title does not say; then its other terms."""
        message = _("{whom}, {when}, by {speaker}.") if self.chain else _("{whom}, {when}.")
        words = message.format(whom=self.whom, when=self.when, speaker=self.said_by().striptags())
        return [[TextPart(f"{words[:1].upper()}{words[1:]}")], *self._other_terms]

    @property
    def whom(self) -> str:
        """Of things, and of rules on nobody in particular, the event says more."""
        is_unnamed = self.full.population in {Population.NOBODY, Population.THINGS}
        is_told = bool(self.full.population_text or not self.event_title)
        return self.event_title if is_unnamed and not is_told else super().whom

    @property
    def _other_terms(self) -> Iterable[list[TextPart]]:
        """Yield terms other than places and nationalities, with links to the actors."""
        rows: dict[str, list[str]] = {}
        addresses = {}
        for term in self.full.terms:
            if term.key in {TermKey.PLACE, TermKey.NATIONALITY}:
                continue
            label = _(term.key.label)
            if term.role is not Role.TARGET:
                label = _("{key}, {role}").format(key=label, role=inside(_(term.role.label)))
            rows.setdefault(label, []).append(self._counted(term))
            if term.key is TermKey.ACTOR and term.code in self.directory.actors:
                name = self.directory.label("actor", term.code)
                addresses[name] = url("actor", code=term.code)
        for key, names in rows.items():
            text = _("{key}: {names}.").format(key=key, names=enumerate_words(names))
            yield link_names(text, addresses)

    def _counted(self, term: Term) -> str:
        # A sector may only describe one plant, whose people are all counted.
        name = self._term_in_words(term)
        return scope_in_words(name, term.scope) if term.scope is TermScope.MOSTLY else name

    def _term_in_words(self, term: Term) -> str:
        label = self.directory.label(term.key, term.code) if term.code else ""
        return term_in_words(label, term.printed, None)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Label and value of the codes that the list of estimates can be filtered by."""
        form, fields = self.full, type(self.full).model_fields
        codes = {name: getattr(form, name) for name in FACT_FIELDS}
        covers = self.payload.get("coverage", "")
        codes["coverage"] = WholeOrPart(covers) if covers else None
        codes["unit"] = printed_unit(self.form)
        if form.counts in COUNTS_OF_NOBODY and form.population in POPULATIONS_OF_NOTHING:
            codes["population"] = None
        labels = {name: _(code.label) for name, code in codes.items() if code}
        return [(_(str(fields[name].title)), label) for name, label in labels.items()]

    @property
    def cited_terms(self) -> list[tuple[str, str]]:
        """Places, nationalities and other terms with a citation of their own, and its id."""
        return [
            (self._term_in_words(term), term.citation) for term in self.full.terms if term.citation
        ]

    @property
    def support(self) -> list[Badge]:
        return corroboration_badges(self.payload)

    @property
    def reports_words(self) -> str:
        return reports_label(self.payload)

    @property
    def decisions(self) -> list[str]:
        """Which sources the editors count as one or apart, with the reasons."""
        citations = [citation for citation in self.full.citations if citation.id in self.counted]
        return decisions_in_words(self.full.joined_sources, citations)

    @property
    def rivalries(self) -> Iterable[ConflictTable]:
        return conflict_tables(self.version, self.others, self.directory)

    @property
    def targets(self) -> Mapping[str, CitationTarget]:
        return {link.id: _link_target(link) for link in self.links if link.id}

    @cached_property
    def links(self) -> list[FigureLink]:
        return list(_links(self.full, self.others, self.directory))

    @property
    def series(self) -> list[EstimateView]:
        """Comparable estimates including this one, newest first; empty if there is no other."""
        mates = [
            r
            for r in self.others.values()
            if estimate_payload(r)["series"] == self.payload["series"]
        ]
        rows = _newest_first([self.version, *mates]) if mates else []
        return [EstimateView(row, self.directory) for row in rows]


def _read_related(
    db: Session, edition: SelectedEdition, ids: Iterable[str], terms: Sequence[tuple[str, str]]
) -> Sequence[Version]:
    """Return records it names, and estimates with one of `terms`. Runs one SQL statement."""
    near = or_(
        Version.id.in_(ids),
        Version.terms.overlap(term_numbers(terms)) & (Version.kind == RecordKind.ESTIMATE),
    )
    return db.scalars(select(Version).where(near, edition.holds())).all()


def _newest_first(rows: Iterable[Version]) -> list[Version]:
    """Sort by the earliest possible day, undated rows last."""
    return sorted(
        rows, key=lambda row: (row.sort_day is not None, row.sort_day, row.number), reverse=True
    )


# Links ------------------------------------------------------------------------------------------


def _links(
    form: EstimateForm, others: Mapping[str, Version], directory: Directory
) -> Iterable[FigureLink]:
    """Yield the estimate's own links, then links of other estimates to it."""
    for link in form.links:
        if link.to in others:
            yield FigureLink(link, _(FORWARD_LABELS[link.type]), others[link.to], directory)
    for other in sorted(others.values(), key=lambda row: row.number):
        for stored in form_of(other).get("links", []):
            if stored["to"] == form.id:
                link = FigureToFigure.model_validate(stored)
                # Its words, such as “fell from”, hold in the other direction only.
                link = link.model_copy(update={"sense": ""})
                yield FigureLink(link, _(BACKWARD_LABELS[link.type]), other, directory)


def _link_target(link: FigureLink) -> CitationTarget:
    """Return the target to print with a citation of the link."""
    words = _("{label} {figure} ({id})")
    return CitationTarget(
        words.format(label=link.label, figure=link.figure.words, id=link.figure.id), f"#{link.id}"
    )
