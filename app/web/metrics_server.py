"""`/metrics` for Prometheus, on an address of its own: adds up what all workers have counted."""

import contextlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.database.engines import desk_engine
from app.database.upkeep import newest_age_seconds, tick_age_seconds
from app.errors import CommandError
from app.settings import Settings, split_address

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

log = logging.getLogger("sojourn.metrics")
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
LETTERS = text(
    "SELECT kind = 'removal' AS is_removal, count(*) FROM desk.letter "
    "WHERE state IN ('new', 'taken') GROUP BY 1"
)


class SiteCollector:
    """What one process knows for all: scheduled jobs, backups, letters that wait."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.last_tick: float | None = None
        """When the scheduled jobs last ran in this process, in seconds since 1970."""
        self.engine: Engine | None = (
            None if settings.public_only or not settings.database_url else desk_engine(settings)
        )

    def note_tick(self) -> None:
        self.last_tick = time.time()

    def collect(self) -> "Iterator[Metric]":
        # Imported here: the library reads its folder when it is imported, and few sites need it.
        from prometheus_client.core import GaugeMetricFamily

        own = None if self.last_tick is None else time.time() - self.last_tick
        ticks = [tick_age_seconds(self.settings), own]
        known = [seconds for seconds in ticks if seconds is not None]
        if known:
            yield GaugeMetricFamily(
                "sojourn_tick_age_seconds",
                "Seconds since scheduled jobs last ran, here or in another process.",
                value=round(min(known), 1),
            )
        age = newest_age_seconds(self.settings.backup_dir)
        if age is not None:
            yield GaugeMetricFamily(
                "sojourn_backup_age_seconds", "Age of the newest backup.", value=round(age)
            )
        waiting = self._count_letters()
        if waiting is not None:
            letters = GaugeMetricFamily(
                "sojourn_letters_waiting", "Letters of readers that wait.", labels=["kind"]
            )
            letters.add_metric(["removal"], waiting[True])
            letters.add_metric(["other"], waiting[False])
            yield letters

    def _count_letters(self) -> dict[bool, int] | None:
        """Return the numbers of removals (True) and others; None if the desk can't be asked."""
        if self.engine is None:
            return None
        try:
            with self.engine.connect() as connection:
                found = {bool(kind): int(count) for kind, count in connection.execute(LETTERS)}
        except SQLAlchemyError as error:
            log.warning("Letters can’t be counted: %s", type(error).__name__)
            return None
        return {True: found.get(True, 0), False: found.get(False, 0)}


@contextlib.contextmanager
def serving_metrics(settings: Settings) -> Iterator[SiteCollector | None]:
    """Serve `/metrics` in a thread until the context ends; yield None if that is not wanted.

    Workers that are started within the context find the folder in their environment.
    """
    if settings.metrics_address is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="sojourn-metrics-"))
    os.environ[FOLDER_VARIABLE] = str(folder)
    # Imported here: the library reads the folder when it is imported, and few sites need it.
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

    class LiveCollector(MultiProcessCollector):
        def collect(self) -> "Iterator[Metric]":
            """Forget the gauges of workers that have ended; their counts stay."""
            for file in folder.glob("gauge_live*_*.db"):
                process = int(file.stem.rpartition("_")[2])
                if not Path(f"/proc/{process}").exists() and Path("/proc/self").exists():
                    mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]
            yield from super().collect()  # type: ignore[no-untyped-call]

    registry = CollectorRegistry()
    LiveCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    site = SiteCollector(settings)
    registry.register(site)
    host, port = split_address(settings.metrics_address)
    try:
        try:
            server, thread = start_http_server(port, host, registry)
        except OSError as error:
            raise CommandError(
                f"Cannot serve metrics on {settings.metrics_address}: "
                f"{(error.strerror or str(error)).lower()}. Change SOJOURN_METRICS_ADDRESS."
            ) from None
        try:
            yield site
        finally:
            server.shutdown()
            server.server_close()
            thread.join(1)
    finally:
        os.environ.pop(FOLDER_VARIABLE, None)
        if site.engine:
            site.engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)
