"""Metrics of a worker process, in files that `sojourn serve` adds up for `/metrics`.

Imported only with SOJOURN_METRICS_ADDRESS, after PROMETHEUS_MULTIPROC_DIR is set.
"""

import os
import threading
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from app.background import BackgroundLoop
from app.web.request_log import LoggedRequest
from app.web.state import AppState
from app.worker_pool import POOL

SECONDS_BETWEEN = 5.0
BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
"""Any other method is counted as OTHER: a client could send a new one with each request."""


class WorkerMetrics:
    """Counts the answers of this process, and samples its state every few seconds."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        # In the files of several processes, the registry only holds the objects.
        registry = registry or CollectorRegistry()
        self.requests = Counter(
            "sojourn_requests",
            "Answers by route (the pattern of the address), method and status.",
            ["route", "method", "status"],
            registry=registry,
        )
        self.seconds = Histogram(
            "sojourn_request_seconds",
            "Seconds until an answer was complete, by route.",
            ["route"],
            buckets=BUCKETS,
            registry=registry,
        )

        def gauge(name: str, text: str, mode: str, labels: tuple[str, ...] = ()) -> Gauge:
            return Gauge(f"sojourn_{name}", text, labels, registry=registry, multiprocess_mode=mode)  # type: ignore[arg-type]

        self.published = gauge("edition_published", "The newest edition.", "livemax")
        self.served = gauge("edition_served", "Edition of the worker that is behind.", "livemin")
        self.behind = gauge("edition_seconds_behind", "Longest lag of a worker.", "livemax")
        self.connections = gauge(
            "database_connections", "Connections in use, of all workers.", "livesum", ("login",)
        )
        self.tasks = gauge("tasks", "Tasks that run or wait, by queue.", "livesum", ("queue",))
        self.memory = gauge(
            "worker_resident_bytes",
            "Memory of all workers; most of it is the index. Shared pages count for each.",
            "livesum",
        )
        self.workers = gauge("workers", "Workers that answer.", "livesum")

    def observe(self, request: LoggedRequest, method: str, seconds: float) -> None:
        known = method if method in METHODS else "OTHER"
        self.requests.labels(request.route, known, str(request.status)).inc()
        self.seconds.labels(request.route).observe(seconds)

    def sample(self, state: AppState) -> None:
        """Note the state of this worker now."""
        watch = state.watch
        found = state.indexes.health(watch.published.edition if watch.published else 0)
        self.published.set(found.published)
        self.served.set(found.served)
        self.behind.set(max(found.seconds_behind, watch.seconds_alone))
        engines = {"reader": state.reader_engine}
        if not state.settings.public_only:
            engines["desk"] = state.desk_engine
        for login, engine in engines.items():
            self.connections.labels(login).set(engine.pool.checkedout())  # type: ignore[attr-defined]
        for queue, tasks in POOL.admitted.items():
            self.tasks.labels(queue.name).set(tasks)
        self.memory.set(resident_bytes())
        self.workers.set(1)

    def start_sampling(self, state: AppState) -> None:
        stopped = threading.Event()

        def sample_later() -> None:
            self.sample(state)
            stopped.wait(SECONDS_BETWEEN)

        BackgroundLoop("metrics", sample_later, stopped).start()


def resident_bytes() -> int:
    """Return the memory of this process; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
