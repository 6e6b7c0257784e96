"""View models of a draft's page: sections, lists, rows and boxes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.desk.draft_form import code_names, documents
from app.desk.draft_form.date_reading import DateReading
from app.desk.draft_form.things import Match, Thing
from app.i18n.formats import enumerate_words
from app.kinds.layout import AddButton


@dataclass(frozen=True)
class FieldChoice:
    """An option of a field; options with the same heading are grouped."""

    code: str
    label: str
    heading: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class CopyOffer:
    """A copy, or a source that passes it on, that a press adds to a list or takes off it."""

    label: str
    action: str
    is_chosen: bool


@dataclass(frozen=True)
class TownOffer:
    geonames: int
    name: str
    about: str


@dataclass(frozen=True)
class ProposedValue:
    """A proposed value, and where it comes from, such as the web page of a source."""

    value: str
    words: str
    where: str
    language: str
    """Language of `words`, as far as the script shows it."""


@dataclass(frozen=True)
class Box:
    """One field.

    `path` names it in the document, in errors and, with one exception, on the page.
    """

    path: str
    title: str
    hint: str
    kind: str
    value: str
    error: str = ""
    choices: Sequence[FieldChoice] = ()
    has_codes: bool = False
    """Whether it takes codes of a growing list, which a contributor can propose to add to."""
    explained: str = ""
    """Definition and example of the chosen code of such a list."""
    language: str = ""
    is_private: bool = False
    is_closed: bool = False
    """Whether the value belongs to somebody else, and can be neither seen nor changed."""
    is_needed: bool = False
    is_hidden: bool = False
    """Whether it can't apply to what the row holds, such as the manner of an outlet's own voice."""
    carried: str = ""
    """Its mark, if it was carried over and not looked at yet."""
    thing: Thing | None = None
    means: Match | None = None
    """The record that the name refers to."""
    matches: Sequence[Match] = ()
    """Suggestions, if the name refers to no record yet."""
    towns: Sequence[TownOffer] = ()
    """Cities of the gazetteer that could be added as places."""
    makes: str = ""
    """Label of the button that starts a new record with this name."""
    reading: DateReading | None = None
    proposed: Sequence[ProposedValue] = ()
    offers: Sequence[CopyOffer] = ()
    """Copies of a citation's source that a press adds or takes off."""
    again: str = ""
    """Label of the button that copies the text from above."""

    @property
    def input(self) -> str:
        """The name of the input."""
        return documents.INPUT_NAMES.get(self.path, self.path)

    @property
    def list_id(self) -> str:
        """The id of the list of codes that is offered; "" if there is none."""
        return code_names.list_id(self.path) if self.kind == "text" else ""

    @property
    def has_reading(self) -> bool:
        """Whether what it holds is explained below it, also while the editor types."""
        return self.kind in {"date", "name"} or self.has_codes

    def described_by(self, guide: Mapping[str, "GuideEntry"]) -> str:
        """Return the ids of what describes it; a hint of the guide is there, not at the field."""
        hint = guide[self.hint].id if self.hint in guide else f"{self.path}-hint"
        parts = [
            (self.hint, hint),
            (self.error, f"{self.path}-error"),
            (self.has_reading, f"{self.path}-reads"),
        ]
        return " ".join(id for is_there, id in parts if is_there)

    @property
    def headings(self) -> Sequence[str]:
        return list(dict.fromkeys(choice.heading for choice in self.choices))


@dataclass(frozen=True)
class GuideEntry:
    """A hint that fields of several rows share: shown once, in “How to fill this in”."""

    id: str
    titles: str
    hint: str


@dataclass(frozen=True)
class SideBySideView:
    boxes: Sequence[Box]
    what: str = "boxes"


@dataclass(frozen=True)
class PublicAndPrivateView:
    """Public fields, with their private field beside them."""

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
    """Names and values of fields without a box, such as ids."""
    error: str
    carried: str
    """Its mark, if it was carried over and not looked at yet."""
    previous: str | None
    """The path of the previous row, to swap with; None for the first."""
    following: str | None


@dataclass(frozen=True)
class ListView:
    id: str
    path: str
    rows: Sequence[RowView]
    adding: Sequence[AddButton]
    error: str
    depth: int
    offers: Sequence[tuple[str, str]] = ()
    """Buttons that copy rows from elsewhere: label and action."""
    carried: str = ""
    what: str = "rows"


PartView = SideBySideView | PublicAndPrivateView | FoldView | ListView


@dataclass(frozen=True)
class SectionView:
    code: str
    title: str
    hint: str
    parts: Sequence[PartView]
    to_fix: int
    is_empty: bool
    """Whether nothing was typed here, and nothing is required."""


@dataclass(frozen=True)
class FieldProblem:
    """An error, as the list at the top of the page shows it."""

    anchor: str
    words: str
    records: Sequence[str] = ()
    """Ids of other records that it names, such as the one that has the code already."""


def boxes_in(parts: Iterable[PartView]) -> Iterator[Box]:
    for part in parts:
        match part:
            case SideBySideView(boxes):
                yield from boxes
            case FoldView():
                yield from boxes_in(part.parts)
            case PublicAndPrivateView():
                yield from boxes_in(part.parts)
                yield part.private
            case ListView():
                for row in part.rows:
                    yield from boxes_in(row.parts)


def guide_of(sections: Iterable[SectionView]) -> dict[str, GuideEntry]:
    """Return the hints that are on the page more than once, each with its fields, by hint."""
    titles: dict[str, list[str]] = {}
    for section in sections:
        for box in boxes_in(section.parts):
            if box.hint and not box.is_closed and box.kind != "copies":
                titles.setdefault(box.hint, []).append(box.title)
    repeated = {hint: found for hint, found in titles.items() if len(found) > 1}
    return {
        hint: GuideEntry(f"how-{number}", enumerate_words(dict.fromkeys(found)), hint)
        for number, (hint, found) in enumerate(repeated.items(), 1)
    }


def rows_in(parts: Iterable[PartView]) -> Iterator[RowView]:
    for part in parts:
        match part:
            case FoldView() | PublicAndPrivateView():
                yield from rows_in(part.parts)
            case ListView():
                for row in part.rows:
                    yield row
                    yield from rows_in(row.parts)


def paths_in(parts: Iterable[PartView]) -> Iterator[str]:
    """Yield each path that can have an error, in page order."""
    for part in parts:
        match part:
            case SideBySideView(boxes):
                yield from (box.path for box in boxes)
            case FoldView():
                yield from paths_in(part.parts)
            case PublicAndPrivateView():
                yield from paths_in(part.parts)
                yield part.private.path
            case ListView():
                yield part.path
                for row in part.rows:
                    yield row.path
                    yield from paths_in(row.parts)
