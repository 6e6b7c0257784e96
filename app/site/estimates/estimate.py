"""The page of one estimate: what it measures, its citations, conflicts, links and series."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.i18n.translate import _
from app.kinds import EstimateForm, FigureToFigure, SourceForm
from app.record.editions import SelectedEdition
from app.record.filters import EstimateFilters
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.quantity import printed_unit
from app.record.names.support_labels import reports_label
from app.record.payloads import EstimatePayload, estimate_payload, form_of
from app.record.reads.event_context import read_versions
from app.record.terms import term_numbers
from app.site.components.citations import CitationTarget, citation_groups
from app.site.components.marks import (
    corroboration_badges,
    decisions_in_words,
)
from app.site.estimates.comparisons import (
    conflict_tables,
)
from app.site.estimates.sentence import (
    Surroundings,
    linked_sentence,
    sentence,
    term_in_words,
)
from app.site.presenters.estimate import (
    BACKWARD_LABELS,
    FORWARD_LABELS,
    EstimateView,
    time_in_words,
)
from app.site.presenters.title import revision_rows
from app.vocabulary.estimates import (
    COUNTS_OF_NOBODY,
    EstimateLink,
    Population,
    WholeOrPart,
)
from app.vocabulary.kinds import RecordKind


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
        # Whether this estimate is a share of it.
        self.is_whole = False


@dataclass(frozen=True)
class CitedTerm:
    """A place, nationality or other term with a citation of its own."""

    words: str
    citation: str


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


class EstimatePage:
    """The page model of `site/estimates/page.html`."""

    def __init__(
        self, db: Session, edition: SelectedEdition, row: Version, directory: Directory
    ) -> None:
        form, payload = EstimateForm.model_validate(form_of(row)), estimate_payload(row)
        named = {
            *payload["sources"],
            *payload["conflicts"],
            *payload["differs"],
            *(link.to for link in form.links),
        }
        found = _read_related(
            db,
            edition,
            {*named, form.event} - {""},
            [
                ("linked", row.id),
                ("series", payload["series"]),
            ],
        )
        sources = {
            r.id: SourceForm.model_validate(form_of(r))
            for r in found
            if r.kind == RecordKind.SOURCE
        }
        event_title = next(
            (form_of(r)["title"] for r in found if r.kind == RecordKind.EVENT and r.is_live),
            "",
        )
        others = {
            r.id: r for r in found if r.kind == RecordKind.ESTIMATE and r.is_live and r.id != row.id
        }
        links = list(_links(form, others, directory))
        figure = EstimateView(row, directory)
        around = Surroundings(
            time_in_words(payload),
            event_title,
            next(
                (f"{link.figure.id} ({link.figure.words})" for link in links if link.is_whole), ""
            ),
        )
        in_words = sentence(form, payload["form"], around, directory)
        comparable = [
            r for r in others.values() if estimate_payload(r)["series"] == payload["series"]
        ]
        self.figure = figure
        self.sentence = in_words
        self.linked_sentence = linked_sentence(in_words, form, directory)
        self.facts = _facts(form, payload)
        self.cited_terms = [
            CitedTerm(term_in_words(term, directory), term.citation)
            for term in form.terms
            if term.citation
        ]
        self.corroboration = corroboration_badges(payload)
        self.reports = reports_label(payload)
        # Which sources the editors count as one or apart, with the reasons.
        self.decisions = _decisions(form, payload)
        self.rivalries = list(conflict_tables(row, others, directory))
        self.citations = citation_groups(
            form, sources, directory, {link.id: _link_target(link) for link in links if link.id}
        )
        self.links = links
        self.event_title = event_title
        # Comparable estimates including this one, newest first; empty if there is no other.
        self.series = (
            [EstimateView(r, directory) for r in _newest_first([row, *comparable])]
            if comparable
            else []
        )
        self.added = row.added
        self.changed = row.changed
        self.revisions = revision_rows(read_versions(db, edition, row.id), directory)


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


# Facts -------------------------------------------------------------------------------------------


FACT_FIELDS = (
    *(name for name in EstimateForm.model_fields if name in EstimateFilters.by_key()),
    "quantifier",
)


POPULATIONS_OF_NOTHING = {Population.NOBODY, Population.ONE_GROUP, Population.THINGS}
"""Populations that say nothing of a length of time, an age or an amount of money."""


def _facts(form: EstimateForm, payload: EstimatePayload) -> list[Fact]:
    """Return the labels of the codes that the list of estimates can be filtered by."""
    fields = type(form).model_fields
    codes = {name: getattr(form, name) for name in FACT_FIELDS}
    covers = payload.get("coverage", "")
    codes["coverage"] = WholeOrPart(covers) if covers else None
    codes["unit"] = printed_unit(payload["form"])
    if form.counts in COUNTS_OF_NOBODY and form.population in POPULATIONS_OF_NOTHING:
        codes["population"] = None
    labels = {name: _(code.label) for name, code in codes.items() if code}
    return [Fact(_(str(fields[name].title)), label) for name, label in labels.items()]


def _decisions(form: EstimateForm, payload: EstimatePayload) -> list[str]:
    counted = {id for origin in payload["origins"] for id in origin["citations"]}
    return decisions_in_words(
        form.joined_sources, [citation for citation in form.citations if citation.id in counted]
    )


# Links ------------------------------------------------------------------------------------------


def _links(
    form: EstimateForm, others: Mapping[str, Version], directory: Directory
) -> Iterable[FigureLink]:
    """Yield the estimate's own links, then links of other estimates to it."""
    for link in form.links:
        if link.to in others:
            found = FigureLink(link, _(FORWARD_LABELS[link.type]), others[link.to], directory)
            found.is_whole = link.type is EstimateLink.SHARE_OF
            yield found
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
