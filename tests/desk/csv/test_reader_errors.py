"""Errors of a CSV import, from the reader and from the database."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import record as cli_record
from app.desk.approved import models
from app.desk.csv.reader import MAX_CELL_CHARACTERS, import_folder
from app.desk.csv.tables import NOUNS
from app.errors import CommandError
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


BAD: list[tuple[str, str | bytes, str, str]] = [
    ("events", b"id,title\n\xff\xfe,x\n", "events.csv:1:", "is not UTF-8"),
    (
        "events",
        changed("events", ("title", "name")),
        "events.csv:1:name",
        "there is no such column; use id, slug",
    ),
    (
        "events",
        changed("events", ("happened", "note")),
        "events.csv:1:note",
        "there is no such column",
    ),
    (
        "events",
        changed("events", (",type,", ",title,")),
        "events.csv:1:title",
        "this column is there twice",
    ),
    ("events", "", "events.csv:1:summary", "this column is missing"),
    (
        "events",
        changed("events", ("E2,More,", "E2,More,and,")),
        "events.csv:3:",
        "has 6 cells where the header has 5",
    ),
    (
        "events",
        changed("events", ("E2,More,", "E2,Mo\0re,")),
        "events.csv:3:title",
        "has an invisible control character",
    ),
    (
        "events",
        changed("events", ("Stay,", "x" * (MAX_CELL_CHARACTERS + 1) + ",")),
        "events.csv:2:",
        "is not CSV here: field larger",
    ),
    (
        "events",
        changed("events", ("Stay,", "x" * 501 + ",")),
        "events.csv:2:title",
        "at most 200 characters",
    ),
    (
        "events",
        changed("events", ("Stay", '"Stay')),
        "events.csv:3:",
        "is not CSV here: unexpected end of data",
    ),
    ("events", changed("events", ("E2,More", "E1,More")), "events.csv:3:id", "E1 was given before"),
    ("events", changed("events", ("E2,More", ",More")), "events.csv:3:id", "an id is needed here"),
    ("events", changed("events", ("E2,More", "X2,More")), "events.csv:3:id", "match pattern"),
    (
        "events",
        changed("events", ("E2,More,Reported.", 'E2,"Mo\nre",Reported.')),
        "events.csv:3:title",
        "match pattern",
    ),
    (
        "citations",
        changed("citations", ("M1,C2", "M1,C1")),
        "citations.csv:3:id",
        "C1 was given before",
    ),
    (
        "citations",
        changed("citations", ("E1,C1", "E1,")),
        "citations.csv:2:id",
        "an id is needed here",
    ),
    ("links", changed("links", ("M2,L2", "M2,L1")), "links.csv:3:id", "L1 was given before"),
    ("terms", changed("terms", ("E1,place", "E9,place")), "terms.csv:2:record", "there is no “E9”"),
    (
        "terms",
        changed("terms", ("E1,place", "S1,place")),
        "terms.csv:2:record",
        "there is no “S1” that could have",
    ),
    (
        "names",
        changed("names", ("China,en,no", "China,en,perhaps")),
        "names.csv:2:preferred",
        "boolean",
    ),
    (
        "places",
        changed("places", ("40.1234567", "140")),
        "places.csv:3:latitude",
        "less than or equal to 90",
    ),
    (
        "places",
        changed("places", ("2037886", "99999999999")),
        "places.csv:3:geonames",
        "less than or equal to",
    ),
    ("estimates", changed("estimates", ("0.1234567", "1e400")), "estimates.csv:2:point", "digits"),
    ("estimates", changed("estimates", ("0.1234567", "NaN")), "estimates.csv:2:point", "finite"),
    (
        "vocabulary",
        changed("vocabulary", ("measure", "law")),
        "vocabulary.csv:2:nature",
        "Input should be",
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=[f"{case[2]} {case[3]}"[:60] for case in BAD])
def test_error_has_file_line_and_column(
    desk: Session, write: Write, bad: tuple[str, str | bytes, str, str]
) -> None:
    file, content, place, reason = bad
    first = next(
        problem
        for problem in import_errors(desk, write(**{file: content}))
        if problem.startswith(place)
    )
    assert reason in first


@pytest.mark.parametrize(
    "table", [table for table in NOUNS if not table.is_optional], ids=lambda table: table.file
)
def test_missing_file_is_reported(desk: Session, write: Write, table: object) -> None:
    folder = write()
    name = table.file  # type: ignore[attr-defined]
    (folder / name).unlink()
    assert f"{name}:1:: this file is missing" in import_errors(desk, folder)


def test_row_files_are_optional(desk: Session, write: Write) -> None:
    folder = write()
    for name in ("links.csv", "stages.csv", "derivations.csv"):
        (folder / name).unlink()
    assert import_folder(desk, folder).errors == []


# What only the database sees ----------------------------------------------------------------------

REFUSED: list[tuple[dict[str, str], str, str]] = [
    (
        {"places": changed("places", ("country,,", "country,dandong,"))},
        "places.csv:[23]:",
        "can't lie in or rest on itself",
    ),
    (
        {"places": changed("places", ("city,china", "city,nowhere"))},
        "places.csv:3:",
        "“nowhere” is not there",
    ),
    (
        {"outlets": changed("outlets", ("newspaper,,", "newspaper,nobody,"))},
        "outlets.csv:2:",
        "“nobody” is not there",
    ),
    (
        {"derivations": FILES["derivations.csv"] + "S1,S2,,relay\n"},
        "derivations.csv:[23]:",
        "can't lie in or rest on",
    ),
    (
        {"links": FILES["links.csv"] + "E1,L3,follows,E2\n"},
        "links.csv:[24]:",
        "can't lie in or rest on itself",
    ),
    (
        {
            "sources": changed(
                "sources", ("https://example.org/two", "http://www.example.org/one/?utm_source=x")
            )
        },
        "sources.csv:3:",
        "“//example.org/one” is there already",
    ),
    (
        {"sources": changed("sources", ("S2,daily", "S2,weekly"))},
        "sources.csv:3:",
        "“weekly” is not there",
    ),
    (
        {
            "events": changed(
                "events", ("E2,More,Reported.,stay-limit", "E2,More,Reported.,no-such")
            )
        },
        "events.csv:3:",
        "no-such",
    ),
    (
        {"terms": changed("terms", ("E2,place,china", "E2,place,nowhere"))},
        "terms.csv:3:",
        "“nowhere” is not there",
    ),
    (
        {"terms": FILES["terms.csv"] + "E2,paper,no-such,target\n"},
        "terms.csv:6:",
        "“paper:no-such” is not there",
    ),
    ({"stages": changed("stages", ("C1", "C7"))}, "stages.csv:2:", "“C7” is not there"),
    (
        {"citations": changed("citations", ("C2,S2", "C2,S7"))},
        "citations.csv:3:",
        "“S7” is not there",
    ),
    (
        {"links": changed("links", ("follows,E1", "follows,E7"))},
        "links.csv:2:",
        "“E7” is not there",
    ),
    (
        {"names": changed("names", ("단둥,ko,no", "丹东,en,yes"))},
        "names.csv:[34]:",
        "another name in that",
    ),
    (
        {"estimates": changed("estimates", ("ordinary,", "preferred,too"))},
        "estimates.csv:3:",
        "another figure of the same series",
    ),
]


@pytest.mark.parametrize(
    ("files", "place", "reason"), REFUSED, ids=[f"{place} {reason}" for _, place, reason in REFUSED]
)
def test_database_error_is_reported_at_its_line(
    desk: Session, write: Write, files: dict[str, str], place: str, reason: str
) -> None:
    import re

    (problem,) = import_errors(desk, write(**files))
    assert re.match(place, problem), problem
    assert reason in problem


def test_database_error_leaves_the_session_usable(desk: Session, write: Write) -> None:
    import_errors(desk, write(places=changed("places", ("city,china", "city,nowhere"))))
    assert import_folder(desk, write()).errors == []


MOVED = [
    {
        "names": changed(
            "names", ("Dandong,en,yes", "Dandong,en,no"), ("단둥,ko,no", "Tandong,en,yes")
        )
    },
    {
        "names": changed(
            "names", ("P2,Dandong,en,yes\nP2,단둥,ko,no", "P2,Tandong,en,no\nP2,Dandong,en,yes")
        )
    },
    {"sources": changed("sources", ("/one", "/tmp"), ("/two", "/one"), ("/tmp", "/two"))},
    {"links": changed("links", ("E2,L1", "E2,L9"))},
    {"citations": changed("citations", ("E1,C1", "E2,C1"), ("M1,C2", "E1,C2"))},
]


@pytest.mark.parametrize("files", MOVED, ids=lambda files: next(iter(files)))
def test_unique_value_can_move_to_another_record(
    desk: Session, write: Write, files: dict[str, str]
) -> None:
    assert import_folder(desk, write()).errors == []
    assert import_folder(desk, write(**files)).errors == []


def test_preferred_role_can_move_to_an_earlier_estimate(desk: Session, write: Write) -> None:
    head, first, second = FILES["estimates.csv"].splitlines(keepends=True)
    first, second = (
        first.replace("preferred,best", "ordinary,"),
        second.replace("ordinary,", "preferred,best"),
    )
    later = head + first + second
    assert import_folder(desk, write(estimates=later)).errors == []
    assert import_folder(desk, write()).errors == []
    assert [
        row.role for row in desk.scalars(select(models.Estimate).order_by(models.Estimate.id))
    ] == [
        "preferred",
        "ordinary",
    ]


def test_failed_publishing_prints_one_line_per_problem(
    desk: Session, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = changed("stages", ("E1,announced", "E2,announced"))
    import_folder(desk, write(stages=stages, links=changed("links", ("E2,L1,follows,E1\n", ""))))
    with pytest.raises(CommandError, match="Nothing was published or changed: 1 problem"):
        cli_record.publish_and_report(desk, "The first")  # type: ignore[arg-type]
    assert capsys.readouterr().err.splitlines() == [
        "E2: the status change “announced” cites C1, which is on neither this event nor a "
        "linked one; choose another citation"
    ]
