"""Names of countries that only say whose people somebody is."""

from datetime import date

from app.desk.reading.article import read_article
from app.desk.reading.marks import Language, MarkKind
from tests.support.reading_gold import differences, proposers, table


def found_in(text: str, language: Language) -> str:
    """Return the places of a text, then its nationalities as `of kp`."""
    reading = read_article(text, language, date(2021, 4, 8), proposers())
    marks = [mark for marks in reading.marks for mark in marks]
    places = [mark.value for mark in marks if mark.kind is MarkKind.PLACE]
    return " ".join(
        places + [f"of {mark.value}" for mark in marks if mark.kind is MarkKind.NATIONALITY]
    )


def test_country_of_people_is_no_place() -> None:
    assert differences(found_in, table("nationals")) == {}
