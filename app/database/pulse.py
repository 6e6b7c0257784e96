"""Checks every second whether the desk's database answers, if desk and site have separate ones.

`app.record.index.edition_watcher` checks the site's database.
"""

import threading

from sqlalchemy import Engine, text

from app.background import BackgroundLoop
from app.database.waits import Pulse

SECONDS_BETWEEN = 1.0
MAX_PAUSE_SECONDS = 2.0


class PulseWatch:
    """A thread with its own connection that reports to a `Pulse`."""

    def __init__(self, engine: Engine, pulse: Pulse) -> None:
        self.engine = engine
        self.pulse = pulse
        self.stopped = threading.Event()
        self.loop = BackgroundLoop(
            "pulse", self._check, self.stopped, max_pause_seconds=MAX_PAUSE_SECONDS
        )

    def start(self) -> None:
        self.loop.start()

    def stop(self) -> None:
        self.stopped.set()
        self.loop.join()

    def _check(self) -> None:
        try:
            with self.engine.connect().execution_options(
                isolation_level="AUTOCOMMIT"
            ) as connection:
                while not self.stopped.is_set():
                    connection.execute(text("SELECT 1"))
                    self.pulse.note_answer()
                    self.loop.note_success()
                    self.stopped.wait(SECONDS_BETWEEN)
        except Exception as error:
            self.pulse.note_failure(getattr(error, "orig", None) or error)
            raise
