"""Every command of `sojourn` with arguments, and a fixture that runs one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import paths
from app.cli import connections
from app.cli import main as cli
from tests.support.temporary_folders import temporary_folder

BACKUP = paths.ROOT / "tests" / "releases" / "0.1.0" / "backup.zip"


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


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Returns a function that runs a command with settings and fails on a traceback or a secret."""

    def run(command: list[str], **settings: str) -> Ended:
        with monkeypatch.context() as patch:
            # The test process must stay root; `tests/acceptance` tests leaving root in another.
            patch.setattr(connections, "leave_root", lambda *_: "")
            for name, value in settings.items():
                patch.setenv(name, value)
            new = tmp_path / f"new-{len(list(tmp_path.iterdir()))}"
            with pytest.raises(SystemExit) as ended:
                cli.main([word.format(new=new) if word == "{new}" else word for word in command])
        written = capsys.readouterr()
        for text in (written.out, written.err):
            assert "Traceback" not in text and "hunter2" not in text
        if "--verbose" not in command:
            assert "Sojourn has a fault" not in written.err
        return Ended(ended.value.code or 0, written.out, written.err)

    return run


@pytest.fixture
def folder() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder / "data"
