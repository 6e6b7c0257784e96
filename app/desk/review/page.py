"""What waits for review or publication, and the page on which drafts are reviewed together."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
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
from app.desk.drafts.trial_publish import Trial, preview_summary, publish_all_on_trial
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
from app.documents import date_in_words
from app.i18n.formats import as_sentence, enumerate_words, length
from app.i18n.translate import _
from app.kinds import RecordForm
from app.record.editions import select_edition
from app.record.models import Edition, Version
from app.record.names.directory import Directory, read_directory
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


SECONDS_PER_HOUR = 3_600
MAX_DAYS_IN_QUEUE = 3
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
    now, all_entries = datetime.now(UTC), entries.subquery()
    total, oldest = db.execute(select(func.count(), func.min(all_entries.c.since))).one()
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
                "age": _age(now - entry.since),
                "is_old": (now - entry.since).days >= MAX_DAYS_IN_QUEUE,
                "is_own": entry.is_own,
                "rows": entry.rows,
            }
        )
    waited = _age(now - oldest) if oldest else ""
    return {"lines": lines, "total": total, "more": total - len(lines), "oldest": waited}


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
    return Significance(draft.why or Significance.UPDATED).why if draft.base else Why.ADDED


def _age(waited: timedelta) -> str:
    """Return a waiting time in days, or in hours."""
    days, hours = waited.days, waited.seconds // SECONDS_PER_HOUR
    return length(days, "day") if days else length(hours, "hour")


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


Link = tuple[str, str, str]
"""What it is, its state, and its address."""


def review_context(
    db: Session, person: Person, reviewed: ReviewSet, decision: Decision, settings: Settings
) -> dict[str, Any]:
    """Return what the page shows; `rows` is empty if nothing waits any more.

    `decision` is what was typed, if it could not be saved.
    """
    drafts = reviewed.drafts(db)
    catalogue, ids = Catalogue(db, person), [draft.id for draft in drafts]
    with preload_rows(db, [draft.record for draft in drafts]):
        checked = {
            draft.id: check_draft(form_of(draft), draft.document, catalogue) for draft in drafts
        }
        forms: dict[int, RecordForm] = {id: each.form for id, each in checked.items() if each.form}
        effects, refusals = _effects(db, catalogue, list(forms.values()))
        rows = [
            {
                "number": number,
                "effects": effects.get(draft.record, {}),
                "waits_for": list(_blocking(catalogue, forms.get(draft.id), ids)),
                **_row(
                    catalogue, draft, decision, is_own=not may_decide(db, person, draft, settings)
                ),
            }
            for number, draft in enumerate(drafts, 1)
        ]
    anchors = {row["draft"].record: f"row-{row['number']}" for row in rows}
    return {
        "rows": rows,
        "decidable": [row for row in rows if not row["is_own"]],
        "reviewed": reviewed,
        "report": _report(catalogue, reviewed.source) if reviewed.source else None,
        "bulk_edit": _bulk_edit_of(db, drafts[0]) if drafts and not reviewed.words else "",
        # Each reason begins with the id of its record.
        "refusals": FormProblems(
            FormProblem(as_sentence(reason), anchors.get(reason.partition(":")[0], ""))
            for reason in refusals
        ),
        "next_edition": (db.scalar(select(func.max(Edition.no))) or 0) + 1,
    }


def _row(catalogue: Catalogue, draft: Draft, decision: Decision, *, is_own: bool) -> dict[str, Any]:
    db, base = catalogue.db, base_document(draft)
    log_reading_of(db, catalogue.person, draft.record, base, draft.document)
    threads = talks(db, draft)
    changed = changes(catalogue, form_of(draft), base, draft.document)
    shown = {change.place for change in changed}
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
        "changes": changed,
        "talks": threads,
        # Comments on the whole row, and on fields that are not shown.
        "talk": [each for each in threads if each["place"] not in shown],
        "doubts": _doubts(catalogue, draft, decision.confirmed),
        "has_conflict": has_conflict(db, draft),
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
    sources = {id: row["source"] for id, row in rows.items()}
    return [
        {
            "id": id,
            "said": [
                catalogue.label(catalogue.meant("source", sources[id]) or sources[id]),
                rows[id]["paraphrase"],
            ],
            "is_confirmed": id in confirmed,
        }
        for id in citations_in_doubt(catalogue, draft)
    ]


# What readers will see --------------------------------------------------------------------------


def _effects(
    db: Session, catalogue: Catalogue, forms: Sequence[RecordForm]
) -> tuple[dict[str, Any], Sequence[str]]:
    """Return what readers will see of each record, or why they can't be published together.

    Of a new record it is the card; of a published one, what the rules make of it, before and after.
    """
    directory, before = read_directory(db, select_edition(db)), dict[str, dict[str, str]]()
    for form in forms:
        row = published_version(db, form.id)
        if row is not None and row.is_live:
            before[form.id] = _rule_lines(row, directory)
    try:
        with publish_all_on_trial(db, catalogue, forms) as trials:
            return {
                id: {
                    "lines": [
                        (title, before[id][title], after)
                        for title, after in _rule_lines(tried.row, tried.directory).items()
                        if after != before[id][title]
                    ]
                }
                if id in before
                else {"card": preview_summary(tried), "places": _places(tried)}
                for id, tried in trials.items()
            }, ()
    except PublishError as refused:
        return {}, refused.reasons


def _rule_lines(row: Version, directory: Directory) -> dict[str, str]:
    """Return what the rules make of a record, by title."""
    if row.kind not in CITING_KINDS:
        return {}
    payload = cited_payload(row)
    disputed = [directory.label("disputed", code) for code in payload["disputed"]]
    lines = {
        _("Support"): enumerate_words(label for _code, label in support_labels(payload)),
        _("Disputed"): enumerate_words(disputed) or _("nothing"),
        _("Reports"): reports_label(payload) or _("none"),
    }
    if row.kind == RecordKind.EVENT:
        stages = last_reported_labels(event_payload(row))
        lines[_("Status")] = enumerate_words(label for _code, label in stages) or _("none")
    return lines


def _places(tried: Trial) -> list[str]:
    return [
        tried.directory.label("place", term["code"])
        for term in tried.row.payload["form"].get("terms", ())
        if term["key"] == TermKey.PLACE and term.get("code")
    ]


# Around the rows --------------------------------------------------------------------------------


def _blocking(
    catalogue: Catalogue, form: RecordForm | None, own: Collection[int]
) -> Iterator[Link]:
    """Yield the drafts elsewhere that must be published before a row or together with it."""
    if form is None:
        return
    for other in blocking(catalogue, form):
        if other.id not in own:
            page = "review" if other.state in WAITING_STATES else "draft"
            yield other.record, _(DraftState(other.state).label), url(page, id=other.id)


def _report(catalogue: Catalogue, source: str) -> Mapping[str, Any]:
    document = catalogue.document(source) or {}
    outlet = catalogue.meant("outlet", document["outlet"])
    details = [
        catalogue.label(outlet, "outlet") if outlet else document["outlet"],
        date_in_words(document["published"]),
        document["title_en"] if document["title"] else "",
    ]
    title = document["title"] or document["title_en"] or _("Untitled source")
    language = document["language"] if document["title"] else ""
    return {
        "title": title,
        "language": language,
        "details": [*filter(None, details)],
        "text": texts.read(catalogue.db, source),
    }


def _bulk_edit_of(db: Session, draft: Draft) -> str:
    """Return the name of the bulk edit that a single draft is part of, or ""."""
    made = Revision.draft == draft.id, Revision.saved == RevisionCause.TOGETHER
    return db.scalars(select(Revision.sheet).where(*made).limit(1)).first() or ""
