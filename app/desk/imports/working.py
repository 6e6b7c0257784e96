"""The work of an import, in a thread of the process that was asked for it: it goes on when the browser is closed.

Each part of it is a transaction of its own that says how far it is. Whoever dies in between leaves an import that says
since when nothing was heard: somebody presses a button, or the next tick goes on where it stopped, a few times.
"""

import contextlib
import logging
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, func, or_, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database.locks import alone
from app.database.sessions import DeskSession
from app.desk.identity.models import Person
from app.desk.imports import checking, fates, making, row_names
from app.desk.imports.models import (
    AT_WORK,
    ENDED_EACH_TIME,
    MOST_STARTS,
    SECONDS_TO_BE_MISSED,
    Import,
    Stage,
)
from app.desk.imports.records import bundle

log = logging.getLogger("sojourn")

HERE = Path(__file__).parent
IMPORTING = (
    0x494D50  # with the number of the import, a lock that nothing else in the database takes
)
# Who failed, and said so, may not have let go yet.
WAITS_SECONDS = (0, 0.1, 0.5, 2)
TRIES = 3


def start(engine: Engine, id: int) -> None:
    threading.Thread(target=work, args=(engine, id), name=f"import {id}", daemon=True).start()


def work(engine: Engine, id: int) -> bool:
    """Does what is to be done, unless somebody else is at it; what fails is told on the page of the import.

    Whether it came to the end of it.
    """
    with alone(engine, IMPORTING, id, waits_seconds=WAITS_SECONDS) as is_alone:
        if not is_alone:
            return False
        try:
            _work(engine, id)
            return True
        except _Stopped:
            return False
        except (
            Exception
        ) as error:  # whatever it is, it is told; its words could hold what somebody wrote
            log.error("An import stopped: %s at %s", type(error).__name__, _where(error))
            with contextlib.suppress(Exception), _part(engine, id) as (_db, it):
                it.problem, it.beat = type(error).__name__, None
            return False


def _where(error: Exception) -> str:
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(str(HERE))
    ]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)


def missed(db: Session) -> list[int]:
    """Imports that somebody was at work on, and is no more."""
    ago = func.now() - text(f"interval '{SECONDS_TO_BE_MISSED} seconds'")
    found = select(Import.id).where(Import.stage.in_(AT_WORK), Import.problem == "")
    return list(
        db.scalars(found.where(or_(Import.beat.is_(None), Import.beat < ago)).order_by(Import.id))
    )


def _work(engine: Engine, id: int) -> None:
    with _part(engine, id) as (_db, it):
        stage = it.stage
        if it.starts == MOST_STARTS:
            # Whatever ends the process would end this one too, and with it the site or all that ticks.
            it.problem, it.beat, stage = ENDED_EACH_TIME, None, ""
        else:
            it.starts += 1
    if not stage:
        log.error("An import ended its process %d times and is not begun again", MOST_STARTS)
        raise _Stopped
    if stage == Stage.CHECKING:
        _check(engine, id)
    elif stage == Stage.MAKING:
        _make(engine, id)


def _check(engine: Engine, id: int) -> None:
    with _part(engine, id, Stage.CHECKING) as (db, it):
        row_names.prepare(db, it)
        by = it.by
    with DeskSession(engine) as db, db.begin():
        seen = checking.look_around(db, db.get_one(Person, by))
        files = bundle(db, id).files.values()
        order = {
            file.number: checking.ORDER.index(file.table)
            for file in files
            if file.table in checking.ORDER
        }
    for file in sorted(order, key=lambda number: (order[number], number)):
        last = 0
        while True:
            with _part(engine, id, Stage.CHECKING) as (db, it):
                last, count = checking.check_some(db, bundle(db, id), file, last, seen)
                it.done += count
            if not count:
                break
    with _part(engine, id, Stage.CHECKING) as (db, it):
        fates.settle(db, id)
        it.stage, it.since = Stage.CHECKED, func.now()


def _make(engine: Engine, id: int) -> None:
    with _part(engine, id, Stage.MAKING) as (db, it):
        # Where it was begun before, ids were given, and what is made has its draft.
        if it.total == 0:
            making.prepare(db, it)
    count = 1
    while count:
        count = _make_some(engine, id)
    with _part(engine, id, Stage.MAKING) as (db, it):
        making.finish(db, it, db.get_one(Person, it.by))
        it.stage, it.since = Stage.MADE, func.now()


def _make_some(engine: Engine, id: int) -> int:
    for last in range(TRIES, 0, -1):
        try:
            with _part(engine, id, Stage.MAKING) as (db, it):
                count = making.make_some(db, it, bundle(db, id), db.get_one(Person, it.by))
                it.done += count
                # What is made stays made: whoever dies after this comes to the end some time.
                it.starts = 0
                return count
        except IntegrityError:
            # Somebody began a draft of one of them at this moment: the next look finds it.
            if last == 1:
                raise
    return 0


class _Stopped(Exception):
    """Somebody gave it up meanwhile, or it was begun too often."""


@contextlib.contextmanager
def _part(engine: Engine, id: int, stage: Stage | None = None) -> Iterator[tuple[Session, Import]]:
    """A transaction, with the import locked: it is still to be worked on, and somebody is at it."""
    with DeskSession(engine) as db, db.begin():
        it = db.get_one(Import, id, with_for_update=True)
        if stage is not None and it.stage != stage:
            raise _Stopped
        it.beat = func.now()
        yield db, it
