"""`/desk/sources`: begin a report by its address, and the page of a report with its entries."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.approved.models import WRITABLE_STATES, Draft
from app.desk.captures import captures, fetched
from app.desk.captures.fetched import HTML_TYPES, FetchError
from app.desk.draft_form.advice import check_draft, names_in
from app.desk.draft_form.card import key_of
from app.desk.draft_form.catalogue import THING_OF_KIND, WEB_ADDRESS, Catalogue
from app.desk.draft_form.fields import CARD, FieldProblem, run_action
from app.desk.drafts import commands
from app.desk.drafts.articles import (
    begin_named,
    entered,
    entered_ids,
    make_in_place,
    new_draft_url,
    new_source_at,
    read_page,
    recent_sources,
)
from app.desk.drafts.conflicts import align
from app.desk.drafts.page import problems_of
from app.desk.drafts.queue import NUMBER
from app.desk.drafts.report_settings import (
    CitingError,
    DefaultTerm,
    ReportForm,
    ReportSheet,
    alike_speakers,
    begin,
    begin_entry,
    cite,
    next_letter,
    save,
    settings_of,
    unknown_name,
)
from app.desk.drafts.routes import entry_address
from app.desk.drafts.trial_publish import publish_errors_by_id
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.reports import relays, texts
from app.desk.reports.page import WAS, block_owner, report_page
from app.desk.search import matching_ids
from app.desk.ui import desk_page, see_other
from app.documents import ROW, Document, blank_row, clean, read_document
from app.errors import InvalidStateError
from app.i18n.formats import sentences
from app.i18n.translate import N_, _, ngettext
from app.kinds import FORMS, Form
from app.settings import Settings
from app.vocabulary.citations import Derivation
from app.vocabulary.events import Role, TermKey
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.forms import PostedForm, with_prefix
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()
BUSY = N_("{record} can’t be edited now: it is in review, or another person is editing it.")
ALSO = "also."
"""Before the id of a record that is ticked to cite the report, too."""
FOCUS = re.compile(r"[a-z0-9_.-]{1,100}", re.ASCII)


# Beginning --------------------------------------------------------------------------------------


@router.get("/desk/sources", name="articles")
def articles_page(request: Request, db: Desk, person: Contributor) -> Response:
    """Show the form for a report's address, and whether it is known."""
    address = clean(request.query_params.get("url", "")).strip()
    catalogue = Catalogue(db, person)
    known = catalogue.source_at(address) if address else None
    return desk_page(
        request,
        "desk/reports/list.html",
        address=address,
        known=catalogue.match("source", known) if known else None,
        resting=entered(catalogue, known) if known else [],
        near=catalogue.matches("source", address) if address and not known else [],
        is_web_address=bool(WEB_ADDRESS.match(address)),
        key=secrets.token_hex(8),
        lately=recent_sources(catalogue),
    )


@router.post("/desk/sources")
def begin_article(
    request: Request, db: Desk, settings: SettingsDep, person: Contributor, posted: PostedForm
) -> Response:
    """Start the source at an address, or find it, and open its report.

    If requested, its page is read at once, and empty fields are filled in from it.
    """
    key, address = posted.get("key", ""), clean(posted.get("url", "")).strip()
    if not key:
        raise HTTPException(422)
    catalogue = Catalogue(db, person)
    if known := catalogue.source_at(address):
        return RedirectResponse(url("article", id=known), 303)
    document = new_source_at(catalogue, address)
    draft = commands.begin(db, person, key, RecordKind.SOURCE, document=document)
    # A double click asks the site once.
    is_asked = posted.get("do") == "read-page" and draft.number == 0
    outcome = read_page(db, settings, draft, person) if is_asked else ""
    return see_other(request, entry_address(draft.record, draft.id), outcome)


# The page ---------------------------------------------------------------------------------------


@router.get("/desk/sources/{id}", name="article")
def article_page(
    request: Request, db: Desk, settings: SettingsDep, person: Contributor, id: str
) -> Response:
    _check_source(db, person, id)
    # Its day or language may have changed on its card, and the marks follow from them.
    texts.mark_again_if_due(db, Catalogue(db, person), id)
    query = request.query_params
    focus = query.get("focus", "")
    shown = report_page(
        db,
        settings,
        person,
        id,
        open_id=_open_id(request),
        focus=focus if FOCUS.fullmatch(focus) else "",
        is_check="check" in query,
    )
    return desk_page(request, "desk/reports/page.html", report=shown)


def _check_source(db: Session, person: Person, id: str) -> Document:
    source = Catalogue(db, person).document(id) if id[:1] == RecordKind.SOURCE else None
    if source is None:
        raise HTTPException(404)
    return source


@router.post("/desk/sources/{id}")
def write(
    request: Request,
    db: Desk,
    settings: SettingsDep,
    person: Contributor,
    id: str,
    *,
    posted: PostedForm,
) -> Response:
    """Save the speakers and defaults if the page sent them, then do what the button says."""
    _check_source(db, person, id)
    here, do = _here(request, id), make_in_place(db, person, id, posted)
    is_block = "block" in posted and not block_owner(db, person, db.get(ReportSheet, id))
    focus = ""
    if is_block:
        unsaved, focus = _save_block(db, person, begin(db, person, id), posted, do)
        if unsaved:
            shown = report_page(db, settings, person, id, unsaved_block=unsaved)
            return desk_page(request, "desk/reports/page.html", status=409, report=shown)
    match do.split(" "):
        case ["make", thing, path, *name] if name and thing in THING_OF_KIND.values():
            field, text = f"{id}-{path}", " ".join(name)
            new = begin_named(db, person, field, id, thing=thing, text=text)
            return see_other(request, new_draft_url(new))
        case ["new", kind] if kind in CITING_KINDS:
            draft = begin_entry(db, person, kind, id)
            return see_other(request, entry_address(id, draft.id, f"{CARD}statement"))
        case ["cite"]:
            return _cite(request, db, person, id, posted)
        case ["source"]:
            source = commands.begin_to_change(db, person, id)
            return see_other(request, entry_address(id, source.id) if source else here)
        case ["send"]:
            return _send(request, db, person, id)
        case ["keep-text" | "read-text" | "delete-text"] if not texts.may_change(db, id, person):
            words = _("Another person entered the text of this report. You can only read it.")
            return see_other(request, f"{here}#text", words)
        case ["keep-text" | "read-text"]:
            return _keep_text(request, db, settings, person, id, do=do, posted=posted)
        case ["delete-text"]:
            texts.remove(db, id)
            return see_other(request, here, _("The text was deleted."))
        case ["relay", copied, how] if how in Derivation.by_code():
            return _set_relay(request, db, person, id, copied=copied, how=how)
        case ["also", copied]:
            records = [*with_prefix(posted, ALSO)]
            return _cite_again(request, db, person, id, copied=copied, records=records)
    # Browsers unfold what contains the target and give it the focus: the block stays open while
    # rows are added, and where it asks something.
    block = settings_of(db, id)
    if not focus and (unknown_name(Catalogue(db, person), block) or [*alike_speakers(block)]):
        focus = "asked"
    return RedirectResponse(f"{here}#{focus or 'speakers'}" if "block" in posted else here, 303)


def _open_id(request: Request) -> int:
    """Return the id of the entry that is open; 0 if none is."""
    number = request.query_params.get("open", "")
    return int(number) if re.fullmatch(NUMBER, number, re.ASCII) else 0


def _here(request: Request, id: str) -> str:
    """Return the page of a report, with the entry that is open."""
    number, page = _open_id(request), url("article", id=id)
    return f"{page}?open={number}" if number else page


# Speakers and defaults --------------------------------------------------------------------------


def _save_block(
    db: Session, person: Person, sheet: ReportSheet, posted: Mapping[str, str], do: str
) -> tuple[Document | None, str]:
    """Save what was typed, with what the button adds.

    Returns it if others changed the same, and the field to go to, if there is one.
    """
    began, typed = (read_document(ReportForm, s) for s in (with_prefix(posted, WAS), posted))

    def new_row(form: type[Form]) -> Document:
        return blank_row(form, letter=next_letter(typed["speakers"]))

    typed, path = run_action(ReportForm, typed, do, new_row)
    focus = f"block.{path}" if path else ""
    key, _colon, code = clean(posted.get("new-default", "")).partition(":")
    same = any((row["key"], row["code"]) == (key, code) for row in typed["defaults"])
    if key in TermKey.by_code() and code and not same:
        term = blank_row(DefaultTerm, key=key, code=code, role=Role.TARGET.value)
        typed["defaults"].append(term | {ROW: key_of(key, code)})
        focus = "new-default"
    match do.split(" "):
        case ["relay", source, "none"]:
            answered = filter(None, [typed["not_relays"], source])
            typed["not_relays"] = ", ".join(answered)
    return save(db, sheet, began, typed, person), focus


# What the buttons do ----------------------------------------------------------------------------


def _send(request: Request, db: Session, person: Person, id: str) -> Response:
    here = url("article", id=id)
    result = submit(db, id, person)
    if not result.sent:
        if result.problems:
            return see_other(request, f"{here}?check=1")
        return see_other(request, here, _("There is nothing to submit."))
    notice = ngettext(
        "%(num)s record of this report was submitted for review.",
        "%(num)s records of this report were submitted for review.",
        len(result.sent),
    ) % {"num": len(result.sent)}
    return see_other(request, f"{here}?check=1" if result.problems else here, notice)


def _cite(
    request: Request, db: Session, person: Person, id: str, posted: Mapping[str, str]
) -> Response:
    """Add a citation of the report to the record that words or an id name.

    Words find no record that was entered from the report or cites it; an id takes that, too.
    """
    here, catalogue = url("article", id=id), Catalogue(db, person)
    typed, key = clean(posted.get("record", "")).strip(), clean(posted.get("page", ""))
    matching = matching_ids(catalogue, typed, app_state(request).indexes)
    known = {*entered_ids(catalogue, id)} - {typed.upper()}
    found = [i for i in dict.fromkeys(matching) if i[0] in CITING_KINDS and i not in known]
    ids = [i for i in found if catalogue.document(i)]
    if len(ids) != 1:
        return desk_page(
            request,
            "desk/reports/cite.html",
            id=id,
            # Without a fragment, which would only scroll: it may be the page's address already.
            back=_here(request, id),
            typed=typed,
            matches=[catalogue.match(THING_OF_KIND[i[0]], i) for i in ids],
            key=key,
        )
    try:
        draft, _place = cite(db, person, ids[0], id, key=key)
    except CitingError as error:
        return see_other(request, here, _(BUSY).format(record=error.record))
    return see_other(request, entry_address(id, draft.id))


def _set_relay(
    request: Request, db: Session, person: Person, id: str, *, copied: str, how: str
) -> Response:
    """Write into the source what it derives from, after the press that says so."""
    here = url("article", id=id)
    try:
        relays.set_relay(db, person, id, copied, key=secrets.token_hex(8), how=Derivation(how))
    except InvalidStateError:
        return see_other(request, here, _(BUSY).format(record=id))
    words = _("This report now derives from {source}. Below are the entries from {source}.")
    return see_other(request, f"{here}#relays", words.format(source=copied))


def _cite_again(
    request: Request,
    db: Session,
    person: Person,
    id: str,
    *,
    copied: str,
    records: Sequence[str],
) -> Response:
    """Cite this report in ticked records, as they cite the one that it copies."""
    here, savepoint, key = url("article", id=id), db.begin_nested(), secrets.token_hex(8)
    try:
        relays.cite_again(db, Catalogue(db, person), records, id, copied, key=key)
    except CitingError as error:
        savepoint.rollback()
        return see_other(request, here, _(BUSY).format(record=error.record))
    savepoint.commit()
    words = ngettext("%(num)s record was changed.", "%(num)s records were changed.", len(records))
    return see_other(request, here, words % {"num": len(records)})


# Submitting -----------------------------------------------------------------------------------


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


# The text ---------------------------------------------------------------------------------------


def _keep_text(
    request: Request,
    db: Session,
    settings: Settings,
    person: Person,
    id: str,
    *,
    do: str,
    posted: Mapping[str, str],
) -> Response:
    """Keep the private text of a report with its marks."""
    text, translation = (clean(posted.get(name, "")) for name in ("text", "translation"))
    problem = "" if text.strip() else _("Paste the text of the report here.")
    if do == "read-text":
        text, problem = _text_of_page(db, settings, person, id)
    problem = problem or texts.problem_of(text) or texts.problem_of(translation)
    if problem:
        refused = {"error": problem, "text": text, "translation": translation}
        open_id = _open_id(request)
        shown = report_page(db, settings, person, id, open_id=open_id, refused=refused)
        # What the page of an open card asks for by script is only shown if it did not fail.
        status = 200 if "hx-request" in request.headers else 422
        return desk_page(request, "desk/reports/page.html", status=status, report=shown)
    catalogue, source = Catalogue(db, person), _check_source(db, person, id)
    published = source["published"]
    kept = texts.store(
        db,
        settings,
        person,
        id,
        text=text,
        language=texts.language_of_source(source, text),
        translation=translation,
    )
    here = _here(request, id)
    if not texts.mark_text(db, catalogue, kept, published) or texts.exact_day(published):
        return see_other(request, f"{here}#text")
    needed = _(
        "Dates without a year can’t be read yet: enter the exact day of publication, then mark the "
        "text again."
    )
    draft = catalogue.draft_of(id)
    return see_other(request, entry_address(id, draft.id) if draft else here, needed)


def _text_of_page(db: Session, settings: Settings, person: Person, id: str) -> tuple[str, str]:
    """Ask the source's site for its page; return its text, or why there is none."""
    address = _check_source(db, person, id)["url"].strip()
    try:
        text = fetched.read_text(captures.fetch(db, settings, address, person, HTML_TYPES))
    except FetchError as error:
        return "", _("This did not work. {why}").format(why=error)
    return text, "" if text.strip() else _("No text was found on the page. Paste it here.")
