"""Make a place of a city or country of the gazetteer."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import DraftState
from app.desk.draft_form import gazetteer
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.identity.models import Person
from app.documents import Document, blank_row
from app.kinds import Name
from app.kinds.locale_names import guess_language
from app.vocabulary.kinds import RecordKind


def begin_town(db: Session, person: Person, geonames: int, article: str, *, name: str = "") -> str:
    """Make a place of a city, with those around it, and return its code.

    It also keeps the `name` that a report uses. For a report it is submitted with the entries that
    name it; without one at once.

    Returns "" if the gazetteer has no such city.
    """
    town = gazetteer.towns()[0].get(geonames)
    if town is None:
        return ""
    directory = Catalogue(db, person).directory
    known = (each.code for each in directory.places.values() if each.geonames == geonames)
    if code := next(known, ""):
        return code
    documents = gazetteer.places_for(town, directory)
    if name and all(row["text"] != name for row in documents[-1]["names"]):
        row = blank_row(Name, text=name, language=guess_language(name))
        documents[-1]["names"] = [*documents[-1]["names"], row]
    return _begin(db, person, documents, f"town-{geonames}", article)


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
        if not article and place.state == DraftState.DRAFT:
            commands.move(db, place, person, commands.SUBMIT)
    return str(documents[-1]["code"])
