"""Background work of imports, in a thread of the process that handled the request.

Each batch is a transaction that also stores the progress and a heartbeat. If the process dies,
an editor or the scheduler resumes the import where it stopped, `MAX_STARTS` times at most.
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

from app.database.locks import advisory_lock
from app.database.sessions import DeskSession
from app.desk.identity.models import Person
from app.desk.imports import draft_batches, fates, row_check, row_names
from app.desk.imports.models import (
    HEARTBEAT_TIMEOUT_SECONDS,
    KEEPS_CRASHING,
    MAX_STARTS,
    RUNNING_STAGES,
    Import,
    ImportStage,
)
from app.desk.imports.records import load_files

log = logging.getLogger("sojourn")

PACKAGE_FOLDER = Path(__file__).parent
LOCK_SPACE = 0x494D50  # "IMP": with the id of the import, the key of an advisory lock
# A thread that just failed may still hold the lock.
WAITS_SECONDS = (0, 0.1, 0.5, 2)
MAX_TRIES = 3


def start_in_background(engine: Engine, id: int) -> None:
    threading.Thread(target=run_import, args=(engine, id), name=f"import {id}", daemon=True).start()


def run_import(engine: Engine, id: int) -> bool:
    """Check the rows or make the drafts, unless another thread does.

    Stores an error for the import's page. Returns whether the work is finished.
    """
    with advisory_lock(engine, LOCK_SPACE, id, waits_seconds=WAITS_SECONDS) as has_lock:
        if not has_lock:
            return False
        try:
            _work(engine, id)
            return True
        except _StoppedError:
            return False
        except (
            Exception
        ) as error:  # log the class alone, because the message can contain an editor's text
            log.error("An import stopped: %s at %s", type(error).__name__, _location(error))
            with contextlib.suppress(Exception), _locked_import(engine, id) as (_db, job):
                job.problem, job.beat = type(error).__name__, None
            return False


def _location(error: Exception) -> str:
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(str(PACKAGE_FOLDER))
    ]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)


def find_stopped(db: Session) -> list[int]:
    """Return the imports whose background thread has ended."""
    cutoff = func.now() - text(f"interval '{HEARTBEAT_TIMEOUT_SECONDS} seconds'")
    found = select(Import.id).where(Import.stage.in_(RUNNING_STAGES), Import.problem == "")
    return list(
        db.scalars(
            found.where(or_(Import.beat.is_(None), Import.beat < cutoff)).order_by(Import.id)
        )
    )


def _work(engine: Engine, id: int) -> None:
    with _locked_import(engine, id) as (_db, job):
        stage = job.stage
        if job.starts == MAX_STARTS:
            # Another attempt would crash this process too, and with it the site or the scheduler.
            job.problem, job.beat, stage = KEEPS_CRASHING, None, ""
        else:
            job.starts += 1
    if not stage:
        log.error("An import ended its process %d times and is not begun again", MAX_STARTS)
        raise _StoppedError
    if stage == ImportStage.CHECKING:
        _check(engine, id)
    elif stage == ImportStage.MAKING:
        _make(engine, id)


def _check(engine: Engine, id: int) -> None:
    with _locked_import(engine, id, ImportStage.CHECKING) as (db, job):
        row_names.name_rows(db, job)
        by = job.by
    with DeskSession(engine) as db, db.begin():
        values = row_check.values_in_drafts(db, db.get_one(Person, by))
        files = load_files(db, id).files.values()
        order = {
            file.number: row_check.TABLE_ORDER.index(file.table)
            for file in files
            if file.table in row_check.TABLE_ORDER
        }
    for file in sorted(order, key=lambda number: (order[number], number)):
        last = 0
        while True:
            with _locked_import(engine, id, ImportStage.CHECKING) as (db, job):
                last, count = row_check.check_batch(db, load_files(db, id), file, last, values)
                job.done += count
            if not count:
                break
    with _locked_import(engine, id, ImportStage.CHECKING) as (db, job):
        fates.spread_errors(db, id)
        job.stage, job.since = ImportStage.CHECKED, func.now()


def _make(engine: Engine, id: int) -> None:
    with _locked_import(engine, id, ImportStage.MAKING) as (db, job):
        # A resumed import has its ids already; finished rows have their draft.
        if job.total == 0:
            draft_batches.assign_ids(db, job)
    count = 1
    while count:
        count = _make_some(engine, id)
    with _locked_import(engine, id, ImportStage.MAKING) as (db, job):
        draft_batches.finish_import(db, job, db.get_one(Person, job.by))
        job.stage, job.since = ImportStage.MADE, func.now()


def _make_some(engine: Engine, id: int) -> int:
    for last in range(MAX_TRIES, 0, -1):
        try:
            with _locked_import(engine, id, ImportStage.MAKING) as (db, job):
                count = draft_batches.make_batch(
                    db, job, load_files(db, id), db.get_one(Person, job.by)
                )
                job.done += count
                # Progress resets the count of attempts.
                job.starts = 0
                return count
        except IntegrityError:
            # Another editor just began a draft of a record; the next try finds that draft.
            if last == 1:
                raise
    return 0


class _StoppedError(Exception):
    """The import was abandoned meanwhile, or crashed too often."""


@contextlib.contextmanager
def _locked_import(
    engine: Engine, id: int, stage: ImportStage | None = None
) -> Iterator[tuple[Session, Import]]:
    """Open a transaction with the import locked and update its heartbeat.

    Raises `_StoppedError` if the import has left `stage`.
    """
    with DeskSession(engine) as db, db.begin():
        job = db.get_one(Import, id, with_for_update=True)
        if stage is not None and job.stage != stage:
            raise _StoppedError
        job.beat = func.now()
        yield db, job
