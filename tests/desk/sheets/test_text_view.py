"""The text of a report beside its sheet: its marks, and the rows of its sentences."""

from datetime import date

from sqlalchemy.orm import Session

from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.models import Person
from app.desk.reading.names import NameTable, RecordNames, name_rows, usual_proposers
from app.desk.reading.text import MarkKind, read_article
from app.desk.sheets.text_view import SheetText, text_view
from tests.support.sheets import make_row, make_sheet

NAMES = NameTable.of(name_rows([RecordNames(MarkKind.PLACE, "place-1", ["Dandong"])]))


def test_sentences_show_dates_numbers_and_names_and_their_rows(db: Session, amal: Person) -> None:
    words = "It rained. About 300 workers left Dandong on 4 March, a trader said."
    reading = read_article(words, "en", date(2019, 3, 6), usual_proposers(NAMES))
    text = SheetText(words, "en", "", "", reading)
    sheet = make_sheet(rows=[make_row("a1"), make_row("a2", sentences="2")])

    view = text_view(Catalogue(db, amal), sheet, text)

    first, second = (sentence for part in view.paragraphs for sentence in part)
    assert [each.kind for each in first.segments] == [""]
    marked = {each.words: (each.kind, each.reading) for each in second.segments if each.kind}
    assert marked == {
        "About 300 workers": ("num", "Estimate: about 300 people"),
        "Dandong": ("place", "Place: Place-1"),
        "4 March": ("date", "Date: 4 March 2019"),
    }
    assert [(each.number, each.key) for each in second.rows] == [(2, "a2")]
    assert [(each.code, each.count) for each in view.legend] == [
        ("date", 1),
        ("num", 1),
        ("place", 1),
    ]
