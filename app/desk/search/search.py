"""Finding anything that there is, published or being written, to change it: by its id, an address, or words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import KINDS, OPEN, Draft, State
from app.desk.approved.store import form_of
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import document_of, fitting
from app.desk.drafts.articles import entered
from app.desk.drafts.commands import may_write
from app.desk.drafts.references import THINGS
from app.desk.identity.models import Person, Role
from app.forms import FORMS
from app.i18n.translate import _
from app.record.editions import NoEdition, reading
from app.record.filters import LISTS
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import directory
from app.web.urls import url

MOST = 12
"""Of each kind: who sees so many adds a word."""
ID = re.compile(r"[PSEMO][1-9][0-9]{0,8}", re.ASCII)
PUBLIC = {"E": "event", "M": "estimate", "S": "source"}


@dataclass(frozen=True)
class Hit:
    """One record: how readers see it, who works on it, and what one can do with it."""

    record: str
    kind: str
    title: str
    standing: str
    work: str
    """The state of its open draft and, for editors, whose it is."""
    address: str
    draft_address: str
    public_address: str
    can_change: bool


def find(db: Session, person: Person, asked: str) -> list[Hit]:
    """What an id, an address or words in any script lead to, the surest first."""
    catalogue = Catalogue(db, person)
    ids = list(dict.fromkeys(_ids(catalogue, asked)))
    open_rows = select(Version.id, Version.state).where(
        Version.id.in_(ids), Version.closed.is_(None)
    )
    standing = {row.id: row.state for row in db.execute(open_rows)}
    drafts = select(Draft).where(Draft.record.in_(ids), Draft.state.in_(OPEN))
    working = {draft.record: draft for draft in db.scalars(drafts)}
    # Who is no editor learns that somebody works on a record, but not who.
    people = (
        {each.id: each.called for each in db.scalars(select(Person))}
        if person.may(Role.EDITOR)
        else {}
    )
    hits = [_hit(catalogue, id, standing.get(id, ""), working.get(id), people) for id in ids]
    return [hit for hit in hits if hit]


# Which ------------------------------------------------------------------------------------------------------------


def _ids(catalogue: Catalogue, asked: str) -> Iterator[str]:
    if ID.fullmatch(asked.upper()):
        yield asked.upper()
    elif source := catalogue.source_at(asked):
        yield source
        yield from (each.record for each in entered(catalogue, source))
    elif re.search(r"\w", asked):
        yield from _named(catalogue, asked, "PO")
        yield from _published(catalogue.db, asked)
        # What readers do not see: approved or withdrawn, or a draft.
        yield from _named(catalogue, asked, "EMS")


def _published(db: Session, asked: str) -> Iterator[str]:
    """As a reader would find it: in all that it says, and under the places that it names."""
    try:
        edition = reading(db)
    except NoEdition:
        return
    names = directory(db, edition)
    for kind in PUBLIC:
        filters = LISTS[kind].made_of({"q": (asked,)}, {})
        yield from (row.id for row in backend.page(db, edition, filters, names, MOST).rows)


def _named(catalogue: Catalogue, asked: str, kinds: str) -> Iterator[str]:
    for kind in kinds:
        for found in catalogue.matches(THINGS[kind], asked):
            match kind:
                case "P":
                    yield catalogue.directory.places[found.code].id
                case "O":
                    yield catalogue.directory.outlets[found.code].id
                case _:
                    yield found.code


# How it stands ----------------------------------------------------------------------------------------------------


def _hit(
    catalogue: Catalogue, id: str, state: str, draft: Draft | None, people: Mapping[int, str]
) -> Hit | None:
    """None for what is not there, and for what is new and only others are writing."""
    row = catalogue.db.get(models.MODELS[id[0]], id)
    is_mine = draft is not None and may_write(catalogue.person, draft)
    if row is not None:
        document = document_of(form_of(row))
    elif draft is not None and is_mine:
        document = fitting(FORMS[draft.kind], draft.document)
    else:
        return None
    return Hit(
        record=id,
        kind=_(KINDS[id[0]]),
        title=catalogue.title(id[0], document),
        standing=_standing(state),
        work=_work(draft, people) if draft else "",
        address=url("desk-record", record=id),
        draft_address=url("draft", id=draft.id) if draft and is_mine else "",
        public_address=url(PUBLIC[id[0]], id=id) if state and id[0] in PUBLIC else "",
        can_change=row is not None and draft is None,
    )


def _standing(state: str) -> str:
    match state:
        case "live":
            return _("Readers see it")
        case "withdrawn":
            return _("Withdrawn")
        case "":
            return _("Not published yet")
    return _("No longer in the record")


def _work(draft: Draft, people: Mapping[int, str]) -> str:
    state = _(State(draft.state).label)
    return (
        _("{state}, {who}").format(state=state, who=people[draft.owner])
        if draft.owner in people
        else state
    )
