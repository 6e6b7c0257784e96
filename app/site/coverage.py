"""What the record holds, in numbers: for the front page and the page on method."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.filtering import NONE
from app.record import answers
from app.record.directory import Directory
from app.record.editions import Reading
from app.record.filters import EventFilters
from app.record.models import Version
from app.record.queries import Counts
from app.site.addresses import address
from app.site.checked import last_checks
from app.vocabulary import Corroboration, Disputed, PlaceKind
from app.vocabulary import Counts as Counted

MOST_CHECKS = 30


@dataclass(frozen=True)
class Coverage:
    """Counts over the whole of an edition."""

    events: Counts
    sources: int
    outlets: int
    languages: Counter[str]
    """Sources by language of the text that was read."""
    estimates: int
    estimates_of_people_present: int
    places: int

    def support(self, code: Corroboration) -> int:
        return self.events.within.get("corroboration", {}).get(code, 0)

    @property
    def disputed(self) -> int:
        """Events of which it is disputed that they happened."""
        return self.events.within.get("disputed", {}).get(Disputed.OCCURRENCE, 0)


def coverage(db: Session, edition: Reading, directory: Directory) -> Coverage:
    """Two statements: the timeline's own counts, and one over sources and figures."""
    form = Version.payload["form"]
    told = (
        select(
            Version.kind,
            form["language"].astext.label("language"),
            form["outlet"].astext.label("outlet"),
            form["counts"].astext.label("counts"),
        )
        .where(Version.kind.in_(("S", "M")), edition.holds(), Version.state == "live")
        .subquery()
    )
    rows = db.execute(
        select(told.c.kind, told.c.language, told.c.outlet, told.c.counts, func.count()).group_by(*told.c)
    ).all()
    sources = [row for row in rows if row[0] == "S"]
    languages: Counter[str] = Counter()
    for _, language, _, _, count in sources:
        languages[language or ""] += count
    figures = [row for row in rows if row[0] == "M"]
    return Coverage(
        events=answers.counts(db, edition, EventFilters(), directory),
        sources=sum(row[4] for row in sources),
        outlets=len({row[2] for row in sources}),
        languages=languages,
        estimates=sum(row[4] for row in figures),
        estimates_of_people_present=sum(row[4] for row in figures if row[3] == Counted.PRESENT),
        places=len(directory.places),
    )


def countries(found: Coverage, directory: Directory) -> list[tuple[str, str, int]]:
    """Codes of the countries with events, their addresses on the timeline, and how many; most events first."""
    counts = found.events.within.get("place", {})
    codes = [code for code in counts if directory.kind_of_place(code) is PlaceKind.COUNTRY]
    codes.sort(key=lambda code: (-counts[code], code))
    return [(code, address(EventFilters.made_of({"place": [code]}, {})), counts[code]) for code in codes]


def about(db: Session, edition: Reading, directory: Directory) -> dict[str, Any]:
    """What `site/about.html` prints."""
    found = coverage(db, edition, directory)
    by_language = found.events.within.get("lang", {})
    return {
        "counts": {
            "events": found.events.total,
            "sources": found.sources,
            "outlets": found.outlets,
            "languages": len([code for code in found.languages if code]),
            "places": found.places,
            "estimates": found.estimates,
            "estimates_of_people_present": found.estimates_of_people_present,
            "single_anonymous": found.support(Corroboration.SINGLE_ANONYMOUS),
            "single_source": found.support(Corroboration.SINGLE_SOURCE),
            "relayed": found.support(Corroboration.RELAYED),
            "independent": found.support(Corroboration.INDEPENDENT),
            "documented": found.support(Corroboration.DOCUMENTED),
            "disputed": found.disputed,
            "without_date": found.events.within.get("date", {}).get(NONE, 0),
        },
        "checks": last_checks(directory, MOST_CHECKS),
        "countries": [
            (directory.label("place", code), link, count) for code, link, count in countries(found, directory)
        ],
        "languages": [
            (directory.label("language", code), address(EventFilters.made_of({"lang": [code]}, {})), count)
            for code, count in sorted(by_language.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
