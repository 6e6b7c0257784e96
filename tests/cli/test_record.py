"""Help, and the commands for the record: import, publish, export."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import commands as cli
from app.errors import CommandError
from app.settings import Settings
from tests.support.database_server import SMALL_RECORD


def test_import_publish_export_and_doctor_work_in_sequence(
    empty_database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sequence that the help describes, on a separate database."""
    for name in ("database_url", "reader_database_url", "migrate_database_url"):
        monkeypatch.setenv(name.upper(), str(getattr(empty_database, name)))
    monkeypatch.setenv("SOJOURN_HASH_SECRET", str(empty_database.hash_secret))

    def done(*words: str) -> str:
        result = CliRunner().invoke(cli.commands, list(words), catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    assert "up to date" in done("migrate", "--logins")
    done("import", str(SMALL_RECORD), "--dry-run")
    assert "Nothing has changed" in done("publish"), (
        "publishing after a dry run must find nothing to publish"
    )
    assert "Published edition 1." in done("import", str(SMALL_RECORD), "--publish")
    assert "Nothing has changed" in done("import", str(SMALL_RECORD), "--publish")
    done("export", str(tmp_path / "out"))
    assert "Nothing has changed" in done("import", str(tmp_path / "out"), "--publish")
    assert "No problems found." in done("doctor")
    done("backup", str(tmp_path / "saved.zip"))
    with pytest.raises(CommandError, match="in use"):
        done("restore", str(tmp_path / "saved.zip"))
    with pytest.raises(CommandError, match="is not an empty folder"):
        done("export", str(tmp_path / "out"))
    with pytest.raises(CommandError, match="There is no folder"):
        done("import", str(tmp_path / "nowhere"))
