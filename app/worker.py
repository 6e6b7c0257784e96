"""One process that answers requests. `sojourn serve` spawns it.

This module is small, because the process that spawns the workers imports it too.
"""

import gc
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.background import TEMPORARY_FAILURE_EXIT_CODE, GiveUp, end_process, end_with_parent
from app.errors import CommandError
from app.logs import configure_logging
from app.settings import Settings

if TYPE_CHECKING:
    from app.main import Site

OBJECTS_OF_A_PAGE = 50_000
"""They go with it: looking at each 700 for garbage took a quarter of its time."""


def create_worker_app(settings: Settings, data_folder: Path | None) -> "Site":
    """Create the application in a worker process. `data_folder` is the embedded PostgreSQL's."""
    # Classes and functions are never freed: looking for garbage takes a fifth of the start.
    gc.disable()
    # Imported here: only the workers need the application.
    from uvicorn.config import STARTUP_FAILURE

    from app.database.embedded import hold_in_use
    from app.main import create_app

    configure_logging("worker")
    end_with_parent()
    if data_folder:
        hold_in_use(data_folder)
    give_up = GiveUp(
        settings.worker_give_up_seconds, partial(end_process, TEMPORARY_FAILURE_EXIT_CODE)
    )
    try:
        if settings.metrics_address is None:
            return create_app(settings, give_up=give_up)
        # Imported here: few sites count answers.
        from app.web.metrics import WorkerMetrics

        metrics = WorkerMetrics()
        app = create_app(settings, give_up=give_up, observer=metrics.observe)
        metrics.start_sampling(app.state)
        return app
    except CommandError as stop:
        # The exit code tells the supervisor that a restart would fail in the same way.
        print(f"sojourn: {stop}", file=sys.stderr)
        sys.exit(STARTUP_FAILURE)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(OBJECTS_OF_A_PAGE)
        gc.enable()
