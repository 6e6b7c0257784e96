"""`/desk/search`: find published records and drafts by id, address or words."""

import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.desk.approved.models import KIND_LABELS, OPEN_STATES, Draft, DraftState, Record
from app.desk.approved.store import RECORD_ID
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.drafts.articles import entered_ids
from app.desk.drafts.commands import may_write
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.permissions import Contributor
from app.desk.ui import desk_page
from app.documents import clean, document_of, fit_to_form
from app.i18n.translate import N_, _
from app.kinds import FORMS
from app.record.editions import NoEditionError
from app.record.filters import LISTS
from app.record.index.manager import IndexManager
from app.record.lists import backend
from app.record.lists.backend import select_newest
from app.record.models import RecordState, Version
from app.record.names.directory import read_directory
from app.vocabulary.kinds import LISTED_KINDS, NAMED_KINDS, WRITTEN_KINDS
from app.web.sessions import Desk
from app.web.state import app_state
from app.web.urls import PAGE_OF_KIND, url

STATES = {
    RecordState.LIVE.value: N_("Published"),
    RecordState.WITHDRAWN.value: N_("Withdrawn"),
    "": N_("Not published yet"),
}
MAX_HITS_PER_KIND = 12
"""Records per kind; a longer list calls for a more specific query."""


router = APIRouter()


@router.get("/desk/search", name="desk-search")
def search(request: Request, db: Desk, person: Contributor) -> Response:
    """Find anything to change, published or not, in anybody's work."""
    query = clean(request.query_params.get("q", "")).strip()
    return desk_page(
        request,
        "desk/search/page.html",
        asked=query,
        hits=search_desk(db, person, query, app_state(request).indexes),
        key=secrets.token_hex(8),
        kinds={kind: FORMS[kind].WORDS for kind in WRITTEN_KINDS},
    )


def search_desk(
    db: Session, person: Person, query: str, indexes: IndexManager
) -> list[dict[str, Any]]:
    """Return the records that an id, an address or words may mean, surest first."""
    catalogue = Catalogue(db, person)
    ids = list(dict.fromkeys(matching_ids(catalogue, query, indexes)))
    open_rows = select(Version.id, Version.state).where(
        Version.id.in_(ids), Version.closed.is_(None)
    )
    state_of = {row.id: row.state for row in db.execute(open_rows)}
    drafts = select(Draft).where(Draft.record.in_(ids), Draft.state.in_(OPEN_STATES))
    draft_of = {draft.record: draft for draft in db.scalars(drafts)}
    hits = (_hit(catalogue, id, state_of.get(id, ""), draft_of.get(id)) for id in ids)
    return [hit for hit in hits if hit]


def _hit(catalogue: Catalogue, id: str, state: str, draft: Draft | None) -> dict[str, Any] | None:
    """Return a hit; None for records that do not exist, or are drafted only by others."""
    db, row = catalogue.db, catalogue.db.get(Record, id)
    is_mine = draft is not None and may_write(catalogue.person, draft)
    if row is not None:
        document = document_of(row.form)
    elif draft is not None and is_mine:
        document = fit_to_form(FORMS[draft.kind], draft.document)
    else:
        return None
    work = _(DraftState(draft.state).label) if draft else ""
    # Contributors learn that a record is being changed, but not by whom.
    if draft and catalogue.person.may(DeskRole.EDITOR):
        work = f"{work}, {db.get_one(Person, draft.owner).called}"
    return {
        "record": id,
        "kind": _(KIND_LABELS[id[0]]),
        "title": catalogue.title(id[0], document),
        "standing": _(STATES.get(state, N_("No longer in the record"))),
        "work": work,
        "draft": draft.id if draft and is_mine else None,
        "public": url(PAGE_OF_KIND[id[0]], id=id) if state and id[0] in LISTED_KINDS else "",
        "can_change": row is not None and draft is None,
    }


# Matching ---------------------------------------------------------------------------------------


def matching_ids(catalogue: Catalogue, query: str, indexes: IndexManager) -> Iterator[str]:
    """Yield the ids of records that an id, an address or words may mean, surest first."""
    if RECORD_ID.fullmatch(query.upper()):
        yield query.upper()
    elif source := catalogue.source_at(query):
        yield source
        yield from entered_ids(catalogue, source)
    elif re.search(r"\w", query):
        yield from _ids_by_name(catalogue, query, NAMED_KINDS)
        yield from _ids_published(catalogue.db, query, indexes)
        # Records that readers do not see: approved, withdrawn or drafted.
        yield from _ids_by_name(catalogue, query, LISTS)


def _ids_published(db: Session, query: str, indexes: IndexManager) -> Iterator[str]:
    """Yield records as the public search finds them: by full text and places."""
    try:
        edition = select_newest(db, indexes)
    except NoEditionError:
        return
    names = read_directory(db, edition)
    for lists in LISTS.values():
        filters = lists.made_of({"q": (query,)}, {})
        yield from (
            row.id for row in backend.read_page(db, edition, filters, names, MAX_HITS_PER_KIND).rows
        )


def _ids_by_name(catalogue: Catalogue, query: str, kinds: Iterable[str]) -> Iterator[str]:
    for kind in kinds:
        thing = THING_OF_KIND[kind]
        named = catalogue.directory.named_records.get(thing, {})
        for found in catalogue.matches(thing, query):
            yield named[found.code].id if found.code in named else found.code
