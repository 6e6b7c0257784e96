"""What the front page shows: four figures with their caveats, what changed lately, and ways in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import parse_qsl

from sqlalchemy import func, literal_column, select, true
from sqlalchemy.orm import Session, aliased

from app.i18n.translate import N_, _, ngettext
from app.record.editions import Reading
from app.record.filters import EventFilters, StatusFilters
from app.record.models import Edition, Version
from app.record.names.directory import Directory
from app.site.about.page import countries, coverage
from app.site.changes.page import TONES
from app.site.components.urls import address
from app.site.status.on_day import status_address
from app.vocabulary.record import SILENT, Why
from app.vocabulary.support import Corroboration
from app.web.urls import url

"""How a kind of change is coloured: added is good, corrected a caution, withdrawn or removed disputed."""


@dataclass(frozen=True, slots=True)
class Example:
    """Something to try, beside the search field."""

    label: str
    url: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """One record that an edition touched; ``why`` is already in words."""

    why: str
    tone: str
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An edition, and some of what it touched; ``more`` says how many are not listed."""

    no: int
    at: datetime
    items: Sequence[ChangedItem]
    message: str = ""
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A question or a place as an address; ``names`` are (language, name) in other scripts."""

    label: str
    url: str
    count: int | None = None
    names: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    title: str
    ways: Sequence[Way]


@dataclass(frozen=True, slots=True)
class Home:
    """Everything `site/home/page.html` prints."""

    events: int
    several_origins: int
    documented: int
    single_anonymous: int
    disputed: int
    sources: int
    outlets: int
    languages: int
    commonest_language: str
    commonest_language_sources: int
    estimates: int
    estimates_of_people_present: int
    places: int
    examples: Sequence[Example]
    changes: Sequence[Change]
    ways: Sequence[Ways]


LATEST = 5  # editions
PER_EDITION = 6  # records that an edition names
MOST_COUNTED = 1_006  # of those that it does not name, a thousand are counted

TRY = [
    ("Dandong", "place=dandong", ""),
    ("珲春", "q=珲春", "zh-Hans"),
    ("China in 2019", "place=china&from=2019&to=2019", ""),
]
QUESTIONS = [
    (N_("Orders to leave"), "type=departure-order"),
    (N_("Which events rest on one anonymous source?"), "corroboration=single-anonymous"),
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
]


def home(db: Session, edition: Reading, directory: Directory) -> Home:
    found = coverage(db, edition, directory)
    language, share = max(found.languages.items(), key=lambda item: item[1], default=("", 0))
    return Home(
        events=found.events.total,
        several_origins=found.support(Corroboration.INDEPENDENT),
        documented=found.support(Corroboration.DOCUMENTED),
        single_anonymous=found.support(Corroboration.SINGLE_ANONYMOUS),
        disputed=found.disputed,
        sources=found.sources.total,
        outlets=found.outlets,
        languages=len(found.languages),
        commonest_language=directory.label("language", language),
        commonest_language_sources=share,
        estimates=found.estimates.total,
        estimates_of_people_present=found.estimates_of_people_present,
        places=found.places,
        examples=[Example(label, _address(query), lang) for label, query, lang in TRY],
        changes=_changes(db, edition),
        ways=[
            Ways(
                _("By question"),
                [*(Way(_(label), _address(query)) for label, query in QUESTIONS), _on_a_day()],
            ),
            Ways(
                _("By country"),
                [
                    Way(directory.label("place", code), link, count, directory.names_of_place(code))
                    for code, link, count in countries(found, directory)[:MOST_COUNTRIES]
                ],
            ),
        ],
    )


MOST_COUNTRIES = 8


def _on_a_day() -> Way:
    day = StatusFilters.made_of({"on": ["2019-12-22"], "place": ["dandong"]}, {})
    return Way(
        _("What applied in Dandong on 22 December 2019, and what was only planned?"),
        status_address(day),
    )


def _address(query: str) -> str:
    return address(EventFilters.from_pairs(parse_qsl(query))[0])


def _changes(db: Session, edition: Reading) -> list[Change]:
    """The newest editions and the events that they added, changed or took out; what is silent is left out (rule 7).

    Each edition is looked at by itself, and no further than is told: one may have written the whole record.
    """
    newest = (
        select(Edition.no, Edition.at, Edition.message)
        .where(Edition.no <= edition.no)
        .order_by(Edition.no.desc())
        .limit(LATEST)
        .subquery("newest")
    )
    is_loud = (Version.why.not_in(list(SILENT)), Version.why != literal_column("'reindexed'"))
    of_it = (Version.opened == newest.c.no, Version.kind == "E", *is_loud)
    first = (
        select(Version.seq).where(*of_it).order_by(Version.seq).limit(PER_EDITION).lateral("first")
    )
    told = select(Version.seq).where(*of_it).limit(MOST_COUNTED + 1).correlate(newest).subquery()
    count = select(func.count()).select_from(told).scalar_subquery()
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
        changes.append(Change(no, at, listed, message, _more(of - len(items)), since))
    return changes


def _more(count: int) -> str:
    if count > MOST_COUNTED - PER_EDITION:
        return _("and over {count} more").format(count=f"{MOST_COUNTED - PER_EDITION:,}")
    return (
        ngettext("and {count} more", "and {count} more", count).format(count=count) if count else ""
    )
