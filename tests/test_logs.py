"""Lines of the log: JSON, or text on a terminal; a stuck reader stops nothing."""

import io
import json
import logging
import threading

import pytest

from app import logs
from app.logs import BackgroundHandler, LineFormatter


def record(message: str, *args: object, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("sojourn", logging.WARNING, "", 0, message, args, None)
    made.__dict__.update(fields)
    return made


def test_json_line_has_time_level_process_and_known_fields() -> None:
    line = LineFormatter("worker").format(record("Slow: %d", 7, ms=3.5, route="/events", path="/x"))
    body = json.loads(line)
    assert body.pop("time").endswith("Z")
    assert body.pop("process").startswith("worker-")
    assert body == {"level": "warning", "message": "Slow: 7", "ms": 3.5, "route": "/events"}
    assert "\n" not in line


def test_traceback_is_logged_without_the_message_of_the_error() -> None:
    try:
        raise ValueError("Dandong")
    except ValueError as error:
        failed = record("It failed")
        failed.exc_info = (ValueError, error, error.__traceback__)
    line = LineFormatter("worker").format(failed)
    assert "ValueError" in line and "Dandong" not in line


def test_stuck_stream_loses_lines_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_WAITING_LINES", 2)
    is_read = threading.Event()

    class Stuck(io.StringIO):
        def write(self, text: str) -> int:
            is_read.wait()
            return super().write(text)

    stream = Stuck()
    handler = BackgroundHandler(stream)
    handler.setFormatter(LineFormatter("worker"))
    for _ in range(9):
        handler.emit(record("A line"))
    is_read.set()
    handler.flush()
    lines = [json.loads(line)["message"] for line in stream.getvalue().splitlines()]
    lost = [line for line in lines if "were lost" in line]
    assert len(lost) == 1 and len(lines) <= 4
