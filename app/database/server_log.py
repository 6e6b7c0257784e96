"""Forwards fatal messages of the embedded PostgreSQL from its own file to our log."""

import logging
import re
from pathlib import Path

log = logging.getLogger("sojourn")

SERIOUS = re.compile(r"\b(?:FATAL|PANIC):  (?P<message>.*)|(?P<crash>server process .* was term.*)")
MAX_BYTES = 100_000
MAX_LINES = 20
"""Of one reading: a server that fails in a loop must not fill our log."""


class ServerLog:
    """The server's log file, read from where the last reading ended."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.position = file.stat().st_size if file.exists() else 0

    def forward(self) -> None:
        """Log the serious lines that the server has written since the last reading."""
        try:
            size = self.file.stat().st_size
            if size <= self.position:
                self.position = size
                return
            with self.file.open("rb") as content:
                content.seek(max(self.position, size - MAX_BYTES))
                lines = content.read().decode(errors="replace").splitlines()
        except OSError:
            return
        self.position = size
        found = [
            match["message"] or match["crash"] for line in lines if (match := SERIOUS.search(line))
        ]
        for message in found[:MAX_LINES]:
            log.error("PostgreSQL: %s", message)
