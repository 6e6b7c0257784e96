"""The codebook, its lists, the rules and the changes of method."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request
from markdown_it import MarkdownIt
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.responses import Response

from app import paths
from app.dates.wording import attested_in_words, in_words
from app.i18n.translate import N_, _, inside
from app.kinds import FORMS, CodeForm, EstimateForm
from app.kinds.base import kind_codes
from app.kinds.vocabulary import words_by_language
from app.record.filters import CODES_BY_VOCABULARY, LISTS, EstimateFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.sql.rows import CodeUses
from app.site.charts.estimates_chart import SIGNS
from app.site.components.urls import address
from app.site.export.responses import json_response
from app.site.lists.facets import glyph_of
from app.site.lists.request import edition_directory, requested_edition
from app.site.lists.summary import count_in_words
from app.vocabulary import citations, estimates, events, named, record, sources
from app.vocabulary.citations import speaker_group
from app.vocabulary.code import Code
from app.vocabulary.estimates import CURRENCY_UNITS
from app.vocabulary.events import Step
from app.vocabulary.kinds import NAMED_NOUNS, NOUN_OF_KIND, RecordNoun
from app.vocabulary.record import CONCEPT
from app.web.page import page
from app.web.sessions import EditionRoute, Reader


@dataclass(frozen=True)
class CodebookList:
    """A list of codes. `key` is used in URLs and anchors."""

    key: str
    title: str
    codes: type[Code] | None
    """None if the list is stored in the record."""


def _lists(*listed: tuple[str, str] | tuple[str, str, type[Code] | None]) -> list[CodebookList]:
    """Return lists of a key, a title, and codes unless a filter or the record has them."""
    return [
        CodebookList(key, title, codes[0] if codes else CODES_BY_VOCABULARY.get(key))
        for key, title, *codes in listed
    ]


SECTIONS: dict[str, tuple[str, Sequence[CodebookList]]] = {
    "stages": (
        N_("Status of measures"),
        _lists(
            ("stage", N_("Status")),
            ("track", N_("Law and practice"), events.Track),
            ("status-group", N_("Groups of rules"), events.StatusGroup),
        ),
    ),
    "types": (
        N_("Types of event"),
        _lists(
            ("type", N_("Types of event")),
            ("heading", N_("Headings of event types"), events.TypeHeading),
            ("nature-of-type", N_("Kinds of event type"), events.TypeNature),
            ("direction", N_("Direction")),
            ("side", N_("Ordered by")),
        ),
    ),
    "support": (
        N_("Support and dispute"),
        _lists(
            ("counting", N_("Editors’ decisions on sources"), citations.Counting),
            ("corroboration", N_("Support")),
            ("claim", N_("Certainty of a record")),
            ("disputed", N_("Disputed")),
        ),
    ),
    "speakers": (
        N_("Speakers and citations"),
        _lists(
            ("attribution", N_("Attributed to")),
            ("named", N_("Named or not named"), citations.Naming),
            ("stance", N_("Stance"), citations.Stance),
            ("about", N_("About: the subject of a citation"), citations.CitationKind),
            ("reports-event", N_("Reports the event itself"), citations.ReportsEvent),
            ("certainty", N_("Certainty of a citation"), citations.Certainty),
            ("differs", N_("Where sources differ from this entry"), citations.Difference),
            ("locator", N_("Place in the source"), citations.Locator),
        ),
    ),
    "figures": (
        N_("Estimates"),
        _lists(
            *(
                (key.key, key.title)
                for key in EstimateFilters.terms()
                if key.key in EstimateForm.model_fields
            ),
            ("term-scope", N_("Whom a number includes"), events.TermScope),
            ("quantifier", N_("Reported as"), estimates.Quantifier),
            ("inferred", N_("Dates inferred by us"), estimates.InferredTime),
            ("standing", N_("Preferred estimate"), estimates.FigureRole),
        ),
    ),
    "conflicts": (N_("Conflicting estimates"), _lists(("conflict", N_("Conflict")))),
    "terms": (
        N_("Values and roles"),
        _lists(
            ("names", N_("Kinds of value"), events.TermKey),
            ("role", N_("Roles"), events.Role),
            ("paper", N_("Visas and permits")),
            ("group", N_("Groups of workers")),
            ("sector", N_("Industries")),
            ("right", N_("Rights and services")),
            ("nationality", N_("Nationalities")),
            ("date-basis", N_("Added by us to a date"), record.DateBasis),
            ("no-nationality", N_("No nationality"), events.NoNationality),
            ("level", N_("Kinds of place")),
        ),
    ),
    "links": (
        N_("Links, laws and actors"),
        _lists(
            ("event-link", N_("Links between events"), events.EventLink),
            ("figure-link", N_("Links between estimates"), estimates.EstimateLink),
            ("instrument", N_("Laws and resolutions")),
            ("relation", N_("Relation to a law"), named.LegalRelation),
            ("reading", N_("Who states the relation to a law"), named.Reading),
            *(
                (f"{noun}-kind", title, kind_codes(FORMS[kind]))
                for noun, kind in NAMED_NOUNS.items()
                if (title := FORMS[kind].WORDS.kinds)
            ),
        ),
    ),
    "sources": (
        N_("Outlets and sources"),
        _lists(
            ("outlet-kind", N_("Kinds of outlet"), sources.OutletKind),
            ("reliability", N_("Reliability of an outlet"), sources.Reliability),
            ("kind", N_("Kinds of source")),
            ("basis", N_("Date of publication")),
            ("title", N_("Title of a source"), sources.TitleBasis),
            ("host", N_("Host of a copy"), sources.HostKind),
            ("extent", N_("Extent read"), sources.Extent),
            ("derivation", N_("How a source depends on another"), citations.Derivation),
        ),
    ),
    "searches": (N_("Search"), _lists(("concept", N_("Search concepts")))),
    "editions": (
        N_("Editions"),
        _lists(
            ("outcome", N_("Result of a coverage check"), record.Outcome),
            ("what", N_("Kinds of record"), RecordNoun),
            ("why", N_("Reasons for a change"), record.Why),
            ("page-kind", N_("Kinds of page"), named.PageKind),
            ("page-part", N_("Parts of the page about this site"), named.PagePart),
        ),
    ),
}
"""Title and lists of each section, by its anchor on `/codebook`."""
EVERY_LIST = [listed for _title, lists in SECTIONS.values() for listed in lists]


MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
HEADING = re.compile(r"^## Rule (\d+): (.+)$", re.MULTILINE)
CODE_LINES = re.compile(r"^Code: (?:.+\n?)+", re.MULTILINE)
"""The paragraph of a rule that names code and tests."""


def _html(markdown: str) -> Markup:
    """Return a text of ours as HTML. Its links lead to files that the site does not have."""
    words = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", markdown)
    html = MARKDOWN.render(words).replace("<table>", '<table class="table">')
    return Markup(html)  # noqa: S704 - the words have no HTML of their own


class Rule(NamedTuple):
    number: int
    title: str
    text: Markup

    @property
    def anchor(self) -> str:
        return f"rule-{self.number}"


@cache
def rules() -> Sequence[Rule]:
    """Return the rules, without the lines that name code and tests."""
    _about, *parts = HEADING.split(paths.RULES.read_text(encoding="utf-8"))
    return [
        Rule(int(number), title, _html(CODE_LINES.sub("", text)))
        for number, title, text in zip(*[iter(parts)] * 3, strict=True)
    ]


@cache
def method_changes() -> Sequence[tuple[date, Markup]]:
    """Return the changes of the rules by day, newest first, as in the file."""
    _about, *parts = paths.METHOD_CHANGES.read_text(encoding="utf-8").split("\n## ")
    days = (part.partition("\n") for part in parts)
    return [(date.fromisoformat(day), _html(text)) for day, _line, text in days]


# The lists --------------------------------------------------------------------------------------


class CodebookRow:
    """A code of a list. `note` is its track, nature, wider code or successor, in words."""

    def __init__(self, key: str, entry: Code | CodeForm, note: str = "", *, used: CodeUses) -> None:
        self.code, self.note = entry if isinstance(entry, Code) else entry.code, note
        self.anchor = f"{key}-{self.code}"
        # Words of a code of the record are data: they have no translation.
        self.label, self.definition, self.example = (
            _(text) if text and isinstance(entry, Code) else text
            for text in (entry.label, entry.definition, entry.example)
        )
        # How many records of a kind use it, and the address of their list, if any.
        self.uses = _uses_of(key, self.code, used)
        self.icon = "ne" if key in {"disputed", "conflict"} else glyph_of(key, self.code)
        self.icon_class = f"a-{speaker_group(self.code)}" if key == "attribution" else ""
        # Words of a concept in place of a definition, with the code of their language.
        self.words = words_by_language(entry.definition) if key == CONCEPT else ()


class CodeListView:
    """A list with its codes. `blocks` has rows by heading; it is empty without groups."""

    def __init__(self, listed: CodebookList, used: CodeUses, directory: Directory) -> None:
        key = self.anchor = listed.key
        self.title = _(listed.title)
        self.blocks: list[tuple[str, list[CodebookRow]]]
        if listed.codes is None:
            definition = DATA_LIST_DEFINITIONS[key]
            codes = [form for form in directory.codes.values() if form.list == key]
            groups = (
                {each: each.label for each in events.TypeHeading} if key == "type" else {"": ""}
            )
            self.blocks = [
                (title and _(title), list(_tree(codes, group, used, directory)))
                for group, title in groups.items()
            ]
        else:
            definition = listed.codes.__doc__ or ""
            # A list of all currencies would hide the other units.
            rows = [
                CodebookRow(
                    key,
                    code,
                    inside(_(code.track.label)) if isinstance(code, Step) else "",
                    used=used,
                )
                for code in listed.codes
                if code not in CURRENCY_UNITS or _uses_of(key, code, used)
            ]
            self.blocks = [("", rows)]
        self.definition = _(definition)

    @property
    def rows(self) -> list[CodebookRow]:
        return [row for _heading, rows in self.blocks for row in rows]


def codebook(
    db: Session, edition: IndexedEdition, directory: Directory
) -> Mapping[str, CodeListView]:
    """Return all lists by key, with the uses of their codes."""
    keys = {key.key for lists in LISTS.values() for key in lists.terms()}
    used = backend.count_code_uses(db, edition, keys)
    return {listed.key: CodeListView(listed, used, directory) for listed in EVERY_LIST}


def sections_of(lists: Mapping[str, CodeListView]) -> dict[str, tuple[str, list[CodeListView]]]:
    """Return the title of each section and its lists that have codes, by anchor."""
    return {
        anchor: (_(title), [view for each in listed if (view := lists[each.key]).rows])
        for anchor, (title, listed) in SECTIONS.items()
    }


def as_json(db: Session, edition: IndexedEdition, directory: Directory) -> dict[str, Any]:
    """Return all lists with codes, definitions and numbers of uses, as JSON."""
    lists = {
        key: {
            "title": view.title,
            "definition": view.definition,
            "codes": [
                {name: getattr(row, name) for name in ("code", "label", "definition", "example")}
                | {"uses": [words for words, _address in row.uses]}
                for row in view.rows
            ],
        }
        for key, view in codebook(db, edition, directory).items()
    }
    return {"edition": edition.no, "lists": lists}


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


def _tree(
    codes: Sequence[CodeForm], group: str, used: CodeUses, directory: Directory
) -> Iterator[CodebookRow]:
    """Yield the codes of a group, each wider code followed by its narrower codes."""
    for form in codes:
        if form.group == group:
            if form.is_law:
                note = _("measure; law or listing")
            elif form.nature:
                note = inside(_(form.nature.label))
            else:
                note = group and _("under {code}").format(code=directory.label(form.list, group))
            if form.successor:
                retired = _("retired; now {code}").format(code=form.successor)
                note = f"{note}; {retired}" if note else retired
            yield CodebookRow(form.list, form, note, used=used)
            yield from _tree(codes, form.code, used, directory)


def _uses_of(key: str, code: str, used: CodeUses) -> list[tuple[str, str]]:
    """Return the uses of a code by kind of record.

    Kinds whose list has no filter for the code are counted by any use of it, without a link.
    """
    found = []
    for kind in NOUN_OF_KIND:
        counts, lists = used.get(kind, {}), LISTS.get(kind)
        if (count := counts.get((key, code))) and lists and key in lists.by_key():
            found.append((count_in_words(kind, count), address(lists.made_of({key: [code]}, {}))))
        elif count := count or counts.get(("uses", f"{key}:{code}")):
            found.append((count_in_words(kind, count), ""))
    return found


# Routes -----------------------------------------------------------------------------------------


router = APIRouter(route_class=EditionRoute)


def _page(request: Request, edition: IndexedEdition, name: str, **context: Any) -> Response:
    return page(request, f"site/codebook/{name}.html", edition=edition, **context)


@router.get("/codebook", name="codebook")
def codebook_page(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    lists = codebook(db, edition, edition_directory(request, db, edition))
    return _page(
        request,
        edition,
        "page",
        lists=lists,
        sections=sections_of(lists),
        codes=sum(len(view.rows) for view in lists.values()),
        in_words=in_words,
        attested_in_words=attested_in_words,
        signs=[(sign, _(words)) for sign, words in SIGNS.items()],
        json_url=f"{request.url.path}.json",
    )


@router.get("/codebook/rules", name="rules")
def rules_page(request: Request, db: Reader) -> Response:
    return _page(request, requested_edition(request, db), "rules", rules=rules())


@router.get("/codebook/changes", name="method-changes")
def method_changes_page(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    return _page(request, edition, "changes", changes=method_changes())


@router.get("/codebook/{list}", name="codebook-list")
def code_list(request: Request, list: str, db: Reader) -> Response:
    """Return the page of one list, with links to all others."""
    edition = requested_edition(request, db)
    book = codebook(db, edition, edition_directory(request, db, edition))
    sections = sections_of(book)
    view = book.get(list)
    anchors = [at for at, (_title, views) in sections.items() if view in views]
    if not view or not anchors:
        raise HTTPException(404)
    return _page(
        request,
        edition,
        "list",
        view=view,
        anchor=anchors[0],
        sections=sections,
    )


@router.get("/codebook.json")
def codebook_file(request: Request, db: Reader) -> Response:
    edition = requested_edition(request, db)
    body = as_json(db, edition, edition_directory(request, db, edition))
    return json_response(request, body, edition)
