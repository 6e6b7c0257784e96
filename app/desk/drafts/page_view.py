"""Build the view model of a draft's page."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState, Significance
from app.desk.approved.models import Record
from app.desk.approved.public_ids import RECORD_ID
from app.desk.draft_form import proposals
from app.desk.draft_form.actions import earlier_speakers
from app.desk.draft_form.advice import cautions, check_draft, errors_of_entry
from app.desk.draft_form.card import card_of
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.fields import DraftSheet
from app.desk.draft_form.private_values import DraftReader, PrivateAccess, opened
from app.desk.draft_form.proposals import EstimateProposals, ProposedCodes
from app.desk.draft_form.views import (
    FieldChoice,
    FieldProblem,
    GuideEntry,
    OfferedCodes,
    ProposedValue,
    SectionView,
    SideBySideView,
    boxes_in,
    code_lists,
    guide_of,
)
from app.desk.drafts import commands, source_page
from app.desk.drafts.articles import events_of
from app.desk.drafts.comments import CommentView, talks
from app.desk.drafts.report_settings import card_report
from app.desk.drafts.similar import SimilarRecord, similar
from app.desk.drafts.source_page import SourcePageView
from app.desk.drafts.trial_publish import publish_errors
from app.desk.drafts.update import has_conflict
from app.desk.identity.models import Person
from app.documents import Document, validate
from app.i18n.formats import as_sentence
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.publishing.validation import MAX_REASON_CHARACTERS
from app.vocabulary.kinds import CITING_KINDS, RecordKind


@dataclass(frozen=True)
class DraftPage:
    """The data of `desk/drafts/page.html` and of the fragments that it reloads."""

    id: int
    record: str
    heading: str
    standing: str
    article: str
    number: int
    sheet: str
    saved_at: datetime
    sections: Sequence[SectionView]
    card: Sequence[SideBySideView]
    """The compact fields; the sections follow as “All fields”."""
    guide: Mapping[str, GuideEntry]
    """Hints that several fields share, by hint; they are not repeated at the fields."""
    hidden: Sequence[tuple[str, str]]
    problems: Sequence[FieldProblem]
    """Errors, once the editor has asked to check or submit."""
    missing: Sequence[FieldProblem]
    """Errors that must be fixed before the draft can be submitted."""
    is_change: bool
    why: str
    reason: str
    focus: str = ""
    other: str = ""
    """The person whose save prevented this one."""
    is_saved: bool = False
    """Whether everything typed is saved."""
    page: SourcePageView | None = None
    """The source's web page; None for other records."""
    cautions: Sequence[FieldProblem] = ()
    """What may be so but is unlikely, such as an effect before its cause. It can be submitted."""
    similar: Sequence[SimilarRecord] = ()
    """Possible duplicates; see `drafts.similar`."""
    talks: Sequence[CommentView] = ()
    is_behind: bool = False
    """Whether the record was published since, with other values in fields that this changes."""
    hides_private: bool = False
    """Whether private fields of others are left out."""
    report: str = ""
    """The report on whose page the card is open; "" on a page of its own."""
    opened: PrivateAccess | None = None
    """For editors: whether the contributor who writes the draft may see its private fields."""

    @property
    def has_errors_below(self) -> bool:
        """Whether an error that is shown is under “All fields”, or the field to go to is."""
        of_card = {box.path for box in boxes_in(self.card)}
        boxes = [box for section in self.sections for box in boxes_in(section.parts)]
        is_focused = bool(self.focus) and self.focus not in of_card
        return (
            is_focused
            or any(box.error for box in boxes)
            or any(problem.anchor not in of_card for problem in self.problems)
        )

    @property
    def title(self) -> str:
        return self.heading

    @property
    def code_lists(self) -> Sequence[OfferedCodes]:
        """The lists of codes that fields of the page offer."""
        parts = [self.card, *(section.parts for section in self.sections)]
        return code_lists(box.list_id for some in parts for box in boxes_in(some))

    @property
    def whys(self) -> Sequence[FieldChoice]:
        return [
            FieldChoice(weight, _(weight.label), is_chosen=weight == self.why)
            for weight in Significance
        ]


def draft_view(
    db: Session,
    person: Person,
    draft: Draft,
    *,
    sheet: str,
    focus: str = "",
    other: str = "",
    number: int | None = None,
    with_problems: bool = False,
    offers: Mapping[str, Sequence[ProposedValue]] | None = None,
    report: str = "",
) -> DraftPage:
    """Return the page of a draft, or its card on the page of its `report`.

    `offers` are values that are proposed for its fields, beside those of its web page.
    """
    is_change = changes_approved(db, draft)
    reader = DraftReader(db, person, draft)
    sheet_of_draft = draft_sheet(
        db, person, draft, reader, is_quiet=not with_problems, offers=offers
    )
    if draft.kind in CITING_KINDS:
        sheet_of_draft.speakers = earlier_speakers(sheet_of_draft.catalogue, draft)
    proposing = (
        proposals_sheet(sheet_of_draft.catalogue, draft, is_quiet=not with_problems)
        if draft.kind in CITING_KINDS
        else None
    )
    wrong = [*sheet_of_draft.problems, *(proposing.problems if proposing else ())]
    missing = [*wrong, *(unexplained_problems(draft) if is_change else ())]
    refused = _publish_problems(db, person, draft) if with_problems and not wrong else []
    words = FORMS[draft.kind].WORDS
    sections = [*sheet_of_draft.sections, *(proposing.sections if proposing else ())]
    return DraftPage(
        id=draft.id,
        record=draft.record,
        heading=_(words.change).format(id=draft.record) if is_change else _(words.new),
        standing=_state_text(draft, is_change),
        article=draft.article or "",
        number=draft.number if number is None else number,
        sheet=sheet,
        saved_at=draft.saved_at,
        sections=sections,
        card=sheet_of_draft.card.parts,
        guide=guide_of(sections),
        hidden=sheet_of_draft.hidden,
        problems=_with_named_records(db, draft, [*refused, *missing]) if with_problems else [],
        missing=missing,
        is_change=is_change,
        why=draft.why or "",
        reason=draft.reason or "",
        focus=focus,
        other=other,
        is_saved=not other,
        talks=talks(db, draft, reader.access),
        is_behind=has_conflict(db, draft),
        cautions=cautions(sheet_of_draft.catalogue, sheet_of_draft.form, sheet_of_draft.document),
        similar=similar(db, sheet_of_draft.catalogue, draft.record, sheet_of_draft.document),
        hides_private=not reader.access.sees_all,
        report=report,
        opened=opened(db, person, draft) if is_change else None,
    )


def proposals_sheet(catalogue: Catalogue, draft: Draft, *, is_quiet: bool = True) -> DraftSheet:
    """Return the boxes of the codes that a draft proposes, with what is wrong with them."""
    document = proposals.document_of(draft.proposals)
    errors = dict(validate(ProposedCodes, document).errors)
    used = proposals.codes_used(commands.form_of(draft), draft.document)
    for index, row in enumerate(document["proposals"]):
        for _key, code in proposals.valid_codes([row]):
            path = f"proposals.{index}"
            if code.id in catalogue.directory.codes:
                errors[path] = _("The list already has this code. Choose it above.")
            elif code.id not in used:
                errors[path] = _("Choose it above where it applies, or remove it.")
    form = ProposedCodes if draft.kind == RecordKind.EVENT else EstimateProposals
    return DraftSheet(form, document, catalogue, errors, is_quiet=is_quiet)


def unexplained_problems(draft: Draft) -> Iterator[FieldProblem]:
    if not draft.reason:
        yield FieldProblem(
            "change.reason", _("Reason for the change: {error}").format(error=_("Fill this in."))
        )
    elif len(draft.reason) > MAX_REASON_CHARACTERS:
        error = _("This is too long. Use at most {max_length} characters.").format(
            max_length=MAX_REASON_CHARACTERS
        )
        yield FieldProblem("change.reason", _("Reason for the change: {error}").format(error=error))
    if not draft.why:
        yield FieldProblem(
            "s-change", _("Type of change: {error}").format(error=_("Choose one of these."))
        )


def _publish_problems(db: Session, person: Person, draft: Draft) -> list[FieldProblem]:
    """Return why the record can't be published although each field is valid."""
    catalogue = Catalogue(db, person)
    form = check_draft(commands.form_of(draft), catalogue.visible(draft), catalogue).form
    return (
        [
            FieldProblem("", as_sentence(reason.removeprefix(f"{draft.record}: ")))
            for reason in publish_errors(db, catalogue, form)
        ]
        if form
        else []
    )


def _with_named_records(
    db: Session, draft: Draft, problems: Sequence[FieldProblem]
) -> list[FieldProblem]:
    """Return errors with the ids of the records that they name, such as one with the same code."""
    return [
        replace(
            each,
            records=[
                id
                for id in dict.fromkeys(
                    re.findall(rf"\b{RECORD_ID.pattern}\b", each.words, re.ASCII)
                )
                if id != draft.record and db.get(Record, id) is not None
            ],
        )
        if each.anchor in {"", "code", "url"}
        else each
        for each in problems
    ]


def _state_text(draft: Draft, is_change: bool) -> str:
    if draft.state == DraftState.RETURNED:
        return _("Returned to you. Readers see your changes after review and publication.")
    if is_change:
        return _("Previously approved. Readers see your changes after review and publication.")
    return _("Readers see it after review and publication.")


def changes_approved(db: Session, draft: Draft) -> bool:
    return db.get(Record, draft.record) is not None


def draft_sheet(
    db: Session,
    person: Person,
    draft: Draft,
    reader: DraftReader,
    *,
    document: Document | None = None,
    is_quiet: bool = True,
    offers: Mapping[str, Sequence[ProposedValue]] | None = None,
) -> DraftSheet:
    """Return the draft's boxes as this person may see them; of `document` if given."""
    catalogue, form, article = Catalogue(db, person), commands.form_of(draft), draft.article
    document = reader.visible(document or draft.document)
    source = catalogue.document(article) if article else None
    errors = {
        **errors_of_entry(catalogue, form, document),
        **check_draft(form, document, catalogue).errors,
    }
    published = source["published"] if source else ""
    other_events = [event for event in events_of(catalogue, article) if event != document["id"]]
    sheet = DraftSheet(
        form,
        document,
        catalogue,
        errors,
        published,
        is_quiet,
        events=other_events,
        access=reader.access,
    )
    if draft.kind == RecordKind.SOURCE:
        proposed = dict(source_page.proposals_by_path(db, catalogue, draft))
        for path, values in (offers or {}).items():
            proposed.setdefault(path, values)
        sheet.proposed = proposed
    sheet.card = card_of(sheet, card_report(db, article or ""), is_change=draft.base is not None)
    return sheet
