"""What a form's layout is made of: fields side by side, folded parts and repeated rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fields:
    """Fields side by side."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class PublicAndPrivate:
    """Public fields, with their private field beside them.

    Neither should be mistaken for the other.
    """

    public: tuple["Part", ...]
    private: str


@dataclass(frozen=True)
class Folded:
    """Rarely used fields; open if any is filled in."""

    title: str
    parts: tuple["Part", ...]


@dataclass(frozen=True)
class AddButton:
    """A button that adds a row with preset values."""

    code: str
    label: str
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowList:
    """Repeated rows. `only` selects those in which a field has one of some values."""

    name: str
    row: str
    """The title of a row, on the page and in errors."""
    adding: tuple[AddButton, ...]
    only: tuple[str, frozenset[str]] | None = None


Part = str | Fields | PublicAndPrivate | Folded | RowList


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    parts: tuple[Part, ...]
    hint: str = ""


def side_by_side(*names: str) -> Fields:
    return Fields(names)


def folded(title: str, *parts: Part) -> Folded:
    return Folded(title, parts)


def abreast(*public: Part, private: str) -> PublicAndPrivate:
    return PublicAndPrivate(public, private)
