"""What the page of a report shows: its text, its own card, and its entries."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.draft_models import WRITABLE_STATES, Draft, DraftState
from app.desk.draft_form.card import CardReport, cited, read
from app.desk.draft_form.catalogue import Catalogue, figure_in_words
from app.desk.draft_form.fields import DraftSheet, FieldProblem
from app.desk.drafts import commands
from app.desk.drafts.comments import comments
from app.desk.drafts.own_draft import name_of_person
from app.desk.drafts.page import DraftPage, draft_view, problems_of
from app.desk.drafts.report_settings import (
    ReportForm,
    ReportSheet,
    ReportSpeaker,
    card_report,
    may_write,
    settings_of,
)
from app.desk.drafts.source_page import SourcePageView, page_of_source
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.reports.relays import RelayNotice, relay_notices
from app.desk.reports.text_view import TextView, text_view
from app.documents import ROW, Document, date_in_words, flatten
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, EventForm
from app.kinds.layout import names_in
from app.kinds.locale_names import language_choices
from app.settings import Settings
from app.vocabulary.events import TermKey
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.vocabulary.sources import Extent
from app.web.urls import PAGE_OF_KIND, url

WAS = "was."
"""Before the name of a field of the block: what it held when the page was opened."""


@dataclass(frozen=True)
class EntryView:
    """An entry as one or two lines."""

    id: int
    record: str
    title: str
    about: str
    """Kind, time, place and speaker; what a citation is attached to."""
    problems: Sequence[FieldProblem]
    state: str
    address: str
    """Where it can be read, if it can't be written now; "" if it can."""
    comments: int = 0

    @property
    def missing(self) -> str:
        return enumerate_words(dict.fromkeys(each.title for each in self.problems if each.title))


@dataclass(frozen=True)
class ReportPage:
    """The data of `desk/reports/page.html`."""

    id: str
    source: Document
    title: str
    outlet: str
    published: str
    state: str
    page: str
    """Key of the page."""
    card: EntryView | None
    """The source's own draft; None if it is approved and not being changed."""
    facts: str
    entries: Sequence[EntryView]
    approved: Sequence[tuple[str, str, str]]
    """Id, title and address of published records that cite it, and have no entry here."""
    block: DraftSheet
    """Speakers and defaults."""
    opened_block: Sequence[tuple[str, str]]
    """Its fields as they are stored, by name: what the page was opened with."""
    is_block_unsaved: bool
    """Whether others have saved other values of it since it was opened."""
    names_of_speaker: Sequence[str]
    """Names of the fields of a speaker."""
    names_of_terms: Mapping[str, str]
    terms_to_add: Sequence[tuple[str, str, str]]
    text: TextView | None
    relays: Sequence[RelayNotice]
    web_page: SourcePageView
    open: DraftPage | None
    is_in_review: bool
    """Whether all that this person entered from it is in review."""
    block_owner: str
    """Who alone, beside editors, changes speakers and defaults; "" if this person may."""
    can_review: bool
    problems: Sequence[tuple[str, str, str]]
    """Address, name of the entry and what it lacks, once the editor has asked to submit."""
    text_error: str = ""
    typed_text: str = ""
    typed_translation: str = ""

    @property
    def complete(self) -> int:
        return sum(not each.problems for each in self.entries)

    @property
    def focus(self) -> str:
        return self.open.focus if self.open else ""

    @property
    def next_problem(self) -> tuple[EntryView, FieldProblem] | None:
        """The first entry that lacks something, and what."""
        return next(((each, each.problems[0]) for each in self.entries if each.problems), None)

    @property
    def code_lists(self) -> object:
        return self.open.code_lists if self.open else ()

    @property
    def defaults_in_words(self) -> str:
        block = self.block.document
        chosen = [
            choice.label
            for name in ("nationality", "population")
            for choice in self.block.box_at(name).choices
            if choice.code and choice.is_chosen
        ]
        return enumerate_words(
            filter(None, [*chosen, block["places"], *self.names_of_terms.values()])
        )


def report_page(
    db: Session,
    settings: Settings,
    person: Person,
    source: str,
    *,
    open_id: int = 0,
    focus: str = "",
    is_check: bool = False,
    text_error: str = "",
    typed: tuple[str, str] = ("", ""),
    unsaved_block: Document | None = None,
) -> ReportPage:
    catalogue = Catalogue(db, person)
    document = catalogue.document(source)
    assert document is not None
    sheet, report = db.get(ReportSheet, source), card_report(db, source)
    stored = settings_of(db, source)
    block = unsaved_block or stored
    draft = catalogue.draft_of(source)
    drafts = [
        each
        for each in commands.drafts_of_article(db, source)
        if commands.may_write(person, each) and (each.number > 0 or each.id == open_id)
    ]
    catalogue.read_ahead([each.record for each in drafts])
    entries = [entry_view(db, catalogue, each, report) for each in drafts]
    card = entry_view(db, catalogue, draft, report) if draft and is_own(person, draft) else None
    opened = next((each for each in [*drafts, draft] if each and each.id == open_id), None)
    if opened is not None and opened.state not in WRITABLE_STATES:
        opened = None
    text = text_view(catalogue, source)
    known = {each.record for each in drafts}
    outlet = catalogue.meant("outlet", document["outlet"])
    return ReportPage(
        id=source,
        source=document,
        title=document["title"] or _("Untitled source"),
        outlet=catalogue.label(outlet, "outlet") if outlet else document["outlet"],
        published=date_in_words(document["published"]),
        state=_(DraftState(draft.state).label) if draft else _("Approved"),
        page=secrets.token_hex(8),
        card=card,
        facts=_facts(draft.document if draft else document),
        entries=entries,
        approved=_approved(catalogue, source, known),
        block=DraftSheet(ReportForm, block, catalogue, is_quiet=True),
        opened_block=[(f"{WAS}{name}", text) for name, text in flatten(ReportForm, stored)],
        is_block_unsaved=unsaved_block is not None,
        names_of_speaker=[*names_in(ReportSpeaker.PARTS)],
        names_of_terms=_names_of_terms(catalogue, block),
        terms_to_add=[*_terms_to_add(catalogue)],
        text=text,
        relays=[*relay_notices(db, catalogue, source, stored)],
        web_page=page_of_source(db, settings, source, document["url"], person, takes_hash=False),
        open=draft_view(
            db,
            person,
            opened,
            sheet=secrets.token_hex(8),
            focus=focus,
            with_problems=is_check,
            report=source,
        )
        if opened
        else None,
        is_in_review=is_in_review(db, person, source),
        block_owner=block_owner(db, person, sheet),
        can_review=person.may(DeskRole.EDITOR)
        and (
            settings.one_person_desk
            or any(each.owner != person.id for each in commands.drafts_of_article(db, source))
        ),
        problems=_all_problems(source, [card, *entries] if card else entries) if is_check else (),
        text_error=text_error,
        typed_text=typed[0] or (text.words if text else ""),
        typed_translation=typed[1] or (text.translated if text else ""),
    )


def is_own(person: Person, draft: Draft) -> bool:
    return commands.may_write(person, draft)


def block_owner(db: Session, person: Person, sheet: ReportSheet | None) -> str:
    if sheet is None or may_write(person, sheet):
        return ""
    return name_of_person(db, sheet.owner)


def is_in_review(db: Session, person: Person, source: str) -> bool:
    found = commands.drafts_of_article(db, source)
    states = {draft.state for draft in found if commands.may_write(person, draft) and draft.number}
    return states == {DraftState.IN_REVIEW}


def _all_problems(source: str, entries: Sequence[EntryView]) -> list[tuple[str, str, str]]:
    found = []
    for entry in entries:
        for each in entry.problems:
            focus = f"&focus={each.anchor}#{each.anchor}" if each.anchor else ""
            address = f"{url('article', id=source)}?open={entry.id}&check=1{focus}"
            found.append((address, entry.title, each.words))
    return found


# Entries ----------------------------------------------------------------------------------------


def entry_view(db: Session, catalogue: Catalogue, draft: Draft, report: CardReport) -> EntryView:
    document = catalogue.visible(draft)
    is_writable = draft.state in WRITABLE_STATES
    state = "" if draft.state == DraftState.DRAFT else _(DraftState(draft.state).label)
    return EntryView(
        draft.id,
        draft.record,
        _title(catalogue, draft, document, report),
        enumerate_words(filter(None, _about(catalogue, draft, document, report))),
        problems_of(db, catalogue, draft, report) if is_writable else (),
        state,
        "" if is_writable else url("draft-history", id=draft.id),
        sum(not each.settled_by for each in comments(db, draft)) if is_writable else 0,
    )


def _title(catalogue: Catalogue, draft: Draft, document: Document, report: CardReport) -> str:
    at = cited(document, report.source)
    is_citation = draft.base is not None and at is not None
    if is_citation or draft.kind == RecordKind.ESTIMATE:
        said = str(document["citations"][at]["paraphrase"]) if at is not None else ""
        if said:
            return said
    return catalogue.title(draft.kind, document)


def _about(
    catalogue: Catalogue, draft: Draft, document: Document, report: CardReport
) -> Sequence[str]:
    if draft.kind not in CITING_KINDS:
        return []
    form = FORMS[draft.kind]
    compact, at = read(form, document, report).texts, cited(document, report.source)
    if draft.base is not None and at is not None:
        attached = _("adds to {id}, “{title}”").format(
            id=draft.record, title=catalogue.title(draft.kind, document)
        )
        return [attached, _says(report, compact.get("says", ""))]
    places = [
        catalogue.label(code, "place") if (code := catalogue.meant("place", name)) else name
        for name in compact.get("where", "").split(", ")
        if name
    ]
    if form is EventForm:
        type_ = catalogue.code("type", document["type"])
        what = [type_.label if type_ else _("Event")]
        when = document["happened"] or document["attested"]
    else:
        what = [*figure_in_words(document)] if document["counts"] else [_("Number")]
        when = document["as_of"] or document["period"]
    return [*what, date_in_words(when), *places, _says(report, compact.get("says", ""))]


def _says(report: CardReport, letter: str) -> str:
    label = next((each.label for each in report.speakers if each.letter == letter), "")
    return _("by {letter}: {speaker}").format(letter=letter, speaker=label) if label else ""


def _approved(catalogue: Catalogue, source: str, known: set[str]) -> list[tuple[str, str, str]]:
    ids = sorted(set(catalogue.db.scalars(store.citing(source))) - known)
    catalogue.read_ahead(ids)
    return [(id, catalogue.label(id), url(PAGE_OF_KIND[id[0]], id=id)) for id in ids]


def _facts(source: Document) -> str:
    """Return what is known of the report in one line."""
    read_copies = [copy for copy in source["copies"] if copy["extent"] not in {"", Extent.NONE}]
    extent = Extent.by_code().get(read_copies[0]["extent"]) if read_copies else None
    derived = enumerate_words(
        row["source"] or row["outlet"]
        for row in source["derived_from"]
        if row["source"] or row["outlet"]
    )
    return enumerate_words(
        filter(
            None,
            [
                dict(language_choices()).get(source["language"], source["language"]),
                _(extent.label) if extent else _("no copy that was read yet"),
                _("derived from {sources}").format(sources=derived) if derived else "",
            ],
        )
    )


# Speakers and defaults --------------------------------------------------------------------------


def _names_of_terms(catalogue: Catalogue, block: Document) -> dict[str, str]:
    """Return the labels of the default terms by the keys of their rows."""
    found = {}
    for row in block["defaults"]:
        form = catalogue.code(row["key"], row["code"])
        found[row[ROW]] = form.label if form else str(row["code"])
    return found


def _terms_to_add(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Yield heading, value and label of each term that can be a default."""
    headings = {
        TermKey.SECTOR: _("Industry"),
        TermKey.PAPER: _("Visa or permit"),
        TermKey.GROUP: _("Group of workers"),
    }
    for key, heading in headings.items():
        for form in catalogue.codes(key.value):
            yield heading, f"{key}:{form.code}", form.label
