"""Records that may be the same as one: similar ones, and those that typed words mean."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.approved.store import find_named
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue, Match
from app.desk.drafts.duplicates import similar
from app.documents import document_of
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.models import Version
from app.record.search import plain_text
from app.vocabulary.kinds import CITING_KINDS, RecordKind

MAX_SUGGESTIONS = 8
MIN_NAME_SIMILARITY = 0.8
"""How similar two names must be, from 0 to 1."""


def similar_records(db: Session, catalogue: Catalogue, row: Record) -> Sequence[Match]:
    """Return similar approved records, likeliest first, each with the reason."""
    kind = row.id[0]
    if kind in CITING_KINDS:
        found = similar(db, catalogue, row.id, document_of(row.form))
        return [each for each in found if db.get(Record, each.code)]
    if row.kind == RecordKind.SOURCE:
        return [
            Match(id, catalogue.label(id), about=_("same title or address"))
            for id in _similar_sources(db, row)
        ]
    return _similar_names(db, catalogue, row)


def meant_records(db: Session, catalogue: Catalogue, row: Record, typed: str) -> Sequence[Match]:
    """Return approved records that an id, or words of a name or title, may mean."""
    kind = row.id[0]
    thing = THING_OF_KIND[kind]
    by_id = db.get(Record, typed.strip().upper())
    names = [by_id.name] if by_id is not None and by_id.kind == kind else []
    names += [match.code for match in catalogue.matches(thing, typed)]
    names += [meant] if (meant := catalogue.meant(thing, typed.strip())) else []
    others = [
        _match(db, catalogue, kind, name) for name in dict.fromkeys(names) if name != row.name
    ]
    return [each for each in others if each is not None]


def _match(db: Session, catalogue: Catalogue, kind: str, name: str) -> Match | None:
    """Return an approved record by the name that others use."""
    row = find_named(db, kind, name)
    if row is None:
        return None
    match = catalogue.match(THING_OF_KIND[kind], name)
    return Match(row.id, match.label, match.names, match.about)


def _similar_sources(db: Session, row: Record) -> Sequence[str]:
    """Return sources with the same title, or the same path on another host."""
    title = func.lower(Record.document["title"].astext)
    conditions = [title == row.document["title"].lower()]
    path = (row.address or "").removeprefix("//").partition("/")[2]
    if len(path) >= MIN_PATH_LENGTH:
        conditions.append(Record.address.endswith("/" + path, autoescape=True))
    others = select(Record.id).where(
        Record.kind == RecordKind.SOURCE, Record.id != row.id, or_(*conditions)
    )
    return db.scalars(others.order_by(Record.id).limit(MAX_SUGGESTIONS)).all()


MIN_PATH_LENGTH = 8
"""Shorter paths, such as "news", occur at many sites."""


def _similar_names(db: Session, catalogue: Catalogue, row: Record) -> Sequence[Match]:
    """Return named records that share a name, or have nearly the same."""
    kind, own = row.id[0], row.name
    thing = THING_OF_KIND[kind]
    directory = catalogue.directory
    names = directory.named_records[thing][own].names
    own_names = {plain_text(name.text) for name in names}
    reasons: dict[str, str] = {}
    for name in sorted(own_names):
        for near in get_close_matches(
            name, list(directory.names), n=MAX_SUGGESTIONS, cutoff=MIN_NAME_SIMILARITY
        ):
            for what, code in directory.names[near]:
                if what == thing and code != own:
                    reasons.setdefault(
                        code, _("same name") if near in own_names else _("similar name")
                    )
    matches = [(_match(db, catalogue, kind, code), why) for code, why in reasons.items()]
    return [
        Match(
            match.code, match.label, match.names, enumerate_words(filter(None, (why, match.about)))
        )
        for match, why in matches[:MAX_SUGGESTIONS]
        if match
    ]


def published(db: Session, matches: Iterable[Match]) -> list[Match]:
    """Return the matches that are published; others can't be merged."""
    matches = list(matches)
    live = select(Version.id).where(
        Version.id.in_([match.code for match in matches]), Version.closed.is_(None), Version.is_live
    )
    ids = set(db.scalars(live))
    return [match for match in matches if match.code in ids]
