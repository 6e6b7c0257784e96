"""The layout of each form: sections, fields side by side, folded parts and repeated rows.

The fields themselves are defined in `app.forms`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.forms import (
    ChainStep,
    Citation,
    Copy,
    DerivedFrom,
    EstimateForm,
    EventForm,
    EventToEvent,
    FigureToFigure,
    Form,
    Legal,
    Name,
    OutletForm,
    PlaceForm,
    SourceForm,
    Stage,
    Term,
)
from app.i18n.translate import N_
from app.vocabulary.events import TermKey


@dataclass(frozen=True)
class Fields:
    """Fields side by side."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Abreast:
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
class Adding:
    """A button that adds a row with preset values."""

    code: str
    label: str
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """Repeated rows. `only` selects those in which a field has one of some values."""

    name: str
    row: str
    """The title of a row, on the page and in errors."""
    adding: tuple[Adding, ...]
    only: tuple[str, frozenset[str]] | None = None


Part = str | Fields | Abreast | Folded | Listed


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    parts: tuple[Part, ...]
    hint: str = ""


def beside(*names: str) -> Fields:
    return Fields(names)


def _folded(title: str, *parts: Part) -> Folded:
    return Folded(title, parts)


def _abreast(*public: Part, private: str) -> Abreast:
    return Abreast(public, private)


PLACES = frozenset({TermKey.PLACE.value})
OTHERS = frozenset(TermKey) - PLACES


def _term(key: TermKey, label: str, role: str) -> Adding:
    return Adding(key, label, {"key": key, "role": role})


CITED = Section(
    "citations",
    N_("Citations"),
    (Listed("citations", N_("Citation"), (Adding("", N_("Add a citation")),)),),
    N_(
        "What each source says, in our own words. One article may need several: one for each thing it says."
    ),
)
WHERE = Listed(
    "terms", N_("Place"), (_term(TermKey.PLACE, N_("Add a place"), "at"),), ("key", PLACES)
)
WHO = Listed(
    "terms",
    N_("Term"),
    (
        _term(TermKey.NATIONALITY, N_("Add a nationality"), "target"),
        _term(TermKey.PAPER, N_("Add a visa or paper"), "target"),
        _term(TermKey.GROUP, N_("Add a group of workers"), "target"),
        _term(TermKey.SECTOR, N_("Add a sector"), "target"),
        _term(TermKey.ACTOR, N_("Add who acts"), "orders"),
    ),
    ("key", OTHERS),
)
NAMES = Listed("names", N_("Name"), (Adding("", N_("Add a name")),))

SECTIONS: dict[type[Form], tuple[Section, ...]] = {
    EventForm: (
        Section("what", N_("What"), ("title", _abreast("summary", private="note"), "type")),
        Section(
            "when",
            N_("When"),
            (
                _abreast("happened", "happened_text", private="exact_happened"),
                _folded(
                    N_("A deadline, which is not an end; a bound that we set"),
                    beside("deadline", "deadline_text"),
                    beside("within", "within_reason"),
                ),
            ),
        ),
        Section("where", N_("Where"), (_abreast(WHERE, private="exact_place"),)),
        Section(
            "who",
            N_("Who and what it covers"),
            (WHO,),
            N_("As the source has it; leave out what it does not say."),
        ),
        CITED,
        Section(
            "stages",
            N_("Stages"),
            (Listed("stages", N_("Stage"), (Adding("", N_("Add a stage")),)),),
            N_("Only for measures. Each step rests on a citation. Any first step is allowed."),
        ),
        Section(
            "links",
            N_("Links and law"),
            (
                Listed("links", N_("Link"), (Adding("", N_("Add a link to another event")),)),
                Listed("legal", N_("Law"), (Adding("", N_("Add a law or resolution")),)),
                _folded(N_("Short name in its address"), "slug"),
            ),
        ),
    ),
    EstimateForm: (
        Section(
            "what",
            N_("What is counted"),
            (
                beside("counts", "nature"),
                beside("unit", "per", "form"),
                beside("population", "population_text"),
                "event",
            ),
        ),
        Section(
            "figure",
            N_("The figure"),
            (
                "quantifier",
                beside("low", "point", "high"),
                beside("printed_words", "printed"),
                _folded(N_("Beside its rivals"), "role", "role_reason"),
            ),
        ),
        Section(
            "when",
            N_("When"),
            (
                _abreast(
                    beside("as_of", "as_of_text"),
                    beside("period", "period_text"),
                    private="exact_as_of",
                ),
            ),
            N_(
                "Who is there at a moment has “as of”; what moves, is issued or is planned has a period."
            ),
        ),
        Section("where", N_("Where"), (WHERE,)),
        Section("who", N_("Whom it counts"), (WHO,)),
        CITED,
        Section(
            "links",
            N_("Links to other figures"),
            (
                Listed("links", N_("Link"), (Adding("", N_("Add a link to another figure")),)),
                _abreast("remark", private="note"),
                _folded(N_("Short name in its address"), "slug"),
            ),
        ),
    ),
    SourceForm: (
        Section(
            "what",
            N_("What was read"),
            (
                "url",
                "outlet",
                "title",
                "title_en",
                beside("title_basis", "language"),
                beside("kind", "author"),
                _folded(N_("Rights, short name in its address"), "rights", "slug"),
            ),
        ),
        Section(
            "when",
            N_("When it was published"),
            ("published", beside("published_basis", "published_text")),
        ),
        Section(
            "copies",
            N_("Copies"),
            (Listed("copies", N_("Copy"), (Adding("", N_("Add a copy")),)),),
            N_("Where it was read, and how much of it. Note where the copy ends."),
        ),
        Section(
            "derived_from",
            N_("What it rests on"),
            (
                Listed("derived_from", N_("Origin"), (Adding("", N_("Add what it passes on")),)),
                _abreast("remark", private="note"),
            ),
            N_("A relay is no second origin: say whose report it passes on, translates or quotes."),
        ),
    ),
    OutletForm: (
        Section(
            "what",
            N_("What it is"),
            ("code", NAMES, beside("kind", "country"), beside("languages", "belongs_to")),
        ),
        Section(
            "grade",
            N_("How reliable it has been"),
            (
                "reliability",
                _abreast("reliability_reason", private="note"),
                beside("reliability_on", "reliability_by"),
            ),
        ),
    ),
    PlaceForm: (
        Section("what", N_("What it is"), (beside("code", "kind"), NAMES)),
        Section(
            "where",
            N_("Where it lies"),
            (
                beside("parent", "country"),
                "regions",
                beside("latitude", "longitude", "precision_km"),
                "geonames",
                _abreast("remark", private="note"),
            ),
        ),
    ),
}
"""The sections of each form. Fields that are not listed, such as ids, are hidden."""

_LINK: tuple[Part, ...] = (
    beside("type", "to"),
    "reason",
    _folded(N_("A comparison"), beside("factor", "sense")),
)

ROWS: dict[type[Form], tuple[Part, ...]] = {
    Citation: (
        "source",
        Listed("chain", N_("Step"), (Adding("", N_("Add who passed it on")),)),
        _abreast("paraphrase", private="note"),
        beside("stance", "kind"),
        beside("said", "said_text"),
        beside("certainty", "certainty_text"),
        _folded(
            N_("Quote, place in the source, what differs, credibility"),
            "quote",
            beside("quote_language", "quote_translator"),
            "quote_translation",
            beside("locator", "locator_text"),
            "breaks_off",
            beside("field", "value", "differs"),
            beside("credibility", "about"),
        ),
    ),
    ChainStep: (
        _abreast(beside("attribution", "words"), private="exact_words"),
        _folded(
            N_("Outlet, number of speakers, occasion"),
            beside("outlet", "said"),
            beside("speakers", "occasion"),
        ),
    ),
    Stage: (beside("step", "citation"), beside("date", "date_text"), "remark"),
    EventToEvent: _LINK,
    FigureToFigure: _LINK,
    Legal: (beside("instrument", "printed"), beside("relation", "reading")),
    Name: (beside("text", "language"), "preferred"),
    Copy: (
        beside("host_kind", "host"),
        "url",
        beside("extent", "read_on"),
        _folded(N_("Archived copy"), beside("archive", "sha256")),
    ),
    DerivedFrom: (beside("source", "outlet"), "how"),
}


def row_parts(form: type[Form], row: Mapping[str, str]) -> Sequence[Part]:
    """Return the fields of a row; those of a term depend on its key."""
    if form is not Term:
        return ROWS[form]
    match row["key"]:
        case TermKey.PLACE:
            return (
                beside("code", "role"),
                _folded(N_("As printed, number"), beside("printed", "number")),
            )
        case TermKey.ACTOR:
            return (beside("printed", "role", "side"), _folded(N_("Number"), "number"))
    return (beside("code", "role"), _folded(N_("As printed, number"), beside("printed", "number")))


def lists_in(parts: Iterable[Part]) -> Iterator[Listed]:
    """Yield the repeated rows among these parts."""
    for part in parts:
        match part:
            case Listed():
                yield part
            case Folded(_title, inner):
                yield from lists_in(inner)
            case Abreast(public, _private):
                yield from lists_in(public)


def first_of(form: type[Form]) -> str:
    """Return the first field of a form, which is focused in a new draft."""
    return first(SECTIONS[form][0].parts)


def first(parts: Iterable[Part]) -> str:
    """Return the first field of these parts."""
    for part in parts:
        match part:
            case str():
                return part
            case Fields(names):
                return names[0]
            case Folded(_, inner) | Abreast(inner, _):
                return first(inner)
            case Listed():
                continue
    raise LookupError
