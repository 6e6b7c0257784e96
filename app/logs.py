"""The log of `sojourn serve`: one JSON object a line, or text on a terminal.

A thread writes the lines, since a full pipe or a slow journal must not stop requests.
"""

import atexit
import json
import logging
import os
import queue
import sys
import threading
import time
from datetime import UTC, datetime
from typing import TextIO

from app.background import describe_without_message

FIELDS = (
    *("request", "route", "method", "status", "ms", "fault", "person", "hung_up"),
    *("release", "edition", "seconds", "workers", "database", "settings"),
)
"""Fields that a record may have, in this order. No other one is written."""
MAX_WAITING_LINES = 10_000
FLUSH_SECONDS = 1.0


def configure_logging(process: str, stream: TextIO | None = None) -> "BackgroundHandler":
    """Write all records of this process, from level `info` on, to stderr.

    `process` names the process in each line, such as "worker".
    """
    out = stream or sys.stderr
    handler = BackgroundHandler(out)
    handler.setFormatter(LineFormatter(process, is_terminal=out.isatty()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("sojourn").setLevel(logging.INFO)
    atexit.register(handler.flush)
    return handler


class LineFormatter(logging.Formatter):
    """Formats a record as one line: of JSON, or for a person at a terminal."""

    def __init__(self, process: str, *, is_terminal: bool = False) -> None:
        super().__init__()
        self.process = process
        self.is_terminal = is_terminal

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if error := record.exc_info[1] if record.exc_info else None:
            # A library's traceback ends with the error's message, which may quote a reader's input.
            message = f"{message}: {describe_without_message(error)}"
        at = datetime.fromtimestamp(record.created, UTC)
        body: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "process": f"{self.process}-{os.getpid()}",
            "message": message,
        }
        found = {name: getattr(record, name, None) for name in FIELDS}
        fields = {name: value for name, value in found.items() if value is not None}
        if not self.is_terminal:
            return json.dumps(body | fields, ensure_ascii=False, default=str)
        words = [f"{at:%H:%M:%S}", *map(str, [*body.values()][1:])]
        return " ".join([*words, *(f"{name}={value}" for name, value in fields.items())])


class BackgroundHandler(logging.Handler):
    """Hands records to a thread that writes them; counts those it has no room for."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.stream = stream
        self.waiting: queue.Queue[logging.LogRecord] = queue.Queue(MAX_WAITING_LINES)
        self.dropped = 0
        self.thread = threading.Thread(target=self._write, name="log", daemon=True)
        self.thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.waiting.put_nowait(record)
        except queue.Full:
            self.dropped += 1

    def flush(self) -> None:
        """Wait until the lines are written, but not for ever."""
        until = time.monotonic() + FLUSH_SECONDS
        while self.waiting.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.005)

    def _write(self) -> None:
        while True:
            record = self.waiting.get()
            try:
                self._write_line(self.format(record))
                if self.dropped:
                    lost, self.dropped = self.dropped, 0
                    message = f"{lost} lines of the log were lost: nobody read them in time"
                    self._write_line(self.format(_warning(message)))
            except Exception:
                # A broken format or a closed stream must not end the thread.
                self.handleError(record)
            finally:
                self.waiting.task_done()

    def _write_line(self, line: str) -> None:
        # One call of write: lines of several processes must not be mixed.
        self.stream.write(f"{line}\n")
        self.stream.flush()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Write nothing: logging's own handler would print the message with its values."""


def _warning(message: str) -> logging.LogRecord:
    return logging.LogRecord("sojourn", logging.WARNING, "", 0, message, None, None)
