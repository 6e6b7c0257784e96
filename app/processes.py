"""The life of our processes: a child ends with its parent, and a worker that is of no use any more ends itself."""

import logging
import multiprocessing
import os
import signal
import threading
import time

log = logging.getLogger("sojourn")

GRACE_SECONDS = 8.0
"""For what a process has begun, longer than the server gives a request that is under way. Then it ends at once."""
USELESS_EXIT_CODE = 75
"""EX_TEMPFAIL of sysexits.h: the worker could not do its work and wants to be replaced."""


def end_with_parent(grace_seconds: float = GRACE_SECONDS) -> None:
    """End this process when the one that started it is gone, however that ended. For children of `multiprocessing`.

    The kernel closes the parent's end of a pipe, on every system. A signal on the parent's death (prctl) is for Linux
    alone, and a process loses it when it changes its account.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        end_process(1, grace_seconds)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def end_process(exit_code: int, grace_seconds: float = GRACE_SECONDS) -> None:
    """End this process as a request to end does, and after a while without asking. Call it from a thread."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    os._exit(exit_code)
