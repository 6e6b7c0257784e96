"""Base class and field types of all forms: validated text, dates, codes and ids; private fields."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo

from app.dates import day_ranges, edtf
from app.kinds.layout import KindWords, Part, Section
from app.kinds.locale_names import A_COUNTRY, A_LANGUAGE, code_of_country, code_of_language
from app.vocabulary.code import Code
from app.vocabulary.kinds import RecordKind, RowKind
from app.vocabulary.record import NEEDS_REASON, DateBasis


class Form(BaseModel):
    """Base of all forms: frozen, without unknown fields, with text stripped of outer spaces."""

    WORDS: ClassVar[KindWords]
    """For a kind of record: what the desk says of it."""
    SECTIONS: ClassVar[tuple[Section, ...]] = ()
    """For a kind of record: its form. Fields that are not listed, such as ids, are hidden."""
    NOT_ASKED: ClassVar[frozenset[str]] = frozenset()
    """For a kind of record: the fields of its rows that are asked only in other kinds."""
    PARTS: ClassVar[tuple[Part, ...]] = ()
    """For a repeated row: its fields on the form."""
    NAMED_BY: ClassVar[tuple[str, ...]] = ()
    """Fields of which the first that is filled in names a row; empty: its first two values."""
    FORMER: ClassVar[frozenset[str]] = frozenset()
    """Fields that went. Stored values may have them, since editions are not rewritten."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, from_attributes=True, str_strip_whitespace=True
    )

    @classmethod
    def parts_of(cls, _row: Mapping[str, str]) -> tuple[Part, ...]:
        """Return the fields of a row on the form: what is asked may depend on what is filled in."""
        return cls.PARTS

    @model_validator(mode="before")
    @classmethod
    def drop_former(cls, values: Any, info: ValidationInfo) -> Any:
        """Drop former fields from a stored value; refuse them in a new one (see `Entry`)."""
        if not cls.FORMER or not isinstance(values, dict):
            return values
        former = cls.FORMER & values.keys()
        if not former:
            return values
        if isinstance(info.context, Entry):
            raise ValueError(
                f"“{min(former)}” is no field any more: say it in the paraphrase or the remark"
            )
        return {name: value for name, value in values.items() if name not in former}


@dataclass(frozen=True)
class FieldNotes:
    """What is to know of a field beside its type, title and description."""

    private: bool = False
    """Whether it is never published."""
    hint: str | None = None
    """What the form says of it, if not its description: that may speak of ids and codes."""
    unchosen: str = ""
    """The empty option, where it means something."""
    language: str = ""
    """The field with the language of this text."""
    column: str = ""
    """Its name in files, or that of the file with its rows, if it differs."""
    listed: bool = True
    """Whether it is a column in the files of lists; False where another column has its value."""
    codes: str = ""
    """The growing list whose codes it takes."""


def F(  # noqa: N802
    title: str, description: str = "", default: Any = ..., **more: Any
) -> Any:
    """Return a field with what is said of it. `more`: `FieldNotes`, and constraints of `Field`."""
    notes = {name: more.pop(name) for name in FieldNotes.__match_args__ if name in more}
    field = Field(default, title=title, description=description or None, **more)
    field.metadata.append(FieldNotes(**notes))
    return field


def notes(field: FieldInfo) -> FieldNotes:
    return next((each for each in field.metadata if isinstance(each, FieldNotes)), FieldNotes())


def is_private(field: FieldInfo) -> bool:
    return notes(field).private


class Holds(Enum):
    """Marks a type by what its text is: `Text = Annotated[str, Holds.PARAGRAPHS]`."""

    DATE = "a date in EDTF"
    LINE = "text in one line"
    PARAGRAPHS = "text that may have several paragraphs"
    LANGUAGE = "the code of a language"
    LINKS = "text that links to records: “[words](E5)”"


def holds(field: FieldInfo, mark: Holds) -> bool:
    """Whether a field, or one of its types, has this mark."""
    types = [inner for kind in get_args(field.annotation) for inner in get_args(kind)]
    return mark in (*field.metadata, *types)


class RefersTo:
    """Marks a field that holds the code of another record: `parent: PlaceCode`."""

    def __init__(self, kind: RecordKind) -> None:
        self.kind = kind


class RefersById:
    """Marks a field that holds the id of another record or citation."""


def refers_by_id(field: FieldInfo) -> bool:
    return any(isinstance(mark, RefersById) for mark in field.metadata)


def is_list(field: FieldInfo) -> bool:
    """Whether a field holds several values: rows or codes."""
    return get_origin(field.annotation) is list


def kind_codes(form: type[Form]) -> type[Code] | None:
    """Return the codes of the field `kind`, if the form has such a field."""
    kind = form.model_fields.get("kind")
    codes = kind and kind.annotation
    return codes if isinstance(codes, type) and issubclass(codes, Code) else None


def kind_named(field: FieldInfo) -> RecordKind | None:
    """Return the kind of the records whose codes a field holds, if any."""
    return next((mark.kind for mark in field.metadata if isinstance(mark, RefersTo)), None)


FormT = TypeVar("FormT", bound=Form)


def public(form: FormT) -> FormT:
    """Return a copy in which all private fields, also those of rows, have their default values."""
    private, rows = _private_fields_and_rows(type(form))
    changed: dict[str, Any] = {
        name: empty for name, empty in private if getattr(form, name) != empty
    }
    for name in rows:
        before = getattr(form, name)
        after = [public(row) for row in before]
        if any(row is not old for row, old in zip(after, before, strict=True)):
            changed[name] = after
    return form.model_copy(update=changed) if changed else form


@cache
def _private_fields_and_rows(form: type[Form]) -> tuple[list[tuple[str, Any]], list[str]]:
    """Return the private fields with their defaults, and the fields with rows."""
    fields = form.model_fields.items()
    private = [(name, field.get_default()) for name, field in fields if is_private(field)]
    return private, [name for name, field in fields if rows_of(field) and not is_private(field)]


def rows_of(field: FieldInfo) -> type[Form] | None:
    """Return the form of a field's rows; None if the field is no list of forms."""
    for inner in get_args(field.annotation):
        if isinstance(inner, type) and issubclass(inner, Form):
            return inner
    return None


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Unicode's category Cc, except line feed and tab."""


def _normalise_text(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if CONTROL.search(text):
        raise ValueError("the text has an invisible control character: paste it as plain text")
    return unicodedata.normalize("NFC", text)


def _normalise_date(text: str) -> str:
    return edtf.normalise(text) if text else ""


class Entry:
    """Validation context of new values: `model_validate(values, context=Entry())`.

    Stored values are validated without it, since a slow clock must not make them unreadable.
    """


def _check_past(text: str, info: ValidationInfo) -> str:
    """Refuse a new date that has not begun in any time zone (UTC+14)."""
    if text and isinstance(info.context, Entry):
        whole = edtf.parse(text).whole
        if whole and whole.first and is_ahead(whole.first):
            raise ValueError("this day is in the future: correct it")
    return text


def is_ahead(day: date) -> bool:
    """Whether the day has not begun in any time zone."""
    return day > edtf.latest_today(datetime.now(UTC))


def lies_within(fine: str, coarse: str) -> bool:
    """Whether a private, finer date is within the public one (rule 9)."""
    inner = edtf.parse(fine).whole
    outer = day_ranges.possible_days(edtf.parse(coarse)) if coarse else ()
    return inner is not None and any(inner.within(days) for days in outer)


def check_basis(date_text: str, basis: DateBasis | None, reason: str) -> None:
    """Check what is said to be ours in a date."""
    if basis and not date_text:
        raise ValueError("enter the date that was converted or inferred, or leave the choice empty")
    if reason and not basis:
        raise ValueError(
            "choose whether the date was converted or inferred, or leave the reason empty"
        )
    if basis in NEEDS_REASON and not reason:
        raise ValueError("an inferred date needs a reason: enter how it is known")


def _normalise_code(text: Any) -> Any:
    return text.strip().lower() if isinstance(text, str) else text


def _check_url(text: str, info: ValidationInfo) -> str:
    if text and not re.match(r"https?://[^\s/]+", text):
        raise ValueError("this is not a web address: it must begin with http:// or https://")
    if text and isinstance(info.context, Entry):
        if not text.isprintable():
            raise ValueError(
                "the address has a line break or an invisible character: paste it again"
            )
        if "@" in re.split(r"[/?#\\]", text.partition("://")[2])[0]:
            raise ValueError("the address has a user name before @: remove the name")
        try:
            host = urlsplit(text).hostname or ""
        except ValueError:
            raise ValueError(
                "this is not a web address: check its brackets and characters"
            ) from None
        if not host.removeprefix("www."):
            raise ValueError("this is not a web address: it names no site after ://")
    return text


Text = Annotated[
    str,
    Holds.PARAGRAPHS,
    BeforeValidator(_normalise_text),
    StringConstraints(max_length=5_000),
]
Line = Annotated[
    str,
    Holds.LINE,
    BeforeValidator(_normalise_text),
    StringConstraints(max_length=500, pattern=r"^[^\n]*$"),
]
Needed = Annotated[Line, StringConstraints(min_length=1)]
NeededText = Annotated[Text, StringConstraints(min_length=1)]
Date = Annotated[
    str, Holds.DATE, StringConstraints(max_length=100), AfterValidator(_normalise_date)
]
PastDate = Annotated[Date, AfterValidator(_check_past)]
A_CODE = r"^(?:[a-z0-9]+(?:-+[a-z0-9]+)*)?$"
Slug = Annotated[
    str, BeforeValidator(_normalise_code), StringConstraints(max_length=80, pattern=A_CODE)
]
NeededSlug = Annotated[Slug, StringConstraints(min_length=1)]
Language = Annotated[
    str,
    Holds.LANGUAGE,
    BeforeValidator(code_of_language),
    StringConstraints(pattern=A_LANGUAGE),
]
Country = Annotated[str, BeforeValidator(code_of_country), StringConstraints(pattern=A_COUNTRY)]
Url = Annotated[
    str,
    BeforeValidator(_normalise_text),
    StringConstraints(max_length=2_000),
    AfterValidator(_check_url),
]
Figure = Annotated[
    Decimal,
    Field(max_digits=24, decimal_places=8),
    PlainSerializer(
        lambda n: int(n) if n == n.to_integral_value() else float(n),
        return_type=int | float,
        when_used="json",
    ),
]


ActorCode = Annotated[Slug, RefersTo(RecordKind.ACTOR)]
LawCode = Annotated[Slug, RefersTo(RecordKind.LAW)]
PlaceCode = Annotated[Slug, RefersTo(RecordKind.PLACE)]
OutletCode = Annotated[Slug, RefersTo(RecordKind.OUTLET)]
NeededOutletCode = Annotated[OutletCode, StringConstraints(min_length=1)]


def id_of(letter: str) -> StringConstraints:
    return StringConstraints(pattern=rf"^(?:{letter}[1-9][0-9]{{0,8}})?$")


# Public ids (`E128`); empty before the first publication.
ActorId = Annotated[str, id_of(RecordKind.ACTOR)]
LawId = Annotated[str, id_of(RecordKind.LAW)]
PlaceId = Annotated[str, id_of(RecordKind.PLACE)]
OutletId = Annotated[str, id_of(RecordKind.OUTLET)]
PageId = Annotated[str, id_of(RecordKind.PAGE)]
SourceId = Annotated[str, id_of(RecordKind.SOURCE), RefersById()]
EventId = Annotated[str, id_of(RecordKind.EVENT), RefersById()]
EstimateId = Annotated[str, id_of(RecordKind.ESTIMATE), RefersById()]
CitationId = Annotated[str, id_of(RowKind.CITATION), RefersById()]
LinkId = Annotated[str, id_of(RowKind.LINK)]
CopyId = Annotated[str, StringConstraints(pattern=r"^(?:[1-9][0-9]{0,3})?$")]
"""The number of a copy among those of its source; never given to another copy of it."""
LinkOrCitationId = Annotated[str, id_of(f"[{RowKind.LINK}{RowKind.CITATION}]")]


# Fields that several kinds have.
PUBLIC_ID = F("Id", "Public id, given at first publication.", "")
CODE = F(
    "Code",
    "Used in addresses; never changes.",
    hint="Small letters, digits and hyphens, such as amnok-ilbo. It is used in addresses and never "
    "changes.",
)
SHORT_NAME = F("Short name", "A readable name for its page’s address.", "", listed=False)
REMARK = F("Remark", "What readers should know, such as what it is not.", "")
NOTE = F("Note", "For the desk only.", "", private=True)
