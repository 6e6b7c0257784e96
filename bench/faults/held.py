"""What must hold after each fault: acknowledged saves, whole editions, no gap between them."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select, text

from app.database.engines import desk_engine, reader_engine
from app.database.sessions import DeskSession, ReaderSession
from app.desk.approved.models import Revision
from app.record.models import Edition, Version
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from bench.faults.publisher import title
from bench.faults.savers import Saver

Published = tuple[tuple[str, str], int]
"""The two events of a publisher, and the number of the correction."""


def broken_promises(
    settings: Settings,
    savers: Sequence[Saver],
    published: Mapping[int, Published],
    first_edition: int,
    *,
    thorough: bool,
) -> Iterator[str]:
    """Yield a sentence for each thing that was acknowledged and is lost, gap, or half edition.

    `published` has the acknowledged editions, all later than `first_edition`. `thorough` also
    compares the whole record with its rules.
    """
    engine = desk_engine(settings)
    try:
        with DeskSession(engine) as db, db.begin():
            for saver in savers:
                yield from _lost_saves(db, saver)
            yield from _editions(db, published, first_edition)
    finally:
        engine.dispose()
    if thorough:
        yield from _contradictions(settings)


def _contradictions(settings: Settings) -> Iterator[str]:
    """Yield the problems of the whole record, in one snapshot: publishers go on meanwhile."""
    engine = reader_engine(settings)
    try:
        with ReaderSession(engine) as db, db.begin():
            db.execute(text("SET LOCAL statement_timeout = 0"))
            yield from (str(problem) for problem in find_problems(db))
    finally:
        engine.dispose()


def _lost_saves(db: DeskSession, saver: Saver) -> Iterator[str]:
    acknowledged = list(saver.acknowledged)
    if not acknowledged:
        return
    draft = int(saver.draft.rsplit("/", 1)[1])
    saved = db.scalars(
        select(Revision.document["title"].astext).where(Revision.draft == draft)
    ).all()
    for lost in sorted(set(acknowledged) - set(saved)):
        yield f"lost save: {lost}"


def _editions(
    db: DeskSession, published: Mapping[int, Published], first_edition: int
) -> Iterator[str]:
    count, newest = db.execute(select(func.count(), func.max(Edition.no))).one()
    if count != newest:
        yield f"gap: {count} editions, the newest is {newest}"
    rows = db.execute(
        select(Version.opened, Version.id, Version.payload["form"]["title"].astext).where(
            Version.opened > first_edition, Version.kind == "E"
        )
    )
    titles: dict[int, dict[str, str]] = {}
    for edition, id, words in rows:
        if words and words.startswith("Corrected "):
            titles.setdefault(edition, {})[id] = words
    for edition, of_edition in titles.items():
        if len(of_edition) != 2 or len(set(of_edition.values())) != 1:
            yield f"half edition: {edition} has {of_edition}"
    for edition, (events, number) in published.items():
        wanted = dict.fromkeys(events, title(events, number))
        if titles.get(edition) != wanted:
            yield f"lost edition: {edition} should have {wanted}, and has {titles.get(edition)}"
