"""The page on which a report is reviewed as one thing: its rows, and what approval changes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import (
    KIND_LABELS,
    OPEN_STATES,
    Draft,
    DraftState,
    Revision,
    RevisionCause,
    Significance,
)
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts import commands as drafts
from app.desk.drafts.comments import CommentView, threads_by_place, with_talks
from app.desk.drafts.trial_publish import Trial, publish_all_on_trial
from app.desk.drafts.update import base_document, has_conflict
from app.desk.identity.models import Person
from app.desk.review.citations_to_confirm import CitationToConfirm, doubts
from app.desk.review.commands import may_decide, proposed_codes
from app.desk.review.report_decision import row_anchor, row_numbers, rows_in_review
from app.desk.review.report_effects import ReaderEffects, published_states, reader_effects
from app.desk.review.report_words import RowWords, words_by_record
from app.desk.ui.form_problems import FormProblem, FormProblems
from app.documents import Document, date_in_words
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.record.models import Edition
from app.record.publishing.validation import PublishError
from app.settings import Settings
from app.vocabulary.kinds import RecordKind
from app.web.urls import url


@dataclass(frozen=True)
class ReportRow:
    """One row of a report in review: a draft."""

    number: int
    id: int
    revision: int
    record: str
    what: str
    is_new: bool
    is_own: bool
    """Whether the viewer wrote in it, so that somebody else decides."""
    title: str
    author: str
    weight: str
    reason: str
    words: RowWords
    changes: Sequence[FieldChange]
    talk: Sequence[CommentView]
    """Comments on the whole row, and on fields that are not shown."""
    effects: ReaderEffects
    doubts: Sequence[CitationToConfirm]
    has_conflict: bool
    proposed: Sequence[str]
    """Labels of codes that an admin must decide on first."""
    citations: int
    """Number of citations that it adds."""
    address: str
    preview_address: str
    is_ticked: bool
    place: str = ""
    comment: str = ""
    """A comment that was typed, and the path of its field."""


@dataclass(frozen=True)
class ReportReview:
    """The data of `desk/review/report.html`."""

    source: str
    title: str
    language: str
    title_en: str
    outlet: str
    published: str
    by: str
    at: datetime | None
    address: str
    """The page of the source at the desk."""
    rows: Sequence[ReportRow]
    elsewhere: Sequence[tuple[str, str, str]]
    """Other open drafts of the report: title, state and URL."""
    refusals: FormProblems
    """Why the rows can't be published together as they are, each with the id of its row."""
    next_edition: int
    has_text: bool
    derived_from: Sequence[str]

    @property
    def decidable(self) -> Sequence[ReportRow]:
        return [row for row in self.rows if not row.is_own]

    @property
    def ticked(self) -> Sequence[ReportRow]:
        return [row for row in self.decidable if row.is_ticked]

    @property
    def totals(self) -> Sequence[tuple[str, str, int]]:
        """The key that the script counts by, the label, and the count of the ticked rows."""
        counted = self.ticked if self.decidable else self.rows
        return [
            ("new", _("New records"), sum(row.is_new for row in counted)),
            ("citations", _("New citations"), sum(row.citations for row in counted)),
            ("changes", _("Records that change"), sum(not row.is_new for row in counted)),
        ]


def report_review(
    db: Session,
    person: Person,
    source: str,
    settings: Settings,
    *,
    unticked: Collection[int] = (),
    typed: Mapping[int, tuple[str, str]] | None = None,
    confirmed: Collection[str] = (),
) -> ReportReview | None:
    """Return the page of a report; None if nothing of it is in review."""
    found, catalogue = rows_in_review(db, source), Catalogue(db, person)
    document = catalogue.document(source)
    if not found or document is None:
        return None
    said = words_by_record(db, catalogue, source, found)
    published = published_states(db, found)
    numbers = row_numbers(db, source, found)
    with _trials(db, catalogue, found) as (trials, refusals):
        effects = {draft.id: reader_effects(draft, published, trials) for draft in found}
    rows = [
        _row(
            catalogue,
            draft,
            numbers[draft.id],
            words=said[draft.record],
            effects=effects[draft.id],
            is_own=not may_decide(db, person, draft, settings),
            is_ticked=draft.id not in unticked,
            typed=(typed or {}).get(draft.id, ("", "")),
            confirmed=confirmed,
        )
        for draft in sorted(found, key=lambda each: numbers[each.id])
    ]
    outlet = catalogue.meant("outlet", document["outlet"])
    by, at = _submission(db, found)
    return ReportReview(
        source=source,
        title=document["title"] or document["title_en"] or _("Untitled source"),
        language=document["language"] if document["title"] else "",
        title_en=document["title_en"] if document["title"] else "",
        outlet=catalogue.label(outlet, "outlet") if outlet else document["outlet"],
        published=date_in_words(document["published"]),
        by=by,
        at=at,
        address=url("article", id=source),
        rows=rows,
        elsewhere=_elsewhere(catalogue, source),
        refusals=_with_rows(refusals, rows),
        next_edition=(db.scalar(select(func.max(Edition.no))) or 0) + 1,
        has_text=any(each.sentences for each in said.values()),
        derived_from=_derived_from(document),
    )


@contextmanager
def _trials(
    db: Session, catalogue: Catalogue, found: Sequence[Draft]
) -> Iterator[tuple[Mapping[str, Trial], Sequence[str]]]:
    """Yield a trial publication of all valid rows together, or why it fails."""
    forms = [
        form
        for draft in found
        if (form := check_draft(drafts.form_of(draft), draft.document, catalogue).form) is not None
    ]
    try:
        with publish_all_on_trial(db, catalogue, forms) as trials:
            yield trials, ()
    except PublishError as refused:
        yield {}, refused.reasons


def _with_rows(refusals: Sequence[str], rows: Sequence[ReportRow]) -> FormProblems:
    """Return each reason, which begins with the id of a record, with its row."""
    anchors = {row.record: row_anchor(row.number) for row in rows}
    return FormProblems(
        tuple(
            FormProblem(as_sentence(reason), anchors.get(reason.partition(":")[0], ""))
            for reason in refusals
        )
    )


def _row(
    catalogue: Catalogue,
    draft: Draft,
    number: int,
    *,
    words: RowWords,
    effects: ReaderEffects,
    is_own: bool,
    is_ticked: bool,
    typed: tuple[str, str],
    confirmed: Collection[str],
) -> ReportRow:
    form, base = drafts.form_of(draft), base_document(draft)
    log_reading_of(catalogue.db, catalogue.person, draft.record, base, draft.document)
    threads = threads_by_place(catalogue.db, draft)
    changed = changes(catalogue, form, base, draft.document)
    shown = {change.place for change in changed}
    return ReportRow(
        number=number,
        id=draft.id,
        revision=draft.number,
        record=draft.record,
        what=_what(draft),
        is_new=draft.base is None,
        is_own=is_own,
        title=catalogue.title(draft.kind, draft.document),
        author=catalogue.db.get_one(Person, draft.owner).called,
        weight=_(Significance(draft.why).label) if draft.why else "",
        reason=draft.reason or "",
        words=words,
        changes=with_talks(changed, threads),
        talk=[talk for place, some in threads.items() if place not in shown for talk in some],
        effects=effects,
        doubts=doubts(catalogue, draft, confirmed),
        has_conflict=has_conflict(catalogue.db, draft),
        proposed=[code.label for code in proposed_codes(catalogue, draft)],
        citations=len(_new_citations(base, draft.document)),
        address=url("review", id=draft.id),
        preview_address=url("draft-preview", id=draft.id),
        is_ticked=is_ticked and not is_own,
        place=typed[0],
        comment=typed[1],
    )


def _what(draft: Draft) -> str:
    """Return what the row does: "New event E126", "Citation of E8", "Change of S3"."""
    noun = _(KIND_LABELS[draft.kind]).lower()
    if draft.base is None:
        return _("New {noun} {id}").format(noun=noun, id=draft.record)
    base = base_document(draft)
    others = {name for name in base if base[name] != draft.document.get(name)} - {"citations"}
    new = _new_citations(base, draft.document)
    if new and not others:
        title = _("Citation of {id}") if len(new) == 1 else _("Citations of {id}")
        return title.format(id=draft.record)
    return _("Change of {noun} {id}").format(noun=noun, id=draft.record)


def _new_citations(base: Document, document: Document) -> list[Document]:
    known = {row["id"] for row in base.get("citations", [])}
    return [row for row in document.get("citations", []) if row["id"] not in known]


def _submission(db: Session, found: Sequence[Draft]) -> tuple[str, datetime | None]:
    """Return who submitted the newest row, and when."""
    newest = db.execute(
        select(Revision.by, Revision.at)
        .where(
            Revision.draft.in_([draft.id for draft in found]),
            Revision.saved == RevisionCause.SUBMITTED,
        )
        .order_by(Revision.at.desc())
        .limit(1)
    ).one_or_none()
    return (db.get_one(Person, newest.by).called, newest.at) if newest else ("", None)


def _elsewhere(catalogue: Catalogue, source: str) -> list[tuple[str, str, str]]:
    of_report = or_(Draft.article == source, Draft.record == source)
    others = select(Draft).where(
        of_report, Draft.state.in_(OPEN_STATES), Draft.state != DraftState.IN_REVIEW
    )
    return [
        (
            catalogue.title(draft.kind, draft.document),
            _(DraftState(draft.state).label),
            url("desk-record", record=draft.record),
        )
        for draft in catalogue.db.scalars(others.order_by(Draft.id))
    ]


def _derived_from(document: Document) -> list[str]:
    """Return the ids of the sources that the report derives from."""
    rows = document.get("derived_from", [])
    return [row["source"] for row in rows if row.get("source", "")[:1] == RecordKind.SOURCE]
