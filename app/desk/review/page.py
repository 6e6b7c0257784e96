"""The page on which drafts are reviewed together: what each changes, and what readers will see."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import (
    KIND_LABELS,
    OPEN_STATES,
    WAITING_STATES,
    Draft,
    DraftState,
    Revision,
    RevisionCause,
    Significance,
)
from app.desk.approved.store import preload_rows, published_version
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts.commands import form_of, open_drafts
from app.desk.drafts.comments import CommentView, threads_by_place, with_talks
from app.desk.drafts.preview import PreviewSummary, preview_summary
from app.desk.drafts.trial_publish import Trial, is_published, publish_all_on_trial
from app.desk.drafts.update import base_document, has_conflict
from app.desk.identity.models import Person
from app.desk.review.commands import (
    Decision,
    citations_in_doubt,
    may_decide,
    row_anchor,
)
from app.desk.ui.form_problems import FormProblem, FormProblems
from app.documents import Document, date_in_words
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _, ngettext
from app.kinds import RecordForm
from app.record.editions import select_edition
from app.record.models import Edition, Version
from app.record.names.directory import Directory, read_directory
from app.record.names.status_labels import last_reported_labels
from app.record.names.support_labels import reports_label, support_labels
from app.record.payloads import CitedPayload, cited_payload, event_payload
from app.record.publishing.validation import PublishError, referenced_records
from app.settings import Settings
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import url

# Citations to confirm ---------------------------------------------------------------------------


@dataclass(frozen=True)
class CitationToConfirm:
    """A citation that supports or disputes text that the draft changes (rule 13)."""

    id: str
    said: Sequence[str]
    is_confirmed: bool


def doubts(
    catalogue: Catalogue, draft: Draft, confirmed: Collection[str]
) -> list[CitationToConfirm]:
    rows = {row["id"]: row for row in draft.document.get("citations", [])}

    def source_of(id: str) -> str:
        source = rows[id]["source"]
        return catalogue.label(catalogue.meant("source", source) or source)

    return [
        CitationToConfirm(id, [source_of(id), rows[id]["paraphrase"]], id in confirmed)
        for id in citations_in_doubt(catalogue, draft)
    ]


# What readers will see --------------------------------------------------------------------------


@dataclass(frozen=True)
class ReaderEffects:
    """What readers will see: a new record as lists show it, or what changes on its page."""

    title: str = ""
    summary: PreviewSummary | None = None
    places: Sequence[str] = ()
    changes: Sequence[tuple[str, str, str]] = ()
    """Title of a line of the public page, its text before, and after."""
    sentence: str = ""
    """The effect on a published record, to follow its id."""


NO_EFFECTS = ReaderEffects()


@dataclass(frozen=True)
class ReadersState:
    """What readers see of a record before the drafts are published."""

    payload: CitedPayload | None
    """None for kinds without citations."""
    lines: Mapping[str, str]


def _published_states(db: Session, drafts: Sequence[Draft]) -> dict[str, ReadersState]:
    """Return what readers see of the records now. Call this outside of a trial publication."""
    states: dict[str, ReadersState] = {}
    directory = read_directory(db, select_edition(db))
    for draft in drafts:
        row = published_version(db, draft.record)
        if row is not None and row.is_live:
            is_citing = draft.kind in CITING_KINDS
            payload = cited_payload(row) if is_citing else None
            states[draft.record] = ReadersState(payload, _lines(row, directory) if payload else {})
    return states


def _effects(
    draft: Draft, published: Mapping[str, ReadersState], trials: Mapping[str, Trial]
) -> ReaderEffects:
    tried, before = trials.get(draft.record), published.get(draft.record)
    if tried is None:
        return NO_EFFECTS
    if before is None:
        return _new_record(tried, draft.document)
    if before.payload is None:
        return NO_EFFECTS
    after = _lines(tried.row, tried.directory)
    lines = [(title, before.lines[title], after[title]) for title in after]
    return ReaderEffects(changes=lines, sentence=_sentence(before.payload, tried))


def _new_record(tried: Trial, document: Document) -> ReaderEffects:
    form = tried.row.payload["form"]
    places = [
        tried.directory.label("place", term["code"])
        for term in form.get("terms", ())
        if term["key"] == TermKey.PLACE and term.get("code")
    ]
    title = form.get("title", "") if tried.row.kind == RecordKind.EVENT else ""
    if tried.row.kind == RecordKind.SOURCE:
        title = document["title_en"] or document["title"]
    return ReaderEffects(title, preview_summary(tried), list(dict.fromkeys(places)))


def _lines(row: Version, directory: Directory) -> dict[str, str]:
    """Return what the rules make of a record, by title."""
    payload = cited_payload(row)
    disputed = [directory.label("disputed", code) for code in payload["disputed"]]
    stages = last_reported_labels(event_payload(row)) if row.kind == RecordKind.EVENT else ()
    status = {_("Status"): enumerate_words(label for _code, label in stages)} if stages else {}
    return {
        _("Support"): enumerate_words(label for _code, label in support_labels(payload)),
        _("Disputed"): enumerate_words(disputed) or _("nothing"),
        _("Reports"): reports_label(payload) or _("none"),
        **status,
    }


def _sentence(was: CitedPayload, tried: Trial) -> str:
    """Return the effect of a row on a published record in words, to follow its id."""
    now = cited_payload(tried.row)
    parts = []
    gained = len(set(now["sources"]) - set(was["sources"]))
    if gained:
        parts.append(ngettext("gains {count} report", "gains {count} reports", gained))
    for codes, others, words in (
        (now, was, _("becomes disputed ({what})")),
        (was, now, _("is no longer disputed ({what})")),
    ):
        what = [
            tried.directory.label("disputed", code).lower()
            for code in codes["disputed"]
            if code not in others["disputed"]
        ]
        if what:
            parts.append(words.format(what=enumerate_words(what)))
    before, after = (
        enumerate_words(label for _code, label in support_labels(each)) for each in (was, now)
    )
    parts.append(
        _("its support stays the same")
        if before == after
        else _("its support becomes “{support}”").format(support=after)
    )
    return _("; ").join(parts)


# The page ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReviewRow:
    """A draft in review."""

    number: int
    draft: Draft
    what: str
    is_own: bool
    """Whether the viewer wrote in it, so that somebody else decides."""
    title: str
    author: str
    weight: str
    quoted: Sequence[tuple[str, Sequence[str]]]
    """What its citations of the report say in our words, and wordings that they quote."""
    changes: Sequence[FieldChange]
    talk: Sequence[CommentView]
    """Comments on the whole row, and on fields that are not shown."""
    effects: ReaderEffects
    doubts: Sequence[CitationToConfirm]
    has_conflict: bool
    is_withdrawn: bool
    waits_for: Sequence[tuple[str, str, str]]
    """Drafts elsewhere that must be approved too: id, state and address."""
    citations: int
    """Number of citations that it adds."""
    is_ticked: bool
    comment: tuple[str, str]
    """The path of the field and the words of a comment that was typed."""

    @property
    def is_new(self) -> bool:
        return self.draft.base is None


@dataclass(frozen=True)
class ReviewPage:
    """The data of `desk/review/page.html`."""

    name: str
    title: str
    language: str
    details: Sequence[str]
    source: str
    """Id of the report, if it is one."""
    by: str
    at: datetime | None
    rows: Sequence[ReviewRow]
    elsewhere: Sequence[tuple[str, str, str]]
    """Other open drafts of the report: title, state and URL."""
    together: tuple[str, str]
    """Words and URL of what else a single draft is decided on with, if anything."""
    refusals: FormProblems
    """Why the rows can't be published together as they are, each with the id of its row."""
    next_edition: int

    @property
    def decidable(self) -> Sequence[ReviewRow]:
        return [row for row in self.rows if not row.is_own]

    @property
    def is_approved(self) -> bool:
        return all(row.draft.state == DraftState.APPROVED for row in self.rows)

    @property
    def doubtful(self) -> Sequence[str]:
        """All citations of the page that must be confirmed."""
        return [doubt.id for row in self.decidable for doubt in row.doubts]

    @property
    def totals(self) -> Sequence[tuple[str, str, int]]:
        """The key that the script counts by, the label, and the count of the ticked rows."""
        counted = [row for row in self.decidable if row.is_ticked] if self.decidable else self.rows
        return [
            ("new", _("New records"), sum(row.is_new for row in counted)),
            ("citations", _("New citations"), sum(row.citations for row in counted)),
            ("changes", _("Records that change"), sum(not row.is_new for row in counted)),
        ]


def review_page(
    db: Session,
    person: Person,
    drafts: Sequence[Draft],
    settings: Settings,
    *,
    source: str = "",
    words: str = "",
    decision: Decision,
) -> ReviewPage:
    """Return the page of these drafts: those of a report, of a bulk edit, or a single one.

    `words` describe the bulk edit. `decision` is what was typed, if it could not be saved.
    """
    catalogue = Catalogue(db, person)
    numbers = {draft.id: number for number, draft in enumerate(drafts, 1)}
    with preload_rows(db, [draft.record for draft in drafts]):
        forms = {
            draft.id: form
            for draft in drafts
            if (form := check_draft(form_of(draft), draft.document, catalogue).form) is not None
        }
        published = _published_states(db, drafts)
        with _trials(db, catalogue, list(forms.values())) as (trials, refusals):
            effects = {draft.id: _effects(draft, published, trials) for draft in drafts}
        rows = [
            _row(
                catalogue,
                draft,
                numbers[draft.id],
                source=source,
                effects=effects[draft.id],
                waits_for=list(_blocking(catalogue, forms.get(draft.id), numbers)),
                is_own=not may_decide(db, person, draft, settings),
                decision=decision,
            )
            for draft in drafts
        ]
    by, at = _submission(db, drafts)
    document = catalogue.document(source) if source else None
    first = rows[0]
    return ReviewPage(
        name=source or (_("Bulk edit") if words else first.draft.record),
        title=_source_title(document) if document else words or first.title,
        language=document["language"] if document and document["title"] else "",
        details=_source_details(catalogue, document) if document else (),
        source=source,
        by=by,
        at=at,
        rows=rows,
        elsewhere=_elsewhere(catalogue, source) if source else (),
        together=("", "") if source or words else _decided_with(db, first.draft),
        refusals=_with_rows(refusals, rows),
        next_edition=(db.scalar(select(func.max(Edition.no))) or 0) + 1,
    )


@contextmanager
def _trials(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> Iterator[tuple[Mapping[str, Trial], Sequence[str]]]:
    """Yield a trial publication of all valid rows together, or why it fails."""
    try:
        with publish_all_on_trial(db, catalogue, forms) as trials:
            yield trials, ()
    except PublishError as refused:
        yield {}, refused.reasons


def _with_rows(refusals: Sequence[str], rows: Sequence[ReviewRow]) -> FormProblems:
    """Return each reason, which begins with the id of a record, with its row."""
    anchors = {row.draft.record: row_anchor(row.number) for row in rows}
    return FormProblems(
        tuple(
            FormProblem(as_sentence(reason), anchors.get(reason.partition(":")[0], ""))
            for reason in refusals
        )
    )


def _blocking(
    catalogue: Catalogue, form: RecordForm | None, own: Collection[int]
) -> Iterator[tuple[str, str, str]]:
    """Yield the drafts elsewhere that must be published before a row or together with it."""
    for target in referenced_records(form) if form else ():
        other = catalogue.draft_named(*target)
        if other and other.id not in own and not is_published(catalogue.db, target):
            page = "review" if other.state in WAITING_STATES else "draft"
            yield other.record, _(DraftState(other.state).label), url(page, id=other.id)
    for first in open_drafts(catalogue.db, form.id) if form else ():
        if first.base is None and first.id not in own:
            yield first.record, _(DraftState(first.state).label), url("review", id=first.id)


def _row(
    catalogue: Catalogue,
    draft: Draft,
    number: int,
    *,
    source: str,
    effects: ReaderEffects,
    waits_for: Sequence[tuple[str, str, str]],
    is_own: bool,
    decision: Decision,
) -> ReviewRow:
    db, base = catalogue.db, base_document(draft)
    log_reading_of(db, catalogue.person, draft.record, base, draft.document)
    threads = threads_by_place(db, draft)
    changed = changes(catalogue, form_of(draft), base, draft.document)
    shown = {change.place for change in changed}
    published = published_version(db, draft.record)
    is_unticked = draft.id in decision.looked_at and draft.id not in decision.ticked
    return ReviewRow(
        number=number,
        draft=draft,
        what=_what(draft),
        is_own=is_own,
        title=catalogue.title(draft.kind, draft.document),
        author=db.get_one(Person, draft.owner).called,
        weight=_(Significance(draft.why).label) if draft.why else "",
        quoted=list(_quoted(draft.document, source)),
        changes=with_talks(changed, threads),
        talk=[talk for place, some in threads.items() if place not in shown for talk in some],
        effects=effects,
        doubts=doubts(catalogue, draft, decision.confirmed),
        has_conflict=has_conflict(db, draft),
        is_withdrawn=published is not None and not published.is_live,
        waits_for=waits_for,
        citations=len(_new_citations(base, draft.document)),
        is_ticked=not is_unticked and not is_own,
        comment=decision.comments.get(draft.id, ("", "")),
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


def _quoted(document: Document, source: str) -> Iterator[tuple[str, Sequence[str]]]:
    for row in document.get("citations", []):
        if row["source"].strip() == source:
            texts = [row["quote"], row["certainty_text"], row["said_text"]]
            texts += [step["words"] for step in row["chain"]]
            yield row["paraphrase"], list(dict.fromkeys(filter(None, texts)))


def _submission(db: Session, drafts: Sequence[Draft]) -> tuple[str, datetime | None]:
    """Return who submitted the newest row, and when."""
    newest = db.execute(
        select(Revision.by, Revision.at)
        .where(
            Revision.draft.in_([draft.id for draft in drafts]),
            Revision.saved == RevisionCause.SUBMITTED,
        )
        .order_by(Revision.at.desc())
        .limit(1)
    ).one_or_none()
    return (db.get_one(Person, newest.by).called, newest.at) if newest else ("", None)


def _source_title(document: Document) -> str:
    return str(document["title"] or document["title_en"] or _("Untitled source"))


def _source_details(catalogue: Catalogue, document: Document) -> list[str]:
    outlet = catalogue.meant("outlet", document["outlet"])
    details = [
        catalogue.label(outlet, "outlet") if outlet else document["outlet"],
        date_in_words(document["published"]),
        document["title_en"] if document["title"] else "",
    ]
    return [each for each in details if each]


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


def _decided_with(db: Session, draft: Draft) -> tuple[str, str]:
    """Return the report or the bulk edit that a draft is part of."""
    source = draft.article or (draft.record if draft.kind == RecordKind.SOURCE else "")
    of_report = select(func.count()).where(
        or_(Draft.article == source, Draft.record == source), Draft.state == DraftState.IN_REVIEW
    )
    if source and (db.scalar(of_report) or 0) > 1:
        return _("Review the whole report"), url("report-review", id=source)
    made = select(Revision.sheet).where(
        Revision.draft == draft.id, Revision.saved == RevisionCause.TOGETHER
    )
    name = db.scalars(made.order_by(Revision.number.desc()).limit(1)).first()
    return (_("Review the whole bulk edit"), url("bulk-review", name=name)) if name else ("", "")
