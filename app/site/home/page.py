"""The home page: counts of the record, the latest editions, and links into the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import parse_qsl

from sqlalchemy import func, literal_column, select, true
from sqlalchemy.orm import Session, aliased

from app.i18n.translate import N_, _, ngettext
from app.record.editions import SelectedEdition
from app.record.filters import EventFilters, StatusFilters
from app.record.index.edition import IndexedEdition
from app.record.models import Edition, Version
from app.record.names.directory import Directory
from app.site.about.page import countries, coverage
from app.site.changes.page import TONES
from app.site.components.urls import address
from app.site.status.on_day import status_address
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SILENT, Why
from app.vocabulary.support import Corroboration
from app.web.urls import url


@dataclass(frozen=True, slots=True)
class SearchExample:
    """An example search, shown under the search field."""

    label: str
    url: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """A record changed by an edition. `why` is in words."""

    why: str
    tone: str
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """An edition with its first changes. `more` is the number of other changes, in words."""

    no: int
    at: datetime
    items: Sequence[ChangedItem]
    message: str = ""
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A link to a filtered timeline. `names` are (language, name) in other scripts."""

    label: str
    url: str
    count: int | None = None
    names: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class EntryPoints:
    title: str
    ways: Sequence[EntryPoint]


@dataclass(frozen=True, slots=True)
class HomePage:
    """The page model of `site/home/page.html`."""

    events: int
    several_origins: int
    documented: int
    single_anonymous: int
    disputed: int
    sources: int
    sources_read: int
    sources_read_in_full: int
    outlets: int
    languages: int
    commonest_language: str
    commonest_language_sources: int
    estimates: int
    estimates_of_people_present: int
    places: int
    examples: Sequence[SearchExample]
    changes: Sequence[EditionChanges]
    ways: Sequence[EntryPoints]


MAX_EDITIONS = 5
CHANGES_PER_EDITION = 6
MAX_COUNTED = 1_006
"""Changes counted per edition: the listed ones and a thousand more."""

SEARCH_EXAMPLES = [
    ("Dandong", "place=dandong", ""),
    ("珲春", "q=珲春", "zh-Hans"),
    ("China in 2019", "place=china&from=2019&to=2019", ""),
]
QUESTIONS = [
    (N_("Orders to leave"), "type=departure-order"),
    (N_("Which events have a single anonymous source?"), "corroboration=single-anonymous"),
    (N_("Of which is it disputed that they happened?"), "disputed=occurrence"),
    (N_("Which measures name a visa or permit?"), "not_paper=none"),
    (N_("Who was left out of a measure?"), "not_exempt=none"),
    (
        N_("Home-state orders against host-state orders"),
        "side=home-state&side=host-state&view=lanes",
    ),
    (N_("What was told only as a plan?"), "stage=planned"),
    (
        N_("Dates known only to the month or worse"),
        "precision=month&precision=season&precision=unknown&precision=year",
    ),
    (
        N_("What happened on the day of the UN deadline, on a map?"),
        "from=2019-12-22&to=2019-12-22&view=map",
    ),
]


def home(db: Session, edition: IndexedEdition, directory: Directory) -> HomePage:
    found = coverage(db, edition, directory)
    language, share = max(found.languages.items(), key=lambda item: item[1], default=("", 0))
    return HomePage(
        events=found.events.total,
        several_origins=found.support(Corroboration.INDEPENDENT),
        documented=found.support(Corroboration.DOCUMENTED),
        single_anonymous=found.support(Corroboration.SINGLE_ANONYMOUS),
        disputed=found.disputed,
        sources=found.sources.total,
        sources_read=found.sources_with("read"),
        sources_read_in_full=found.sources_with("full-text"),
        outlets=found.outlets,
        languages=len(found.languages),
        commonest_language=directory.label("language", language),
        commonest_language_sources=share,
        estimates=found.estimates.total,
        estimates_of_people_present=found.estimates_of_people_present,
        places=found.places,
        examples=[
            SearchExample(label, _timeline_address(query), lang)
            for label, query, lang in SEARCH_EXAMPLES
        ],
        changes=_latest_changes(db, edition),
        ways=[
            EntryPoints(
                _("By question"),
                [
                    *(EntryPoint(_(label), _timeline_address(query)) for label, query in QUESTIONS),
                    _status_example(),
                ],
            ),
            EntryPoints(
                _("By country"),
                [
                    EntryPoint(
                        directory.label("place", code), link, count, directory.names_of_place(code)
                    )
                    for code, link, count in countries(found, directory)[:MAX_COUNTRIES]
                ],
            ),
        ],
    )


MAX_COUNTRIES = 8


def _status_example() -> EntryPoint:
    day = StatusFilters.made_of({"on": ["2019-12-22"], "place": ["dandong"]}, {})
    return EntryPoint(
        _("Which rules were last reported in Dandong by 22 December 2019?"),
        status_address(day),
    )


def _timeline_address(query: str) -> str:
    return address(EventFilters.from_pairs(parse_qsl(query))[0])


def _latest_changes(db: Session, edition: SelectedEdition) -> list[EditionChanges]:
    """Return the newest editions with the events they changed, without silent changes (rule 7)."""
    # Lateral joins with limits: one edition may have written the whole record.
    newest = (
        select(Edition.no, Edition.at, Edition.message)
        .where(Edition.no <= edition.no)
        .order_by(Edition.no.desc())
        .limit(MAX_EDITIONS)
        .subquery("newest")
    )
    is_loud = (Version.why.not_in(list(SILENT)), Version.why != literal_column("'reindexed'"))
    opened = (Version.opened == newest.c.no, Version.kind == RecordKind.EVENT, *is_loud)
    first = (
        select(Version.seq)
        .where(*opened)
        .order_by(Version.seq)
        .limit(CHANGES_PER_EDITION)
        .lateral("first")
    )
    counted = select(Version.seq).where(*opened).limit(MAX_COUNTED + 1).correlate(newest).subquery()
    count = select(func.count()).select_from(counted).scalar_subquery()
    touched = aliased(Version)
    title = touched.payload["form"]["title"].astext.label("title")
    rows = db.execute(
        select(newest, count.label("of"), touched.id, touched.why, touched.reason, title)
        .select_from(newest)
        .outerjoin(first, true())
        .outerjoin(touched, touched.seq == first.c.seq)
        .order_by(newest.c.no.desc(), touched.seq)
    ).all()
    changes = []
    for (no, at, message, of), group in groupby(
        rows, key=lambda row: (row.no, row.at, row.message, row.of)
    ):
        items = [row for row in group if row.id]
        listed = [
            ChangedItem(
                _(Why(row.why).label).lower(),
                TONES.get(row.why, "caution"),
                row.title,
                url("event", id=row.id),
                row.reason,
            )
            for row in items
        ]
        since = address(EventFilters.made_of({"changed_since": [str(no)]}, {}))
        changes.append(
            EditionChanges(no, at, listed, message, _more_in_words(of - len(items)), since)
        )
    return changes


def _more_in_words(count: int) -> str:
    if count > MAX_COUNTED - CHANGES_PER_EDITION:
        return _("and over {count} more").format(count=f"{MAX_COUNTED - CHANGES_PER_EDITION:,}")
    return (
        ngettext("and {count} more", "and {count} more", count).format(count=count) if count else ""
    )
