"""Fatal messages of the embedded PostgreSQL reach our log."""

import logging
from pathlib import Path

import pytest

from app.database.server_log import ServerLog

LINES = """2026-11-27 10:00:00 UTC [7] LOG:  checkpoint starting
2026-11-27 10:00:01 UTC [7] LOG:  server process (PID 9) was terminated by signal 9: Killed
2026-11-27 10:00:02 UTC [8] PANIC:  could not write to file "pg_wal": No space left on device
"""


def test_only_new_and_serious_lines_are_forwarded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "postgres.log"
    file.write_text("2026-11-26 [1] FATAL:  of yesterday\n")
    watched = ServerLog(file)
    with file.open("a") as log:
        log.write(LINES)
    with caplog.at_level(logging.ERROR, "sojourn"):
        watched.forward()
        watched.forward()
    assert [record.getMessage() for record in caplog.records] == [
        "PostgreSQL: server process (PID 9) was terminated by signal 9: Killed",
        'PostgreSQL: could not write to file "pg_wal": No space left on device',
    ]
