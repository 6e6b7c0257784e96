"""Dates of the Islamic calendar in English, transliteration and Arabic script.

“Late Dhu al-Hijja 1434” is a range of days, converted by the calendar of Umm al-Qura. A day may be
off by one, so it is given as about that day; a month or a part of one is the range of its days.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from hijridate import Gregorian, Hijri

MONTHS = (
    r"muharram|محرم|المحرم",
    r"safar|صفر",
    r"rabi ?(?:al )?(?:awwal|ula|1|i)|ربيع الاول|ربيع اول",
    r"rabi ?(?:al |ath |ul )?(?:thani|akhir|akhar|2|ii)|ربيع (?:الثاني|الاخر|ثاني)",
    r"juma?da ?(?:al )?(?:awwal|ula|oola|1|i)|جمادي? ?(?:الاولي|الاول|اولي)",
    r"juma?da ?(?:al |ath |ul )?(?:thani|thaniya|akhira|akhir|2|ii)|جمادي? ?(?:الاخره|الثانيه|الاخر|الثاني)",  # noqa: E501
    r"rajab|رجب",
    r"sha ?ba?an|شعبان",
    r"rama[dz]h?an|رمضان",
    r"shaww?al|شوال",
    r"(?:dhu|zu|dhul|thul|zul) ?(?:al |l )?qa?a?i?da?h?|ذو القعده|ذي القعده|ذوالقعده",
    r"(?:dhu|zu|dhul|thul|zul) ?(?:al |l )?hij+ah?|ذو الحجه|ذي الحجه|ذوالحجه",
)
PARTS = (
    (r"early|beginning of|start of|اوائل|بدايه|مطلع|اول", (1, 10)),
    (r"mid(?:dle of)?|اواسط|منتصف|وسط", (11, 20)),
    (r"late|end of|اواخر|نهايه|اخر", (21, 30)),
)
_NOISE = r"(?:(?:in|the|of|month|year|في|شهر|عام|سنه|من|لشهر|خلال) )*"
PHRASE = re.compile(
    rf"{_NOISE}(?:(?P<part>{'|'.join(words for words, _ in PARTS)}) {_NOISE})?"
    rf"(?:(?P<day>[0-3]?[0-9]) {_NOISE})?"
    rf"(?P<month>{'|'.join(MONTHS)})"
    rf"(?: {_NOISE}(?P<year>1[345][0-9]{{2}}))?(?: ?(?:ah|h|هـ|ه|هجري|هجريه))?"
)
YEAR = re.compile(rf"{_NOISE}(?P<year>1[345][0-9]{{2}}) ?(?:ah|h|هـ|ه|هجري|هجريه)")
SINCE = re.compile(
    r"(?:since|as (?:of|from)|(?:with )?effect(?:ive)? from|effective|from|starting"
    r"|منذ|ابتداء من|اعتبارا من) "
)
FIRST_YEAR, LAST_YEAR = 1343, 1500
"""Years that the calendar of Umm al-Qura is known for."""


def read_hijri(text: str, today: date | None) -> list[str]:
    """Return the date in EDTF that words of the Islamic calendar mean; none if they are not such.

    A month without a year is the last one that had begun on the day of the article. “Since” opens
    the end: a month, or a part of one, then began the state on some day in it.
    """
    plain = _normalise(text)
    readings = _readings(_date_in(plain), today)
    if not SINCE.match(plain):
        return list(readings)
    ranges = (reading.partition("/") for reading in readings)
    return [f"[{first}..{last}]/.." if last else f"{first}/.." for first, _slash, last in ranges]


def is_hijri(text: str) -> bool:
    """Whether words are a date of the Islamic calendar."""
    plain = _date_in(_normalise(text))
    return bool(PHRASE.fullmatch(plain) or YEAR.fullmatch(plain))


def states_year(text: str) -> bool:
    """Whether words of the Islamic calendar give a year, so that none has to be inferred."""
    plain = _date_in(_normalise(text))
    found = PHRASE.fullmatch(plain)
    return bool(YEAR.fullmatch(plain) or (found and found["year"]))


def _date_in(plain: str) -> str:
    """Return normalised words without a “since” before them."""
    return SINCE.sub("", plain, count=1) if SINCE.match(plain) else plain


def _normalise(text: str) -> str:
    """Return the words in lower case, without marks, with one form of each Arabic letter."""
    plain = "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in unicodedata.normalize("NFKD", text.lower())
        if not unicodedata.combining(sign)
    )
    plain = re.sub(r"[ʿʾ'’‘`ـ]", "", plain)
    for letters, letter in (("أإآ", "ا"), ("ة", "ه"), ("ى", "ي")):
        plain = re.sub(f"[{letters}]", letter, plain)
    return " ".join(re.sub(r"[-–,./]", " ", plain).split())


def _readings(plain: str, today: date | None) -> Iterator[str]:
    if found := YEAR.fullmatch(plain):
        if (year := int(found["year"])) in range(FIRST_YEAR, LAST_YEAR):
            yield f"{_day(year, 1, 1)}/{_day(year + 1, 1, 1) - timedelta(days=1)}"
        return
    found = PHRASE.fullmatch(plain)
    if not found:
        return
    month = next(
        number for number, names in enumerate(MONTHS, 1) if re.fullmatch(names, found["month"])
    )
    year = int(found["year"]) if found["year"] else _last_year_of(month, today)
    if year not in range(FIRST_YEAR, LAST_YEAR + 1):
        return
    length = Hijri(year, month, 1).month_length()
    if found["day"]:
        if found["part"] is None and 1 <= int(found["day"]) <= length:
            yield f"{_day(year, month, int(found['day']))}~"
        return
    first, last = next(
        (days for words, days in PARTS if found["part"] and re.fullmatch(words, found["part"])),
        (1, length),
    )
    yield f"{_day(year, month, first)}/{_day(year, month, min(last, length))}"


def _last_year_of(month: int, today: date | None) -> int:
    if today is None:
        return 0
    try:
        now = Gregorian(today.year, today.month, today.day).to_hijri()
    except OverflowError:  # the calendar is known from 1924 to 2077
        return 0
    return now.year if month <= now.month else now.year - 1


def _day(year: int, month: int, day: int) -> date:
    return Hijri(year, month, day).to_gregorian()
