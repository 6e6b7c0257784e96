"""Time from `sojourn serve` to the first response, on an empty folder and on a second start."""

import tempfile
import time
from pathlib import Path

from bench.timing import Reader, program


def measure() -> None:
    with tempfile.TemporaryDirectory(prefix="sojourn-bench-") as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)  # as root, PostgreSQL runs under another account
        first, second = _seconds(folder / "data"), _seconds(folder / "data")
    print(f"\nThe first start took {first:.1f} s, the second {second:.1f} s (budget 5)")


def _seconds(folder: Path) -> float:
    began = time.perf_counter()
    serve = program(
        lambda port: ["app.cli.main", "serve", "--port", str(port)],
        {"SOJOURN_DATA_DIR": str(folder)},
    )
    with serve as (port, _):
        Reader(port).ok("/events")
        return time.perf_counter() - began
