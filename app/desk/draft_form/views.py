"""What the page of a draft shows of one field, and of a list of rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.desk.draft_form.date_reading import DateReading
from app.desk.draft_form.things import Match
from app.documents import INPUT_NAMES, Document
from app.i18n.translate import _
from app.kinds import Form
from app.kinds.layout import AddButton, Part
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


def code_lists(names: Iterable[str]) -> Sequence[OfferedCodes]:
    """Return the lists that fields with these names offer."""
    choices = {"countries": country_choices, "languages": language_choices}
    return [
        OfferedCodes(id, choices[id]()) for id in sorted({LIST_OF.get(n, "") for n in names} - {""})
    ]


@dataclass(frozen=True)
class FieldChoice:
    """An option of a field; options with the same heading are grouped."""

    code: str
    label: str
    heading: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Offer:
    """What a name that no record has may mean, and the button's value that chooses it."""

    does: str
    match: Match


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
    """Whether it takes codes of a growing list."""
    explained: str = ""
    """Definition and example of the chosen code of such a list."""
    language: str = ""
    is_private: bool = False
    is_closed: bool = False
    """Whether the value belongs to somebody else, and can be neither seen nor changed."""
    found: Sequence[Match] = ()
    """The records that its names refer to."""
    offers: Sequence[Offer] = ()
    """What the other names may mean."""
    reading: DateReading | None = None

    @property
    def input(self) -> str:
        """The name of the input."""
        return INPUT_NAMES.get(self.path, self.path)

    @property
    def list_id(self) -> str:
        """The id of the list of codes that is offered; "" if there is none."""
        return LIST_OF.get(self.path.rpartition(".")[2], "") if self.kind == "text" else ""

    @property
    def has_reading(self) -> bool:
        """Whether what it holds is explained below it, also while the editor types."""
        return self.kind in {"date", "name"} or self.has_codes

    @property
    def described_by(self) -> str:
        """The ids of what describes it."""
        parts = {"hint": self.hint, "error": self.error, "reads": self.has_reading}
        return " ".join(f"{self.path}-{name}" for name, is_there in parts.items() if is_there)

    @property
    def headings(self) -> Sequence[str]:
        return list(dict.fromkeys(choice.heading for choice in self.choices))


@dataclass(frozen=True)
class RowView:
    path: str
    title: str
    form: type[Form]
    row: Document
    parts: Sequence[Part]
    hidden: Sequence[str]
    """Names of fields without a box, such as the id."""
    error: str
    previous: str
    """The path of the previous row, to swap with; "" for the first."""
    following: str


@dataclass(frozen=True)
class ListView:
    id: str
    path: str
    rows: Sequence[RowView]
    adding: Sequence[AddButton]
    error: str
    depth: int


@dataclass(frozen=True)
class CardView:
    """The compact fields of a draft, which its other fields follow (`draft_form.card`)."""

    rows: Sequence[Sequence[Box]] = ()
    """Fields side by side."""
    taken: frozenset[str] = frozenset()
    """Paths of fields that “All fields” leaves out, since the card has them."""
    hidden: Sequence[tuple[str, str]] = ()
    anchors: Mapping[str, str] = field(default_factory=dict)
    """For the beginnings of errors' paths: the compact field that shows them."""

    @property
    def boxes(self) -> list[Box]:
        return [box for row in self.rows for box in row]

    def anchor(self, path: str) -> str:
        """Return the field that shows an error."""
        for beginning, shown in self.anchors.items():
            if path == beginning or path.startswith(f"{beginning}."):
                return shown
        return path


@dataclass(frozen=True)
class FieldProblem:
    """An error or a doubt: the field that shows it, its title, and why."""

    anchor: str
    title: str
    why: str

    @property
    def words(self) -> str:
        if not self.title:
            return self.why
        return _("{field}: {error}").format(field=self.title, error=self.why)
