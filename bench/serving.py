"""Run `sojourn serve` on a local port."""

import contextlib
import subprocess
import time
from collections.abc import Iterator

from app.settings import Settings
from bench.timing import Reader, program
from tests.support.environment import environment_of


@contextlib.contextmanager
def sojourn(
    settings: Settings, workers: int = 1
) -> "Iterator[tuple[int, subprocess.Popen[bytes]]]":
    words = ["app.cli.main", "serve", "--workers", str(workers)]
    with program(lambda port: [*words, "--port", str(port)], environment_of(settings)) as running:
        yield running


def wait_for_index(reader: Reader, seconds: float = 600) -> None:
    """Wait until the worker's index serves the newest edition and has gathered common words."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        health = reader.get("/healthz").json()
        is_behind = (
            health["status"] != "ok"
            or health["edition"] != health["served"]
            or health["seconds_behind"]
        )
        if not is_behind and "gathering" not in health:
            return
        time.sleep(0.2)
    raise TimeoutError(f"The index was not ready within {seconds} s")
