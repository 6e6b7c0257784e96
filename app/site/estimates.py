"""`/estimates`: the list, grouped by year, and the page of one with conflicts and links."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from markupsafe import Markup, escape
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, inside
from app.kinds import EstimateForm, FigureToFigure, SourceForm, Term
from app.record.editions import SelectedEdition
from app.record.filters import EstimateBreakdownFilters, EstimateFilters
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.names.quantity import printed_unit
from app.record.names.support_labels import independent_sources, reports_label, shown_labels
from app.record.payloads import estimate_payload, form_of
from app.record.terms import term_numbers
from app.site.components.marks import decisions_in_words, term_in_words
from app.site.components.urls import PageLink, with_filters
from app.site.listing import Listing
from app.site.presenters.citations import CitedPage
from app.site.presenters.estimate import (
    BACKWARD_LABELS,
    EstimateView,
    scope_in_words,
)
from app.site.presenters.page import RecordPage
from app.vocabulary.estimates import (
    COUNTS_OF_NOBODY,
    EstimateLink,
    Population,
    WholeOrPart,
)
from app.vocabulary.events import Role, TermKey, TermScope
from app.vocabulary.kinds import RecordKind
from app.web.urls import url


class Estimates(Listing[EstimateFilters]):
    name = "estimates"
    kind = RecordKind.ESTIMATE
    filter_class = EstimateFilters
    template = "site/estimates/list.html"

    @property
    def breakdown_address(self) -> str:
        breakdown = EstimateBreakdownFilters.of(self.filters)
        return with_filters(url("estimate-breakdown"), breakdown)

    @property
    def groups(self) -> Iterator[tuple[str, Sequence[EstimateView]]]:
        for heading, rows in self.by_year(_("Date or start unknown")):
            yield heading, [EstimateView(row, self.directory) for row in rows]


# Conflicts --------------------------------------------------------------------------------------


class ConflictTable(NamedTuple):
    """This estimate and the estimates that its bounds exclude (rule 6)."""

    title: str
    rule: str
    is_conflict: bool
    figures: Sequence[tuple[EstimateView, str, str]]
    """Each estimate with its sources, and the editors' reason."""


# The page ---------------------------------------------------------------------------------------


class FigureLink(NamedTuple):
    """A link between this estimate and another one."""

    id: str
    label: str
    sense: str
    """Words of a comparison, such as “fell from”."""
    reason: str
    figure: EstimateView
    is_conflict: bool
    """Whether the editors mark both as conflicting."""


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
    def answer(self) -> Markup:
        """Whom it counts, when and by whom, which the title does not say; then its other terms."""
        message = _("{whom}, {when}, by {speaker}.") if self.chain else _("{whom}, {when}.")
        words = message.format(whom=self.whom, when=self.when, speaker=self.said_by().striptags())
        return escape(" ".join([f"{words[:1].upper()}{words[1:]}", *self._other_terms]))

    @property
    def whom(self) -> str:
        """Of things, and of rules on nobody in particular, the event says more."""
        is_unnamed = self.full.population in {Population.NOBODY, Population.THINGS}
        is_told = bool(self.full.population_text or not self.event_title)
        return self.event_title if is_unnamed and not is_told else super().whom

    @property
    def _other_terms(self) -> Iterable[str]:
        """Yield terms other than places and nationalities."""
        rows: dict[tuple[str, str], list[str]] = {}
        for term in self.full.terms:
            if term.key in {TermKey.PLACE, TermKey.NATIONALITY}:
                continue
            label = _(term.key.label)
            if term.role is not Role.TARGET:
                label = _("{key}, {role}").format(key=label, role=inside(_(term.role.label)))
            # A sector may only describe one plant, whose people are all counted.
            scope = str(term.scope) if term.scope is TermScope.MOSTLY else ""
            rows.setdefault((label, scope), []).append(self._term_in_words(term))
        for (key, scope), names in rows.items():
            counted = scope_in_words(enumerate_words(names), scope)
            yield _("{key}: {names}.").format(key=key, names=counted)

    def _term_in_words(self, term: Term) -> str:
        label = self.directory.label(term.key, term.code) if term.code else ""
        return term_in_words(label, term.printed, None)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Label and value of the codes that the list of estimates can be filtered by."""
        form, fields = self.full, type(self.full).model_fields
        codes = {name: getattr(form, name) for name in FACT_FIELDS}
        if covers := self.payload.get("coverage"):
            codes["coverage"] = WholeOrPart(covers)
        codes["unit"] = printed_unit(self.form)
        if form.counts in COUNTS_OF_NOBODY and form.population in POPULATIONS_OF_NOTHING:
            codes["population"] = None
        labels = {name: _(code.label) for name, code in codes.items() if code}
        if covers and not form.coverage:
            # l10n: a value that no report gives
            labels["coverage"] = _("{value} (calculated)").format(value=labels["coverage"])
        return [(_(str(fields[name].title)), label) for name, label in labels.items()]

    @property
    def cited_terms(self) -> list[tuple[str, str]]:
        """Places, nationalities and other terms with a citation of their own, and its id."""
        return [
            (self._term_in_words(term), term.citation) for term in self.full.terms if term.citation
        ]

    @property
    def support(self) -> list[tuple[str, str]]:
        return shown_labels(self.payload)

    @property
    def reports_words(self) -> str:
        return reports_label(self.payload)

    @property
    def decisions(self) -> list[str]:
        """Which sources the editors count as one or apart, with the reasons."""
        citations = [citation for citation in self.full.citations if citation.id in self.counted]
        return decisions_in_words(self.full.joined_sources, citations)

    @property
    def rivalries(self) -> Iterator[ConflictTable]:
        """The conflicting, then the differing estimates, each with the rule applied (rule 6)."""
        reasons = {link.figure.id: link.reason for link in self.links if link.is_conflict}
        conflicts = self.payload["conflicts"]
        for ids, title, rule in (
            (
                [id for id in conflicts if id in reasons],
                N_("Conflicting estimates, in the editors’ judgement"),
                N_(
                    "The editors judge that they conflict, although they measure different things. "
                    "Both may be true."
                ),
            ),
            (
                [id for id in conflicts if id not in reasons],
                N_("Conflicting estimates"),
                N_(
                    "They measure the same thing, possibly at the same time, and have no value in "
                    "common."
                ),
            ),
            (
                self.payload["differs"],
                N_("Estimates that differ"),
                N_(
                    "They measure the same thing up to 92 days apart, and have no value in common. "
                    "Both may be true on their day."
                ),
            ),
        ):
            if found := [self.others[id] for id in ids if id in self.others]:
                figures = [EstimateView(row, self.directory) for row in (self.version, *found)]
                compared = [
                    (
                        figure,
                        independent_sources(len(figure.payload["origins"])),
                        reasons.get(figure.id, ""),
                    )
                    for figure in figures
                ]
                yield ConflictTable(_(title), _(rule), ids is not self.payload["differs"], compared)

    @property
    def targets(self) -> Mapping[str, PageLink]:
        words = _("{label} {figure} ({id})")
        return {
            link.id: PageLink(
                words.format(label=link.label, figure=link.figure.words, id=link.figure.id),
                f"#{link.id}",
            )
            for link in self.links
            if link.id
        }

    @cached_property
    def links(self) -> list[FigureLink]:
        """Its own links, then those of other estimates to it."""
        found = [
            (link, link.type.label, f"“{link.sense}”" if link.sense else "", self.others[link.to])
            for link in self.full.links
            if link.to in self.others
        ]
        for other in sorted(self.others.values(), key=lambda row: row.number):
            # Its words, such as “fell from”, hold in the other direction only.
            back = map(FigureToFigure.model_validate, form_of(other).get("links", []))
            found += [
                (link, BACKWARD_LABELS[link.type], "", other) for link in back if link.to == self.id
            ]
        return [
            FigureLink(
                link.id,
                _(label),
                sense,
                link.reason,
                EstimateView(row, self.directory),
                link.type is EstimateLink.CONFLICTS_WITH,
            )
            for link, label, sense, row in found
        ]

    @property
    def series(self) -> list[EstimateView]:
        """Comparable estimates including this one, newest first; empty if there is no other."""
        series = self.payload["series"]
        mates = [row for row in self.others.values() if estimate_payload(row)["series"] == series]
        # By the earliest possible day, undated ones last.
        rows = sorted(
            [self.version, *mates],
            key=lambda row: (row.sort_day is not None, row.sort_day, row.number),
            reverse=True,
        )
        return [EstimateView(row, self.directory) for row in rows] if mates else []


def _read_related(
    db: Session, edition: SelectedEdition, ids: Iterable[str], terms: Sequence[tuple[str, str]]
) -> Sequence[Version]:
    """Return records it names, and estimates with one of `terms`. Runs one SQL statement."""
    near = or_(
        Version.id.in_(ids),
        Version.terms.overlap(term_numbers(terms)) & (Version.kind == RecordKind.ESTIMATE),
    )
    return db.scalars(select(Version).where(near, edition.holds())).all()
