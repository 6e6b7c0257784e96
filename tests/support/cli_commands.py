"""Every command of `sojourn` with arguments, and how a command ended."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BACKUP = Path(__file__).parents[1] / "releases" / "0.1.0" / "backup.zip"


NOWHERE = "postgresql://desk:hunter2@127.0.0.1:1/sojourn"


COMMANDS = [
    ["serve"],
    ["migrate"],
    ["migrate", "--logins"],
    ["import", "."],
    ["export", "{new}"],
    ["export", "{new}", "--edition", "1"],
    ["export", "--static", "{new}"],
    ["publish"],
    ["backup", "{new}"],
    ["upgrade", "{new}"],
    ["restore", str(BACKUP)],
    ["purge", "E1", "--reason", "x", "--yes"],
    ["tick"],
    ["doctor"],
    ["check"],
    ["editor", "list"],
    ["editor", "add", "a@example.org"],
    ["editor", "link", "a@example.org"],
    ["editor", "disable", "a@example.org"],
    ["editor", "remove-factor", "a@example.org"],
    ["keys", "begin"],
    ["keys", "finish"],
]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: object
    output: str
    complaint: str


Run = Callable[..., Ended]
