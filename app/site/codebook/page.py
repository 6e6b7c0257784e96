"""The codebook, its lists, the rules and the changes of method."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.dates import day_ranges, edtf
from app.dates.bar import Bar, bar
from app.dates.periods import parse_period
from app.dates.wording import attested_in_words, in_words
from app.filtering import MAX_TEXT_CHARACTERS
from app.i18n.translate import N_, _, inside
from app.kinds import CodeForm
from app.kinds.vocabulary import words_by_language
from app.record.derivation.codes_used import CODE_LOCATIONS
from app.record.filters import LISTS
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.search import plain_text
from app.record.sql.rows import CodeUses
from app.site.charts.estimates_chart import SIGNS
from app.site.codebook.lists import EVERY_LIST, SECTIONS, CodebookList
from app.site.codebook.rules import method_changes, rules
from app.site.components.urls import address
from app.site.export.responses import json_response
from app.site.lists.facets import GLYPH_PREFIXES, SIDE_TITLES
from app.site.lists.request import edition_directory, requested_edition
from app.site.lists.summary import count_in_words
from app.site.references.citable import page_share_links
from app.vocabulary import events as vocabulary_events
from app.vocabulary.estimates import CURRENCY_UNITS
from app.vocabulary.kinds import NOUN_OF_KIND
from app.vocabulary.record import CONCEPT
from app.vocabulary.speaker_groups import speaker_group
from app.web.page import page
from app.web.sessions import EditionRoute, Reader
from app.web.urls import url

# Examples of dates ------------------------------------------------------------------------------


@dataclass(frozen=True)
class DateExample:
    """An example of a date's bar, with its meaning."""

    bar: Bar | None
    words: str
    meaning: str


EXAMPLE_YEAR = 2019
LAST_REPORT = date(EXAMPLE_YEAR, 11, 1)
"""Assumed day of the last report: an open-ended event is drawn up to it."""
DATE_EXAMPLES = [
    (f"{EXAMPLE_YEAR}-04-23", "", N_("on that day")),
    (f"{EXAMPLE_YEAR}-04", "", N_("on one day of that month")),
    (
        f"{EXAMPLE_YEAR}-04~",
        "",
        N_(
            "about that month: definitely in a period only if the period includes the pale days "
            "around it"
        ),
    ),
    (f"{EXAMPLE_YEAR}", "", N_("month unknown")),
    (f"[{EXAMPLE_YEAR}-05,{EXAMPLE_YEAR}-06]", "", N_("in one of the two months")),
    (f"[..{EXAMPLE_YEAR}-05-05]", "", N_("on one day up to and including that day")),
    (
        f"{EXAMPLE_YEAR}-03/{EXAMPLE_YEAR}-06~",
        "",
        N_("lasted several months, with an approximate end"),
    ),
    (f"{EXAMPLE_YEAR}-05/..", "", N_("no end known; drawn up to the last report")),
    (
        f"[{EXAMPLE_YEAR}-05-10..{EXAMPLE_YEAR}-05-20]/..",
        "",
        N_("began on a day between the two and continues"),
    ),
    (f"{EXAMPLE_YEAR - 3}-03/{EXAMPLE_YEAR}-10", "", N_("began before the start of the scale")),
    (
        f"{EXAMPLE_YEAR}-03~",
        f"{EXAMPLE_YEAR}-06-30",
        N_("with a deadline on 30 June, shown by a flag"),
    ),
]


def date_examples() -> list[DateExample]:
    scale = parse_period(str(EXAMPLE_YEAR), str(EXAMPLE_YEAR))
    found = []
    for text, deadline, meaning in DATE_EXAMPLES:
        spans = day_ranges.spans(edtf.parse(text), lasts=True, until=LAST_REPORT)
        drawn = bar(
            spans.possible,
            spans.lo,
            spans.hi,
            text,
            deadline,
            scale,
            surroundings=spans.surroundings,
        )
        found.append(DateExample(drawn, in_words(text), _(meaning)))
    attested = f"{EXAMPLE_YEAR}-05-05"
    spans = day_ranges.attested_spans(edtf.parse(attested))
    drawn = bar(spans.possible, spans.lo, spans.hi, attested, "", scale, is_attested=True)
    meaning = _("ongoing on that day; it may have begun on any earlier day")
    found.append(DateExample(drawn, attested_in_words(attested), meaning))
    return found


# The page ---------------------------------------------------------------------------------------


# Page model -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CodeUse:
    """Number of records of one kind that use a code, and the address of their list, if any."""

    words: str
    address: str


@dataclass(frozen=True)
class CodebookRow:
    code: str
    anchor: str
    label: str
    definition: str
    example: str
    icon: str
    """Name of the code's icon; empty if it has none. `icon_class` is the colour class."""
    icon_class: str
    note: str
    """The code's track, nature, wider code or successor, in words."""
    uses: Sequence[CodeUse]
    words: Sequence[tuple[str, Sequence[str]]] = ()
    """Words of a concept in place of a definition, with the code of their language."""


@dataclass(frozen=True)
class Block:
    """Codes of one list under a heading; the heading is empty if the list has no groups."""

    heading: str
    rows: Sequence[CodebookRow]


@dataclass(frozen=True)
class CodeListView:
    anchor: str
    title: str
    definition: str
    blocks: Sequence[Block]

    @property
    def length(self) -> int:
        return sum(len(block.rows) for block in self.blocks)

    @property
    def is_counted(self) -> bool:
        """Whether uses of the list are known: some lists are of codes that no record holds."""
        if self.anchor in CODE_LOCATIONS or self.anchor in DATA_LIST_DEFINITIONS:
            return True
        return any(row.uses for block in self.blocks for row in block.rows)


@dataclass(frozen=True)
class Codebook:
    """The page model of `site/codebook/page.html`."""

    lists: Mapping[str, CodeListView]
    dates: Sequence[DateExample]
    signs: Sequence[tuple[str, str]]
    """Signs of the charts, with their labels."""
    codes: int

    @property
    def sections(self) -> dict[str, list[CodeListView]]:
        """The lists that have codes, by the anchor of their section."""
        return {
            section.anchor: [
                view for listed in section.lists if (view := self.lists[listed.key]).length
            ]
            for section in SECTIONS
        }


@dataclass(frozen=True)
class NavigationGroup:
    title: str
    lists: Sequence[CodeListView]


@dataclass(frozen=True)
class CodeListPage:
    """The page model of `site/codebook/list.html`."""

    shown: CodeListView
    section: NavigationGroup
    address: str
    """The section on `/codebook`, with its explanation."""
    navigation: Sequence[NavigationGroup]
    previous: CodeListView | None
    next: CodeListView | None


@dataclass(frozen=True)
class FoundCode:
    row: CodebookRow
    list: CodeListView


# Filling the page model -------------------------------------------------------------------------


def codebook(db: Session, edition: IndexedEdition, directory: Directory) -> Codebook:
    keys = {key.key for lists in LISTS.values() for key in lists.terms()}
    used = backend.count_code_uses(db, edition, keys)
    lists = {listed.key: _list_view(listed, used, directory) for listed in EVERY_LIST}
    signs = [(sign, _(words)) for sign, words in SIGNS.items()]
    codes = sum(each.length for each in lists.values())
    return Codebook(lists, date_examples(), signs, codes)


def code_list_page(book: Codebook, key: str) -> CodeListPage | None:
    """Return the page of a list; None if the codebook has no such list."""
    sections = book.sections
    groups = [
        (section.anchor, NavigationGroup(_(section.title), sections[section.anchor]))
        for section in SECTIONS
    ]
    in_order = [view for _anchor, group in groups for view in group.lists]
    position = next((at for at, view in enumerate(in_order) if view.anchor == key), None)
    if position is None:
        return None
    shown = in_order[position]
    anchor, section = next(each for each in groups if shown in each[1].lists)
    return CodeListPage(
        shown=shown,
        section=section,
        address=f"{url('codebook')}#{anchor}",
        navigation=[group for _anchor, group in groups],
        previous=in_order[position - 1] if position else None,
        next=in_order[position + 1] if position + 1 < len(in_order) else None,
    )


def find_codes(book: Codebook, query: str) -> list[FoundCode]:
    """Return the codes that have all words of a query in their label, code or definition."""
    words = plain_text(query[:MAX_TEXT_CHARACTERS]).split()
    if not words:
        return []
    found = []
    for view in book.lists.values():
        for block in view.blocks:
            for row in block.rows:
                label = plain_text(f"{row.label} {row.code} {view.title}")
                text = f"{label} {plain_text(f'{row.definition} {row.example}')}"
                if all(word in text for word in words):
                    is_in_label = all(word in label for word in words)
                    found.append((not is_in_label, FoundCode(row, view)))
    return [code for _rank, code in sorted(found, key=lambda each: each[0])]


def as_json(db: Session, edition: IndexedEdition, directory: Directory) -> dict[str, Any]:
    """Return all lists with codes, definitions and numbers of uses, as JSON."""
    lists = codebook(db, edition, directory).lists
    return {"edition": edition.no, "lists": {key: _as_json(view) for key, view in lists.items()}}


def _as_json(view: CodeListView) -> dict[str, Any]:
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


def _list_view(listed: CodebookList, used: CodeUses, directory: Directory) -> CodeListView:
    if listed.codes is None:
        codes = [form for form in directory.codes.values() if form.list == listed.key]
        blocks = (
            _by_side(codes, used)
            if listed.key == "type"
            else [Block("", _tree(codes, used, directory))]
        )
        return CodeListView(
            listed.key, _(listed.title), _(DATA_LIST_DEFINITIONS[listed.key]), blocks
        )
    rows = [
        CodebookRow(
            code=code,
            anchor=f"{listed.key}-{code}",
            label=_(code.label),
            definition=_(code.definition) if code.definition else "",
            example=_(code.example) if code.example else "",
            icon=_icon(listed.key, code),
            icon_class=f"a-{speaker_group(code)}" if listed.key == "attribution" else "",
            note=inside(_(code.track.label)) if isinstance(code, vocabulary_events.Step) else "",
            uses=uses,
        )
        for code in listed.codes
        # A list of all currencies would hide the other units.
        if (uses := _uses_of(listed.key, code, used)) or code not in CURRENCY_UNITS
    ]
    return CodeListView(
        listed.key, _(listed.title), _(listed.codes.__doc__ or ""), [Block("", rows)]
    )


DATA_LIST_DEFINITIONS = {
    "type": N_("The kind of event."),
    "paper": N_("The visa, permit or pass concerned. A broader code includes the narrower ones."),
    "group": N_("The people concerned. A broader group includes the narrower ones."),
    "sector": N_(
        "The industry in which the people work. A broader code includes the narrower ones."
    ),
    "right": N_(
        "The right or service that people lose. A broader code includes the narrower ones."
    ),
    "nationality": N_("The nationality of the people concerned."),
    "instrument": N_("Laws, resolutions and notices that events are based on or break."),
    "concept": N_("Words that a search treats as equivalent, in five languages."),
}
"""Lists stored in the record define their codes, but not the list itself."""


def _icon(key: str, code: str) -> str:
    if key == "attribution":
        return f"at-{speaker_group(code)}"
    if key in {"disputed", "conflict"}:
        return "ne"
    return f"{GLYPH_PREFIXES[key]}{code}" if key in GLYPH_PREFIXES else ""


def _by_side(types: Sequence[CodeForm], used: CodeUses) -> list[Block]:
    return [
        Block(
            _(title),
            [_codebook_row(form, _nature(form), used) for form in types if form.group == side],
        )
        for side, title in SIDE_TITLES.items()
    ]


def _nature(form: CodeForm) -> str:
    if form.is_law:
        return _("measure; law or listing")
    return inside(_(form.nature.label)) if form.nature else ""


def _tree(codes: Sequence[CodeForm], used: CodeUses, directory: Directory) -> list[CodebookRow]:
    """Return the codes, each wider code followed by its narrower codes."""

    def below(group: str) -> Iterator[CodebookRow]:
        for form in codes:
            if form.group == group:
                wider = (
                    _("under {code}").format(code=directory.label(form.list, group))
                    if group
                    else ""
                )
                yield _codebook_row(form, wider, used)
                yield from below(form.code)

    return list(below(""))


def _codebook_row(form: CodeForm, note: str, used: CodeUses) -> CodebookRow:
    retired = _("retired; now {code}").format(code=form.successor) if form.successor else ""
    return CodebookRow(
        code=form.code,
        anchor=f"{form.list}-{form.code}",
        label=form.label,
        definition=form.definition,
        example=form.example,
        icon="",
        icon_class="",
        note="; ".join(filter(None, (note, retired))),
        uses=_uses_of(form.list, form.code, used),
        words=words_by_language(form.definition) if form.list == CONCEPT else (),
    )


def _uses_of(key: str, code: str, used: CodeUses) -> list[CodeUse]:
    """Return the uses of a code by kind of record.

    Kinds whose list has no filter for the code are counted by any use of it, without a link.
    """
    found = []
    for kind in NOUN_OF_KIND:
        lists = LISTS.get(kind)
        if (count := used.get(kind, {}).get((key, code))) and lists and key in lists.by_key():
            found.append(
                CodeUse(count_in_words(kind, count), address(lists.made_of({key: [code]}, {})))
            )
        elif count := count or used.get(kind, {}).get(("uses", f"{key}:{code}")):
            found.append(CodeUse(count_in_words(kind, count), ""))
    return found


# Routes -----------------------------------------------------------------------------------------


router = APIRouter(route_class=EditionRoute)


@router.get("/codebook", name="codebook")
def codebook_page(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    book = codebook(db, edition, edition_directory(request, db, edition))
    query = request.query_params.get("q", "")
    return page(
        request,
        "site/codebook/page.html",
        edition=edition,
        book=book,
        query=query,
        found=find_codes(book, query),
        json_url=f"{request.url.path}.json",
        shared=page_share_links(request, edition, url("codebook")),
    )


@router.get("/codebook/rules", name="rules")
def rules_page(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    return page(request, "site/codebook/rules.html", edition=edition, rules=rules())


@router.get("/codebook/changes", name="method-changes")
def method_changes_page(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    return page(
        request, "site/codebook/changes.html", edition=edition, changes=method_changes(rules())
    )


@router.get("/codebook/{list}", name="codebook-list")
def code_list(request: Request, list: str, db: Reader) -> Response:
    edition = requested_edition(request, db)
    book = codebook(db, edition, edition_directory(request, db, edition))
    view = code_list_page(book, list)
    if view is None:
        raise HTTPException(404)
    return page(
        request,
        "site/codebook/list.html",
        edition=edition,
        view=view,
        shared=page_share_links(request, edition, url("codebook-list", list=list)),
    )


@router.get("/codebook.json")
def codebook_file(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    return json_response(
        request, as_json(db, edition, edition_directory(request, db, edition)), edition
    )
