"""Threads that repeat one step for as long as the process lives, whatever the step runs into."""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app import paths
from app.errors import Stop

log = logging.getLogger("sojourn")

FIRST_PAUSE_SECONDS = 0.25
MAX_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class GiveUp:
    """What is done once a step has failed for so long; in a worker, it ends so that another takes its place."""

    after_seconds: float
    action: Callable[[], object]


class BackgroundLoop:
    """A thread that calls `step` again and again.

    An exception is logged and the step is tried again, after pauses that grow. A step that goes on for long calls
    `note_success` itself. Once no step has succeeded for long, `give_up` says what is done then.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], object],
        stopped: threading.Event,
        give_up: "GiveUp | None" = None,
        max_pause_seconds: float = MAX_PAUSE_SECONDS,
    ) -> None:
        self.name = name
        self.step = step
        self.stopped = stopped
        self.give_up = give_up
        self.max_pause_seconds = max_pause_seconds
        self.failing_since: float | None = None
        self.failures = 0
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self.thread.start()

    def join(self, timeout: float | None = None) -> None:
        self.thread.join(timeout)

    def note_success(self) -> None:
        if self.failures:
            log.warning("The thread “%s” works again after %d failures", self.name, self.failures)
        self.failing_since, self.failures = None, 0

    @property
    def seconds_failing(self) -> float:
        """How long no step has succeeded; 0 where the last one did."""
        since = self.failing_since
        return 0.0 if since is None else time.monotonic() - since

    def _run(self) -> None:
        while not self.stopped.is_set():
            try:
                self.step()
                self.note_success()
            except Exception as error:  # Whatever it is, the next try may succeed.
                self._note_failure(error)
                self.stopped.wait(
                    min(
                        self.max_pause_seconds,
                        FIRST_PAUSE_SECONDS * 2 ** min(self.failures - 1, 10),
                    )
                )

    def _note_failure(self, error: Exception) -> None:
        self.failures += 1
        if self.failing_since is None:
            self.failing_since = time.monotonic()
        log.error("The thread “%s” failed and tries again: %s", self.name, without_words(error))
        if self.give_up and self.seconds_failing >= self.give_up.after_seconds:
            log.error(
                "The thread “%s” has failed for %.0f s: this process ends",
                self.name,
                self.seconds_failing,
            )
            self.give_up.action()


def without_words(error: BaseException) -> str:
    """The kind of error and the lines of our code it passed; not its message, which may quote what a reader typed.

    A Stop is a sentence of ours for the person who runs the site.
    """
    if isinstance(error, Stop):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(paths.ROOT / "app")]
    places = [f"{Path(frame.filename).relative_to(paths.ROOT)}:{frame.lineno}" for frame in ours]
    return f"{type(error).__name__} at {' > '.join(place for place in places if not place.startswith(LAYERS))}"


LAYERS = ("app/background.py", "app/web/security.py", "app/web/response_cache.py")
"""What every request or step passes through; no error begins there."""
