"""Log entries about a database that could not be used. A frozen one fails every request, so entries are limited."""

import logging
import threading
import time

import psycopg
from sqlalchemy.exc import DBAPIError

from app.database.errors import database_reason

log = logging.getLogger("sojourn")

SECONDS_BETWEEN = 60.0


class FailureLog:
    """Logs each reason at most once in `seconds_between`."""

    def __init__(self, seconds_between: float = SECONDS_BETWEEN) -> None:
        self.seconds_between = seconds_between
        self.lock = threading.Lock()
        self.last: dict[str, float] = {}

    def add(self, error: Exception) -> None:
        """Log the server's own words, which hold no stored value, or the name of the error."""
        reason = (
            database_reason(error)
            if isinstance(error, (DBAPIError, psycopg.Error))
            else type(error).__name__
        )
        now = time.monotonic()
        with self.lock:
            self.last = {
                each: at for each, at in self.last.items() if now - at < self.seconds_between
            }
            if reason in self.last:
                return
            self.last[reason] = now
        log.error("The database could not be used: %s", reason)
