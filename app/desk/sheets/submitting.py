"""Checks the rows of a sheet as records, and submits them with their source as one report."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITABLE_STATES, Draft
from app.desk.draft_form.advice import check_draft, errors_of_entry
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.page_view import changes_approved, proposals_sheet, unexplained_problems
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.drafts.update import align, has_conflict
from app.desk.identity.models import Person
from app.desk.sheets import expanding
from app.desk.sheets.drafting import UndraftedError, draft_rows
from app.desk.sheets.form import SheetSpeaker, StatementKind, StatementRow
from app.desk.sheets.from_forms import report_of, target_of
from app.desk.sheets.models import ReportSheet
from app.desk.sheets.trial_rows import TrialRecord, trial_records
from app.documents import ROW, Document, place_of, title_of_place
from app.i18n.formats import sentences
from app.i18n.translate import _
from app.kinds import RecordForm
from app.kinds.base import rows_of
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS

SOURCE = "source."
"""Before the names of fields that belong to the draft of the source."""


@dataclass(frozen=True)
class RowError:
    """An error of a row: its number on the page from 1, its key, the field of the row, and why."""

    number: int
    """0 is the source itself, or a place or outlet that was drafted for the report."""
    key: str
    field: str
    """A field of `StatementRow`, such as when or links.0.to; "" is the whole row.

    Of the source, a field of its draft, such as source.title_basis.
    """
    message: str
    is_waiting: bool = False
    """Whether the row only waits, for another draft in review, and needs no change."""


class SheetInvalidError(Exception):
    """Rows that can't be handed in, or the source itself. Nothing was handed in."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__()
        self.errors = errors


def row_errors(db: Session, sheet: ReportSheet, by: Person) -> list[RowError]:
    """Return the errors of rows, but for those that only a trial publication finds.

    Writes nothing: the page asks for them at each view.
    """
    catalogue = Catalogue(db, by)
    records, problems = trial_records(db, catalogue, sheet.document, by)
    errors = [*_waiting(sheet, problems), *_errors(db, sheet, records, catalogue)]
    return _in_order(errors)


def _in_order(errors: Sequence[RowError]) -> list[RowError]:
    """Return errors by row, each once: those of a speaker are found in each row of theirs."""
    return sorted(dict.fromkeys(errors), key=lambda error: error.number)


def errors_of_submission(db: Session, sheet: ReportSheet, by: Person) -> list[RowError]:
    """Return why valid rows can't be submitted together, as `hand_in` would say it.

    Something was published otherwise meanwhile, or a trial publication is refused. Writes nothing.
    """
    written = [each for each in _written(db, sheet.source) if not _is_of_another(each, sheet, by)]
    errors = [
        error
        for draft in written
        if has_conflict(db, draft)
        for error in _conflict(sheet, draft, by, db)
    ]
    errors = errors or _trial_errors(db, sheet, written, by)
    return _in_order(errors)


def errors_beside_rows(db: Session, sheet: ReportSheet, by: Person) -> list[RowError]:
    """Return the errors of the source, and of places and others that were drafted for it."""
    beside = [
        TrialRecord(draft.record, draft.document, [], draft)
        for draft in _written(db, sheet.source)
        if draft.kind not in CITING_KINDS and _goes_along(draft, sheet, by)
    ]
    return [*_errors(db, sheet, beside, Catalogue(db, by))]


def unsubmitted_of_others(db: Session, sheet: ReportSheet, by: Person) -> list[Draft]:
    """Return places, outlets and others for the report that wait until their owners submit them."""
    return [each for each in _written(db, sheet.source) if _is_of_another(each, sheet, by)]


def hand_in(db: Session, sheet: ReportSheet, by: Person) -> list[Draft]:
    """Make all drafts and submit them with the source's draft. Raises SheetInvalidError.

    Rows that wait for another draft in review stay: they can be handed in after it.
    """
    made, problems = draft_rows(db, sheet, by)
    others = [each for each in _drafts_of_report(db, sheet, by) if each not in made]
    waiting = _waiting(sheet, problems)
    errors = [error for error in waiting if not error.is_waiting]
    catalogue = Catalogue(db, by)
    report = report_of(catalogue, sheet.document)
    to_check = [
        TrialRecord(
            draft.record,
            draft.document,
            [row for row in sheet.document["rows"] if target_of(row, report) == draft.record],
            draft,
        )
        for draft in [*others, *made]
    ]
    errors += _errors(db, sheet, to_check, catalogue)
    to_submit = [draft for draft in [*others, *made] if draft.state in WRITABLE_STATES]
    for draft in to_submit:
        if not align(db, draft, by):
            errors += _conflict(sheet, draft, by, db)
    if not errors:
        errors += _trial_errors(db, sheet, to_submit, by)
    if errors:
        raise SheetInvalidError(_in_order(errors))
    if not to_submit and waiting:
        raise SheetInvalidError(waiting)
    for draft in to_submit:
        drafts.move(db, draft, by, drafts.SUBMIT, f"sheet-{sheet.source}")
    return to_submit


def _conflict(sheet: ReportSheet, draft: Draft, by: Person, db: Session) -> list[RowError]:
    """Return the error of a draft whose record was approved otherwise meanwhile."""
    report = report_of(Catalogue(db, by), sheet.document)
    rows = (row for row in sheet.document["rows"] if target_of(row, report) == draft.record)
    key = next(rows, {ROW: ""})[ROW]
    message = _(
        "{id} was published again after this change was started. Open the full form and update it."
    )
    return [RowError(_numbers(sheet).get(key, 0), key, "", message.format(id=draft.record))]


def _written(db: Session, source: str) -> Sequence[Draft]:
    of_report = (Draft.record == source) | (Draft.article == source)
    found = select(Draft).where(of_report, Draft.state.in_(WRITABLE_STATES))
    return db.scalars(found.order_by(Draft.id)).all()


def _drafts_of_report(db: Session, sheet: ReportSheet, by: Person) -> list[Draft]:
    """Return the writable drafts of the source, of places and others drafted for it, and more."""
    locked = (drafts.find(db, draft.id) for draft in _written(db, sheet.source))
    return [draft for draft in locked if draft is not None and _goes_along(draft, sheet, by)]


def _goes_along(draft: Draft, sheet: ReportSheet, by: Person) -> bool:
    """Whether a draft without a row is submitted: not one that was opened and left as it was."""
    if draft.kind in CITING_KINDS:
        return draft.number > 0 and drafts.may_write(by, draft)
    return not _is_of_another(draft, sheet, by) and (draft.base is None or draft.number > 0)


def _is_of_another(draft: Draft, sheet: ReportSheet, by: Person) -> bool:
    """Whether another person submits this place, outlet or other record, once it is finished."""
    is_beside = draft.kind not in CITING_KINDS and draft.record != sheet.source
    return is_beside and draft.owner != by.id


def _numbers(sheet: ReportSheet) -> dict[str, int]:
    return {row[ROW]: number for number, row in enumerate(sheet.document["rows"], 1)}


def _waiting(sheet: ReportSheet, problems: Sequence[UndraftedError]) -> list[RowError]:
    numbers = _numbers(sheet)
    return [
        RowError(numbers[each.row], each.row, "record", each.message, each.is_waiting)
        for each in problems
    ]


def _errors(
    db: Session, sheet: ReportSheet, records: Sequence[TrialRecord], catalogue: Catalogue
) -> Iterator[RowError]:
    """Yield the errors of records by row and field."""
    for each in records:
        errors = dict(check_draft(each.form, each.document, catalogue).errors)
        errors |= errors_of_entry(catalogue, each.form, each.document)
        if each.document.get("unit") == "":
            # An estimate without one would count people, whatever the text counts.
            errors["unit"] = _("Choose what is counted.")
        for path, message in errors.items():
            yield _row_error(sheet, each, path, message)
        for message in _unfinished(db, catalogue, each.draft) if each.draft else ():
            yield _row_error(sheet, each, "", message)


def _unfinished(db: Session, catalogue: Catalogue, draft: Draft) -> Iterator[str]:
    """Yield what only the long form of a draft asks for, and its editor has not done there."""
    if draft.kind in CITING_KINDS and proposals_sheet(catalogue, draft).errors:
        yield _("A proposed code is incomplete. Open the full form and complete it.")
    # In a record that exists, only the speakers of a relay are carried: its tick was the check.
    if draft.carried and draft.base is None:
        yield _("Carried-over values are not checked yet. Open the full form and check them.")
    if changes_approved(db, draft) and any(unexplained_problems(draft)):
        yield _("The reason for the change is missing. Open the full form and enter it.")


def _row_error(sheet: ReportSheet, each: TrialRecord, path: str, message: str) -> RowError:
    """Return an error with the row that it belongs to, and the row's field."""
    document, rows = each.document, each.rows
    if field := _speaker_field(sheet, document, path):
        title = _(str(SheetSpeaker.model_fields[field.rpartition(".")[2]].title))
        return RowError(0, "", field, _("{title}: {error}").format(title=title, error=message))
    title = title_of_place(each.form, place_of(document, path), document)
    found = next(((row, name) for row in rows if (name := field_of(row, document, path))), None)
    if found:
        row, name = found
        return RowError(_numbers(sheet)[row[ROW]], row[ROW], name, message)
    words = _("{title}: {error}").format(title=title, error=message) if title else message
    if not rows and each.record == sheet.source:
        return RowError(0, "", f"{SOURCE}{path}", words)
    if not rows:
        return RowError(0, "", "", f"{each.record}: {words}")
    row = rows[0]
    return RowError(_numbers(sheet)[row[ROW]], row[ROW], "", words)


def _speaker_field(sheet: ReportSheet, document: Document, path: str) -> str:
    """Return the field of a speaker of the report that an error of a chain's outlet means.

    It is the same error in each row of that speaker.
    """
    found = re.fullmatch(r"citations\.(\d+)\.chain\.(\d+)\.outlet", path)
    if found is None:
        return ""
    citation, step = (int(index) for index in found.groups())
    key = document["citations"][citation]["chain"][step][ROW]
    for speaker in sheet.document["speakers"]:
        fields = {speaker[ROW]: "outlet", expanding.passed_on_key(speaker): "through"}
        if key in fields:
            return f"speakers.{speaker[ROW]}.{fields[key]}"
    return ""


def _trial_errors(
    db: Session, sheet: ReportSheet, made: Sequence[Draft], by: Person
) -> list[RowError]:
    """Return what a trial publication of valid drafts finds, for their first rows."""
    catalogue = Catalogue(db, by)
    forms: dict[str, RecordForm] = {}
    for draft in made:
        checked = check_draft(drafts.form_of(draft), draft.document, catalogue).form
        if checked is not None:
            forms[draft.record] = checked
    refused = publish_errors_by_id(db, catalogue, list(forms.values()))
    if not refused:
        return []
    report, numbers = report_of(Catalogue(db, by), sheet.document), _numbers(sheet)
    errors = []
    for record, reasons in refused.items():
        rows = (row for row in sheet.document["rows"] if target_of(row, report) == record)
        key = next(rows, {ROW: ""})[ROW]
        message = sentences(reasons)
        errors.append(
            RowError(numbers.get(key, 0), key, "", message if key else f"{record}: {message}")
        )
    return errors


# Paths of a draft as fields of a row ------------------------------------------------------------

OF_CITATION = {
    "chain": "speaker",
    "said": "day",
    "said_text": "day",
    "certainty": "certainty",
    "certainty_text": "hedge_words",
    "paraphrase": "paraphrase",
    "happened": "when",
    "kind": "about",
}
"""The field of a row for each of its citation, where the names differ."""
OF_RECORD = {
    **dict.fromkeys(("happened", "attested", "as_of", "period"), "when"),
    **dict.fromkeys(("happened_text", "as_of_text", "period_text"), "when_text"),
    "counts": "type",
    "legal": "laws",
    "event": "links",
    "terms": "where",
}


def field_of(row: Document, document: Document, path: str) -> str:
    """Return the field of a row that an error's path means; "" if the row has none for it."""
    name, _dot, rest = path.partition(".")
    is_citation_row = row["kind"] == StatementKind.CITATION
    if name == "citations" and rest:
        index, _dot, inner = rest.partition(".")
        return _field_of_citation(row, document["citations"][int(index)], inner)
    if name == "stages" and rest:
        index, _dot, inner = rest.partition(".")
        stage = document["stages"][int(index)]
        step_field = "when" if inner in {"date", "planned_for"} else "step"
        return step_field if stage[ROW] == row[ROW] else ""
    if is_citation_row:
        return ""
    if name == "links" and rest:
        index, _dot, inner = rest.partition(".")
        link = document["links"][int(index)]
        return _link_field(row, link[ROW], "relation" if inner == "type" else inner)
    if name == "terms" and rest:
        index, _dot, inner = rest.partition(".")
        return _field_of_term(row, document["terms"][int(index)], inner)
    if name == "event":
        return name
    if name in {"title", "summary"}:
        return name if row[name] else "statement"
    field = OF_RECORD.get(name, name)
    return field if field in StatementRow.model_fields else ""


def _field_of_citation(row: Document, citation: Document, inner: str) -> str:
    name = inner.partition(".")[0]
    if citation[ROW] == expanding.citation_key(row):
        field = OF_CITATION.get(name, name)
        if field == "paraphrase":
            return "paraphrase" if row["paraphrase"] else "statement"
        return field if field in StatementRow.model_fields else ""
    field = "statement" if name == "paraphrase" else OF_CITATION.get(name, name)
    return _link_field(row, citation[ROW], field)


def _link_field(row: Document, key: str, name: str) -> str:
    links = rows_of(StatementRow.model_fields["links"])
    assert links is not None
    for index, link in enumerate(row["links"]):
        if link[ROW] == key:
            return f"links.{index}.{name}" if name in links.model_fields else f"links.{index}.to"
    return ""


def _field_of_term(row: Document, term: Document, inner: str) -> str:
    for index, own in enumerate(row["terms"]):
        if (own["key"], own["code"], own["role"]) == (term["key"], term["code"], term["role"]):
            return f"terms.{index}.{inner or 'code'}"
    return "where" if term["key"] == TermKey.PLACE else "terms"
