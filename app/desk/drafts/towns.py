"""Make a place of a city or country of the gazetteer."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import DraftState
from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.documents import Document
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import PlaceKind


def begin_town(db: Session, person: Person, geonames: int, article: str) -> str:
    """Make a place of a city, with those around it, submit it, and return its code.

    Returns "" if the gazetteer has no such city.
    """
    town = gazetteer.towns()[0].get(geonames)
    if town is None:
        return ""
    directory = Catalogue(db, person).directory
    known = (each.code for each in directory.places.values() if each.geonames == geonames)
    return next(known, "") or _begin(
        db, person, gazetteer.places_for(town, directory), f"town-{geonames}", article
    )


def begin_country(db: Session, person: Person, country: str, article: str) -> str:
    """Make a place of a country by its two letters, submit it, and return its code."""
    directory = Catalogue(db, person).directory
    known = (
        each.code
        for each in directory.places.values()
        if each.kind is PlaceKind.COUNTRY and each.country == country
    )
    return next(known, "") or _begin(
        db, person, [gazetteer.country_for(country, directory)], f"country-{country}", article
    )


def _begin(
    db: Session, person: Person, documents: Sequence[Document], key: str, article: str
) -> str:
    for document in documents:
        place = commands.begin(
            db,
            person,
            f"{key}-{document['kind']}",
            RecordKind.PLACE,
            document=document,
            article=article,
        )
        if place.state == DraftState.DRAFT:
            commands.move(db, place, person, commands.SUBMIT)
    return str(documents[-1]["code"])
