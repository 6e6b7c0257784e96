"""Fuzzes dates: EDTF as typed, phrases of articles in all languages, lengths of time."""

from datetime import date

from hypothesis import strategies as st

from app.dates import edtf, wording
from app.dates.day_ranges import possible_days, sort_day, spans
from app.dates.edtf import DateError
from app.dates.periods import parse_period
from app.dates.phrases.reading import names_month, read_phrase
from app.desk.draft_form.date_reading import read_date
from bench.fuzz.inputs import changed_texts

CANONICAL = (
    *("2019-04-23", "2019-04", "2019", "2024-21", "2026-10-XX", "XXXX-05-01", "2019-06~"),
    *("2019-04/2019-06", "../2019", "2019-12-22/..", "[2019-05-01,2019-06]", "[..2019-06-30]"),
    *("[2019-03-01..2019-05-31]/..", "XXXX-05-01/XXXX-06-01", "unknown", "2019?/2020%"),
)
PHRASES = (
    *("late April", "mid-May 2019", "the first half of last year", "since 28 May 2012", "3/4/2019"),
    *("by the end of next month", "two weeks ago", "the early 2010s", "winter of 2019/20"),
    *(
        "지난 4월",
        "2019년 5월 3일",
        "작년 말",
        "5월 초순",
        "去年底",
        "二〇一九年四月",
        "上個月",
        "今年前八个月",
    ),
    *(
        "昨年夏",
        "令和元年5月1日",
        "平成31年4月",
        "к концу года",
        "в апреле 2019 года",
        "прошлой зимой",
    ),
)
PIECES = (
    *(
        "of",
        "to",
        "and",
        "–",
        "since",
        "until",
        "年",
        "月",
        "日",
        "년",
        "월",
        "일",
        "года",
        "s",
        "AH",
    ),
    *(
        "XX",
        "XXXX",
        "..",
        "31",
        "30",
        "29",
        "02",
        "13",
        "24",
        "2200",
        "1800",
        "0000",
        "last",
        "next",
    ),
)
TODAY = st.one_of(st.none(), st.dates(date(1800, 1, 1), date(2200, 12, 31)))
INPUTS = st.tuples(
    st.one_of(
        changed_texts(CANONICAL, PIECES),
        changed_texts(PHRASES, PIECES),
        changed_texts(PHRASES, PHRASES, most=2),
    ),
    TODAY,
)


def check(given: tuple[str, date | None]) -> str:
    text, today = given
    for reading in read_phrase(text, today):
        _check_edtf(reading)
    names_month(text)
    shown = read_date(text, today.isoformat() if today else "")
    for offer in shown.offers:
        assert _check_edtf(offer.edtf), f"{offer} is offered and is no date"
    try:
        parse_period(text, text)
    except DateError as error:
        assert str(error).isprintable()
    return "valid" if _check_edtf(text) else "refused"


def _check_edtf(text: str) -> bool:
    """Return whether the text is a date, after trying all that is derived from one."""
    try:
        canonical = edtf.normalise(text)
    except DateError as error:
        assert str(error).isprintable()
        return False
    parsed = edtf.parse(canonical)
    assert parsed.text == canonical == edtf.normalise(canonical)
    for lasts in (True, False):
        for words in (wording.words(parsed, lasts=lasts), wording.reading(parsed)):
            assert words.isprintable() and "None" not in words, words
        sort_day(spans(parsed, lasts))
        sort_day(spans(parsed, lasts, until=date(2024, 2, 29)))
    wording.attested_in_words(canonical)
    wording.planned_in_words(canonical)
    possible_days(parsed)
    edtf.is_one_day(canonical)
    return True
