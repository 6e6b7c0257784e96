"""View models of a draft's page: sections, lists, rows and boxes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.desk.draft_form.date_reading import DateReading
from app.desk.draft_form.things import Match, Thing
from app.documents import INPUT_NAMES
from app.i18n.formats import enumerate_words
from app.kinds.layout import AddButton
from app.kinds.locale_names import country_choices, language_choices

CARD = "card."
"""Prefix of the names of fields that set several fields of a document."""
LIST_OF = {"country": "countries", "language": "languages", "quote_language": "languages"}
"""Id of the list that is offered, by the name of the field."""


@dataclass(frozen=True)
class OfferedCodes:
    """A list of codes with their names, once on a page."""

    id: str
    choices: Sequence[tuple[str, str]]


def list_id(path: str) -> str:
    """Return the id of the list that is offered for a field; "" if there is none."""
    return LIST_OF.get(path.rpartition(".")[2], "")


def code_lists(ids: Iterable[str]) -> Sequence[OfferedCodes]:
    """Return the lists with these ids."""
    choices = {"countries": country_choices, "languages": language_choices}
    return [OfferedCodes(id, choices[id]()) for id in sorted({*ids} - {""})]


@dataclass(frozen=True)
class FieldChoice:
    """An option of a field; options with the same heading are grouped."""

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
class NameOffer:
    """A place that one of several names may mean, and the button's value that chooses it."""

    does: str
    label: str
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
    thing: Thing | None = None
    means: Match | None = None
    """The record that the name refers to."""
    matches: Sequence[Match] = ()
    """Suggestions, if the name refers to no record yet."""
    found: Sequence[Match] = ()
    """The records that several names refer to."""
    offers: Sequence[NameOffer] = ()
    unknown: str = ""
    """The first of several names that refers to no record."""
    towns: Sequence[TownOffer] = ()
    """Cities of the gazetteer that could be added as places."""
    makes: str = ""
    """Label of the button that starts a new record with this name."""
    reading: DateReading | None = None
    proposed: Sequence[ProposedValue] = ()
    """Copies of a citation's source that a press adds or takes off."""
    again: str = ""
    """Label of the button that copies the text from above."""

    @property
    def input(self) -> str:
        """The name of the input."""
        return INPUT_NAMES.get(self.path, self.path)

    @property
    def list_id(self) -> str:
        """The id of the list of codes that is offered; "" if there is none."""
        return list_id(self.path) if self.kind == "text" else ""

    @property
    def has_reading(self) -> bool:
        """Whether what it holds is explained below it, also while the editor types."""
        return self.kind in {"date", "name", "names"} or self.has_codes

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
class CardView:
    """The compact fields of a draft, which its other fields follow (`draft_form.card`)."""

    parts: Sequence[SideBySideView] = ()
    taken: frozenset[str] = frozenset()
    """Paths of fields that “All fields” leaves out, since the card has them."""
    hidden: Sequence[tuple[str, str]] = ()
    anchors: Mapping[str, str] = field(default_factory=dict)
    """For the beginnings of errors' paths: the compact field that shows them."""

    def anchor(self, path: str) -> str:
        """Return the field that shows an error."""
        for beginning, shown in self.anchors.items():
            if path == beginning or path.startswith(f"{beginning}."):
                return shown
        return path


@dataclass(frozen=True)
class FieldProblem:
    """An error, as the list at the top of the page shows it."""

    anchor: str
    words: str
    records: Sequence[str] = ()
    """Ids of other records that it names, such as the one that has the code already."""


def views_in(parts: Iterable[PartView]) -> Iterator[Box | ListView | RowView]:
    """Yield all that can have an error, in page order."""
    for part in parts:
        match part:
            case SideBySideView(boxes):
                yield from boxes
            case FoldView():
                yield from views_in(part.parts)
            case PublicAndPrivateView():
                yield from views_in(part.parts)
                yield part.private
            case ListView():
                yield part
                for row in part.rows:
                    yield row
                    yield from views_in(row.parts)


def boxes_in(parts: Iterable[PartView]) -> Iterator[Box]:
    return (each for each in views_in(parts) if isinstance(each, Box))


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
