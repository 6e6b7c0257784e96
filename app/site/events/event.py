"""The page of one event: its facts, stages, citations, disputes, related events and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.caches import Cache
from app.dates import edtf
from app.dates.bar import Bar
from app.i18n.formats import enumerate_words
from app.i18n.translate import _, inside
from app.kinds import Citation
from app.kinds.events import UNSTATED
from app.record.index.edition import IndexedEdition
from app.record.models import Version
from app.record.names.date_labels import basis_reason, with_basis
from app.record.names.directory import Directory
from app.record.names.support_labels import reports_label
from app.record.payloads import event_payload
from app.record.reads.event_context import (
    EventContext,
    EventVersion,
    event_context,
    read_context_rows,
    read_versions,
)
from app.record.rules.independence import passed_on_by
from app.record.rules.reports import has_earliest
from app.record.sql.rows import ListRow
from app.site.components.citations import (
    CitationLink,
    citation_groups,
    publication_date,
)
from app.site.components.marks import corroboration_badges, disputed_fields
from app.site.components.reported_status import (
    last_reported_badges,
    objection_lines,
)
from app.site.events.independence import origins_view
from app.site.events.related_events import (
    followers,
    link_targets,
    links,
    parts_of,
)
from app.site.events.stages import linked_events, stages_view
from app.site.events.terms import (
    differences,
    disputes,
    field_support,
    legal_rows,
    place_rows,
    term_rows,
)
from app.site.presenters.estimate import EstimateView
from app.site.presenters.event import event_bar, whole_years
from app.site.presenters.title import revision_rows
from app.web.templates import render_part
from app.web.urls import url


@dataclass(frozen=True)
class SourceReport:
    """A source that cites the event, with its citations."""

    published: str
    outlet: str
    citations: Sequence[CitationLink]
    passes_on: str = ""
    """The outlets whose report it passes on, as a sentence; empty if it is its own."""


@dataclass(frozen=True)
class DateBar:
    """The event's date as a bar on a scale of whole years."""

    bar: Bar
    years: str


class EventPage:
    """The page model of `site/events/page.html`."""

    def __init__(
        self,
        row: Version,
        event: EventContext,
        revisions: Sequence[EventVersion],
        on: date,
        directory: Directory,
    ) -> None:
        form, payload = event.form, event_payload(row)
        reporting = _reporting(event)
        reports = _reports(event, directory, form.citations)
        figures = [EstimateView(figure, directory) for figure in event.figures]
        days = {revision.edition: revision.at for revision in revisions}
        self.form = form
        # Linked events that show that it was not applied, reversed or evaded, or that disagree.
        self.objections = objection_lines(payload, linked_events(event), on)
        self.type = directory.label("type", form.type)
        self.type_address = f"{url('timeline')}?type={form.type}"
        self.stages_now = last_reported_badges(payload)
        self.corroboration = corroboration_badges(payload)
        self.disputed = disputed_fields(payload, directory)
        # Number of reports that support it, and of their outlets.
        self.reports_in_support = reports_label(payload)
        self.when = with_basis(payload["happened_words"], form.happened_basis) or _(
            "Date not known"
        )
        self.when_label = _("When") if form.is_only_planned else _("Happened")
        # What is ours in the date and why; empty if it is as the source gives it.
        self.when_basis = basis_reason(form.happened_basis, form.happened_basis_reason)
        self.deadline = _("not stated") if form.deadline == UNSTATED else payload["deadline_words"]
        self.has_deadline_day = bool(payload["deadline_words"])
        self.dated = _date_bar(event.row)
        self.places = place_rows(form, directory)
        self.terms = term_rows(form, directory)
        self.legal = legal_rows(form, directory)
        self.stages = stages_view(event, directory, on)
        self.disputes = disputes(event, directory)
        # Sorted by date of publication.
        self.reports = reports
        self.first_report = next(iter(_reports(event, directory, reporting)), None)
        # The earliest of the sources that are counted: those that report the event itself.
        self.first_report_label = _first_report_label(event, reporting)
        self.citations = citation_groups(
            form,
            event.sources,
            directory,
            link_targets(event),
            {id for origin in payload["origins"] for id in origin["citations"]},
        )
        self.differences = differences(event, figures, directory)
        self.origins = origins_view(event, directory)
        # The support of each field that has citations of its own.
        self.fields = field_support(event, directory)
        self.parts = parts_of(event)
        self.links = links(event)
        self.figures = figures
        self.followers = followers(event, directory)
        self.revisions = revision_rows(revisions, directory)
        # The page is kept in a cache, the row is not.
        self.added, self.changed = row.added, row.changed
        self.added_at = days.get(row.added)
        self.changed_at = days.get(row.changed)
        self.timeline_address = url("timeline")
        self.address = url("event", id=form.id)

    @cached_property
    def body(self) -> Markup:
        return render_part("site/events/_body.html", event=self)


EVENT_PAGES: Cache[EventPage] = Cache("event-pages")


def event_page(
    db: Session, edition: IndexedEdition, row: Version, directory: Directory
) -> EventPage:
    """Return the page model, cached by the rows it is made of. Runs two SQL statements."""
    # The desk previews rows without `seq`: these are not cached.
    rows, revisions = (
        read_context_rows(db, edition, row, directory),
        read_versions(db, edition, row.id),
    )
    on = edition.at.date()
    written = [(revision.edition, revision.at) for revision in revisions]
    key = (
        (row.seq, *((other.seq, other.followed) for other in rows), *written, on, directory)
        if row.seq
        else None
    )
    return EVENT_PAGES.of(
        key, lambda: EventPage(row, event_context(row, rows), revisions, on, directory)
    )


# Date -------------------------------------------------------------------------------------------

DATE_BAR_WIDTH = 172
"""In pixels: the column of facts leaves this much room."""


def _date_bar(event: ListRow) -> DateBar | None:
    scale = whole_years([event])
    if not (scale and scale.first and scale.last and event.span):
        return None
    drawn = event_bar(event, scale, DATE_BAR_WIDTH)
    first, last = scale.first.year, scale.last.year
    return DateBar(drawn, str(first) if first == last else f"{first}–{last}") if drawn else None


def _reporting(event: EventContext) -> list[Citation]:
    """Return the counted citations of the event; a report of its announcement may precede it."""
    counted = {id for origin in event.payload["origins"] for id in origin["citations"]}
    return [citation for citation in event.form.citations if citation.id in counted]


def _first_report_label(event: EventContext, reporting: Sequence[Citation]) -> str:
    """Say of the first of several reports that it is the earliest only if it surely is (rule 4)."""
    ids = {citation.source for citation in reporting}
    sources = [source for id, source in event.sources.items() if id in ids]
    is_sure = has_earliest([source.published for source in sources])
    return _("Earliest report read") if is_sure else _("One of the earliest reports read")


def _passed_on(citations: Sequence[Citation], event: EventContext, directory: Directory) -> str:
    repeated = [passed_on_by(citation, event.sources[citation.source]) for citation in citations]
    names = sorted({directory.label("outlet", outlet) for outlet in repeated if outlet})
    words = _("repeats {outlets}") if all(repeated) else _("in part repeats {outlets}")
    return words.format(outlets=enumerate_words(names)) if names else ""


def _in_short(citation: Citation) -> str:
    # l10n: a citation in a list of reports, such as "supports (number)"
    return _("{stance} ({subject})").format(
        stance=inside(_(citation.stance.label)), subject=inside(_(citation.kind.label))
    )


def _reports(
    event: EventContext, directory: Directory, citations: Sequence[Citation]
) -> list[SourceReport]:
    """Return the sources of the citations by date of publication, undated ones last."""
    by_source: dict[str, list[Citation]] = {}
    for citation in citations:
        by_source.setdefault(citation.source, []).append(citation)
    sources = [event.sources[id] for id in by_source if id in event.sources]
    return [
        SourceReport(
            published=publication_date(source),
            outlet=directory.label("outlet", source.outlet),
            citations=[
                CitationLink(_in_short(citation), f"#{citation.id}")
                for citation in by_source[source.id]
            ],
            passes_on=_passed_on(by_source[source.id], event, directory),
        )
        for source in sorted(
            sources,
            key=lambda source: (_latest_publication_day(source.published), int(source.id[1:])),
        )
    ]


def _latest_publication_day(text: str) -> date:
    """Return the last possible day of publication: "23 April" sorts before "April"."""
    whole = edtf.parse(text).whole if text else None
    return (whole and whole.last) or date.max
