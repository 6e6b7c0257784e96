"""View models of a draft's page: sections, lists, rows and boxes, as `desk/drafts/page.html` prints
them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Match
from app.desk.draft_form.date_reading import DateReading
from app.desk.draft_form.layout import Adding
from app.desk.draft_form.things import Thing


@dataclass(frozen=True)
class Choice:
    """One of several; those under one heading stand together."""

    code: str
    label: str
    heading: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class TownOffer:
    geonames: int
    name: str
    about: str


@dataclass(frozen=True)
class Proposed:
    """What the page of a source says that could go into a field, and where it says so."""

    value: str
    words: str
    where: str
    language: str
    """Of the words, as far as their letters tell."""


@dataclass(frozen=True)
class Box:
    """One field. `path` names it everywhere: in the document, in errors and, but for one, on the page."""

    path: str
    title: str
    hint: str
    kind: str
    value: str
    error: str = ""
    choices: Sequence[Choice] = ()
    language: str = ""
    is_private: bool = False
    is_closed: bool = False
    """Whether it belongs to somebody else, so that its value is neither shown nor changed."""
    is_needed: bool = False
    thing: Thing | None = None
    means: Match | None = None
    """What a name stands for."""
    matches: Sequence[Match] = ()
    """What it may stand for, where it stands for nothing yet."""
    towns: Sequence[TownOffer] = ()
    """Cities of the gazetteer that could become a place of ours."""
    makes: str = ""
    """What the button says that begins what is named here and not entered yet."""
    reading: DateReading | None = None
    proposed: Sequence[Proposed] = ()
    again: str = ""
    """What the button says that takes over what stands above."""

    @property
    def input(self) -> str:
        """What the input is called on the page."""
        return documents.SENT_AS.get(self.path, self.path)

    @property
    def described_by(self) -> str:
        parts = [(self.hint, "hint"), (self.error, "error"), (self.thing or self.reading, "reads")]
        return " ".join(f"{self.path}-{part}" for is_there, part in parts if is_there)

    @property
    def headings(self) -> Sequence[str]:
        return list(dict.fromkeys(choice.heading for choice in self.choices))


@dataclass(frozen=True)
class BesideView:
    boxes: Sequence[Box]
    what: str = "boxes"


@dataclass(frozen=True)
class AbreastView:
    """What readers will see, and the private field that stands beside it."""

    parts: Sequence["PartView"]
    private: Box
    what: str = "abreast"


@dataclass(frozen=True)
class FoldView:
    title: str
    parts: Sequence["PartView"]
    is_open: bool
    what: str = "fold"


@dataclass(frozen=True)
class RowView:
    path: str
    key: str
    title: str
    parts: Sequence["PartView"]
    hidden: Sequence[tuple[str, str]]
    """Ids, and what this row is not asked but has."""
    error: str
    previous: str | None
    """The path of the row that it would change places with; None where it is the first."""
    following: str | None


@dataclass(frozen=True)
class ListView:
    id: str
    path: str
    rows: Sequence[RowView]
    adding: Sequence[Adding]
    error: str
    depth: int
    offers: Sequence[tuple[str, str]] = ()
    """What the rows were elsewhere, to be taken over: what a button says and does."""
    what: str = "rows"


PartView = BesideView | AbreastView | FoldView | ListView


@dataclass(frozen=True)
class SectionView:
    code: str
    title: str
    hint: str
    parts: Sequence[PartView]
    to_fix: int
    is_empty: bool
    """Whether nothing was typed into it, and nothing has to be."""


@dataclass(frozen=True)
class Problem:
    """Something to fix, as the list on top of the page says it."""

    anchor: str
    words: str


def boxes_in(parts: Iterable[PartView]) -> Iterator[Box]:
    for part in parts:
        match part:
            case BesideView(boxes):
                yield from boxes
            case FoldView():
                yield from boxes_in(part.parts)
            case AbreastView():
                yield from boxes_in(part.parts)
                yield part.private
            case ListView():
                for row in part.rows:
                    yield from boxes_in(row.parts)


def rows_in(parts: Iterable[PartView]) -> Iterator[RowView]:
    for part in parts:
        match part:
            case FoldView() | AbreastView():
                yield from rows_in(part.parts)
            case ListView():
                for row in part.rows:
                    yield row
                    yield from rows_in(row.parts)


def paths_in(parts: Iterable[PartView]) -> Iterator[str]:
    """Every place at which an error can stand, in the order of the page."""
    for part in parts:
        match part:
            case BesideView(boxes):
                yield from (box.path for box in boxes)
            case FoldView():
                yield from paths_in(part.parts)
            case AbreastView():
                yield from paths_in(part.parts)
                yield part.private.path
            case ListView():
                yield part.path
                for row in part.rows:
                    yield row.path
                    yield from paths_in(row.parts)
