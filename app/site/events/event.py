"""One event as a reader sees it: what happened, when and where, who says so, for and against, and what is near it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.bar import Bar, bar
from app.dates.wording import in_words
from app.forms import Citation
from app.forms.events import UNSTATED
from app.i18n.translate import _, ngettext
from app.record.editions import Reading
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.reads.event_context import Around, Revision, around, history, rows_around
from app.record.sql.rows import Found
from app.site.components.badges import Mark, corroboration_marks, stage_marks
from app.site.components.citations import CitationGroup, CitationLink, citation_groups, published
from app.site.components.estimate_line import FigureView, figure_view
from app.site.components.event_card import whole_years
from app.site.components.record_history import RevisionRow, revision_rows
from app.site.events.disagreements import DifferenceView, DisputeView, differences, disputes
from app.site.events.independence import Origins, origins_view
from app.site.events.related_events import (
    Followers,
    LinkRow,
    Parts,
    followers,
    link_targets,
    links,
    parts_of,
)
from app.site.events.stages import StagesView, stages_view
from app.site.events.terms import LegalRow, PlaceRow, TermRow, legal_rows, place_rows, term_rows
from app.site.record_pages.page import RecordPage
from app.web.render_cache import Drawn
from app.web.templates import part
from app.web.urls import url


@dataclass(frozen=True)
class Report:
    """One source that speaks of the event."""

    published: str
    outlet: str
    citations: Sequence[CitationLink]
    is_direct: bool


@dataclass(frozen=True)
class Dated:
    """The picture of when it happened, on a scale of whole years."""

    bar: Bar
    years: str


@dataclass(frozen=True)
class EventPage:
    """Everything that `site/events/page.html` prints."""

    id: str
    title: str
    summary: str
    type: str
    type_address: str
    stages_now: Sequence[Mark]
    corroboration: Sequence[Mark]
    disputed: Sequence[str]
    support: str
    when: str
    when_text: str
    within: str
    within_reason: str
    deadline: str
    has_deadline_day: bool
    deadline_text: str
    dated: Dated | None
    places: Sequence[PlaceRow]
    terms: Sequence[TermRow]
    legal: Sequence[LegalRow]
    stages: StagesView | None
    disputes: Sequence[DisputeView]
    reports: Sequence[Report]
    """In order of publication."""
    first_report: Report | None
    """The first that speaks of the event itself, and not only of what it is linked with."""
    citations: Sequence[CitationGroup]
    differences: Sequence[DifferenceView]
    origins: Origins
    parts: Sequence[Parts]
    links: Sequence[LinkRow]
    figures: Sequence[FigureView]
    followers: Followers | None
    revisions: Sequence[RevisionRow]
    added: int
    added_at: datetime | None
    changed: int
    changed_at: datetime | None
    timeline_address: str
    address: str
    json_address: str

    @cached_property
    def body(self) -> Markup:
        return part("site/events/_body.html", event=self)


EVENTS: Drawn[EventPage] = Drawn(500)


def one_event(db: Session, edition: Reading, row: Version, directory: Directory) -> EventPage:
    """Two statements: one for all that stands around it, one for its history."""
    rows, revisions = rows_around(db, edition, row, directory), history(db, edition, row.id)
    on = edition.at.date()
    written = [(revision.edition, revision.at) for revision in revisions]
    key = (
        (row.seq, *((beside.seq, beside.followed) for beside in rows), *written, on, directory)
        if row.seq
        else None
    )
    return EVENTS.of(key, lambda: _event(row, around(row, rows), revisions, on, directory))


def _event(
    row: Version, event: Around, revisions: Sequence[Revision], on: date, directory: Directory
) -> EventPage:
    form, payload = event.form, row.payload
    reports = _reports(event, directory)
    figures = [figure_view(figure, directory) for figure in event.figures]
    days = {revision.edition: revision.at for revision in revisions}
    return EventPage(
        id=form.id,
        title=form.title,
        summary=form.summary,
        type=directory.label("type", form.type),
        type_address=f"{url('timeline')}?type={form.type}",
        stages_now=stage_marks(payload),
        corroboration=corroboration_marks(payload, directory),
        disputed=[directory.label("disputed", code) for code in payload["disputed"]],
        support=_support(payload),
        when=payload["happened_words"] or _("Date not known"),
        when_text=form.happened_text,
        within=in_words(form.within) if form.within else "",
        within_reason=form.within_reason,
        deadline=_("not stated") if form.deadline == UNSTATED else payload["deadline_words"],
        has_deadline_day=bool(payload["deadline_words"]),
        deadline_text=form.deadline_text,
        dated=_dated(event.row),
        places=place_rows(form, directory),
        terms=term_rows(form, directory),
        legal=legal_rows(form, directory),
        stages=stages_view(event, directory, on),
        disputes=disputes(event, directory),
        reports=reports,
        first_report=next((report for report in reports if report.is_direct), None),
        citations=citation_groups(form, event.sources, directory, link_targets(event)),
        differences=differences(event, figures, directory),
        origins=origins_view(event, directory),
        parts=parts_of(event),
        links=links(event),
        figures=figures,
        followers=followers(event, directory),
        revisions=revision_rows(revisions, directory),
        added=row.added,
        added_at=days.get(row.added),
        changed=row.changed,
        changed_at=days.get(row.changed),
        timeline_address=url("timeline"),
        address=url("event", id=form.id),
        json_address=f"{url('event', id=form.id)}.json",
    )


def _support(payload: Mapping[str, Any]) -> str:
    return _("{sources}, {outlets}").format(
        sources=ngettext("{count} source", "{count} sources", len(payload["sources"])),
        outlets=ngettext("{count} outlet", "{count} outlets", len(payload["outlets"])),
    )


# When -------------------------------------------------------------------------------------------------------------

RAIL = 172
"""Pixels that the bar of the date is wide, beside the other facts."""


def _dated(event: Found) -> Dated | None:
    scale, form = whole_years([event]), event.payload["form"]
    if not (scale and scale.first and scale.last and event.span):
        return None
    drawn = bar(
        event.span,
        event.lo,
        event.hi,
        form.get("happened", ""),
        form.get("deadline", ""),
        scale,
        width=RAIL,
    )
    first, last = scale.first.year, scale.last.year
    return Dated(drawn, str(first) if first == last else f"{first}–{last}") if drawn else None


def _reports(event: Around, directory: Directory) -> list[Report]:
    """The sources in order of publication; those without a date come last."""
    by: dict[str, list[Citation]] = {}
    for citation in event.form.citations:
        by.setdefault(citation.source, []).append(citation)
    read = [event.sources[id] for id in by if id in event.sources]
    return [
        Report(
            published=published(source),
            outlet=directory.label("outlet", source.outlet),
            citations=[CitationLink(_(c.stance.label).lower(), f"#{c.id}") for c in by[source.id]],
            is_direct=any(not c.about for c in by[source.id]),
        )
        for source in sorted(
            read, key=lambda source: (_out_by(source.published), int(source.id[1:]))
        )
    ]


def _out_by(text: str) -> date:
    """The day by which it was surely out: what was published on the 23rd comes before what was "in April"."""
    whole = edtf.parse(text).whole if text else None
    return (whole and whole.last) or date.max


EVENT = RecordPage("event", "site/events/page.html", one_event)
