"""Sojourn as it runs anywhere: `sojourn serve` on a port of this machine, with as many workers as asked for."""

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
    """Until this worker answers from the newest edition, before which SQL answers, and slowly; and until it has
    gathered the rows of common words, which it does beside the requests."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        said = reader.get("/healthz").json()
        is_behind = (
            said["status"] != "ok" or said["edition"] != said["served"] or said["seconds_behind"]
        )
        if not is_behind and "gathering" not in said:
            return
        time.sleep(0.2)
    raise TimeoutError(f"The index was not ready within {seconds} s")
