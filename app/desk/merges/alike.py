"""Records that may be the same as another one: what is offered to merge it with."""

from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.store import form_of
from app.desk.draft_form.catalogue import Catalogue, Match
from app.desk.draft_form.documents import document_of
from app.desk.drafts.references import THINGS, name_of
from app.desk.drafts.similar import similar
from app.i18n.translate import _
from app.record.search import plain_text

MOST = 8
CLOSE = 0.8
"""How much of two names must be the same, from 0 to 1."""


def alike(db: Session, catalogue: Catalogue, row: models.Record) -> Sequence[Match]:
    """Approved records like it, the likeliest first; each says in what."""
    kind = row.id[0]
    if kind in "EM":
        found = similar(db, catalogue, row.id, document_of(form_of(row)))
        return [
            Match(each.id, each.title, about=each.why)
            for each in found
            if db.get(models.MODELS[kind], each.id)
        ]
    if isinstance(row, models.Source):
        return [
            Match(id, catalogue.label(id), about=_("same title or address"))
            for id in _sources(db, row)
        ]
    return _named_alike(db, catalogue, row)


def found(db: Session, catalogue: Catalogue, row: models.Record, typed: str) -> Sequence[Match]:
    """Approved records that an id, or words of a name or title, may mean."""
    kind = row.id[0]
    thing, model = THINGS[kind], models.MODELS[kind]
    by_id = db.get(model, typed.strip().upper())
    names = [name_of(by_id)] if by_id is not None else []
    names += [match.code for match in catalogue.matches(thing, typed)]
    names += [meant] if (meant := catalogue.meant(thing, typed.strip())) else []
    others = [
        _match(db, catalogue, kind, name) for name in dict.fromkeys(names) if name != name_of(row)
    ]
    return [each for each in others if each is not None]


def _match(db: Session, catalogue: Catalogue, kind: str, name: str) -> Match | None:
    """An approved record by its id, whatever it is named by."""
    by_code = {"P": models.Place.code, "O": models.Outlet.code}.get(kind)
    model = models.MODELS[kind]
    row = db.scalars(
        select(model).where((model.id if by_code is None else by_code) == name)
    ).first()
    if row is None:
        return None
    match = catalogue.match(THINGS[kind], name)
    return Match(row.id, match.label, match.names, match.about)


def _sources(db: Session, row: models.Source) -> Sequence[str]:
    """With the same title, or of the same page of another host."""
    same = [func.lower(models.Source.title) == row.title.lower()]
    path = (row.url_normalised or "").removeprefix("//").partition("/")[2]
    if len(path) >= SHORTEST_PATH:
        same.append(models.Source.url_normalised.endswith("/" + path, autoescape=True))
    others = select(models.Source.id).where(models.Source.id != row.id, or_(*same))
    return db.scalars(others.order_by(models.Source.id).limit(MOST)).all()


SHORTEST_PATH = 8
"""Many sites have a page called “news”."""


def _named_alike(db: Session, catalogue: Catalogue, row: models.Record) -> Sequence[Match]:
    """Places and outlets with a name in common, or one that is nearly the same."""
    kind, own = row.id[0], name_of(row)
    thing = THINGS[kind]
    directory = catalogue.directory
    names = (directory.places if kind == "P" else directory.outlets)[own].names
    mine = {plain_text(name.text) for name in names}
    codes: dict[str, str] = {}
    for name in sorted(mine):
        for near in get_close_matches(name, list(directory.names), n=MOST, cutoff=CLOSE):
            for what, code in directory.names[near]:
                if what == thing and code != own:
                    codes.setdefault(code, _("same name") if near in mine else _("a name like it"))
    matches = [(_match(db, catalogue, kind, code), why) for code, why in codes.items()]
    return [
        Match(match.code, match.label, match.names, _(", ").join(filter(None, (why, match.about))))
        for match, why in matches[:MOST]
        if match
    ]
