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


def begin_town(db: Session, person: Person, number: str, article: str, *, name: str = "") -> str:
    """Make a place of a city, with those around it, or of a country, and return its code.

    It also keeps the `name` that a report uses. For a report it is submitted with the entries that
    name it; without one at once.

    Returns "" if the gazetteer has no such city.
    """
    directory = Catalogue(db, person).directory
    town = gazetteer.towns()[0].get(int(number)) if number.isdigit() else None
    for each in directory.places.values():
        if number in {str(each.geonames), each.country}:
            return each.code
    if town is None and number.isdigit():
        return ""
    documents = (
        gazetteer.places_for(town, directory)
        if town
        else [gazetteer.country_for(number, directory)]
    )
    if name and all(row["text"] != name for row in documents[-1]["names"]):
        row = blank_row(Name, text=name, language=guess_language(name))
        documents[-1]["names"] = [*documents[-1]["names"], row]
    return _begin(db, person, documents, f"town-{number}", article)


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
