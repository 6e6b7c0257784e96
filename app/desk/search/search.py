"""Search published records and drafts by id, address or words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import KIND_LABELS, OPEN_STATES, Draft, DraftState
from app.desk.approved.models import Record
from app.desk.approved.public_ids import RECORD_ID
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import THING_OF_KIND
from app.desk.drafts.articles import entered
from app.desk.drafts.commands import may_write
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.documents import document_of, fit_to_form
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.editions import NoEditionError
from app.record.filters import LISTS
from app.record.index.manager import IndexManager
from app.record.lists import backend
from app.record.lists.session import select_newest
from app.record.models import RecordState, Version
from app.record.names.directory import read_directory
from app.vocabulary.kinds import LISTED_KINDS, NAMED_KINDS
from app.web.urls import PAGE_OF_KIND, url

MAX_HITS_PER_KIND = 12
"""Records per kind; a longer list calls for a more specific query."""


@dataclass(frozen=True)
class SearchHit:
    """A record: how readers see it, who works on it, and links to act on it."""

    record: str
    kind: str
    title: str
    standing: str
    work: str
    """State of its open draft and, for editors, the author."""
    address: str
    draft_address: str
    public_address: str
    can_change: bool


def search_desk(db: Session, person: Person, query: str, indexes: IndexManager) -> list[SearchHit]:
    """Return the records that an id, an address or words may mean, surest first."""
    catalogue = Catalogue(db, person)
    ids = list(dict.fromkeys(_matching_ids(catalogue, query, indexes)))
    open_rows = select(Version.id, Version.state).where(
        Version.id.in_(ids), Version.closed.is_(None)
    )
    state_of = {row.id: row.state for row in db.execute(open_rows)}
    drafts = select(Draft).where(Draft.record.in_(ids), Draft.state.in_(OPEN_STATES))
    draft_of = {draft.record: draft for draft in db.scalars(drafts)}
    # Contributors learn that a record is being changed, but not by whom.
    people = (
        {each.id: each.called for each in db.scalars(select(Person))}
        if person.may(DeskRole.EDITOR)
        else {}
    )
    hits = [_hit(catalogue, id, state_of.get(id, ""), draft_of.get(id), people) for id in ids]
    return [hit for hit in hits if hit]


# Matching ---------------------------------------------------------------------------------------


def _matching_ids(catalogue: Catalogue, query: str, indexes: IndexManager) -> Iterator[str]:
    if RECORD_ID.fullmatch(query.upper()):
        yield query.upper()
    elif source := catalogue.source_at(query):
        yield source
        yield from (each.record for each in entered(catalogue, source))
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


# Views ------------------------------------------------------------------------------------------


def _hit(
    catalogue: Catalogue, id: str, state: str, draft: Draft | None, people: Mapping[int, str]
) -> SearchHit | None:
    """Return a hit; None for records that do not exist, or are drafted only by others."""
    row = catalogue.db.get(Record, id)
    is_mine = draft is not None and may_write(catalogue.person, draft)
    if row is not None:
        document = document_of(row.form)
    elif draft is not None and is_mine:
        document = fit_to_form(FORMS[draft.kind], draft.document)
    else:
        return None
    return SearchHit(
        record=id,
        kind=_(KIND_LABELS[id[0]]),
        title=catalogue.title(id[0], document),
        standing=_state_text(state),
        work=_draft_text(draft, people) if draft else "",
        address=url("desk-record", record=id),
        draft_address=url("draft", id=draft.id) if draft and is_mine else "",
        public_address=url(PAGE_OF_KIND[id[0]], id=id) if state and id[0] in LISTED_KINDS else "",
        can_change=row is not None and draft is None,
    )


def _state_text(state: str) -> str:
    match state:
        case RecordState.LIVE:
            return _("Published")
        case RecordState.WITHDRAWN:
            return _("Withdrawn")
        case "":
            return _("Not published yet")
    return _("No longer in the record")


def _draft_text(draft: Draft, people: Mapping[int, str]) -> str:
    state = _(DraftState(draft.state).label)
    return (
        _("{state}, {who}").format(state=state, who=people[draft.owner])
        if draft.owner in people
        else state
    )
