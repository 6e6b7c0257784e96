"""Keeps the private text of a report, with its marks, or deletes it."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.desk.captures import captures, metadata
from app.desk.captures.fetched import HTML_TYPES, FetchError
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.sheets import marking, texts
from app.desk.sheets.actions import SHARED
from app.desk.sheets.models import ReportSheet
from app.desk.sheets.submitting import SOURCE
from app.desk.sources.response import sheet_page
from app.desk.sources.sheet_page import sheet_view
from app.desk.ui.page_frame import see_other
from app.documents import clean
from app.i18n.translate import _
from app.settings import Settings
from app.web.urls import url

KEEP_TEXT = "keep-text"
TEXT_ACTIONS = frozenset({KEEP_TEXT, "read-text", "delete-text"})
TEXTS = ("text", "translation")
"""Fields that hold the private text, and the editor’s translation."""


def holds_new_text(db: Session, source: str, posted: Mapping[str, str]) -> bool:
    """Whether a posted form has a text that is not kept yet."""
    text, kept = clean(posted.get("text", "")), texts.read(db, source)
    return bool(text.strip()) and (kept is None or kept.text != text)


def run_text_action(
    request: Request,
    db: Session,
    settings: Settings,
    person: Person,
    sheet: ReportSheet,
    *,
    do: str,
    posted: Mapping[str, str],
) -> Response:
    """Keep the text of a report with its marks; or delete the text.

    What was typed on the sheet is saved already.
    """
    id = sheet.source
    text, translation = (clean(posted.get(name, "")) for name in TEXTS)
    match do:
        case "delete-text":
            texts.remove(db, id)
            return see_other(request, url("article", id=id), _("The text was deleted."))
        case "read-text":
            text, problem = _text_of_page(db, settings, person, id)
        case _:
            problem = "" if text.strip() else _("Paste the text of the report here.")
    problem = problem or texts.problem_of(text) or texts.problem_of(translation)
    if problem:
        shown = sheet_view(db, person, id, page=secrets.token_hex(8), sheet=sheet)
        shown = replace(
            shown,
            text_error=problem,
            typed_text=text,
            typed_translation=translation,
            focus="text-words",
        )
        return sheet_page(request, db, person, shown, status=422)
    catalogue = Catalogue(db, person)
    source = catalogue.document(id)
    published = source["published"] if source else ""
    kept = texts.store(
        db,
        settings,
        person,
        id,
        text=text,
        language=marking.language_of_source(source, text),
        translation=translation,
    )
    here = f"{url('article', id=id)}?focus=text#text"
    if not marking.mark_text(db, catalogue, kept, published):
        return see_other(request, here, marking.problem_in_words(kept))
    if marking.exact_day(published):
        return see_other(request, here)
    needed = _(
        "Dates without a year can’t be read yet: enter the day of publication, and the text is "
        "marked again."
    )
    here = f"{url('article', id=id)}?open={SHARED}&focus={SOURCE}published"
    return see_other(request, here, needed)


def _text_of_page(db: Session, settings: Settings, person: Person, id: str) -> tuple[str, str]:
    """Ask the source's site for its page; return its text, or why there is none."""
    # Imported here: the HTTP client slows down the start of the site.
    from app.desk.captures.fetch import fetch_page

    source = Catalogue(db, person).document(id)
    try:
        captures.count_fetch(db, settings, person)
        fetched = fetch_page(
            source["url"].strip() if source else "", HTML_TYPES, settings.fetch_also_from
        )
        text = metadata.read_text(fetched)
    except FetchError as error:
        return "", _("This did not work. {why}").format(why=error)
    return text, "" if text.strip() else _("No text was found on the page. Paste it here.")
