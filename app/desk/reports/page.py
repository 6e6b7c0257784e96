"""What the page of a report shows: its text, its own card, and its entries."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from app.dates import wording
from app.desk.approved import store
from app.desk.approved.models import WRITABLE_STATES, Draft, DraftState
from app.desk.draft_form import gazetteer
from app.desk.draft_form.card import (
    NOBODY,
    OWN_VOICE,
    CardReport,
    cited,
    read,
)
from app.desk.draft_form.catalogue import Catalogue, figure_in_words
from app.desk.draft_form.date_reading import date_offers
from app.desk.draft_form.fields import DraftSheet
from app.desk.drafts import commands
from app.desk.drafts.articles import page_of_source
from app.desk.drafts.comments import comments
from app.desk.drafts.figures import figure_fields
from app.desk.drafts.page import draft_view, problems_of
from app.desk.drafts.report_settings import (
    ReportForm,
    ReportSheet,
    ReportSpeaker,
    ReportText,
    alike_speakers,
    card_report,
    may_write,
    report_of,
    settings_of,
    unknown_name,
)
from app.desk.identity.models import DeskRole, Person
from app.desk.reading.text import (
    ArticleReading,
    Mark,
    MarkKind,
    Sentence,
    longest,
    split_sentences,
)
from app.desk.reports import texts
from app.desk.reports.relays import relay_notices
from app.documents import ROW, Document, date_in_words, flatten, parts_of
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import FORMS, EventForm
from app.kinds.layout import names_in
from app.kinds.locale_names import language_choices
from app.settings import Settings
from app.vocabulary.estimates import Unit
from app.vocabulary.events import TermKey, TypeNature
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.vocabulary.sources import Extent
from app.web.urls import PAGE_OF_KIND, url

WAS = "was."
"""Before the name of a field of the block: what it held when the page was opened."""


def report_page(
    db: Session,
    settings: Settings,
    person: Person,
    source: str,
    *,
    open_id: int = 0,
    focus: str = "",
    is_check: bool = False,
    unsaved_block: Document | None = None,
    refused: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the data of `desk/reports/page.html`; `refused`: a text that could not be kept."""
    catalogue, sheet = Catalogue(db, person), db.get(ReportSheet, source)
    document, draft = catalogue.document(source), catalogue.draft_of(source)
    assert document is not None
    report, stored, typed = card_report(db, source), settings_of(db, source), refused or {}
    block = unsaved_block or stored
    mine = [
        each
        for each in commands.drafts_of_article(db, source)
        if commands.may_write(person, each) and (each.number > 0 or each.id == open_id)
    ]
    catalogue.read_ahead([each.record for each in mine])
    # After “Submit”, what a publication would refuse, too.
    with_trial = is_check and not open_id
    entries = [entry_view(db, catalogue, each, with_trial=with_trial) for each in mine]
    is_own = draft is not None and commands.may_write(person, draft)
    card = entry_view(db, catalogue, draft) if draft and is_own else None
    shown = (each for each in [*mine, draft] if each and each.id == open_id)
    opened = next((each for each in shown if each.state in WRITABLE_STATES), None)
    text = text_view(catalogue, source, document["published"])
    boxes = DraftSheet(ReportForm, block, catalogue, is_quiet=True)
    names_of_terms = _names_of_terms(catalogue, block)
    return {
        "id": source,
        "source": document,
        "title": document["title"] or _("Untitled source"),
        "state": _(DraftState(draft.state).label) if draft else _("Approved"),
        # Key of the page.
        "page": secrets.token_hex(8),
        # The source's own draft; none if it is approved and not being changed.
        "card": card,
        "facts": _facts(catalogue, draft.document if draft else document),
        "entries": entries,
        "complete": sum(not each["problems"] for each in entries),
        # Its own card says what the open entry lacks, after each save, too.
        "next_problem": next(
            (each for each in entries if each["problems"] and each["id"] != open_id), None
        ),
        "approved": _approved(catalogue, source, {each.record for each in mine}),
        "block": boxes,
        "speakers": [each for each in report.speakers if each.letter not in {OWN_VOICE, NOBODY}],
        # The block as it is stored, by field: what the page was opened with.
        "opened_block": [(f"{WAS}{name}", text) for name, text in flatten(ReportForm, stored)],
        "is_block_unsaved": unsaved_block is not None,
        "unknown_name": unknown_name(catalogue, block),
        "alike_speakers": [*alike_speakers(block)],
        "names_of_speaker": [*names_in(ReportSpeaker.PARTS)],
        "names_of_terms": names_of_terms,
        "terms_to_add": [*_terms_to_add(catalogue)],
        "defaults_in_words": _defaults_in_words(boxes, names_of_terms),
        "text": text,
        "relays": [*relay_notices(db, catalogue, source, stored)],
        "web_page": page_of_source(db, source, document["url"], person, takes_hash=False),
        "open": draft_view(
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
        # Whether all that this person entered from it is in review.
        "is_in_review": {each.state for each in mine if each.number} == {DraftState.IN_REVIEW},
        "block_owner": block_owner(db, person, sheet),
        "can_review": person.may(DeskRole.EDITOR)
        and (
            settings.one_person_desk
            or any(each.owner != person.id for each in commands.drafts_of_article(db, source))
        ),
        "problems": [*_all_problems(source, [card, *entries] if card else entries)]
        if is_check
        else (),
        "text_error": typed.get("error", ""),
        "typed_text": typed.get("text") or (text["words"] if text else ""),
        "typed_translation": typed.get("translation") or (text["translated"] if text else ""),
    }


def block_owner(db: Session, person: Person, sheet: ReportSheet | None) -> str:
    """Return who alone, beside editors, changes speakers and defaults; "" if this person may."""
    if sheet is None or may_write(person, sheet):
        return ""
    return db.get_one(Person, sheet.owner).called


def _all_problems(source: str, entries: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield address, name of the entry and what it lacks."""
    for entry in entries:
        for each in entry["problems"]:
            focus = f"&focus={each.anchor}#{each.anchor}" if each.anchor else ""
            address = f"{url('article', id=source)}?open={entry['id']}&check=1{focus}"
            yield address, entry["title"], each.words


# Entries ----------------------------------------------------------------------------------------


def entry_view(
    db: Session, catalogue: Catalogue, draft: Draft, *, with_trial: bool = False
) -> dict[str, Any]:
    """Return an entry as one or two lines."""
    document, report = catalogue.visible(draft), report_of(db, draft)
    is_writable = draft.state in WRITABLE_STATES
    problems = problems_of(db, catalogue, draft, with_trial=with_trial) if is_writable else ()
    return {
        "id": draft.id,
        "title": _title(catalogue, draft, document, report),
        # The record that the report is added to; "" for one that is entered from it.
        "adds_to": catalogue.title(draft.kind, document)
        if draft.kind in CITING_KINDS and draft.base is not None
        else "",
        # Kind, time, place and speaker; what a citation is attached to.
        "about": enumerate_words(filter(None, _about(catalogue, draft, document, report))),
        "problems": problems,
        "missing": enumerate_words(dict.fromkeys(each.title or each.words for each in problems)),
        "state": "" if draft.state == DraftState.DRAFT else _(DraftState(draft.state).label),
        # Where it can be read, if it can't be written now.
        "address": "" if is_writable else f"{url('desk-record', record=draft.record)}#versions",
        "comments": sum(not each.settled_by for each in comments(db, draft)) if is_writable else 0,
    }


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
    says = _says(report, compact.get("says", ""))
    if draft.base is not None and at is not None:
        attached = _("adds to {id}, “{title}”").format(
            id=draft.record, title=catalogue.title(draft.kind, document)
        )
        return [attached, says]
    if form is not EventForm:
        return [catalogue.title(draft.kind, document), says]
    places = [
        catalogue.label(code, "place") if (code := catalogue.meant("place", name)) else name
        for name in parts_of(compact.get("where", ""))
    ]
    type_ = catalogue.code("type", document["type"])
    when = date_in_words(document["happened"] or document["attested"])
    is_rule = type_ is not None and type_.nature is TypeNature.MEASURE
    status = _("no status") if is_rule and not document["stages"] else ""
    return [type_.label if type_ else _("Event"), status, when, *places, says]


def _says(report: CardReport, letter: str) -> str:
    label = next((each.label for each in report.speakers if each.letter == letter), "")
    # One of a record has no letter.
    words = "{speaker}" if letter.startswith("=") else _("by {letter}: {speaker}")
    return words.format(letter=letter, speaker=label) if label else ""


def _approved(catalogue: Catalogue, source: str, known: set[str]) -> list[tuple[str, str, str]]:
    ids = sorted(set(catalogue.db.scalars(store.citing(source))) - known)
    catalogue.read_ahead(ids)
    return [(id, catalogue.label(id), url(PAGE_OF_KIND[id[0]], id=id)) for id in ids]


def _facts(catalogue: Catalogue, source: Document) -> str:
    """Return what is known of the report in one line."""
    outlet = catalogue.meant("outlet", source["outlet"])
    read_copies = [copy for copy in source["copies"] if copy["extent"] not in {"", Extent.NONE}]
    extent = Extent.by_code().get(read_copies[0]["extent"]) if read_copies else None
    derived = enumerate_words(
        filter(None, (row["source"] or row["outlet"] for row in source["derived_from"]))
    )
    return enumerate_words(
        filter(
            None,
            [
                catalogue.label(outlet, "outlet") if outlet else source["outlet"],
                date_in_words(source["published"]),
                dict(language_choices()).get(source["language"], source["language"]),
                _(extent.label) if extent else _("no copy that was read yet"),
                _("derived from {sources}").format(sources=derived) if derived else "",
            ],
        )
    )


# Speakers and defaults --------------------------------------------------------------------------


def _defaults_in_words(boxes: DraftSheet, names_of_terms: Mapping[str, str]) -> str:
    choices = boxes.box_at("nationality").choices
    chosen = [choice.label for choice in choices if choice.code and choice.is_chosen]
    places = boxes.document["places"]
    return enumerate_words(filter(None, [*chosen, places, *names_of_terms.values()]))


def _names_of_terms(catalogue: Catalogue, block: Document) -> dict[str, str]:
    """Return the labels of the default terms by the keys of their rows."""
    label = catalogue.directory.label
    return {row[ROW]: label(row["key"], row["code"]) for row in block["defaults"]}


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


# The private text ---------------------------------------------------------------------------------

SIGNS: dict[MarkKind, tuple[str, str]] = {
    MarkKind.DATE: ("date", N_("Date")),
    MarkKind.ESTIMATE: ("num", N_("Estimate")),
    MarkKind.PLACE: ("place", N_("Place")),
    MarkKind.NATIONALITY: ("term", N_("Nationality")),
    MarkKind.LAW: ("term", N_("Law")),
    MarkKind.ACTOR: ("term", N_("Actor")),
    MarkKind.OUTLET: ("term", N_("Outlet")),
}
"""The sign of each kind of mark, and its name."""


@dataclass(frozen=True)
class Segment:
    """A piece of a sentence. `kind` is the sign of its mark; "" for words without one."""

    words: str
    kind: str = ""
    reading: str = ""
    value: str = ""
    """What a press writes into the field that has the focus."""
    fields: Mapping[str, str] | None = None
    """Of a number: all fields that a press decides, if one of them has the focus."""


class ParagraphView(NamedTuple):
    segments: Sequence[Segment]
    other: str
    """Its translation, or the text, where that is marked."""


def text_view(catalogue: Catalogue, source: str, published: str) -> dict[str, Any] | None:
    """Return the private text of a report with its marks; None if there is none."""
    kept = texts.read(catalogue.db, source)
    if kept is None:
        return None
    text, language = texts.readable(kept)
    is_translated = text == kept.translation
    if kept.marks is not None:
        reading: ArticleReading = texts.stored_reading(kept)
    else:
        unread = split_sentences(text, language or "en", None)
        reading = [(sentence, ()) for sentence in unread]
    sentences = (
        (sentence, [*_segments(catalogue, published, kept, sentence, marks)])
        for sentence, marks in reading
    )
    return {
        "language": "en" if is_translated else kept.language,
        "other_language": kept.language if is_translated else "en",
        "words": kept.text,
        "translated": kept.translation,
        "delete_after": wording.in_words(kept.delete_after.isoformat()),
        "paragraphs": _paragraphs(
            text, sentences, kept.text if is_translated else kept.translation
        ),
        # Why there are no marks.
        "problem": texts.problem_in_words(kept),
    }


def _segments(
    catalogue: Catalogue,
    published: str,
    kept: ReportText,
    sentence: Sentence,
    marks: Iterable[Mark],
) -> Iterator[Segment]:
    text, _language = texts.readable(kept)
    at = sentence.start
    for mark in longest(mark for mark in marks if mark.kind in SIGNS):
        if mark.start > at:
            yield Segment(text[at : mark.start])
        sign, name = SIGNS[mark.kind]
        words = text[mark.start : mark.end]
        reading = mark_in_words(catalogue, mark, words)
        said = _("{kind}: {reading}").format(kind=_(name), reading=reading)
        # The words of a translation are not those of the source.
        printed = words if text == kept.text else ""
        fields = figure_fields(mark.figure, printed) if mark.figure else None
        # Words with several readings are asked about, as if they had been typed.
        is_unclear = mark.kind is MarkKind.DATE and len(date_offers(words, published)) > 1
        yield Segment(words, sign, said, words if is_unclear else mark.value, fields)
        at = mark.end
    if at < sentence.end:
        yield Segment(text[at : sentence.end])


# Paragraphs and translation ---------------------------------------------------------------------


def _paragraphs(
    text: str, sentences: Iterable[tuple[Sentence, Sequence[Segment]]], other: str
) -> list[ParagraphView]:
    """Return the paragraphs, each with its other language; all of it is beside the last one if
    their numbers differ."""
    paragraphs: list[list[Segment]] = []
    end = 0
    for sentence, segments in sentences:
        if not paragraphs or "\n" in text[end : sentence.start]:
            paragraphs.append([])
        paragraphs[-1] += [*segments, Segment(" ")]
        end = sentence.end
    others = [part.strip() for part in other.splitlines() if part.strip()]
    if len(others) != len(paragraphs):
        others = [""] * (len(paragraphs) - 1) + [" ".join(others)]
    return [ParagraphView(*each) for each in zip(paragraphs, others, strict=False)]


# Marks in words ---------------------------------------------------------------------------------


def mark_in_words(catalogue: Catalogue, mark: Mark, words: str) -> str:
    """Return a date, a number or a name; of a town or country that the record lacks, its name."""
    value = mark.value
    if mark.kind is MarkKind.DATE:
        return date_in_words(value)
    if mark.figure:
        figure = {"counts": "", "printed_words": words, **figure_fields(mark.figure, words)}
        number = figure_in_words(figure)[0]
        is_people = mark.figure.unit == Unit.PEOPLE and mark.figure.low is not None
        is_people = is_people and not mark.figure.population
        return _("{number} people").format(number=number) if is_people else number
    if mark.kind is MarkKind.NATIONALITY:
        return catalogue.directory.label(TermKey.NATIONALITY, value)
    of, _colon, code = value.partition(":")
    if of == "town" and (town := gazetteer.towns()[0].get(int(code))):
        return f"{town.name}, {gazetteer.country_name(town.country)}"
    if of == "country":
        return gazetteer.country_name(code)
    known = catalogue.directory.named_records.get(mark.kind.value, {})
    return catalogue.label(value, mark.kind.value) if value in known else value
