"""Dates in words, such as "May or June 2019". The site and the desk call it."""

from itertools import pairwise

from app.dates.day_ranges import possible_days
from app.dates.edtf import MONTHS, OPEN, SEASONS, Days, Edtf, Part, Translate, parse

WINTER = 24
MARKS = {"": "{date}", "?": "perhaps {date}", "~": "about {date}", "%": "perhaps about {date}"}


def in_words(text: str, lasts: bool = True) -> str:
    """Return an EDTF date in words, "" as such; raise DateError if it is not valid."""
    return words(parse(text), lasts=lasts) if text else ""


def attested_in_words(text: str, translate: Translate = str) -> str:
    """Return the words of a state that was going on at a date: "attested 5 May 2019; …"."""
    return translate("attested {date}; beginning and end not known").format(
        date=words(parse(text), translate)
    )


def planned_in_words(text: str, translate: Translate = str) -> str:
    """Return the words of the time of a plan: with an open end, "not before 28 May 2012"; "by"."""
    edtf = parse(text)
    first, last = edtf.parts[0], edtf.parts[-1]
    if edtf.has_vague_beginning:
        return translate("to begin {date}").format(date=_some_day(edtf, translate))
    if edtf.shape == "interval" and last == OPEN and first != OPEN:
        return translate("not before {date}").format(date=_phrase(first, translate))
    if edtf.shape == "interval" and first == OPEN and last != OPEN:
        return translate("by {date}").format(date=_phrase(last, translate))
    return words(edtf, translate)


def rule_in_words(text: str, translate: Translate = str) -> str:
    """Return the words of the time of a limit or threshold: "from 1 October 2007"."""
    edtf = parse(text)
    if edtf.shape == "interval" and edtf.parts[1] == OPEN and not edtf.has_vague_beginning:
        return translate("from {date}").format(date=_phrase(edtf.parts[0], translate))
    return planned_in_words(text, translate)


def words(edtf: Edtf, translate: Translate = str, lasts: bool = True) -> str:
    """Return a date in words: "May or June 2019", "28–29 August 2024", "since about June 2019"."""
    first, last = edtf.parts[0], edtf.parts[-1]
    if edtf.has_vague_beginning:
        return translate("since {date}").format(date=_some_day(edtf, translate))
    if edtf.shape == "between":
        return _some_day(edtf, translate)
    begin, end = _phrase(first, translate, last), _phrase(last, translate)
    if edtf.shape == "by":
        return translate("on or before {date}").format(date=end)
    if edtf.shape == "one-of":
        begin = translate(", ").join(
            _phrase(part, translate, following) for part, following in pairwise(edtf.parts)
        )
        return translate("{first} or {last}").format(first=begin, last=end)
    if first == OPEN:
        # "Until" would report an end, which the date does not say.
        since_unknown = translate("by {date}; since when is not said")
        return (since_unknown if lasts else translate("{date} or earlier")).format(date=end)
    if last == OPEN:
        return (translate("since {date}") if lasts else translate("{date} or later")).format(
            date=begin
        )
    if first == last:
        return end
    days_only = begin == str(first.day) and not last.mark
    return (translate("{first}–{last}") if days_only else translate("{first} to {last}")).format(
        first=begin, last=end
    )


def beginning_in_words(text: str, translate: Translate = str) -> str:
    """Return the words of the first day of a date with an open end, others as they are."""
    edtf = parse(text)
    if edtf.has_vague_beginning:
        return _some_day(edtf, translate)
    return words(parse(text.removesuffix("/..")), translate, lasts=False)


def _some_day(edtf: Edtf, translate: Translate) -> str:
    first, last = edtf.parts[:2]
    return translate("some day from {first} to {last}").format(
        first=_phrase(first, translate, last), last=_phrase(last, translate)
    )


def _phrase(part: Part, translate: Translate, following: Part = OPEN) -> str:
    """Return one date in words, without a year and month that the following date repeats."""
    same_year = (
        part.year == following.year and part != following and bool(part.month and following.month)
    )
    if WINTER in (part.month, following.month) or part.mark not in ("", following.mark):
        # A winter has two years, and "about March to May 2019" would make both months uncertain.
        same_year = False
    same_month = same_year and part.month == following.month and bool(part.day and following.day)
    if part.year is None and not same_year:
        pattern = "{day} {month}, year not known" if part.day else "{month}, year not known"
    elif part.some_day and not part.mark:
        pattern = "some day in {month} {year}"
    elif part.month == WINTER:
        pattern = "{month} {year}–{next_year}"
    elif same_month:
        pattern = "{day}"
    elif part.month:
        pattern = ("{day} {month}" if part.day else "{month}") + ("" if same_year else " {year}")
    else:
        pattern = "{year}"
    month = translate(SEASONS.get(part.month) or MONTHS[part.month - 1]) if part.month else ""
    next_year = f"{((part.year or 0) + 1) % 100:02}"
    date = translate(pattern).format(day=part.day, month=month, year=part.year, next_year=next_year)
    return translate(MARKS[part.mark]).format(date=date)


def words_of_days(days: Days, translate: Translate = str) -> str:
    """Return a range in words: "1–30 April 2019" or "1 May 2019 or later"."""
    if days == Days():
        return translate("any day")
    bounds = tuple(
        Part(day.year, day.month, day.day) if day else OPEN for day in (days.first, days.last)
    )
    return words(Edtf("interval", bounds), translate, lasts=False)


def reading(edtf: Edtf, translate: Translate = str) -> str:
    """Return the help under a form's date field: the days that the date means."""
    if edtf.whole is None:
        return translate("this means no period finds it, since its year is not known")
    several = (words_of_days(days, translate) for days in possible_days(edtf) or (edtf.whole,))
    return translate("this means {days}").format(days=translate(" or ").join(several))
