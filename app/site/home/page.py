"""The front page: subject, Picture, overview, newest events and changes, and who publishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session

from app.i18n.translate import N_, _
from app.kinds import PageForm
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.site.about.page import coverage
from app.site.components.marks import CheckView, last_checks
from app.site.components.text import Paragraph, paragraphs, plain_words
from app.site.components.urls import PageLink, address, place_page_address
from app.site.home.changes import ChangeLine, newest_changes
from app.site.home.picture import Picture, PictureRows, estimate_seqs
from app.site.pages.page import PageSectionView, sections_of
from app.site.presenters.event import EventCard, event_card
from app.site.status.on_day import status_address
from app.vocabulary.pages import PageKind, PagePart
from app.web.urls import url

QUESTIONS = [
    (N_("Which orders to leave were reported?"), "type=departure-order"),
    (N_("Which events have a single anonymous source?"), "corroboration=single-anonymous"),
    (N_("Which events are disputed?"), "disputed=occurrence"),
    (N_("Which measures name a visa or permit?"), "not_paper=none"),
    (N_("Which measures exempt some people?"), "not_exempt=none"),
    (
        N_("What did home and host countries order?"),
        "side=home-state&side=host-state&view=lanes",
    ),
    (N_("What was reported only as a plan?"), "stage=planned"),
    (
        N_("Which events are not dated to the day?"),
        "precision=month&precision=season&precision=unknown&precision=year",
    ),
    (N_("What happened in China in 2019?"), "place=china&from=2019&to=2019"),
    (
        N_("Map: what happened on the day of the UN deadline?"),
        "from=2019-12-22&to=2019-12-22&view=map",
    ),
]
RULES_ON_A_DATE = N_("Which rules were last reported in Dandong by 22 December 2019?")


def common_questions(directory: Directory) -> Sequence[PageLink]:
    """Return the questions, without those about places that the record does not have."""
    asked = [(label, EventFilters.from_pairs(parse_qsl(query))[0]) for label, query in QUESTIONS]
    found = [
        PageLink(_(label), address(filters))
        for label, filters in asked
        if all(place in directory.places for place in filters["place"])
    ]
    if "dandong" in directory.places:
        day = StatusFilters.made_of({"on": ["2019-12-22"], "place": ["dandong"]}, {})
        found.append(PageLink(_(RULES_ON_A_DATE), status_address(day)))
    return found


MAX_EVENTS = 5
MAX_CHECKS = 5
MAX_EXAMPLES = 4
PUBLISHER_PARTS = (PagePart.PUBLISHER, PagePart.EDITORS, PagePart.FUNDING, PagePart.CONTACT)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the record is about: a heading and a sentence of the editors."""

    title: str
    text: Sequence[Paragraph]
    description: str
    lang: str


@dataclass(frozen=True, slots=True)
class Overview:
    title: str
    text: Sequence[Paragraph]
    address: str
    lang: str


@dataclass(frozen=True, slots=True)
class SearchExample:
    """An example search, under the search field."""

    label: str
    address: str
    lang: str


@dataclass(frozen=True)
class HomePage:
    """The page model of `site/home/page.html`. A page that is not written yet is None."""

    subject: Subject | None
    picture: Picture | None
    overview: Overview | None
    publisher: Sequence[PageSectionView]
    events: int
    estimates: int
    places: int
    sources: int
    outlets: int
    newest: Sequence[EventCard]
    changes: Sequence[ChangeLine]
    examples: Sequence[SearchExample]
    places_to_open: Sequence[PageLink]
    first_place: str
    checks: Sequence[CheckView]
    questions: Sequence[PageLink]


EMPTY = HomePage(
    subject=None,
    picture=None,
    overview=None,
    publisher=(),
    events=0,
    estimates=0,
    places=0,
    sources=0,
    outlets=0,
    newest=(),
    changes=(),
    examples=(),
    places_to_open=(),
    first_place="",
    checks=(),
    questions=(),
)
"""The front page of a site that has published nothing yet."""


def home(db: Session, edition: IndexedEdition, directory: Directory) -> HomePage:
    # Runs three SQL statements, whatever the size of the record.
    pages = {kind: directory.page_of_kind(kind) for kind in PageKind}
    shown = pages[PageKind.PICTURE]
    about, overview = pages[PageKind.ABOUT], pages[PageKind.OVERVIEW]
    newest = backend.latest_rows(db, edition, EventFilters(), directory, most=MAX_EVENTS).seqs
    estimates = estimate_seqs(db, edition, shown, directory) if shown else {}
    rows = backend.rows_by_seq(db, [*newest, *(seq for seqs in estimates.values() for seq in seqs)])
    marked = backend.rows_by_id(db, edition, [mark.event for mark in shown.marks] if shown else [])
    found = PictureRows(
        marked,
        {code: [rows[seq] for seq in seqs if seq in rows] for code, seqs in estimates.items()},
    )
    counted = coverage(db, edition, directory)
    places = [code for code in (shown.places if shown else ()) if code in directory.places]
    return HomePage(
        subject=_subject(pages[PageKind.SUBJECT]),
        picture=Picture(edition, shown, found, directory) if shown else None,
        overview=_overview(overview) if overview else None,
        publisher=[section for section in sections_of(about) if section.code in PUBLISHER_PARTS]
        if about
        else [],
        events=counted.events.total,
        estimates=counted.estimates.total,
        places=counted.places,
        sources=counted.sources.total,
        outlets=len(directory.outlets),
        newest=[event_card(row, None, (), directory) for seq in newest if (row := rows.get(seq))],
        changes=newest_changes(db, edition),
        examples=_examples(places, directory),
        places_to_open=[
            PageLink(directory.label("place", code), place_page_address(directory, code))
            for code in places
        ],
        first_place=directory.label("place", places[0]) if places else "",
        checks=last_checks(directory, MAX_CHECKS),
        questions=common_questions(directory) if counted.events.total else [],
    )


def _subject(page: PageForm | None) -> Subject | None:
    if page is None:
        return None
    return Subject(page.names[0].text, paragraphs(page.body), plain_words(page.body), _lang(page))


def _overview(page: PageForm) -> Overview:
    return Overview(
        page.names[0].text,
        paragraphs(page.body),
        url("page", code=page.code),
        _lang(page),
    )


def _lang(page: PageForm) -> str:
    return page.language if page.language != "en" else ""


def _examples(places: Sequence[str], directory: Directory) -> list[SearchExample]:
    """Return searches for places of the Picture, some by a name in another script."""
    found: list[SearchExample] = []
    for code in places:
        names = [*directory.names_of_place(code)[:1], ("", directory.label("place", code))]
        lang, name = names[0] if len(found) % 2 else names[-1]
        found.append(SearchExample(name, f"{url('search')}?{urlencode({'q': name})}", lang))
    return found[:MAX_EXAMPLES]
