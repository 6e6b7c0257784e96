"""A day at the desk, as a list of acts that say nothing of pages, buttons or names of fields.

A driver (`drivers.py`) does them at one desk: it has a method for each kind of act. They are judged
by what readers see afterwards. Records that the day makes are called by names of this list; the
desk gives their ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ADMIN, EDITOR, OTHER_EDITOR, WRITER = "Amal", "Basma", "Dana", "Chidi"
ROLES = {ADMIN: "admin", EDITOR: "editor", OTHER_EDITOR: "editor", WRITER: "contributor"}
PRIVATE = "PRIVATE-MARKER"
"""Written into fields that only the desk may see. It may be in no answer to readers."""


@dataclass(frozen=True)
class Act:
    kind: str
    by: str
    what: dict[str, Any]


def act(kind: str, by: str, /, **what: Any) -> Act:
    return Act(kind, by, what)


REPORT = {
    "outlet": "daily-nk",
    "published": "2019-05-14",
    "language": "ko",
    "title": "단둥 노동자 비자 연장 중단",
    "title_en": "Visas of workers in Dandong are not extended",
}
EVENT = {
    "title": "Dandong stops extending visas",
    "summary": "Reported by one newspaper.",
    "type": "stay-limit",
    "happened": "2019-05",
    "place": "dandong",
    "paraphrase": "The office no longer extends visas of workers.",
    "speaker": "resident",
    "private note": PRIVATE,
}
SECOND = {**EVENT, "title": "Visas in Dandong end", "happened": "2019-05-13"}
THIRD = {**EVENT, "title": "An event about a person", "summary": "It names a person."}
FIGURE = {
    "counts": "present",
    "population": "workers",
    "quantifier": "about",
    "point": "2,000",
    "as_of": "2019-05",
    "place": "dandong",
    "paraphrase": "Some two thousand work in the city.",
    "speaker": "resident",
    "private note": PRIVATE,
}
EDITED = {"title": "Golden workers return", "private note": PRIVATE}
HERS = {"title": "The editor’s title"}
MINE = {"title": "The writer’s title", "summary": "The writer’s summary."}
MENDED = {"title": "The police of Dandong stop extending visas"}
ENTRIES = ("event", "second", "figure", "third")

DAY: Sequence[Act] = (
    act("sign_in", WRITER),
    act("sign_in", EDITOR),
    act("begin_report", WRITER, name="report", url="https://news.example/dandong", values=REPORT),
    act("add_entry", WRITER, report="report", name="event", kind="E", values=EVENT),
    act("add_entry", WRITER, report="report", name="second", kind="E", values=SECOND),
    act("add_entry", WRITER, report="report", name="figure", kind="M", values=FIGURE),
    act("add_entry", WRITER, report="report", name="third", kind="E", values=THIRD),
    act("submit", WRITER, report="report"),
    act("give_back", EDITOR, entry="event", comment="Which office?"),
    act("mend", WRITER, entry="event", values=MENDED),
    act("approve", EDITOR, entries=("report", *ENTRIES)),
    act("publish", EDITOR, summary="Visas in Dandong"),
    act("edit", EDITOR, record="E5", values=EDITED, why="corrected", reason="It says so."),
    act("approve", OTHER_EDITOR, entries=("E5",)),
    act("publish", OTHER_EDITOR, summary="A correction"),
    # The editor saves first; the writer saves the page from before, and chooses their own values.
    act("conflict", WRITER, record="E7", other=EDITOR, theirs=HERS, mine=MINE),
    act("submit_change", WRITER, record="E7", why="updated", reason="More is known."),
    act("approve", OTHER_EDITOR, entries=("E7",)),
    act("publish", OTHER_EDITOR, summary="After a conflict"),
    act("merge", EDITOR, gone="second", kept="event", reason="Both are one.", second=ADMIN),
    act("withdraw", EDITOR, record="figure", reason="It counted another city.", second=ADMIN),
    act("purge", ADMIN, record="third", reason="A person asked for it.", second=EDITOR),
    # The first version that was saved at the desk: the editor's.
    act("restore", WRITER, record="E7"),
    act("submit_change", WRITER, record="E7", why="corrected", reason="Her title was right."),
    act("approve", EDITOR, entries=("E7",)),
    act("publish", EDITOR, summary="The editor’s title again"),
)
