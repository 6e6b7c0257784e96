"""Watches the database in each worker: new editions, purges, its logins, and whether it answers."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import ConnectionTimeout
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from app.background import BackgroundLoop, GiveUp
from app.database.engines import SilentDatabaseError
from app.database.server_checks import check_logins, seconds_alone
from app.record.editions import EDITION_CHANNEL
from app.record.models import Edition, PurgedRecord

POLL_SECONDS = 1.0
STOP_CHECK_SECONDS = 0.1
MAX_PAUSE_SECONDS = 2.0
"""Longest pause between two attempts while the database is unreachable."""
REPLICA_POLL_SECONDS = 0.5
"""Interval of polling on a replica, which has no notifications."""
LOGIN_CHECK_SECONDS = 5.0


@dataclass(frozen=True)
class PublishedState:
    """The newest edition and the number of purges; caches are valid while both are unchanged."""

    edition: int
    purges: int
    at: datetime
    """When the edition was published."""
    purged_at: datetime | None = None
    """When the last purge was published."""
    rules: int | None = None
    """The newest rules by which every row was calculated; None in records of older releases."""


class EditionWatcher:
    """Two threads: one waits for new editions on its own connection, the other loads them.

    * `published`: the newest edition in the database; None before the first.
    * `newest`: the one that was loaded last, which readers see. None before the first, without a
      database, and after a purge: then no cached response is valid.
    """

    def __init__(
        self,
        engine: Engine,
        desk: Engine | None,
        on_change: Callable[[PublishedState], bool],
        give_up: GiveUp | None = None,
    ) -> None:
        self.engine = engine
        self.desk = desk
        self.on_change = on_change
        self.is_lost = False
        """Whether the database is silent: then all waits for a statement end at once."""
        self.logins = {"reader_login": "It has not been checked yet."}
        """A sentence for each check of `check_logins`."""
        self.published: PublishedState | None = None
        self.newest: PublishedState | None = None
        self.problem = "The database has not answered yet."
        """A sentence for /healthz; empty while the database answers."""
        self.seconds_alone = 0.0
        """Of a replica that follows no main server: the age of the last change that it has."""
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.seen = threading.Event()
        """Set when `newest` differs from `published`."""
        self.looking = BackgroundLoop("watch", self._poll, self.stopped, give_up, MAX_PAUSE_SECONDS)
        self.bringing = BackgroundLoop("editions", self._load_published, self.stopped, give_up)

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

    def _poll(self) -> None:
        """Poll the newest edition until the connection fails."""
        try:
            with self.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                self._poll_on(connection)
        except Exception as error:
            # A server that refuses a connection does answer.
            cause = getattr(error, "orig", None)
            self.is_lost = isinstance(cause, (SilentDatabaseError, ConnectionTimeout))
            self.newest = None
            self.problem = f"The database {'does not answer' if self.is_lost else 'can’t be read'}."
            self.logins = check_logins(self.engine, self.desk)
            raise

    def _poll_on(self, connection: Connection) -> None:
        last = aliased(Edition)
        purged_at = (
            select(func.max(last.at))
            .join(PurgedRecord, PurgedRecord.edition == last.no)
            .scalar_subquery()
        )
        rules = select(func.max(last.rules)).scalar_subquery()
        purges = select(func.count()).select_from(PurgedRecord).scalar_subquery()
        statement = (
            select(Edition.no, purges, Edition.at, purged_at, rules)
            .order_by(Edition.no.desc())
            .limit(1)
        )
        has_notifications = False
        with contextlib.suppress(DBAPIError):  # A replica refuses LISTEN.
            connection.execute(text(f"LISTEN {EDITION_CHANNEL}"))
            has_notifications = True
        driver = connection.connection.driver_connection
        assert driver is not None
        checked = 0.0
        while not self.stopped.is_set():
            found = connection.execute(statement).first()
            self._note_published(PublishedState(*found) if found else None)
            self.is_lost = False
            self.problem = ""
            self.looking.note_success()
            if time.monotonic() - checked > LOGIN_CHECK_SECONDS:
                self.logins = check_logins(self.engine, self.desk)
                checked = time.monotonic()
            if has_notifications:
                self._wait_for_notification(driver)
            else:
                self.seconds_alone = seconds_alone(connection)
                self.stopped.wait(REPLICA_POLL_SECONDS)

    def _note_published(self, published: PublishedState | None) -> None:
        with self.lock:
            self.published = published
            if self.newest and published and published.purges != self.newest.purges:
                self.newest = None
            # An edition that could not be loaded is tried again at each poll.
            if published and published != self.newest:
                self.seen.set()

    def _load_published(self) -> None:
        self.seen.wait()
        self.seen.clear()
        published = self.published
        # The edition before is served until this one is loaded.
        if published and not self.stopped.is_set() and self.on_change(published):
            with self.lock:
                if (
                    self.published
                    and self.published.purges == published.purges
                    and not self.problem
                ):
                    self.newest = published

    def _wait_for_notification(self, driver: Any) -> None:
        """Wait for a notification, or for the next poll: a notification may be lost."""
        until = time.monotonic() + POLL_SECONDS
        while not self.stopped.is_set() and time.monotonic() < until:
            if any(True for _told in driver.notifies(timeout=STOP_CHECK_SECONDS, stop_after=1)):
                return
