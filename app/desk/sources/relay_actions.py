"""What an editor answers about a repeated report: that it is one, and what it has of the other."""

import secrets
from collections.abc import Mapping

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.citing import CitingError
from app.desk.identity.models import Person
from app.desk.sheets import relays
from app.desk.sheets.models import ReportSheet
from app.desk.sources.relay_view import answer_statements
from app.desk.ui.page_frame import see_other
from app.errors import InvalidStateError
from app.i18n.translate import _, ngettext
from app.vocabulary.citations import Derivation
from app.web.urls import url


def set_relay(
    request: Request, db: Session, person: Person, source: str, *, copied: str, how: str
) -> Response:
    """Write into the source what it derives from, after the press that says so."""
    here = url("article", id=source)
    try:
        relays.set_relay(db, person, source, copied, key=secrets.token_hex(8), how=Derivation(how))
    except InvalidStateError:
        words = _(
            "The source can’t be edited now: it is in review, or another person is editing it."
        )
        return see_other(request, here, words)
    words = _(
        "This report now derives from {source}. You can compare the entries from {source} below."
    )
    return see_other(request, f"{here}?focus=relays#relays", words.format(source=copied))


def answer_relay(
    request: Request,
    db: Session,
    person: Person,
    sheet: ReportSheet,
    *,
    copied: str,
    posted: Mapping[str, str],
) -> Response:
    """Cite this report in what is on record from the one that it copies, as the answers say."""
    here = url("article", id=sheet.source)
    savepoint = db.begin_nested()
    try:
        count = answer_statements(
            db,
            Catalogue(db, person),
            sheet,
            copied,
            posted=posted,
            key=secrets.token_hex(8),
        )
    except CitingError as error:
        savepoint.rollback()
        record = error.draft.record if error.draft else copied
        words = _("{record} can’t be edited now: it is in review, or another person is editing it.")
        return see_other(request, here, words.format(record=record))
    savepoint.commit()
    words = ngettext("%(num)s record was changed.", "%(num)s records were changed.", count)
    return see_other(request, here, words % {"num": count})
