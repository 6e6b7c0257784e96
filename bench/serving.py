"""Run `sojourn serve` on a local port."""

import contextlib
import subprocess
import time
from collections.abc import Iterator

from app.settings import Settings
from bench.timing import Reader, program
from tests.support.environment import environment_of

INDEX_SECONDS = 600


@contextlib.contextmanager
def sojourn(settings: Settings) -> "Iterator[tuple[int, subprocess.Popen[bytes]]]":
    words = ["app.cli.main", "serve", "--workers", "1", "--port"]
    with program(lambda port: [*words, str(port)], environment_of(settings)) as running:
        yield running


def wait_for_index(reader: Reader) -> None:
    """Wait until the worker's index serves the newest edition and has gathered common words."""
    until = time.monotonic() + INDEX_SECONDS
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
    raise TimeoutError(f"The index was not ready within {INDEX_SECONDS} s")
