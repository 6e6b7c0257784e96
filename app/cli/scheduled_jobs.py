"""The thread of `sojourn serve` that runs the scheduled jobs."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator

from app.background import BackgroundLoop
from app.settings import Settings

log = logging.getLogger("sojourn")

SECONDS_BETWEEN_RUNS = 300.0


@contextlib.contextmanager
def running_jobs(
    settings: Settings,
    seconds_between: float = SECONDS_BETWEEN_RUNS,
    on_done: Callable[[], object] | None = None,
) -> Iterator[None]:
    """Run the jobs in a thread, first after `seconds_between`, until the context ends.

    `on_done` is called after each run.
    """
    stopped = threading.Event()

    def run_later() -> None:
        if stopped.wait(seconds_between):
            return
        # The start of the site does not wait for the desk's code.
        from app import scheduler

        result = scheduler.tick(settings)
        for failure in result.failed if result else ():
            log.error("Scheduled job failed: %s", failure)
        if on_done:
            on_done()

    loop = BackgroundLoop("tick", run_later, stopped)
    loop.start()
    try:
        yield
    finally:
        stopped.set()
        # Stopping the site does not wait for a slow fetch; its transaction is rolled back.
        loop.join(1)
