"""Routes with which editors record coverage checks and undo them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.checks.forms import CheckInput, resolve_names
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.ui.html_forms import FilledForm, fill
from app.desk.ui.page_frame import desk_page, see_other
from app.i18n.formats import enumerate_words, sentences
from app.i18n.translate import _
from app.record.coverage import CoverageCheck, checks_of_edition
from app.record.editions import NoEditionError, select_edition
from app.record.publishing.coverage_checks import publish_checks, undo_coverage_check
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()
MAX_ROWS = 100


@dataclass(frozen=True)
class CheckRow:
    """A check as `desk/checks/page.html` prints it."""

    no: int
    places: str
    outlets: str
    languages: str
    first: date
    last: date
    outcome: str
    edition: int


@router.get("/desk/checks", name="checks")
def checks_page(request: Request, db: Desk, editor: Editor) -> Response:
    """Show the form, filled with the values of the last check.

    Most checks cover the same places each week.
    """
    recorded = _recorded_checks(db)
    last = recorded[0] if recorded else None
    typed = (
        {
            "outlets": ", ".join(last.outlets),
            "languages": ", ".join(last.languages),
            "places": ", ".join(last.places),
        }
        if last
        else {}
    )
    return _page(request, db, editor, FilledForm(CheckInput, typed))


@router.post("/desk/checks")
def record_check(request: Request, db: Desk, editor: Editor, posted: PostedForm) -> Response:
    catalogue = Catalogue(db, editor)
    filled, check = resolve_names(fill(CheckInput, posted), catalogue)
    if check is None:
        return _page(request, db, editor, filled, status=422)
    places = enumerate_words(catalogue.label(code, "place") for code in check.places)
    try:
        edition = publish_checks(db, [check], _("Looked for news: {places}").format(places=places))
    except PublishError as refused:
        return _page(
            request, db, editor, filled.but("places", sentences(refused.reasons)), status=422
        )
    log_action(db, Action.CHECKED, editor, f"edition:{edition.no}")
    return see_other(
        request,
        url("checks"),
        _("The check was recorded, in edition {edition}.").format(edition=edition.no),
    )


@router.post("/desk/checks/{no}/take-back", name="check-take-back")
def undo_check(request: Request, db: Desk, editor: Editor, no: int) -> Response:
    edition = undo_coverage_check(db, no, _("A coverage check was undone")) if no < 2**31 else None
    if edition is None:
        return see_other(request, url("checks"), _("This check was already undone."))
    log_action(db, Action.TOOK_CHECK_BACK, editor, f"edition:{edition.no}")
    return see_other(
        request, url("checks"), _("The check was undone. Past editions still have it.")
    )


def _page(
    request: Request,
    db: DeskSession,
    editor: Person,
    filled: FilledForm[CheckInput],
    *,
    status: int = 200,
) -> Response:
    catalogue = Catalogue(db, editor)
    rows = [_row(check, catalogue) for check in _recorded_checks(db)[:MAX_ROWS]]
    return desk_page(request, "desk/checks/page.html", filled=filled, checks=rows, status=status)


def _recorded_checks(db: DeskSession) -> Sequence[CoverageCheck]:
    try:
        return checks_of_edition(db, select_edition(db))
    except NoEditionError:
        return ()


def _row(check: CoverageCheck, catalogue: Catalogue) -> CheckRow:
    return CheckRow(
        no=check.no,
        places=enumerate_words(catalogue.label(code, "place") for code in check.places),
        outlets=enumerate_words(catalogue.label(code, "outlet") for code in check.outlets),
        languages=enumerate_words(
            catalogue.directory.label("language", code) for code in check.languages
        ),
        first=check.first,
        last=check.last,
        outcome=_(check.outcome.label),
        edition=check.edition,
    )
