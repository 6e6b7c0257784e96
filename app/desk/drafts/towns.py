"""Make a place of a city of the gazetteer."""

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import DraftState
from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.vocabulary.kinds import RecordKind


def begin_town(db: Session, person: Person, geonames: int, article: str) -> str:
    """Make a place of a city, with those around it, submit it, and return its code.

    Returns "" if the gazetteer has no such city.
    """
    town = gazetteer.towns()[0].get(geonames)
    if town is None:
        return ""
    directory = Catalogue(db, person).directory
    code = next(
        (place.code for place in directory.places.values() if place.geonames == town.geonames), ""
    )
    for document in () if code else gazetteer.places_for(town, directory):
        key = f"town-{town.geonames}-{document['kind']}"
        place = commands.begin(
            db, person, key, RecordKind.PLACE, document=document, article=article
        )
        if place.state == DraftState.DRAFT:
            commands.move(db, place, person, commands.SUBMIT)
        code = document["code"]
    return code
