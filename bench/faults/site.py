"""The site of a fault campaign: `sojourn serve` with its own PostgreSQL, kept running."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

from app import paths
from app.cli.connections import open_database
from app.database.cluster import Cluster
from app.settings import Settings
from tests.support.processes import children_of, free_port, workers_of

RESTART_SECONDS = 1.0
"""How long a service manager waits before it starts the site again (`RestartSec`)."""
RECOVERY_SECONDS = 600.0
"""After this time without an answer a site counts as stuck. A busy machine starts it slowly."""
FIRST_START_SECONDS = 900.0
"""With a new data folder: tables are made, and the seeds published."""
WORKERS = 2


class StuckError(RuntimeError):
    """The site did not come back by itself."""


class Site:
    """A data folder, and the site on it. A thread starts `sojourn serve` again when it ends."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = log
        self.environment = {
            **os.environ,
            "SOJOURN_DATA_DIR": str(folder),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.is_over = threading.Event()
        self.keeper = threading.Thread(target=self._keep_running, name="service manager")
        self.starts = 0

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.folder)

    @contextlib.contextmanager
    def running(self) -> Iterator["Site"]:
        self.keeper.start()
        try:
            yield self
        finally:
            self.is_over.set()
            if self.process and self.process.poll() is None:
                self.process.terminate()
            self.keeper.join()

    def _keep_running(self) -> None:
        command = [sys.executable, "-m", "app.cli.main", "serve", "--workers", str(WORKERS)]
        with self.log.open("ab") as log:
            while not self.is_over.is_set():
                self.process = subprocess.Popen(
                    command, env=self.environment, cwd=paths.ROOT, stdout=log, stderr=log
                )
                self.starts += 1
                self.process.wait()
                self.is_over.wait(RESTART_SECONDS)

    # Processes ------------------------------------------------------------------------------------

    @property
    def serve(self) -> int:
        assert self.process is not None
        return self.process.pid

    def workers(self) -> list[int]:
        return workers_of(self.serve)

    def postmaster(self) -> int | None:
        return Cluster(self.folder, {}).running_process()

    def backends(self) -> list[int]:
        """Return PostgreSQL's processes that answer clients."""
        postmaster = self.postmaster()
        return [
            child
            for child in (children_of(postmaster) if postmaster else [])
            if b"sojourn_" in _command_line(child)
        ]

    # Answers --------------------------------------------------------------------------------------

    def get(self, path: str, seconds: float = 5) -> httpx2.Response:
        """Return the answer; raises httpx2.HTTPError if there is none."""
        return httpx2.get(f"http://127.0.0.1:{self.port}{path}", timeout=seconds)

    def is_ready(self) -> bool:
        with contextlib.suppress(httpx2.HTTPError):
            return self.get("/healthz/ready").status_code == 200
        return False

    def wait_until_ready(self, most: float = RECOVERY_SECONDS) -> float:
        """Return the seconds until the site is ready; raise StuckError after `most`."""
        began = time.monotonic()
        while not self.is_ready():
            if time.monotonic() - began > most:
                raise StuckError(f"no answer within {most:g} s; see {self.log}")
            time.sleep(0.1)
        return time.monotonic() - began

    @contextlib.contextmanager
    def database(self) -> Iterator[Settings]:
        """Yield settings with the addresses and keys of the database."""
        with open_database(self.settings) as ready:
            yield ready

    def command(self, *words: str, **environment: str) -> "subprocess.Popen[bytes]":
        """Start a `sojourn` command in a process group of its own."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "app.cli.main", *words],
                env={**self.environment, **environment},
                cwd=paths.ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _command_line(process: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def signal_all(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)
