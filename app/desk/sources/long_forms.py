"""Start the long form of an article's next event or estimate, or cite it in an existing one."""

from collections.abc import Mapping

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.drafts.articles import new_document_from_article, new_draft_url
from app.desk.drafts.carry_over import ticked
from app.desk.drafts.citing import CitingError, cite
from app.desk.identity.models import Person
from app.desk.ui.page_frame import see_other
from app.documents import clean
from app.i18n.translate import _
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import url


def enter(
    request: Request, db: Session, person: Person, id: str, posted: Mapping[str, str]
) -> Response:
    """Start the article's next event or estimate, or cite the article in an existing one."""
    catalogue = Catalogue(db, person)
    key, kind, record = (clean(posted.get(name, "")) for name in ("key", "kind", "record"))
    if not key or catalogue.document(id) is None or id[0] != RecordKind.SOURCE:
        raise HTTPException(404)
    if kind in CITING_KINDS:
        like, blocks = clean(posted.get("like", "")), ticked(posted)
        begun, carried = new_document_from_article(catalogue, kind, id, like, blocks)
        draft = commands.begin(
            db,
            person,
            f"{key}-{kind}",
            kind,
            document=begun,
            article=id,
            carried=carried,
            carry=blocks if like else None,
        )
        return RedirectResponse(new_draft_url(draft), 303)
    return _cite(request, db, person, catalogue, key=key, article=id, record=record.strip().upper())


def _cite(
    request: Request,
    db: Session,
    person: Person,
    catalogue: Catalogue,
    *,
    key: str,
    article: str,
    record: str,
) -> Response:
    here = url("article", id=article)
    try:
        draft, place = cite(db, person, catalogue, record, article, key=key)
    except CitingError as error:
        if error.why == "unknown" or error.draft is None:
            return see_other(
                request, here, _("There is no event or estimate with that id. Check the id.")
            )
        if error.why == "others":
            return see_other(
                request, here, _("Another person is editing that record. Try again later.")
            )
        return see_other(
            request,
            url("draft", id=error.draft.id),
            _("It is in review. Cancel its submission to add to it."),
        )
    here = url("draft", id=draft.id)
    return RedirectResponse(f"{here}?focus=citations.{place}.paraphrase#citations.{place}", 303)
