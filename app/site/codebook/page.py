"""The codebook: what every code means, how much each is used, and how uncertain things are drawn.

The lists are those of `app/vocabulary` and those that are data; nothing is defined here a second time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.bar import Bar, bar
from app.dates.wording import in_words
from app.forms import CodeForm
from app.i18n.translate import N_, _, ngettext
from app.record.editions import Reading
from app.record.filters import LISTS
from app.record.lists import backend
from app.record.lists.code_usage import Uses
from app.record.names.directory import ENUMERATIONS, Directory
from app.site.components.badges import speaker_group
from app.site.components.urls import address
from app.site.lists.facets import GLYPHS, SIDE_TITLES
from app.vocabulary import citations as vocabulary_citations
from app.vocabulary import estimates as vocabulary_estimates
from app.vocabulary import events as vocabulary_events
from app.vocabulary import record as vocabulary_record
from app.vocabulary import sources as vocabulary_sources
from app.vocabulary.code import Code

# Page model ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Use:
    """How many records use a code; a link to them where a list can be filtered by it."""

    words: str
    address: str


@dataclass(frozen=True)
class CodeRow:
    code: str
    anchor: str
    label: str
    definition: str
    example: str
    icon: str
    """The shape by which it is drawn, if it has one, and the class that colours it."""
    icon_class: str
    note: str
    """What else is to be known of it: its track, its nature, the code to use instead."""
    uses: Sequence[Use]


@dataclass(frozen=True)
class Block:
    """Codes of one list under one heading, which is empty where the list has none."""

    heading: str
    rows: Sequence[CodeRow]


@dataclass(frozen=True)
class ListView:
    anchor: str
    title: str
    definition: str
    blocks: Sequence[Block]

    @property
    def length(self) -> int:
        return sum(len(block.rows) for block in self.blocks)

    @property
    def is_long(self) -> bool:
        return self.length > LONG


LONG = 16
"""Codes that stand open; a longer list waits behind its heading, where the browser's own search still finds them."""


@dataclass(frozen=True)
class Example:
    """A date as the record draws it, and what that says."""

    bar: Bar | None
    words: str
    meaning: str


@dataclass(frozen=True)
class Codebook:
    """Everything that `site/codebook/page.html` prints."""

    lists: Mapping[str, ListView]
    dates: Sequence[Example]
    codes: int


# The lists ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """One list, and the key that addresses and anchors know it by."""

    key: str
    title: str
    codes: type[Code] | None = None
    """None for a list that is data."""


def _coded(key: str, title: str) -> Listed:
    """A list of the vocabulary that readers filter by."""
    return Listed(key, title, ENUMERATIONS[key])


EVERY_LIST = [
    Listed("track", N_("Tracks"), vocabulary_events.Track),
    _coded("stage", N_("Steps")),
    Listed("type", N_("Types of event")),
    Listed("nature-of-type", N_("Natures of types"), vocabulary_events.TypeNature),
    _coded("side", N_("Sides")),
    _coded("corroboration", N_("Support")),
    _coded("disputed", N_("What is disputed")),
    _coded("attribution", N_("Speakers")),
    Listed("stance", N_("Stances"), vocabulary_citations.Stance),
    Listed("about", N_("Subjects of a citation"), vocabulary_citations.CitationKind),
    Listed("certainty", N_("Certainty"), vocabulary_citations.Certainty),
    Listed("locator", N_("Where in the source"), vocabulary_citations.Locator),
    Listed("differs", N_("Why a value differs"), vocabulary_citations.Difference),
    _coded("counts", N_("What a figure counts")),
    _coded("nature", N_("Seen or to come")),
    _coded("unit", N_("Units")),
    _coded("per", N_("Rates")),
    _coded("form", N_("Kinds of number")),
    _coded("population", N_("Of whom")),
    Listed("quantifier", N_("How exactly it is put"), vocabulary_estimates.Quantifier),
    Listed("standing", N_("Beside its rivals"), vocabulary_estimates.FigureRole),
    _coded("conflict", N_("Conflict")),
    Listed("names", N_("What is named"), vocabulary_events.TermKey),
    Listed("role", N_("Parts"), vocabulary_events.Role),
    Listed("paper", N_("Visas and papers")),
    Listed("group", N_("Groups of workers")),
    Listed("sector", N_("Sectors")),
    Listed("nationality", N_("Nationalities")),
    _coded("level", N_("Kinds of place")),
    Listed("event-link", N_("Links between events"), vocabulary_events.EventLink),
    Listed("figure-link", N_("Links between figures"), vocabulary_estimates.EstimateLink),
    Listed("instrument", N_("Laws and resolutions")),
    Listed("relation", N_("Links to a law"), vocabulary_events.LegalRelation),
    Listed("reading", N_("Whose reading of the law"), vocabulary_events.Reading),
    Listed("outlet-kind", N_("Kinds of outlet"), vocabulary_sources.OutletKind),
    Listed("reliability", N_("Grades of an outlet"), vocabulary_sources.Reliability),
    _coded("kind", N_("Kinds of source")),
    _coded("basis", N_("How sure a date of publication is")),
    Listed("title", N_("How sure a title is"), vocabulary_sources.TitleBasis),
    Listed("host", N_("Where a copy stands"), vocabulary_sources.HostKind),
    Listed("extent", N_("How much was read"), vocabulary_sources.Extent),
    Listed("derivation", N_("Rests on another"), vocabulary_citations.Derivation),
    Listed("outcome", N_("What came of looking"), vocabulary_record.Outcome),
    Listed("what", N_("Kinds of record"), vocabulary_record.RecordKind),
    Listed("why", N_("Why a row was written"), vocabulary_record.Why),
]


# Filling the page model ---------------------------------------------------------------------------


def codebook(db: Session, edition: Reading, directory: Directory) -> Codebook:
    keys = {key.key for lists in LISTS.values() for key in lists.terms()}
    used = backend.used(db, edition, keys)
    lists = {listed.key: _list(listed, used, directory) for listed in EVERY_LIST}
    return Codebook(lists, _dates(), sum(each.length for each in lists.values()))


def as_json(db: Session, edition: Reading, directory: Directory) -> dict[str, Any]:
    """Every list with its codes, their definitions and how many records use them."""
    lists = codebook(db, edition, directory).lists
    return {"edition": edition.no, "lists": {key: _as_json(view) for key, view in lists.items()}}


def _as_json(view: ListView) -> dict[str, Any]:
    rows = [row for block in view.blocks for row in block.rows]
    codes = [
        {
            "code": row.code,
            "label": row.label,
            "definition": row.definition,
            "example": row.example,
            "uses": [use.words for use in row.uses],
        }
        for row in rows
    ]
    return {"title": view.title, "definition": view.definition, "codes": codes}


KINDS: Mapping[str, Callable[[int], str]] = {
    "E": lambda count: ngettext("{count} event", "{count} events", count),
    "M": lambda count: ngettext("{count} figure", "{count} figures", count),
    "S": lambda count: ngettext("{count} source", "{count} sources", count),
    "O": lambda count: ngettext("{count} outlet", "{count} outlets", count),
    "P": lambda count: ngettext("{count} place", "{count} places", count),
    "V": lambda count: ngettext("{count} type", "{count} types", count),
}


def _list(listed: Listed, used: Uses, directory: Directory) -> ListView:
    if listed.codes is None:
        codes = [form for form in directory.codes.values() if form.list == listed.key]
        blocks = (
            _by_side(codes, used)
            if listed.key == "type"
            else [Block("", _tree(codes, used, directory))]
        )
        return ListView(listed.key, _(listed.title), _(DEFINITIONS[listed.key]), blocks)
    rows = [
        CodeRow(
            code=code,
            anchor=f"{listed.key}-{code}",
            label=_(code.label),
            definition=_(code.definition) if code.definition else "",
            example=_(code.example) if code.example else "",
            icon=_icon(listed.key, code),
            icon_class=f"a-{speaker_group(code)}" if listed.key == "attribution" else "",
            note=_(code.track.label).lower() if isinstance(code, vocabulary_events.Step) else "",
            uses=_used(listed.key, code, used),
        )
        for code in listed.codes
    ]
    return ListView(listed.key, _(listed.title), _(listed.codes.__doc__ or ""), [Block("", rows)])


DEFINITIONS = {
    "type": N_("What kind of thing happened."),
    "paper": N_("Which visa, permit or pass; a wider one finds the narrower ones under it."),
    "group": N_("Which people are meant; a wider group finds the narrower ones under it."),
    "sector": N_("In which trade; a wider one finds the narrower ones under it."),
    "nationality": N_("Whose nationals."),
    "instrument": N_("Laws, resolutions and notices that events rest on or break."),
}
"""The lists that are data say what each code is, not what the list is."""


def _icon(key: str, code: str) -> str:
    if key == "attribution":
        return f"at-{speaker_group(code)}"
    if key in {"disputed", "conflict"}:
        return "ne"
    return f"{GLYPHS[key]}{code}" if key in GLYPHS else ""


def _by_side(types: Sequence[CodeForm], used: Uses) -> list[Block]:
    return [
        Block(_(title), [_row(form, _nature(form), used) for form in types if form.group == side])
        for side, title in SIDE_TITLES.items()
    ]


def _nature(form: CodeForm) -> str:
    return _(form.nature.label).lower() if form.nature else ""


def _tree(codes: Sequence[CodeForm], used: Uses, directory: Directory) -> list[CodeRow]:
    """Each wider code before the narrower ones under it."""

    def below(group: str) -> Iterator[CodeRow]:
        for form in codes:
            if form.group == group:
                wider = (
                    _("under {code}").format(code=directory.label(form.list, group))
                    if group
                    else ""
                )
                yield _row(form, wider, used)
                yield from below(form.code)

    return list(below(""))


def _row(form: CodeForm, note: str, used: Uses) -> CodeRow:
    retired = _("retired; now {code}").format(code=form.successor) if form.successor else ""
    return CodeRow(
        code=form.code,
        anchor=f"{form.list}-{form.code}",
        label=form.label,
        definition=form.definition,
        example=form.example,
        icon="",
        icon_class="",
        note="; ".join(filter(None, (note, retired))),
        uses=_used(form.list, form.code, used),
    )


def _used(key: str, code: str, used: Uses) -> list[Use]:
    """What uses a code: with a link where a list can be filtered by it, else what names it in any part."""
    found = []
    for kind, some in KINDS.items():
        lists = LISTS.get(kind)
        if (count := used.get(kind, {}).get((key, code))) and lists and key in lists.by_key():
            found.append(Use(some(count), address(lists.made_of({key: [code]}, {}))))
        elif count := count or used.get(kind, {}).get(("uses", f"{key}:{code}")):
            found.append(Use(some(count), ""))
    return found


# Examples of dates --------------------------------------------------------------------------------

YEAR = 2019
SAID = date(YEAR, 11, 1)
"""The day of the last report, up to which an event that is still going on is known to last."""
EXAMPLES = [
    (f"{YEAR}-04-23", "", N_("that day")),
    (f"{YEAR}-04", "", N_("one day somewhere in it")),
    (f"{YEAR}-04~", "", N_("the ends are not sharp; the strokes are a sign and widen nothing")),
    (f"{YEAR}", "", N_("month not known")),
    (f"[{YEAR}-05,{YEAR}-06]", "", N_("one of the two")),
    (f"{YEAR}-03/{YEAR}-06~", "", N_("it lasted; its end is not sharp")),
    (f"{YEAR}-05/..", "", N_("no end known; drawn up to the last report of it")),
    (f"{YEAR - 3}-03/{YEAR}-10", "", N_("began before the scale")),
    (f"{YEAR}-03~", f"{YEAR}-06-30", N_("with a deadline on 30 June: the flag is not an end")),
]


def _dates() -> list[Example]:
    scale = edtf.window(str(YEAR), str(YEAR))
    found = []
    for text, deadline, meaning in EXAMPLES:
        spans = edtf.spans(edtf.parse(text), lasts=True, until=SAID)
        drawn = bar(spans.possible, spans.lo, spans.hi, text, deadline, scale)
        found.append(Example(drawn, in_words(text), _(meaning)))
    return found
