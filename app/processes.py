"""Ending of processes: a child ends with its parent, and a worker that can't work ends itself."""

import logging
import multiprocessing
import os
import signal
import threading
import time

log = logging.getLogger("sojourn")

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
