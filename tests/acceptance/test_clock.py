"""A machine whose clock is years behind can still read, publish and export the record."""

import sys
from pathlib import Path

from app import paths
from app.desk.approved.publish import publish_approved
from app.desk.csv import import_folder
from app.settings import Settings
from tests.acceptance.programs import path_of
from tests.conftest import desk_session
from tests.support.environment import environment_of
from tests.support.processes import running_command

YEARS_BEHIND = "-6y"
SOJOURN = Path(sys.executable).parent / "sojourn"


def test_clock_years_behind_refuses_nothing_stored(database: Settings, tmp_path: Path) -> None:
    """The seeds hold dates of the last years, which lie in the future for that clock."""
    with desk_session(database) as session:
        import_folder(session, paths.SEEDS)
        publish_approved(session, "The first reports")
    exported = str(tmp_path / "exported")
    for command in (
        ["doctor"],
        ["export", exported],
        ["publish", "--again"],
        ["import", exported],
        ["check"],
    ):
        with running_command(
            [str(path_of("faketime")), "-f", YEARS_BEHIND, str(SOJOURN), *command],
            environment_of(database),
        ) as program:
            said, complaint = program.communicate(timeout=120)
        assert program.returncode == 0, (command, said, complaint)
