"""Importing a folder: all or nothing, with the file, line and column of each error."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app import paths
from app.cli import record as cli_record
from app.desk.approved import models
from app.desk.approved import store as commands
from app.desk.approved.publish import publish_approved
from app.desk.csv.reader import LARGEST_CELL, Problem, import_folder
from app.desk.csv.tables import NOUNS, ROWS
from app.desk.csv.writer import export_folder
from app.errors import Stop
from app.forms import FORMS, is_private
from app.record.models import Version
from tests.make import make_citation, make_event, make_outlet, make_place, make_step, make_term

FILES: dict[str, str] = {
    "vocabulary.csv": """list,code,label,definition,group,nature
type,stay-limit,Stay limit,A limit.,host-state,measure
""",
    "places.csv": """id,code,kind,parent,latitude,longitude,geonames
P1,china,country,,,,
P2,dandong,city,china,40.1234567,124.5,2037886
""",
    "outlets.csv": """id,code,kind,belongs_to,languages
O1,daily,newspaper,,en;ko
""",
    "names.csv": """record,text,language,preferred
P1,China,en,no
P2,Dandong,en,yes
P2,단둥,ko,no
O1,The Daily,en,no
""",
    "sources.csv": """id,outlet,title,title_basis,kind,published,published_basis,url
S1,daily,One,printed,news,2019-06-20,stated,https://example.org/one
S2,daily,Two,printed,news,2019-06-21,stated,https://example.org/two
""",
    "derivations.csv": """record,source,outlet,how
S2,S1,,relay
""",
    "events.csv": """id,title,summary,type,happened
E1,Stay,Reported.,stay-limit,2019-06-15
E2,More,Reported.,stay-limit,
""",
    "terms.csv": """record,key,code,role
E1,place,dandong,at
E2,place,china,at
M1,place,dandong,at
M2,place,dandong,at
""",
    "stages.csv": """record,step,date,citation
E1,announced,2019-06,C1
""",
    "links.csv": """record,id,type,to
E2,L1,follows,E1
M2,L2,rounds,M1
""",
    "citations.csv": """record,id,source,stance,kind,paraphrase
E1,C1,S1,supports,occurrence,It happened.
M1,C2,S2,supports,number,So many.
""",
    "chains.csv": """citation,attribution,words
C1,resident,a resident
C2,outlet-own-voice,
""",
    "estimates.csv": """id,counts,quantifier,point,population,as_of,role,role_reason
M1,present,exact,0.1234567,workers,2019-06,preferred,best
M2,present,about,500,workers,2019-06,ordinary,
""",
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write FILES to a folder, with some files replaced; return the folder."""

    def written(**changed: str | bytes) -> Path:
        for name, content in {
            **FILES,
            **{f"{key}.csv": value for key, value in changed.items()},
        }.items():
            (tmp_path / name).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return tmp_path

    return written


def changed(file: str, *pairs: tuple[str, str]) -> str:
    content = FILES[f"{file}.csv"]
    for old, new in pairs:
        assert old in content
        content = content.replace(old, new)
    return content


def row_counts(db: Session) -> dict[str, int]:
    """Return the number of rows of each table of the desk."""
    db.expire_all()
    return {
        table.name: db.scalar(select(func.count()).select_from(table)) or 0
        for table in models.Base.metadata.sorted_tables
    }


def import_errors(db: Session, folder: Path) -> list[str]:
    before = row_counts(db)
    report = import_folder(db, folder)
    assert report.errors, "nothing was wrong with it"
    assert report.counts == {}
    assert row_counts(db) == before, "something was half-imported"
    return [str(problem) for problem in report.errors]


def test_import_stores_the_approved_state(desk: Session, write: Write) -> None:
    report = import_folder(desk, write())
    assert report.errors == []
    assert report.counts["events saved"] == 2
    event = commands.form_of(desk.get_one(models.Event, "E1"))
    assert event == make_event(
        1,
        title="Stay",
        terms=[make_term(code="dandong")],
        stages=[{"step": "announced", "date": "2019-06", "citation": "C1"}],
        citations=[make_citation(1, chain=[make_step("resident", "a resident")])],
    )
    assert publish_approved(desk) is not None


def test_second_import_changes_nothing(desk: Session, write: Write) -> None:
    import_folder(desk, write())
    publish_approved(desk)
    before = desk.execute(text("SELECT id, saved_at, is_pending FROM desk.event ORDER BY id")).all()
    report = import_folder(desk, write())
    assert [name for name in report.counts if name.endswith("saved")] == []
    assert (
        desk.execute(text("SELECT id, saved_at, is_pending FROM desk.event ORDER BY id")).all()
        == before
    )
    assert publish_approved(desk) is None


def test_dry_run_changes_nothing_and_reports_counts(desk: Session, write: Write) -> None:
    before = row_counts(desk)
    report = import_folder(desk, write(), dry_run=True)
    assert (report.errors, report.counts["sources saved"]) == ([], 2)
    assert row_counts(desk) == before
    assert commands.pending(desk) == []


def test_dry_run_finds_database_errors(desk: Session, write: Write) -> None:
    report = import_folder(
        desk, write(places=changed("places", ("country,,", "country,dandong,"))), dry_run=True
    )
    assert len(report.errors) == 1


def test_only_changed_records_are_pending(desk: Session, write: Write) -> None:
    import_folder(desk, write())
    publish_approved(desk)
    import_folder(desk, write(events=changed("events", ("E1,Stay,", "E1,Stays,"))))
    assert [row.id for row in commands.pending(desk)] == ["E1"]


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
        "holds a control character",
    ),
    (
        "events",
        changed("events", ("Stay,", "x" * (LARGEST_CELL + 1) + ",")),
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


@pytest.mark.parametrize("table", NOUNS, ids=lambda table: table.file)
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
    with pytest.raises(
        Stop, match="Nothing was published, and nothing else was changed: 1 problem"
    ):
        cli_record.publish_and_report(desk, "The first")  # type: ignore[arg-type]
    assert capsys.readouterr().err.splitlines() == [
        "E2: the stage “announced” rests on C1, which is on no linked event either"
    ]


# Private values, and the way back -----------------------------------------------------------------


def test_private_fields_have_no_column() -> None:
    for table in [*NOUNS, *ROWS]:
        for form in table.forms:
            private = {name for name, field in form.model_fields.items() if is_private(field)}
            assert not private & set(table.columns)


def test_private_values_are_not_exported_and_survive_imports(
    desk: Session, write: Write, tmp_path: Path
) -> None:
    import_folder(desk, write())
    event = commands.form_of(desk.get_one(models.Event, "E1"))
    citation = event.citations[0]  # type: ignore[union-attr]
    chain = [step.model_copy(update={"exact_words": "Ravensworth"}) for step in citation.chain]
    secret = citation.model_copy(update={"note": "Ravensworth", "chain": chain})
    private = {
        "note": "Ravensworth",
        "exact_happened": "2019-06-15",
        "exact_place": "dandong",
        "citations": [secret],
    }
    commands.save(desk, event.model_copy(update=private))
    desk.flush()
    publish_approved(desk)
    out = tmp_path / "out"
    out.mkdir()
    export_folder(desk, out)
    assert not any("Ravensworth" in file.read_text("utf-8") for file in out.iterdir())
    assert [name for name in import_folder(desk, out).counts if name.endswith("saved")] == []
    import_folder(desk, write(events=changed("events", ("E1,Stay,", "E1,Stays,"))))
    kept = commands.form_of(desk.get_one(models.Event, "E1"))
    assert (kept.title, kept.note, kept.exact_place) == ("Stays", "Ravensworth", "dandong")  # type: ignore[union-attr]
    assert kept.citations[0].chain[0].exact_words == "Ravensworth"  # type: ignore[union-attr]


CHAIN = "C1,resident,a resident\n"


@pytest.fixture
def desk_with_private_step(desk: Session, write: Write) -> Session:
    """A chain of two steps; at the desk, the first one has a more exact, private wording."""
    import_folder(
        desk, write(chains=changed("chains", (CHAIN, CHAIN + "C1,named-official,an official\n")))
    )
    event = commands.form_of(desk.get_one(models.Event, "E1"))
    (citation,) = event.citations  # type: ignore[union-attr]
    first, second = citation.chain
    chain = [first.model_copy(update={"exact_words": "Ravensworth"}), second]
    secret = citation.model_copy(update={"note": "Ravensworth", "chain": chain})
    commands.save(desk, event.model_copy(update={"citations": [secret]}))
    desk.flush()
    return desk


def steps(desk: Session) -> list[tuple[str, str]]:
    (citation,) = commands.form_of(desk.get_one(models.Event, "E1")).citations  # type: ignore[union-attr]
    return [(step.words, step.exact_words) for step in citation.chain]


@pytest.mark.parametrize(
    ("chain", "kept"),
    [
        (
            "C1,anonymous-source,a resident\nC1,named-official,an official\n",
            [("a resident", "Ravensworth"), ("an official", "")],
        ),
        (
            "C1,named-official,another\nC1,named-official,an official\nC1,resident,a resident\n",
            [("another", ""), ("an official", ""), ("a resident", "Ravensworth")],
        ),
    ],
    ids=["edited in its place", "the same elsewhere"],
)
def test_edited_chain_step_keeps_its_private_value(
    desk_with_private_step: Session, write: Write, chain: str, kept: list[tuple[str, str]]
) -> None:
    assert (
        import_folder(
            desk_with_private_step, write(chains=changed("chains", (CHAIN, chain)))
        ).errors
        == []
    )
    assert steps(desk_with_private_step) == kept


@pytest.mark.parametrize(
    "chain",
    [
        "C1,named-official,an official\n",
        "C1,intelligence,a spy\nC1,named-official,an official\n",
        "C1,resident,a trader\nC1,named-official,an official\n",
        "C1,named-official,another\nC1,resident,a trader\nC1,named-official,an official\n",
        "C1,named-official,an official\nC1,resident,a trader\n",
    ],
    ids=[
        "taken out",
        "another speaker",
        "another resident",
        "edited, with one before it",
        "edited elsewhere",
    ],
)
def test_removed_step_with_private_value_is_reported(
    desk_with_private_step: Session, write: Write, chain: str
) -> None:
    (problem,) = import_errors(
        desk_with_private_step, write(chains=changed("chains", (CHAIN, chain)))
    )
    assert problem.startswith(
        "events.csv:2:chain: what the desk alone knows of “resident · a resident” would be lost"
    )
    assert steps(desk_with_private_step) == [("a resident", "Ravensworth"), ("an official", "")]


def test_removed_citation_with_private_value_is_reported(
    desk_with_private_step: Session, write: Write
) -> None:
    files = {
        name: changed(name, ("E1,C1,S1,supports,occurrence,It happened.\n", ""))
        for name in ("citations",)
    }
    files |= {
        "chains": changed("chains", (CHAIN, "")),
        "stages": changed("stages", ("E1,announced,2019-06,C1\n", "")),
    }
    (problem,) = import_errors(desk_with_private_step, write(**files))
    assert "events.csv:2:citations: what the desk alone knows of “C1 · S1” would be lost" in problem


def test_public_date_excluding_the_private_one_is_reported(desk: Session, write: Write) -> None:
    import_folder(desk, write())
    event = commands.form_of(desk.get_one(models.Event, "E1"))
    commands.save(desk, event.model_copy(update={"exact_happened": "2019-06-15"}))
    desk.flush()
    (problem,) = import_errors(desk, write(events=changed("events", ("2019-06-15", "2018-06-15"))))
    assert problem == "events.csv:2:: the exact date must lie inside the public one"


def test_export_and_import_change_nothing(desk: Session, write: Write, tmp_path: Path) -> None:
    import_folder(desk, write())
    commands.save(
        desk,
        make_place(
            3,
            "odd",
            names=[{"text": 'Said "so",\nand; more'.replace("\n", " ")}],
            latitude=0.00001,
            longitude=-179.9999999,
        ),
    )
    commands.save(
        desk,
        make_outlet(3, languages=["en", "zh-Hans"], reliability="b", reliability_reason="=1+1"),
    )
    desk.flush()
    before = list(commands.everything(desk))
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    export_folder(desk, first)
    assert [name for name in import_folder(desk, first).counts if name.endswith("saved")] == []
    assert list(commands.everything(desk)) == before
    export_folder(desk, second)
    assert [(f.name, f.read_bytes()) for f in sorted(first.iterdir())] == [
        (f.name, f.read_bytes()) for f in sorted(second.iterdir())
    ]


# The seeds ----------------------------------------------------------------------------------------


def test_seeds_import_and_export_unchanged(desk: Session, tmp_path: Path) -> None:
    report = import_folder(desk, paths.SEEDS)
    assert [str(problem) for problem in report.errors] == []
    wanted = {"events saved": 125, "sources saved": 185, "estimates saved": 152}
    assert {name: report.counts[name] for name in wanted} == wanted
    publish_approved(desk)
    kinds = (
        select(Version.kind, func.count().label("rows"))
        .where(Version.closed.is_(None))
        .group_by(Version.kind)
    )
    found = {row.kind: row.rows for row in desk.execute(kinds)}
    assert {kind: found[kind] for kind in "ESM"} == {"E": 125, "S": 185, "M": 152}
    assert set(found) == set(FORMS)
    export_folder(desk, tmp_path)
    again = import_folder(desk, tmp_path)
    assert (again.errors, [name for name in again.counts if name.endswith("saved")]) == ([], [])
    for file in sorted(tmp_path.iterdir()):
        with (
            file.open(encoding="utf-8", newline="") as stream,
            (paths.SEEDS / file.name).open(encoding="utf-8", newline="") as seeds,
        ):
            exported = [{k: v for k, v in row.items() if v} for row in csv.DictReader(stream)]
            original = [{k: v for k, v in row.items() if v} for row in csv.DictReader(seeds)]
            assert len(exported) == len(original), file.name


def test_problem_prints_file_line_and_column() -> None:
    assert str(Problem("events.csv", 7, "title", "is empty")) == "events.csv:7:title: is empty"
