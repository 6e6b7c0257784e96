"""Damaged backups, tables, purge lists and keys: one sentence and an exit code."""

import random
import re
from pathlib import Path

from app.desk.approved.store import save_all
from app.desk.csv import export_folder
from app.settings import Settings
from tests.cli.conftest import BACKUP, NOWHERE, Run
from tests.conftest import desk_session
from tests.make import a_small_world, make_event
from tests.support.environment import environment_of


def damaged(content: bytes, how_many: int) -> list[bytes]:
    """Return copies with some bytes replaced, lost or added; the same on each run."""
    chance = random.Random(14)
    found = []
    for _ in range(how_many):
        # The directory of a zip is at its end.
        at = len(content) - 1 - chance.randrange(chance.choice((len(content), 500)))
        length = chance.choice((0, 1, 4, 500))
        new = chance.choice((b"", b"\xff" * 4, b"PK\1\2", chance.randbytes(length)))
        found.append(content[:at] + new + content[at + length :])
    return found


def test_restore_of_damaged_backups_is_one_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "damaged.zip"
    for content in [b"", b"PK", BACKUP.read_bytes()[:50], *damaged(BACKUP.read_bytes(), 120)]:
        file.write_bytes(content)
        ended = run(["restore", str(file)], DATABASE_URL=NOWHERE)
        assert ended.code == 1
        # Unchanged copies get as far as the database.
        assert re.fullmatch(
            r"sojourn: [^\n]*(damaged|newer Sojourn|cannot be reached)[^\n]*\n", ended.complaint
        )


def test_import_of_damaged_files_is_sentences(run: Run, database: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    with desk_session(database) as session:
        save_all(session, [*a_small_world(), make_event(1)])
        export_folder(session, folder)
    for file in ("places.csv", "sources.csv", "citations.csv"):
        content = (folder / file).read_bytes()
        for changed in [b"\xff\xfe\0\0", b"a\0b,c", b'"', *damaged(content[:4000], 4)]:
            (folder / file).write_bytes(changed)
            ended = run(["import", str(folder), "--dry-run"], **environment_of(database))
            assert all(
                re.match(r"[\w-]+\.csv:\d+:|sojourn: ", line)
                for line in ended.complaint.splitlines()
            )
            assert ended.code == (1 if ended.complaint else 0)
        (folder / file).write_bytes(content)
