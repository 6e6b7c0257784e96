"""The layout of a form, beside its fields: sections, fields side by side, folded parts, rows."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class KindWords:
    """What the desk and the site say of a kind of record."""

    new: str = ""
    change: str = ""
    hint: str = ""
    """What can be typed where the form asks for such a record."""
    make: str = ""
    """Without it, none is begun from its name."""
    counted: tuple[str, str]
    """A number of them: the message for one, and for several."""
    title: str = ""
    """For a kind with a public list, as the next two: the title of the list."""
    description: str = ""
    """What the API and the README of the dataset say of its list."""
    example: str = ""
    """An id or a code, for examples in the description of the API."""
    kinds: str = ""
    """The title of the codes of its `kind`, if the codebook does not place them otherwise."""


@dataclass(frozen=True)
class AddButton:
    """A button that adds a row with preset values."""

    code: str
    label: str
    texts: Mapping[str, str] = field(default_factory=dict)
    row: str = ""
    """The title of such a row, if it differs from that of the list."""


@dataclass(frozen=True)
class Rows:
    """The repeated rows of a field, with one button or several."""

    name: str
    row: str
    """The title of a row, on the page and in errors."""
    adding: str | tuple[AddButton, ...]
    by: str = ""
    """The field whose value is the code of a button."""
    only: frozenset[str] | None = None
    """The values of `by` of the rows that are shown here; None for all rows."""

    @property
    def buttons(self) -> tuple[AddButton, ...]:
        return (AddButton("", self.adding),) if isinstance(self.adding, str) else self.adding


@dataclass(frozen=True)
class Beside:
    """A private field beside public ones: neither should be mistaken for the other."""

    private: str
    parts: tuple["Part", ...]


@dataclass(frozen=True)
class Folded:
    """Rarely used fields; open if any is filled in."""

    title: str
    parts: tuple["Part", ...]


Part = str | Rows | Beside | Folded
"""A text names fields that are side by side: `kind country`."""


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    parts: tuple[Part, ...]
    hint: str = ""


def rows_in(parts: Iterable[Part]) -> Iterator[Rows]:
    """Yield the repeated rows among these parts."""
    for part in parts:
        if isinstance(part, Rows):
            yield part
        elif not isinstance(part, str):
            yield from rows_in(part.parts)


def names_in(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the names of the fields among these parts."""
    for part in parts:
        match part:
            case str():
                yield from part.split()
            case Rows():
                yield part.name
            case Folded():
                yield from names_in(part.parts)
            case Beside():
                yield from names_in(part.parts)
                yield part.private


def first_field(parts: Iterable[Part]) -> str:
    """Return the first field of these parts, which has the focus in a new draft or row."""
    for part in parts:
        if isinstance(part, str):
            return part.split()[0]
        if not isinstance(part, Rows):
            return first_field(part.parts)
    raise LookupError


def without(parts: Iterable[Part], names: Container[str]) -> Iterator[Part]:
    """Yield these parts without some fields outside folds."""
    for part in parts:
        if not isinstance(part, str):
            yield part
        elif left := " ".join(name for name in part.split() if name not in names):
            yield left
