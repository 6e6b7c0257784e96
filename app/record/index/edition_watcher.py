"""Each worker watches which edition is the newest, so that what it keeps in memory is of that one and no other."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from app.background import BackgroundLoop, GiveUp
from app.database.waits import Pulse
from app.record.edition_signal import CHANNEL
from app.record.models import Edition, Purged

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_TO_STOP = 0.1
MAX_PAUSE_SECONDS = 2.0
"""Between two tries while the database is away: so much later at most do readers notice that it is back."""
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


class Watch:
    """A thread with a connection of its own that looks for new editions, and another that brings each of them in.

    `published` is the newest edition that was seen, None before the first look and before the first edition. `newest`
    is what readers see: the edition that was last brought in. It is None before the first look, while the database is
    away, and after a purge, when nothing that was kept may be given out.
    """

    def __init__(
        self,
        engine: Engine,
        on_change: Callable[[Newest], bool],
        pulse: Pulse | None = None,
        give_up: GiveUp | None = None,
    ) -> None:
        self.engine = engine
        self.on_change = on_change
        self.pulse = pulse or Pulse()
        self.published: Newest | None = None
        self.newest: Newest | None = None
        self.problem = "The database has not answered yet."
        """A sentence for /healthz; empty while the database answers."""
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.seen = threading.Event()
        """Set when `newest` is not what is published."""
        self.looking = BackgroundLoop("watch", self._look, self.stopped, give_up, MAX_PAUSE_SECONDS)
        self.bringing = BackgroundLoop("editions", self._bring_in, self.stopped, give_up)

    @property
    def is_running(self) -> bool:
        return self.looking.thread.is_alive()

    def start(self) -> None:
        self.looking.start()
        self.bringing.start()

    def stop(self) -> None:
        self.stopped.set()
        self.seen.set()
        self.looking.join()
        self.bringing.join()

    def _look(self) -> None:
        """Look at the newest edition, now and whenever it may have changed, until that fails."""
        try:
            with self.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                self._look_on(connection)
        except Exception as error:
            self.pulse.note_failure(getattr(error, "orig", None) or error)
            self.newest = None
            self.problem = (
                f"The database {'does not answer' if self.pulse.is_lost else 'can’t be read'}."
            )
            raise

    def _look_on(self, connection: Connection) -> None:
        last = aliased(Edition)
        purged_at = (
            select(func.max(last.at)).join(Purged, Purged.edition == last.no).scalar_subquery()
        )
        purges = select(func.count()).select_from(Purged).scalar_subquery()
        look = (
            select(Edition.no, purges, Edition.at, purged_at).order_by(Edition.no.desc()).limit(1)
        )
        is_told = False
        with contextlib.suppress(DBAPIError):  # A replica refuses.
            connection.execute(text(f"LISTEN {CHANNEL}"))
            is_told = True
        driver = connection.connection.driver_connection
        assert driver is not None
        while not self.stopped.is_set():
            found = connection.execute(look).first()
            self._take(Newest(*found) if found else None)
            self.pulse.note_answer()
            self.problem = ""
            self.looking.note_success()
            if is_told:
                self._wait_for(driver)
            else:
                self.stopped.wait(SECONDS_WITHOUT_BEING_TOLD)

    def _take(self, published: Newest | None) -> None:
        with self.lock:
            self.published = published
            if self.newest and published and published.purges != self.newest.purges:
                self.newest = None
            # One that could not be brought in is tried again at each look.
            if published and published != self.newest:
                self.seen.set()

    def _bring_in(self) -> None:
        self.seen.wait()
        self.seen.clear()
        published = self.published
        # What was kept of the edition before is given out until this one is ready.
        if published and not self.stopped.is_set() and self.on_change(published):
            with self.lock:
                if (
                    self.published
                    and self.published.purges == published.purges
                    and not self.problem
                ):
                    self.newest = published

    def _wait_for(self, driver: Any) -> None:
        """Until we are told or it is time to look: word of an edition may be lost with a connection."""
        until = time.monotonic() + SECONDS_BETWEEN_LOOKS
        while not self.stopped.is_set() and time.monotonic() < until:
            if any(True for _told in driver.notifies(timeout=SECONDS_TO_STOP, stop_after=1)):
                return
