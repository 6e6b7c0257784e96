"""Fixtures that run commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import connections
from app.cli import main as cli
from tests.support.cli_commands import Ended, Run
from tests.support.temporary_folders import temporary_folder


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
