"""The text of a report beside its sheet: what is shown of its marks."""

from datetime import date

from sqlalchemy.orm import Session

from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.reading.article import read_article, usual_proposers
from app.desk.reading.known_names import RecordNames, name_rows
from app.desk.reading.marks import MarkKind
from app.desk.reading.names import NameTable
from app.desk.sheets.text_view import SheetText, text_view
from tests.support.sheets import make_sheet

NAMES = NameTable.of(name_rows([RecordNames(MarkKind.PLACE, "place-1", ["Dandong"])]))


def test_dateline_is_shown_and_nothing_of_it_is_to_decide(db: Session, amal: Person) -> None:
    words = "DANDONG, 4 March – It rained. It rained in Dandong."
    reading = read_article(words, "en", date(2019, 3, 6), usual_proposers(NAMES))
    text = SheetText(words, "en", "", "", reading)
    view = text_view(Catalogue(db, amal), make_sheet(), text)
    (first, second) = (sentence for part in view.paragraphs for sentence in part)
    (dateline,) = (each for each in first.segments if each.kind == "dateline")
    assert (dateline.words, dateline.anchor, dateline.is_waiting) == ("DANDONG", "", False)
    assert dateline.reading.startswith("Dateline: ")
    assert [each.words for each in second.segments if each.kind == "place"] == ["Dandong"]
    unused = [mark.words for each in view.unused for mark in each.marks]
    assert unused == ["4 March", "Dandong"]
    assert ("dateline", 1) in [(entry.code, entry.count) for entry in view.legend]
