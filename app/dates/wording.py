"""Dates in words, such as "May or June 2019". The site and the desk call it."""

from itertools import pairwise

from app.dates.day_ranges import possible_days
from app.dates.edtf import MONTHS, OPEN, SEASONS, Days, Edtf, Part, parse

WINTER = 24
MARKS = {"": "", "?": "perhaps ", "~": "about ", "%": "perhaps about "}


def in_words(text: str, lasts: bool = True) -> str:
    """Return an EDTF date in words, "" as such; raise DateError if it is not valid."""
    return words(parse(text), lasts=lasts) if text else ""


def attested_in_words(text: str) -> str:
    """Return the words of a state that was going on at a date: "attested 5 May 2019; …"."""
    return f"attested {words(parse(text))}; beginning and end not known"


def planned_in_words(text: str) -> str:
    """Return the words of the time of a plan: with an open end, "not before 28 May 2012"; "by"."""
    edtf = parse(text)
    first, last = edtf.parts[0], edtf.parts[-1]
    if edtf.has_vague_beginning:
        return f"to begin {_some_day(edtf)}"
    if edtf.shape == "interval" and last == OPEN and first != OPEN:
        return f"not before {_phrase(first)}"
    if edtf.shape == "interval" and first == OPEN and last != OPEN:
        return f"by {_phrase(last)}"
    return words(edtf)


def rule_in_words(text: str) -> str:
    """Return the words of the time of a limit or threshold: "from 1 October 2007"."""
    edtf = parse(text)
    if edtf.shape == "interval" and edtf.parts[1] == OPEN and not edtf.has_vague_beginning:
        return f"from {_phrase(edtf.parts[0])}"
    return planned_in_words(text)


def words(edtf: Edtf, lasts: bool = True) -> str:
    """Return a date in words: "May or June 2019", "28–29 August 2024", "since about June 2019"."""
    first, last = edtf.parts[0], edtf.parts[-1]
    if edtf.has_vague_beginning:
        return f"since {_some_day(edtf)}"
    if edtf.shape == "between":
        return _some_day(edtf)
    begin, end = _phrase(first, last), _phrase(last)
    if edtf.shape == "by":
        return f"on or before {end}"
    if edtf.shape == "one-of":
        begin = ", ".join(_phrase(part, following) for part, following in pairwise(edtf.parts))
        return f"{begin} or {end}"
    if first == OPEN:
        # "Until" would report an end, which the date does not say.
        return f"by {end}; since when is not said" if lasts else f"{end} or earlier"
    if last == OPEN:
        return f"since {begin}" if lasts else f"{begin} or later"
    if first == last:
        return end
    days_only = begin == str(first.day) and not last.mark
    return f"{begin}–{end}" if days_only else f"{begin} to {end}"


def beginning_in_words(text: str) -> str:
    """Return the words of the first day of a date with an open end, others as they are."""
    edtf = parse(text)
    if edtf.has_vague_beginning:
        return _some_day(edtf)
    return words(parse(text.removesuffix("/..")), lasts=False)


def _some_day(edtf: Edtf) -> str:
    first, last = edtf.parts[:2]
    return f"some day from {_phrase(first, last)} to {_phrase(last)}"


def _phrase(part: Part, following: Part = OPEN) -> str:
    """Return one date in words, without a year and month that the following date repeats."""
    same_year = (
        part.year == following.year and part != following and bool(part.month and following.month)
    )
    if WINTER in (part.month, following.month) or part.mark not in ("", following.mark):
        # A winter has two years, and "about March to May 2019" would make both months uncertain.
        same_year = False
    same_month = same_year and part.month == following.month and bool(part.day and following.day)
    month = (SEASONS.get(part.month) or MONTHS[part.month - 1]) if part.month else ""
    day_and_month = f"{part.day} {month}" if part.day else month
    if part.year is None and not same_year:
        said = f"{day_and_month}, year not known"
    elif part.some_day and not part.mark:
        said = f"some day in {month} {part.year}"
    elif part.month == WINTER:
        said = f"{month} {part.year}–{((part.year or 0) + 1) % 100:02}"
    elif same_month:
        said = str(part.day)
    elif part.month:
        said = day_and_month if same_year else f"{day_and_month} {part.year}"
    else:
        said = str(part.year)
    return MARKS[part.mark] + said


def words_of_days(days: Days) -> str:
    """Return a range in words: "1–30 April 2019" or "1 May 2019 or later"."""
    if days == Days():
        return "any day"
    bounds = tuple(
        Part(day.year, day.month, day.day) if day else OPEN for day in (days.first, days.last)
    )
    return words(Edtf("interval", bounds), lasts=False)


def reading(edtf: Edtf) -> str:
    """Return the help under a form's date field: the days that the date means."""
    if edtf.whole is None:
        return "this means no period finds it, since its year is not known"
    several = (words_of_days(days) for days in possible_days(edtf) or (edtf.whole,))
    return f"this means {' or '.join(several)}"
