"""Submits a report: its source and every complete entry, with the places and others they name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.models import WRITABLE_STATES, Draft
from app.desk.draft_form.advice import check_draft, names_in
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.draft_form.fields import FieldProblem
from app.desk.drafts import commands
from app.desk.drafts.conflicts import align
from app.desk.drafts.page import problems_of
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.identity.models import Person
from app.i18n.formats import sentences
from app.kinds import FORMS
from app.vocabulary.kinds import CITING_KINDS, RecordKind


def _drafts_of_report(db: Session, source: str, by: Person) -> list[Draft]:
    """Return the writable drafts of a report that this person may submit.

    An entry that was begun and left blank is none.
    """
    of_report = (Draft.record == source) | (Draft.article == source)
    found = select(Draft).where(of_report, Draft.state.in_(WRITABLE_STATES)).order_by(Draft.id)
    locked = (commands.find(db, each.id) for each in db.scalars(found).all())
    return [draft for draft in locked if draft is not None and _goes_along(draft, source, by)]


def _goes_along(draft: Draft, source: str, by: Person) -> bool:
    if draft.record == source:
        return commands.may_write(by, draft) and (draft.base is None or draft.number > 0)
    if draft.kind in CITING_KINDS:
        return commands.may_write(by, draft) and draft.number > 0
    return draft.owner == by.id


@dataclass(frozen=True)
class Submission:
    """What was submitted, and by draft what keeps the others."""

    sent: Sequence[Draft]
    problems: Mapping[int, Sequence[FieldProblem]]


def submit(db: Session, source: str, by: Person) -> Submission:
    """Submit the source and each complete entry; the others stay, with all that they lack.

    Nothing is submitted while the source is incomplete, since every entry cites it.
    """
    catalogue = Catalogue(db, by)
    drafts = _drafts_of_report(db, source, by)
    for draft in drafts:
        align(db, draft, by)
    problems = {draft.id: problems_of(db, catalogue, draft) for draft in drafts}
    complete = [draft for draft in drafts if not problems[draft.id]]
    own = [draft for draft in complete if draft.kind in {*CITING_KINDS, RecordKind.SOURCE}]
    complete = [*_named_by(catalogue, own, complete), *own]
    forms = {
        draft.record: form
        for draft in complete
        if (form := check_draft(FORMS[draft.kind], draft.document, catalogue).form)
    }
    for record, reasons in publish_errors_by_id(db, catalogue, [*forms.values()]).items():
        draft = next(each for each in complete if each.record == record)
        problems[draft.id] = [FieldProblem("", "", sentences(reasons))]
    is_source_kept = any(draft.record == source and problems[draft.id] for draft in drafts)
    sent = [] if is_source_kept else [draft for draft in complete if not problems[draft.id]]
    if all(draft.kind not in {*CITING_KINDS, RecordKind.SOURCE} for draft in sent):
        sent = []
    for draft in sent:
        commands.move(db, draft, by, commands.SUBMIT, f"report-{source}")
    return Submission(sent, {id: found for id, found in problems.items() if found})


def _named_by(
    catalogue: Catalogue, entries: Sequence[Draft], drafts: Sequence[Draft]
) -> list[Draft]:
    """Return the drafts of places, outlets and others that entries name, directly or not.

    One that was begun and not used is left where it is.
    """
    named = {
        (THING_OF_KIND[draft.kind], str(draft.document["code"]).strip().lower()): draft
        for draft in drafts
        if "code" in draft.document
    }
    used: list[Draft] = []
    pending = [*entries]
    while pending:
        draft = pending.pop()
        for _path, thing, text in names_in(FORMS[draft.kind], draft.document):
            found = named.get((thing, catalogue.meant(thing, text)))
            if found is not None and found not in used:
                used.append(found)
                pending.append(found)
    return used
