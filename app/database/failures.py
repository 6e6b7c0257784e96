"""A rate-limited log of database failures, since a stopped database fails every request."""

import logging
import threading
import time

import psycopg
from sqlalchemy.exc import DBAPIError

from app.database.errors import database_reason

log = logging.getLogger("sojourn")

SECONDS_BETWEEN = 60.0


class FailureLog:
    """Logs each reason at most once in `seconds_between` seconds."""

    def __init__(self, seconds_between: float = SECONDS_BETWEEN) -> None:
        self.seconds_between = seconds_between
        self.lock = threading.Lock()
        self.last: dict[str, float] = {}

    def add(self, error: Exception) -> None:
        """Log the server's message, or the error's name if that could quote a stored value."""
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
