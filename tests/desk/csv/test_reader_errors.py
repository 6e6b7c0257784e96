"""Errors of a CSV import, from the reader and from the database."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from app.desk.csv import MAX_CELL_CHARACTERS, NOUNS, import_folder
from tests.support.csv_folder import FILES, Write, changed, import_errors

# Bad rows -----------------------------------------------------------------------------------------


def test_all_errors_are_reported_and_nothing_is_imported(desk: Session, write: Write) -> None:
    folder = write(
        events=changed("events", ("2019-06-15", "15.6.2019"), ("E2,More,", "E2,,")),
        sources=changed("sources", ("S2,daily,Two,printed", "S2,daily,Two,guessed")),
        terms=changed("terms", ("E1,place,dandong,at", "E1,place,dandong,target")),
        citations=changed("citations", ("C1,S1,supports", "C1,S1,believes")),
        chains=changed("chains", ("C2,outlet", "C9,outlet")),
    )
    found = import_errors(desk, folder)
    assert [
        problem.rsplit(": ", maxsplit=1)[0] if "not a date" not in problem else problem[:24]
        for problem in found
    ] == [
        "chains.csv:3:citation",
        "citations.csv:2:stance",
        "citations.csv:3:chain",
        "events.csv:2:happened: “",
        "events.csv:3:title",
        "sources.csv:3:title_basis",
        "terms.csv:2:",
    ]
    assert "put the year first, as in 2019-04-23" in "".join(found)


FOLDER = Path(__file__).parent


def replaced(name: str) -> Iterator[tuple[str, str | bytes, str, str]]:
    """Yield the rows of a list: a file, its content, a place and a reason."""
    for line in (FOLDER / name).read_text().splitlines():
        if not line.startswith("#"):
            file, old, new, place, reason = line.split(" | ")
            content = changed(file, (old, new)) if old else FILES[f"{file}.csv"] + new + "\n"
            yield file, content, place, reason


LONG = "x" * (MAX_CELL_CHARACTERS + 1)
ODD: list[tuple[str, str | bytes, str, str]] = [
    ("events", b"id,title\n\xff\xfe,x\n", "events.csv:1:", "is not UTF-8"),
    ("events", "", "events.csv:1:summary", "this column is missing"),
    ("events", changed("events", ("More", "Mo\0re")), "events.csv:3:title", "invisible control"),
    ("events", changed("events", ("Stay,", LONG + ",")), "events.csv:2:", "is not CSV here: field"),
    ("events", changed("events", ("Stay,", "x" * 501 + ",")), "events.csv:2:title", "at most 200"),
    ("events", changed("events", ("More", '"Mo\nre"')), "events.csv:3:title", "match pattern"),
]
"""What no line of a text file can hold."""


def test_error_has_file_line_and_column(desk: Session, write: Write) -> None:
    wrong = []
    for file, content, place, reason in [*ODD, *replaced("bad_rows.txt")]:
        problems = import_errors(desk, write(**{file: content}))
        first = next((each for each in problems if each.startswith(place)), "")
        if reason not in first:
            wrong.append((place, reason, problems))
    assert wrong == []


def test_missing_file_is_reported(desk: Session, write: Write) -> None:
    for name in (table.file for table in NOUNS if not table.is_optional):
        folder = write()
        (folder / name).unlink()
        assert f"{name}:1:: this file is missing" in import_errors(desk, folder)


# What only the database sees ----------------------------------------------------------------------


def test_database_error_names_the_value(desk: Session, write: Write) -> None:
    wrong = []
    for file, content, place, reason in replaced("refused_rows.txt"):
        (problem,) = import_errors(desk, write(**{file: content}))
        if not re.match(place, problem) or reason not in problem:
            wrong.append((place, reason, problem))
    assert wrong == []


def test_database_error_leaves_the_session_usable(desk: Session, write: Write) -> None:
    import_errors(desk, write(places=changed("places", ("city,china", "city,nowhere"))))
    assert import_folder(desk, write()).errors == []


MOVED = [
    ("names", [("Dandong,en,yes", "Dandong,en,no"), ("단둥,ko,no", "Tandong,en,yes")]),
    ("names", [("P2,Dandong,en,yes\nP2,단둥,ko,no", "P2,Tandong,en,no\nP2,Dandong,en,yes")]),
    ("sources", [("/one", "/tmp"), ("/two", "/one"), ("/tmp", "/two")]),
    ("links", [("E2,L1", "E2,L9")]),
    ("citations", [("E1,C1", "E2,C1"), ("M1,C2", "E1,C2")]),
]


def test_unique_value_can_move_to_another_record(desk: Session, write: Write) -> None:
    for file, pairs in MOVED:
        with desk.begin_nested() as attempt:
            assert import_folder(desk, write()).errors == []
            moved = {file: changed(file, *pairs)}
            assert import_folder(desk, write(**moved)).errors == [], file
            attempt.rollback()
        desk.expire_all()
