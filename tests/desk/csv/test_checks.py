"""Coverage checks in a folder of CSV files."""

from pathlib import Path

from app.database.sessions import DeskSession
from app.desk.csv import CHECKS, publish_checks_of, write_checks
from app.record.coverage import checks_of_edition
from app.record.editions import select_edition
from app.record.publishing.next_edition import undo_coverage_check
from tests.make import a_small_world, publish_all

HEADER = ",".join(CHECKS.columns)


def test_checks_are_published_once_and_written_as_they_were_read(
    desk: DeskSession, tmp_path: Path
) -> None:
    publish_all(desk, *a_small_world())
    lines = f"""{HEADER}
place-1,outlet-1,en;ko,2024-05-01,2024-05-07,nothing-new
place-1,outlet-1,en,2024-05-08,2024-05-14,something-new
"""
    (tmp_path / CHECKS.file).write_text(lines, encoding="utf-8")
    for _ in range(2):
        assert publish_checks_of(desk, tmp_path) == []
        assert select_edition(desk).no == 2
        write_checks(desk, tmp_path)
        assert (tmp_path / CHECKS.file).read_text(encoding="utf-8") == lines

    undo_coverage_check(desk, checks_of_edition(desk, select_edition(desk))[0].no)
    assert publish_checks_of(desk, tmp_path) == []
    assert len(checks_of_edition(desk, select_edition(desk))) == 1, "an undone one came back"


def test_checks_join_the_edition_of_their_import(desk: DeskSession, tmp_path: Path) -> None:
    edition = publish_all(desk, *a_small_world())
    line = "place-1,outlet-1,en,2024-05-01,2024-05-07,nothing-new"
    (tmp_path / CHECKS.file).write_text(f"{HEADER}\n{line}\n", encoding="utf-8")
    assert publish_checks_of(desk, tmp_path, edition) == []
    assert (select_edition(desk).no, len(checks_of_edition(desk, select_edition(desk)))) == (1, 1)


def test_wrong_check_is_refused_with_its_line_and_none_is_published(
    desk: DeskSession, tmp_path: Path
) -> None:
    publish_all(desk, *a_small_world())
    good = "place-1,outlet-1,en,2024-05-01,2024-05-07,nothing-new"
    wrong = {
        f"{HEADER},more\n": "checks.csv:1:more: there is no such column",
        f"{HEADER}\n{good}\n{good.replace('2024-05-07', 'May')}\n": "checks.csv:3:last: ",
        f"{HEADER}\n{good}\n{good.replace('place-1', 'nowhere')}\n": "nowhere is not in the record",
    }
    for lines, reason in wrong.items():
        (tmp_path / CHECKS.file).write_text(lines, encoding="utf-8")
        assert reason in "\n".join(map(str, publish_checks_of(desk, tmp_path)))
    assert select_edition(desk).no == 1
