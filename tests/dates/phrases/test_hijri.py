"""Dates of the Islamic calendar in English, transliteration and Arabic script."""

from datetime import date

import pytest

from app.dates import edtf
from app.dates.phrases.hijri import is_hijri, states_year
from app.dates.phrases.reading import read_phrase
from app.desk.draft_form import actions, documents
from app.forms import EventForm
from tests.support.tables import differing

ARTICLE = date(2014, 1, 15)


def test_words_are_a_range_of_our_calendar() -> None:
    means = {
        "late Dhu al-Hijja 1434": "2013-10-26/2013-11-03",
        "أواخر شهر ذي الحجة 1434": "2013-10-26/2013-11-03",
        "ذو الحجة ١٤٣٤هـ": "2013-10-06/2013-11-03",
        "ذو الحجة": "2013-10-06/2013-11-03",
        "Ramadan 1445": "2024-03-11/2024-04-09",
        "رمضان ١٤٤٥": "2024-03-11/2024-04-09",
        "early Ramadan 1445": "2024-03-11/2024-03-20",
        "mid-Muharram 1435": "2013-11-14/2013-11-23",
        "Rabi' al-awwal 1440": "2018-11-09/2018-12-07",
        "ربيع الآخر 1440": "2018-12-08/2019-01-06",
        "Jumada al-akhira 1440": "2019-02-06/2019-03-07",
        "جمادى الأولى 1440": "2019-01-07/2019-02-05",
        "Sha'ban 1446 AH": "2025-01-31/2025-02-28",
        "Dhul-Qi'dah 1440": "2019-07-04/2019-08-01",
        "15 Shawwal 1440": "2019-06-18~",
        "1435 AH": "2013-11-04/2014-10-24",
        "عام 1435هـ": "2013-11-04/2014-10-24",
        # A month without a year is the last one that had begun.
        "Shawwal": "2013-08-08/2013-09-06",
        # "Since" opens the end.
        "since late Dhu al-Hijja 1434": "[2013-10-26..2013-11-03]/..",
        "منذ أواخر ذو الحجة 1434": "[2013-10-26..2013-11-03]/..",
        "since 5 Muharram 1435": "2013-11-08~/..",
    }
    assert [words for words in means if not is_hijri(words)] == []
    assert differing(lambda words: " ".join(read_phrase(words, ARTICLE)), means) == {}
    assert [edtf.parse(each).text for each in means.values()] == [*means.values()]


def test_words_or_articles_outside_the_calendar_mean_nothing() -> None:
    for words in ("Ramadan 1200", "31 Safar 1440", "late 15 Safar 1440"):
        assert read_phrase(words, ARTICLE) == []
    for day in (date(1924, 1, 1), date(2078, 1, 1), date(1800, 1, 1)):
        assert read_phrase("Shawwal", day) == []
        assert read_phrase("Shawwal 1440", day) == ["2019-06-04/2019-07-03"]


def test_year_is_inferred_only_if_it_is_not_stated() -> None:
    stated = ("Ramadan 1445", "1445 AH", "since late Dhu al-Hijja 1434", "since 5 Muharram 1435")
    assert all(map(states_year, stated))
    assert not states_year("Ramadan")
    assert not any(map(is_hijri, ("late April 2019", "April", "1435", "latest")))


@pytest.mark.parametrize(
    ("words", "basis"),
    [("late Dhu al-Hijja 1434", "converted"), ("ذو الحجة", "converted-year-inferred")],
)
def test_taking_a_reading_keeps_the_words_and_marks_the_conversion(words: str, basis: str) -> None:
    document = documents.blank(EventForm) | {"happened": words}
    taken, _ = actions.run_action(EventForm, document, "convert happened 2013-10-06/2013-11-03")
    assert taken["happened"] == "2013-10-06/2013-11-03"
    assert (taken["happened_text"], taken["happened_basis"]) == (words, basis)
