"""Background threads that repeat a step and survive its errors, and the ending of processes."""

import logging
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app import paths
from app.errors import CommandError

log = logging.getLogger("sojourn")

FIRST_PAUSE_SECONDS = 0.25
MAX_PAUSE_SECONDS = 30.0


@dataclass(frozen=True)
class GiveUp:
    """Limit of a loop's failures: calls `action` once a step has failed for `after_seconds`.

    In a worker the action ends the process, and the supervisor starts another.
    """

    after_seconds: float
    action: Callable[[], object]


class BackgroundLoop:
    """A thread that calls `step` until `stopped` is set.

    An exception is logged, and the step is retried after pauses that grow. A step that loops
    or waits calls `note_success` after each success.
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
        """Seconds since the first failure after the last success; 0 if the last step succeeded."""
        since = self.failing_since
        return 0.0 if since is None else time.monotonic() - since

    def _run(self) -> None:
        while not self.stopped.is_set():
            try:
                self.step()
                self.note_success()
            except Exception as error:
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
        log.error(
            "The thread “%s” failed and tries again: %s", self.name, describe_without_message(error)
        )
        if self.give_up and self.seconds_failing >= self.give_up.after_seconds:
            log.error(
                "The thread “%s” has failed for %.0f s: this process ends",
                self.name,
                self.seconds_failing,
            )
            self.give_up.action()


def describe_without_message(error: BaseException) -> str:
    """Describe an error by its type and its traceback, for the log.

    The message is left out, since it may quote a reader's input. Only a CommandError's message is
    safe.
    """
    if isinstance(error, CommandError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(paths.ROOT / "app")]
    places = [f"{Path(frame.filename).relative_to(paths.ROOT)}:{frame.lineno}" for frame in ours]
    shown = " > ".join(place for place in places if not place.startswith(SKIPPED_FILES))
    # PostgreSQL's code of the error: a class of errors, and so without values.
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    name = type(error).__name__
    return f"{name} (SQLSTATE {state}) at {shown}" if state else f"{name} at {shown}"


SKIPPED_FILES = (
    *("app/background.py", "app/web/security.py", "app/web/response_cache.py"),
    "app/web/request_log.py",
)
"""Files that appear in the traceback of any step or request without being the cause."""


GRACE_SECONDS = 8.0
"""Time for an orderly end; longer than the server's timeout for running requests."""
TEMPORARY_FAILURE_EXIT_CODE = 75
"""EX_TEMPFAIL of sysexits.h: the worker can't work and asks to be replaced."""


def end_with_parent(grace_seconds: float = GRACE_SECONDS) -> None:
    """End this process when its parent has ended. For children of `multiprocessing`."""
    # The kernel closes the parent's end of a pipe, on every system. The alternative, a signal on
    # the parent's death (prctl), is Linux only, and a process loses it when it changes its account.
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        end_process(1, grace_seconds)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def end_process(exit_code: int, grace_seconds: float = GRACE_SECONDS) -> None:
    """Send SIGTERM to this process, and end it at once after `grace_seconds`.

    Call it in a thread.
    """
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    os._exit(exit_code)
