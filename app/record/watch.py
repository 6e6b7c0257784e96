"""Each worker watches which edition is the newest, so that what it keeps in memory is of that one and no other."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session, aliased

from app.record.models import Edition, Purged

log = logging.getLogger("sojourn")

CHANNEL = "sojourn_edition"
SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_TO_STOP = 0.1
SECONDS_WITHOUT_BEING_TOLD = 0.5
"""On a replica nobody tells us of a new edition: then we look more often."""


@dataclass(frozen=True)
class Newest:
    """What is kept is right for as long as these are the same: a purge changes past editions too."""

    edition: int
    purges: int
    at: datetime
    """When this edition was published."""
    purged_at: datetime | None = None
    """When something was last removed from past editions."""


def tell(db: Session, edition: int) -> None:
    """Lets all workers know, once this transaction is committed, that there is a new edition; and who asked for it."""
    db.info["published"] = edition
    db.execute(select(func.pg_notify(CHANNEL, "")))


class Watch:
    """A thread with a connection of its own, that brings in each new edition.

    `newest` is what readers see: the edition that was last brought in. It is None before the first look, while the
    database is away, and after a purge, when nothing that was kept may be given out.
    """

    def __init__(self, engine: Engine, on_change: Callable[[Newest], bool]) -> None:
        self.engine = engine
        self.on_change = on_change
        self.newest: Newest | None = None
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.stopped.is_set():
            try:
                for newest in self._looks():
                    if newest == self.newest:
                        continue
                    if self.newest and newest.purges != self.newest.purges:
                        self.newest = None
                    # What was kept of the edition before is given out until this one is ready.
                    if self.on_change(newest):
                        self.newest = newest
            except (OperationalError, InterfaceError) as error:
                self.newest = None
                log.warning("The newest edition can't be watched: %s", type(error).__name__)
                self.stopped.wait(1)

    def _looks(self) -> Iterator[Newest]:
        """The newest edition, now and whenever it may have changed."""
        last = aliased(Edition)
        purged_at = select(func.max(last.at)).join(Purged, Purged.edition == last.no).scalar_subquery()
        purges = select(func.count()).select_from(Purged).scalar_subquery()
        look = select(Edition.no, purges, Edition.at, purged_at).order_by(Edition.no.desc()).limit(1)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            is_told = False
            with contextlib.suppress(DBAPIError):  # A replica refuses.
                connection.execute(text(f"LISTEN {CHANNEL}"))
                is_told = True
            driver = connection.connection.driver_connection
            assert driver is not None
            while not self.stopped.is_set():
                if found := connection.execute(look).first():
                    yield Newest(*found)
                if is_told:
                    self._wait_for(driver)
                else:
                    self.stopped.wait(SECONDS_WITHOUT_BEING_TOLD)

    def _wait_for(self, driver: Any) -> None:
        """Until we are told or it is time to look: word of an edition may be lost with a connection."""
        until = time.monotonic() + SECONDS_BETWEEN_LOOKS
        while not self.stopped.is_set() and time.monotonic() < until:
            if any(True for _told in driver.notifies(timeout=SECONDS_TO_STOP, stop_after=1)):
                return
