"""What a report says once for all of its entries: its speakers, and the defaults of new ones.

A report is its source and its drafts; only this block is stored beside them.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date, datetime
from itertools import combinations
from typing import Annotated, Any

from pydantic import StringConstraints
from sqlalchemy import ARRAY, BigInteger, Date, DateTime, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.dates import edtf
from app.desk.approved.models import (
    WRITABLE_STATES,
    DeskBase,
    Draft,
    Record,
    refers_to,
)
from app.desk.draft_form.advice import may_be_one
from app.desk.draft_form.card import (
    NOBODY,
    OWN_VOICE,
    CardReport,
    CardSpeaker,
    cited,
    key_of,
    public_steps,
    term_row,
)
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.fields import NewRow
from app.desk.drafts import commands
from app.desk.identity.models import DeskRole, Person
from app.documents import (
    MINE,
    ROW,
    Document,
    blank,
    blank_row,
    changed_by,
    fit_to_form,
    merge_documents,
    new_key,
    parts_of,
)
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.kinds import FORMS, ChainStep, Citation, EventToEvent
from app.kinds.base import F, Form, Line, OutletCode, PlaceCode, Slug, SourceId
from app.vocabulary.citations import Attribution, CitationKind, Naming, Stance
from app.vocabulary.events import NoNationality, Role, TermKey
from app.vocabulary.kinds import CITING_KINDS, RecordKind

MAX_TEXT_CHARACTERS = 100_000
"""Letters of a report's text, and of its translation. An article of 800 words has 5,000."""


def _now() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True), server_default=sql("now()"))


class ReportSheet(DeskBase):
    """The block of a report (`report_settings.ReportForm`). Its entries are drafts."""

    __tablename__ = "sheet"

    source: Mapped[str] = mapped_column(primary_key=True)
    """Public id of the report; there may be only a draft of it yet."""
    owner: Mapped[int] = mapped_column(refers_to("person.id"), index=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ReportText(DeskBase):
    """The private text of a report, with its marks. In no backup.

    Deleted by a trigger when the report is approved or its last draft is deleted, and by `tick`
    after `delete_after`. The table has no constraint on the text: PostgreSQL would log the row.
    """

    __tablename__ = "report_text"

    source: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str]
    text: Mapped[str]
    translation: Mapped[str] = mapped_column(server_default="")
    """The editor's own; empty if there is none."""
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = _now()
    delete_after: Mapped[date] = mapped_column(Date)
    marks: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The sentences with their marks; None until they were computed."""
    problem: Mapped[str] = mapped_column(server_default="")
    """Why the marks could not be computed; empty if they were."""


class ReportPrint(DeskBase):
    """What is kept of a text after it was deleted: keyed hashes of its shingles, and its facts."""

    __tablename__ = "report_fingerprint"

    source: Mapped[str] = mapped_column(primary_key=True)
    published: Mapped[date | None] = mapped_column(Date)
    hashes: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """The unsigned hashes of `reading.relays.fingerprint`, as signed numbers."""
    facts: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default=sql("'[]'"))
    """Codes of places, dates, estimates and laws as `[kind, value]`; no words."""

    __table_args__ = (
        # Which reports have a hash of another one, and which came out in the same days.
        Index("ix_report_fingerprint_hashes", "hashes", postgresql_using="gin"),
        Index("ix_report_fingerprint_published", "published"),
    )


SPEAKER_LETTERS = "ABCDEFGHIJKLMNPQRSTUVW"
UNNAMED = "unnamed"
"""Entered for an outlet without a name."""
STEP_FIELDS = ("attribution", "words", "named", "outlet", "speakers_text", "occasion")
"""What a speaker of the report says of the first step of a chain."""


class ReportSpeaker(Form):
    """Who says one or more of the statements: the first step of their chains.

    An outlet that passes it on is the second step.
    """

    PARTS = ("attribution words named outlet through speakers_text occasion",)

    letter: Annotated[Line, StringConstraints(max_length=2)] = F("Letter", "", "")
    attribution: Attribution | None = F("Who", "", None)
    words: Line = F("Who, in words", "As the report has it: a trader in the city.", "")
    named: Naming | None = F("Named", "", None)
    outlet: OutletCode = F("Outlet", "", "", hint="Only if the speaker is an outlet.")
    through: OutletCode = F(
        "Passed on by",
        "",
        "",
        hint="Another outlet that this report has it from; “unnamed” if it is not named.",
    )
    speakers_text: Line = F("Speakers", "How many, in words: two, several, dozens of.", "")
    occasion: Line = F("Occasion", "Such as a press conference.", "")


class DefaultTerm(Form):
    """A term that cards offer; new events have it until it is unticked."""

    PARTS = ("key code role",)

    key: TermKey | None = F("Names a", "", None)
    code: Slug = F("Code", "", "")
    role: Role | None = F("Role", "", None)


class ReportForm(Form):
    """The block of a report. Outlet, language, day and copies are in the source's own draft."""

    source: SourceId = F("Report", "", "")
    speakers: list[ReportSpeaker] = F("Speakers", "", [])
    places: list[PlaceCode] = F("Places", "", [], hint="Offered on each entry.")
    nationality: Slug = F(
        "Nationality", "", "", codes="nationality", unchosen="Asked on each entry"
    )
    defaults: list[DefaultTerm] = F("Other terms", "", [])
    not_relays: list[SourceId] = F(
        "Not a repeat of", "Similar reports that it does not repeat.", []
    )


def next_letter(speakers: Iterable[Document]) -> str:
    """Return the first letter that no speaker has; "" if all are taken."""
    taken = {row["letter"] for row in speakers}
    return next((letter for letter in SPEAKER_LETTERS if letter not in taken), "")


# Reading and saving -----------------------------------------------------------------------------


def may_write(person: Person, sheet: ReportSheet) -> bool:
    """Contributors write their own reports, editors any."""
    return sheet.owner == person.id or person.may(DeskRole.EDITOR)


def settings_of(db: Session, source: str) -> Document:
    """Return the block of a report; a blank one if nothing was saved."""
    sheet = db.get(ReportSheet, source)
    return fit_to_form(ReportForm, sheet.document if sheet else {"source": source})


def begin(db: Session, person: Person, source: str) -> ReportSheet:
    """Return the stored block of a report, locked; a new one if there is none."""
    document = blank(ReportForm, source=source)
    new = insert(ReportSheet).values(source=source, owner=person.id, document=document)
    db.execute(new.on_conflict_do_nothing())
    return db.get_one(ReportSheet, source, with_for_update=True, populate_existing=True)


def save(
    db: Session, sheet: ReportSheet, began: Document, typed: Document, by: Person
) -> Document | None:
    """Save a block that was typed on a page that showed `began`; `sheet` must be locked.

    What others saved meanwhile is merged by row key. If both changed a field, nothing is saved, and
    the document with what was typed is returned, to be saved again. The drafts of the report that a
    changed speaker has are changed with it.
    """
    now = fit_to_form(ReportForm, sheet.document)
    sides = changed_by(ReportForm, began, now, typed)
    document = merge_documents(ReportForm, now, typed, sides, MINE)
    if not all(sides.values()):
        return document
    sheet.document = document
    db.flush()
    _change_speakers(db, by, sheet.source, now, document)
    return None


def _change_speakers(
    db: Session, by: Person, source: str, before: Document, after: Document
) -> None:
    """Write a changed speaker into the drafts of the report that have exactly the old chain."""
    now = {each[ROW]: chain_of(each) for each in after["speakers"]}
    changed = [
        (public_steps(old), now[each[ROW]])
        for each in before["speakers"]
        if now.get(each[ROW], old := chain_of(each)) != old
    ]
    for found in commands.drafts_of_article(db, source) if changed else ():
        draft = commands.find(db, found.id)
        if draft is None or draft.state not in WRITABLE_STATES or not commands.may_write(by, draft):
            continue
        document = deepcopy(draft.document)
        for citation in document["citations"]:
            steps = public_steps(citation["chain"])
            new = next((chain for old, chain in changed if old == steps), None)
            if new and citation["source"] == source:
                citation["chain"] = deepcopy(new)
        commands.save_by_itself(db, draft, document, by)


# Speakers and defaults --------------------------------------------------------------------------


def _without_speaker(letter: str, label: str, kind: Attribution) -> CardSpeaker:
    """Return a choice that every report offers: no person or body says it."""
    step = {ROW: key_of(kind), **blank(ChainStep, attribution=kind.value)}
    return CardSpeaker(letter, label, [step])


def chain_of(speaker: Document) -> list[Document]:
    """Return the chain of a speaker: who says it, then the outlet that passes it on, if any."""
    step = {name: speaker[name] for name in STEP_FIELDS}
    steps = [{ROW: speaker[ROW], **blank(ChainStep), **step}]
    if outlet := speaker["through"]:
        passed_on = blank(ChainStep, attribution=Attribution.OTHER_OUTLET.value, outlet=outlet)
        if outlet == UNNAMED:
            passed_on |= {"outlet": "", "named": Naming.UNNAMED.value}
        steps.append({ROW: key_of("passed on", speaker[ROW]), **passed_on})
    return steps


def unknown_name(catalogue: Catalogue, block: Document) -> str:
    """Return a name of an outlet in the block that no record has; "" if there is none."""
    named = {row[name] for row in block["speakers"] for name in ("outlet", "through")}
    unknown = (n for n in named - {"", UNNAMED} if not catalogue.meant("outlet", n))
    return min(unknown, default="")


def alike_speakers(block: Document) -> Iterator[tuple[str, str]]:
    """Yield the letters of two speakers that may be one: the same body, or a paper of it."""
    for one, other in combinations(block["speakers"], 2):
        if may_be_one(one["words"], other["words"]):
            yield one["letter"], other["letter"]


def speaker_in_words(speaker: Document) -> str:
    kind = Attribution.by_code().get(speaker["attribution"])
    label = _(kind.label) if kind else _("Not filled in yet")
    return str(speaker["words"] or speaker["outlet"] or label)


def card_report(db: Session, source: str, base: Document | None = None) -> CardReport:
    """Return what a report gives the cards of its entries.

    With `base`, a record that the report is added to, its speakers come first: who is there already
    must not be typed again, and then count as another.
    """
    if not source:
        return CardReport()
    block = settings_of(db, source)
    usual = [
        _without_speaker(
            OWN_VOICE, _("The report itself, as a fact: a source of its own"), Attribution.OWN_VOICE
        ),
        _without_speaker(NOBODY, _("Not said by whom (“reportedly”)"), Attribution.UNATTRIBUTED),
    ]
    others = [
        CardSpeaker(each["letter"], speaker_in_words(each), chain_of(each))
        for each in block["speakers"]
    ]
    speakers = [*_speakers_of_record(source, base or {}), *usual, *others]
    draft, row = commands.open_draft(db, source), db.get(Record, source)
    document = draft.document if draft else row.document if row else {}
    day = edtf.parse_or_none(document.get("published", ""))
    return CardReport(
        source,
        day.text if day else "",
        speakers,
        parts_of(block["places"]),
        block["nationality"],
        [term_row(each["key"], each["code"], each["role"]) for each in block["defaults"]],
        [row["id"] for row in base["citations"]] if base else (),
    )


def _speakers_of_record(source: str, base: Document) -> Iterator[CardSpeaker]:
    seen: list[Document] = []
    for row in base.get("citations", ()):
        step = row["chain"][0] if row["chain"] else blank(ChainStep)
        public = {name: step[name] for name in STEP_FIELDS}
        is_own = step["attribution"] in {"", Attribution.OWN_VOICE}
        if row["source"] != source and not is_own and public not in seen:
            seen.append(public)
            label = _("The same as in {source}: {speaker}").format(
                source=row["source"], speaker=speaker_in_words(step)
            )
            same = {ROW: key_of("same", row["id"]), **blank(ChainStep), **public}
            yield CardSpeaker(f"={row['id']}", label, [same])


def report_of(db: Session, draft: Draft) -> CardReport:
    """Return what its report gives the card of a draft."""
    base = fit_to_form(commands.form_of(draft), draft.base) if draft.base else None
    return card_report(db, draft.article or "", base)


def row_factory(catalogue: Catalogue, article: str | None, kind: str, document: Document) -> NewRow:
    """Return a function that makes blank rows; a new citation is one of the report.

    A change that no report is known for cites the source of its last citation.
    """

    def make(form: type[Form]) -> Document:
        own = cited(document, article or "")
        if form is EventToEvent and own is not None:
            # What a report says of two events is the report's, unless somebody says otherwise.
            return blank_row(form, citation=document["citations"][own]["id"])
        citations = document.get("citations", [])
        source = article or (citations[-1]["source"].strip() if citations else "")
        is_cited = form is Citation and bool(source) and catalogue.document(source) is not None
        return new_citation(kind, source) if is_cited else blank_row(form)

    return make


def new_citation(kind: str, source: str) -> Document:
    """Return a citation of a report. Who says it, how surely and of how much is never assumed."""
    about = CitationKind.NUMBER if kind == RecordKind.ESTIMATE else CitationKind.OCCURRENCE
    return blank_row(
        Citation,
        source=source,
        stance="",
        certainty="",
        kind=about.value,
        chain=[blank_row(ChainStep)],
    )


def new_entry(db: Session, kind: str, source: str) -> Document:
    """Return the document of a new entry: it cites the report; a number has its nationality."""
    terms = [term_row(TermKey.PLACE, "", Role.AT)]
    nationality = settings_of(db, source)["nationality"]
    if kind == RecordKind.ESTIMATE and nationality not in {"", *NoNationality.by_code()}:
        terms.append(term_row(TermKey.NATIONALITY, nationality, Role.TARGET))
    # Nothing else is assumed: an event may be about nobody, and each other term narrows it.
    citation = new_citation(kind, source) | {"stance": Stance.SUPPORTS.value}
    document = blank(FORMS[kind], terms=terms, citations=[citation])
    if kind == RecordKind.ESTIMATE:
        document["unit"] = ""
    return document


def begin_entry(db: Session, person: Person, kind: str, source: str) -> Draft:
    """Begin an entry of a report; one that was begun and left blank is taken up again."""
    for draft in commands.drafts_of_article(db, source):
        is_blank = draft.number == 0 and draft.base is None
        if is_blank and draft.kind == kind and draft.owner == person.id:
            return draft
    document = new_entry(db, kind, source)
    return commands.begin(db, person, new_key(), kind, document=document, article=source)


# Citing a report in an existing record ------------------------------------------------------------


class CitingError(Exception):
    """The article can't be cited there: no such record, written by others, or in review."""

    def __init__(self, record: str) -> None:
        super().__init__()
        self.record = record


def cite(
    db: Session,
    person: Person,
    record: str,
    article: str,
    *,
    key: str,
    row: Document | None = None,
) -> tuple[Draft, int]:
    """Add a citation of an article, and return the draft and the place of the citation in it.

    The same key of a page adds it once. Without a `row` it is prefilled from the article, unless
    the record cites it already. Raises CitingError.
    """
    draft = None
    if record[:1] in CITING_KINDS:
        draft = commands.begin_to_change(db, person, record, article)
    if draft is None or not commands.may_write(person, draft):
        raise CitingError(record)
    citations = draft.document["citations"]
    if any(revision.sheet == key for revision in commands.revisions(db, draft)):
        return draft, len(citations) - 1
    if row is None and (own := cited(draft.document, article)) is not None:
        return draft, own
    row = row or new_citation(draft.kind, article)
    document = {**draft.document, "citations": [*citations, row]}
    reason = _("Another source: {id}").format(id=row["source"])
    try:
        commands.save_by_itself(db, draft, document, person, sheet=key, reason=reason)
    except InvalidStateError:
        raise CitingError(record) from None
    return draft, len(citations)
