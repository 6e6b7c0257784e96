"""What waits for review or publication, and the page on which drafts are reviewed together."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from app.desk.approved.models import (
    KIND_LABELS,
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
from app.desk.draft_form.compare import changes
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts.commands import form_of
from app.desk.drafts.comments import talks
from app.desk.drafts.conflicts import base_document, has_conflict
from app.desk.drafts.queue import DRAFTS_PER_PAGE, count_drafts, first_of
from app.desk.drafts.trial_publish import publish_on_trial
from app.desk.identity.confirmations import count_waiting
from app.desk.identity.models import Person
from app.desk.identity.notices import NoticeKind, editors, has_notice, notify
from app.desk.reports import texts
from app.desk.review.commands import (
    IS_IN_REVIEW,
    PUBLISH_ORDER,
    Decision,
    ReviewSet,
    blocking,
    citations_in_doubt,
    has_written,
    may_decide,
)
from app.desk.ui import FormProblem, FormProblems
from app.i18n.formats import as_sentence, enumerate_words
from app.i18n.translate import _
from app.kinds import RecordForm
from app.record.editions import select_edition
from app.record.models import Edition, Version
from app.record.names.directory import Directory, read_directory
from app.record.names.quantity import measure_in_words
from app.record.names.status_labels import last_reported_labels
from app.record.names.support_labels import reports_label, support_labels
from app.record.payloads import cited_payload, event_payload
from app.record.publishing.validation import PublishError
from app.settings import Settings
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.vocabulary.record import Why
from app.web.urls import url

# The queue ----------------------------------------------------------------------------------------


MAX_DRAFTS_PER_EDITION = 500


def waiting(db: Session, catalogue: Catalogue, settings: Settings) -> dict[str, Any]:
    """Return submitted drafts, longest wait first. Those of one report are one entry.

    The viewer's own come last: others decide on them.
    """
    is_own = false() if settings.one_person_desk else has_written(catalogue.person)
    report, since = func.coalesce(Draft.article, Draft.record), func.min(Draft.saved_at)
    entries = (
        select(
            func.min(Draft.id).label("first"),
            func.count().label("rows"),
            func.bool_and(is_own).label("is_own"),
            since.label("since"),
            report.label("report"),
        )
        .where(IS_IN_REVIEW)
        .group_by(report)
    )
    newest_last = entries.order_by("is_own", "since", "first").limit(DRAFTS_PER_PAGE)
    lines = []
    for entry in db.execute(newest_last).all():
        draft = db.get_one(Draft, entry.first)
        record, title = draft.record, catalogue.title(draft.kind, draft.document)
        address = url("review", id=draft.id)
        if entry.rows > 1:
            record, title = entry.report, catalogue.label(entry.report)
            address = url("report-review", id=entry.report)
        lines.append(
            {
                "title": title,
                "record": record,
                "address": address,
                "by": db.get_one(Person, draft.owner).called,
                "since": entry.since,
                "is_own": entry.is_own,
                "rows": entry.rows,
            }
        )
    return first_of(db, entries, lines)


def publish_queue(db: Session, catalogue: Catalogue) -> dict[str, Any]:
    """Return approved drafts with title and type of change, after those that they refer to.

    They are at most as many as one edition may hold.
    """
    all_ = (
        select(Draft)
        .where(Draft.state == DraftState.APPROVED)
        .order_by(PUBLISH_ORDER, Draft.saved_at, Draft.id)
    )
    lines = [
        (draft, catalogue.title(draft.kind, draft.document), _(_why(draft).label))
        for draft in db.scalars(all_.limit(MAX_DRAFTS_PER_EDITION))
    ]
    return first_of(db, all_, lines)


def _why(draft: Draft) -> Why:
    return Why(draft.why or Why.UPDATED) if draft.base else Why.ADDED


# Daily summary ---------------------------------------------------------------------------------


def summarise(db: Session, settings: Settings) -> int:
    """Make the summary of the day for each editor for whom a decision waits; return how many."""
    if not settings.smtp_url:
        return 0
    day, count = datetime.now(UTC).date().isoformat(), 0
    for person in db.scalars(select(Person).where(Person.id.in_(editors(db)))).all():
        in_review = select(Draft).where(IS_IN_REVIEW)
        if not settings.one_person_desk:
            in_review = in_review.where(~has_written(person))
        waits = count_drafts(db, in_review) + count_waiting(db)
        if waits and not has_notice(db, NoticeKind.SUMMARY, day, person.id):
            notify(db, NoticeKind.SUMMARY, [person.id], url("reviews"), day)
            count += 1
    return count


# One decision -------------------------------------------------------------------------------------


def review_context(
    db: Session,
    person: Person,
    reviewed: ReviewSet,
    decision: Decision,
    settings: Settings,
    *,
    reasons: Sequence[str],
) -> dict[str, Any]:
    """Return what the page shows; `rows` is empty if nothing waits any more.

    `decision` is what was typed, if it could not be saved for these `reasons`.
    """
    drafts = reviewed.drafts(db)
    catalogue, ids = Catalogue(db, person), [draft.id for draft in drafts]
    with preload_rows(db, [draft.record for draft in drafts]):
        forms: dict[int, RecordForm] = {
            draft.id: form
            for draft in drafts
            if (form := check_draft(form_of(draft), draft.document, catalogue).form)
        }
        effects, refusals = _effects(db, catalogue, list(forms.values()))
        rows = [
            {
                "number": number,
                "effects": effects.get(draft.record),
                "reasons": list(_reasons(catalogue, draft, forms.get(draft.id), ids)),
                **_row(
                    catalogue, draft, decision, is_own=not may_decide(db, person, draft, settings)
                ),
            }
            for number, draft in enumerate(drafts, 1)
        ]
    anchors = {draft.record: f"row-{draft.id}" for draft in drafts}
    return {
        "rows": rows,
        "decidable": [row for row in rows if not row["is_own"]],
        "reviewed": reviewed,
        "report": reviewed.source and catalogue.label(reviewed.source),
        "text": texts.read(db, reviewed.source),
        "bulk_edit": _bulk_edit_of(db, drafts[0]) if drafts and not reviewed.words else "",
        # Each reason begins with the id of its record, if it is of one.
        "problems": FormProblems(
            FormProblem(as_sentence(reason), anchors.get(reason.partition(" ")[0].rstrip(":"), ""))
            for reason in reasons or refusals
        ),
        "next_edition": (db.scalar(select(func.max(Edition.no))) or 0) + 1,
    }


def _row(catalogue: Catalogue, draft: Draft, decision: Decision, *, is_own: bool) -> dict[str, Any]:
    db, base = catalogue.db, base_document(draft)
    log_reading_of(db, catalogue.person, draft.record, base, draft.document)
    published = published_version(db, draft.record)
    known = {row["id"] for row in base.get("citations", ())}
    is_unticked = draft.id in decision.looked_at and draft.id not in decision.ticked
    noun = _(KIND_LABELS[draft.kind]).lower()
    what = _("Change of {noun} {id}") if draft.base else _("New {noun} {id}")
    return {
        "draft": draft,
        "what": what.format(noun=noun, id=draft.record),
        "title": catalogue.title(draft.kind, draft.document),
        "author": db.get_one(Person, draft.owner).called,
        "weight": _(Significance(draft.why).label) if draft.why else "",
        "changes": changes(catalogue, form_of(draft), base, draft.document),
        "talks": [*talks(db, draft)],
        "doubts": _doubts(catalogue, draft, decision.confirmed),
        "is_withdrawn": published is not None and not published.is_live,
        "citations": sum(row["id"] not in known for row in draft.document.get("citations", ())),
        "is_own": is_own,
        "is_ticked": not is_unticked and not is_own,
        "comment": decision.comments.get(draft.id, ("", "")),
    }


# Citations to confirm ---------------------------------------------------------------------------


def _doubts(catalogue: Catalogue, draft: Draft, confirmed: Collection[str]) -> list[dict[str, Any]]:
    """Return the citations that support or dispute text that the draft changes (rule 13)."""
    rows = {row["id"]: row for row in draft.document.get("citations", ())}
    return [
        {
            "id": row["id"],
            "said": [
                catalogue.label(catalogue.meant("source", row["source"]) or row["source"]),
                row["paraphrase"],
            ],
            "is_confirmed": row["id"] in confirmed,
        }
        for row in (rows[id] for id in citations_in_doubt(catalogue, draft))
    ]


# What readers will see --------------------------------------------------------------------------


Line = tuple[str, str, str]
"""A title, and what readers see there now and after the publication."""


def _effects(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> tuple[dict[str, list[Line]], Sequence[str]]:
    """Return what readers will see in another way, or why it can't be published together."""
    ids, directory = [form.id for form in forms], read_directory(db, select_edition(db))
    published = select(Version).where(Version.id.in_(ids), Version.closed.is_(None))
    before = {row.id: _in_words(row, directory) for row in db.scalars(published) if row.is_live}
    try:
        with publish_on_trial(db, catalogue, forms) as edition:
            directory = read_directory(db, edition)
            return {
                row.id: [
                    (title, was, now)
                    for title, now in _in_words(row, directory).items()
                    if now != (was := before.get(row.id, {}).get(title, ""))
                ]
                for row in db.scalars(published)
            }, ()
    except PublishError as refused:
        return {}, refused.reasons


def _in_words(row: Version, directory: Directory) -> dict[str, str]:
    """Return what readers see of an event or estimate, by title."""
    if row.kind not in CITING_KINDS:
        return {}
    is_event, form, payload = row.kind == RecordKind.EVENT, row.payload["form"], cited_payload(row)
    places = (term["code"] for term in form["terms"] if term["key"] == TermKey.PLACE)
    disputed = [directory.label("disputed", code) for code in payload["disputed"]]
    lines = {
        _("What"): directory.label("type", form["type"]) if is_event else measure_in_words(form),
        _("When"): row.payload["happened_words" if is_event else "time_words"],
        _("Where"): enumerate_words(directory.label("place", code) for code in places if code),
        _("Support"): enumerate_words(label for _code, label in support_labels(payload)),
        _("Disputed"): enumerate_words(disputed) or _("nothing"),
        _("Reports"): reports_label(payload) or _("none"),
    }
    if is_event:
        stages = last_reported_labels(event_payload(row))
        lines[_("Status")] = enumerate_words(label for _code, label in stages) or _("none")
    else:
        lines[_("In conflict with")] = enumerate_words(row.payload.get("conflicts", ())) or _(
            "nothing"
        )
    return lines


# Around the rows --------------------------------------------------------------------------------


def _reasons(
    catalogue: Catalogue, draft: Draft, form: RecordForm | None, own: Collection[int]
) -> Iterator[tuple[str, str]]:
    """Yield why a row can't be published alone, each with the address of the page that helps."""
    if has_conflict(catalogue.db, draft):
        words = _("It was published again since. Compare both versions field by field.")
        yield words, url("draft-update", id=draft.id)
    for other in blocking(catalogue, form) if form else ():
        if other.id not in own:
            state = _(DraftState(other.state).label)
            words = _("It can’t be published without {record} ({state}).")
            page = "review" if other.state in WAITING_STATES else "draft"
            yield words.format(record=other.record, state=state), url(page, id=other.id)


def _bulk_edit_of(db: Session, draft: Draft) -> str:
    """Return the name of the bulk edit that a single draft is part of, or ""."""
    made = Revision.draft == draft.id, Revision.saved == RevisionCause.TOGETHER
    return db.scalars(select(Revision.sheet).where(*made).limit(1)).first() or ""
