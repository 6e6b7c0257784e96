"""What the page of a draft shows, or its card on the page of a report, and what it lacks."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.desk.approved.models import Draft, Record, Significance
from app.desk.draft_form.advice import cautions, check_draft, errors_of_entry
from app.desk.draft_form.card import TITLES, card_of, cited, key_of, read, unanswered
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.fields import CARD, DraftSheet, FieldProblem
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands
from app.desk.drafts.articles import asked_at, entered_ids
from app.desk.drafts.comments import talks
from app.desk.drafts.conflicts import has_conflict
from app.desk.drafts.duplicates import similar
from app.desk.drafts.report_settings import report_of
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.identity.models import Person
from app.desk.ui import reason_problems
from app.documents import Document, title_of
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.kinds import FORMS, Citation
from app.vocabulary.kinds import CITING_KINDS, RecordKind


def draft_view(
    db: Session,
    person: Person,
    draft: Draft,
    *,
    sheet: str,
    focus: str = "",
    other: str = "",
    is_late: bool = False,
    number: int | None = None,
    with_problems: bool = False,
    report: str = "",
    web_page: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the data of `desk/drafts/page.html`, or of the card on the page of its `report`.

    `sheet` is the key of the page, `number` the revision that it was opened at, `other` the person
    whose save prevented this one, and `is_late` whether the page saved itself after this was sent.
    """
    is_change = changes_approved(db, draft)
    fields = draft_sheet(db, person, draft, is_quiet=not with_problems)
    catalogue = fields.catalogue
    missing = problems_of(db, catalogue, draft, with_trial=with_problems)
    # The error of a field on the card is also in the list above it.
    marked = {box.path: box.error for box in fields.card.boxes if box.error}
    problems = [replace(each, why=marked.get(each.anchor, each.why)) for each in missing]
    # “All fields” is open where it has an error that is shown, or the field to go to.
    shown = [*(each.anchor for each in problems if with_problems), *filter(None, [focus])]
    words = FORMS[draft.kind].WORDS
    return {
        "row": draft,
        "fields": fields,
        "heading": _(words.change).format(id=draft.record) if is_change else _(words.new),
        "number": draft.number if number is None else number,
        "sheet": sheet,
        "problems": problems if with_problems else [],
        "missing": missing,
        **advice_of(db, catalogue, draft, fields),
        "is_change": is_change,
        "focus": focus,
        "other": other,
        "is_late": is_late,
        "talks": [*talks(db, draft, sees_private=fields.sees_private)],
        "is_behind": has_conflict(db, draft),
        "report": report,
        "web_page": web_page,
        "has_errors_below": not {*shown} <= {box.path for box in fields.card.boxes},
        "whys": Significance,
        "is_asked_for": bool(draft.article and asked_at(draft)),
    }


def advice_of(
    db: Session, catalogue: Catalogue, draft: Draft, fields: DraftSheet
) -> dict[str, Any]:
    """Return what may be wrong but can be submitted, and a key of it that the page sends back."""
    doubts = [
        replace(each, anchor=fields.card.anchor(each.anchor))
        for each in cautions(catalogue, fields.form, fields.document)
    ]
    # A change names its record already.
    alike = [] if draft.base else similar(db, catalogue, draft.record, fields.document)
    found = [*(each.why for each in doubts), *(each.code for each in alike)]
    return {"cautions": doubts, "similar": alike, "advice": key_of(*found) if found else ""}


def draft_sheet(
    db: Session,
    person: Person,
    draft: Draft,
    *,
    document: Document | None = None,
    is_quiet: bool = True,
) -> DraftSheet:
    """Return the draft's boxes as this person may see them; of `document` if given."""
    catalogue, form, article = Catalogue(db, person), commands.form_of(draft), draft.article
    reader = DraftReader(db, person, draft)
    document = reader.visible(document or draft.document)
    source = catalogue.document(article) if article else None
    sheet = DraftSheet(
        form,
        document,
        catalogue,
        _errors(catalogue, draft, document),
        source["published"] if source else "",
        is_quiet,
        events=[
            id
            for id in reversed(entered_ids(catalogue, article) if article else [])
            if id[0] == RecordKind.EVENT and id != document["id"]
        ],
        sees_private=reader.sees_private,
    )
    sheet.card = card_of(sheet, report_of(db, draft), is_change=draft.base is not None)
    return sheet


# What is missing --------------------------------------------------------------------------------


def _errors(catalogue: Catalogue, draft: Draft, document: Document) -> dict[str, str]:
    form = commands.form_of(draft)
    return {
        **check_draft(form, document, catalogue).errors,
        **errors_of_entry(catalogue, form, document),
        **unanswered(form, document, report_of(catalogue.db, draft)),
    }


def problems_of(
    db: Session, catalogue: Catalogue, draft: Draft, *, with_trial: bool = False
) -> list[FieldProblem]:
    """Return what a draft lacks; if it lacks nothing, also what a trial publication finds."""
    form, document = commands.form_of(draft), catalogue.visible(draft)
    report = report_of(db, draft)
    of_report = f"citations.{cited(document, report.source)}"
    card, found = read(form, document, report), dict[str, FieldProblem]()
    for path, error in _errors(catalogue, draft, document).items():
        anchor = card.anchor(path)
        name = anchor.removeprefix(CARD)
        if short := TITLES.get(name) or TITLES.get(name.partition(".")[0]):
            title = _(short)
        elif path.startswith(f"{of_report}."):
            title = _(Citation.model_fields[path.split(".")[2]].title or "")
        else:
            title = title_of(form, document, path)
        found.setdefault(anchor, FieldProblem(anchor, title, as_sentence(error)))
    problems = [*found.values()]
    if draft.article and draft.kind in CITING_KINDS and not _cites(catalogue, draft):
        words = _("No citation is of {report}. Add one, or delete this entry.")
        problems.append(FieldProblem("", _("Citations"), words.format(report=draft.article)))
    if changes_approved(db, draft):
        title, missing = _("Reason for the change"), _("Fill this in.")
        errors = reason_problems(draft.reason or "", missing, "change.reason")
        problems += [FieldProblem(each.field, title, each.words) for each in errors]
        if not draft.why:
            words = _("Choose one of these.")
            problems.append(FieldProblem("s-change", _("Type of change"), words))
    if has_conflict(db, draft):
        words = _("It was published again since. Update it to the published version.")
        problems.append(FieldProblem("", _("Published version"), words))
    valid = check_draft(form, document, catalogue).form if with_trial and not problems else None
    for refused in publish_errors_by_id(db, catalogue, [valid] if valid else []).values():
        reasons = (reason.removeprefix(f"{draft.record}: ") for reason in refused)
        problems += [FieldProblem("", "", as_sentence(reason)) for reason in reasons]
    return problems


def _cites(catalogue: Catalogue, draft: Draft) -> bool:
    """Whether an entry of a report cites it."""
    sources = (row["source"].strip() for row in draft.document["citations"])
    return any(draft.article in {typed, catalogue.meant("source", typed)} for typed in sources)


def changes_approved(db: Session, draft: Draft) -> bool:
    return db.get(Record, draft.record) is not None
