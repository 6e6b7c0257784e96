"""Names of a table, matched in every script: places, outlets, actors and laws; and nationalities.

The table has the names of the record, then those of countries and of towns of the gazetteer. A
country that only says whose people somebody is is marked as a nationality.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from babel import Locale

from app.desk.reading.text import (
    LETTERED,
    Language,
    Mark,
    MarkKind,
    Proposer,
    Sentence,
    longest,
    pattern_of,
    patterns_of,
    plain,
)

if TYPE_CHECKING:
    from app.desk.draft_form.gazetteer import Town

UNSPACED = "[぀-ヿ㐀-鿿가-힣]"
TOKEN = re.compile(rf"{UNSPACED}|(?:(?!{UNSPACED})[^\W_])+(?:['&.](?:(?!{UNSPACED})[^\W_])+)*")
"""A word, or one character where words have no spaces between them."""
ENDINGS = re.compile(
    r"(?<=[а-я]{3})(?:ого|ему|его|ому|ыми|ими|ами|ями|ая|яя|ую|юю|ое|ее|ые|ие|ых|их|ым|им|ый|ий|ах|ях|ом|ем|"
    r"ой|ей|ою|ую|ы|и|а|я|у|ю|е|ь|й|о)$"
)
MAX_SHORT = 3
"""Syllables of a Korean name that may be part of another word."""
ORDER = {MarkKind.PLACE: 0, MarkKind.ACTOR: 1, MarkKind.LAW: 2, MarkKind.OUTLET: 3}
"""Of kinds with the same name the first is proposed; of any kind the one in the record."""
LAW = re.compile(
    r"(?:[Rr]esolutions?(?: No\.?)?|UNSCR|(?:대북 ?)?(?:제재 ?)?결의(?:안)?"
    r"|(?:制裁)?決議|[Рр]езолюци[яиюей]+(?: СБ ООН| Совбеза ООН)?(?: №)?)"
    r"\s?(?:第)?(?P<number>[12]\d{3})(?:\s?(?:호|号|號))?"
    r"|第?(?P<chinese>[12]\d{3})\s?(?:号|號)(?:决议|決議)"
)

# The table ----------------------------------------------------------------------------------------

LOCALES = ("en", "ko", "zh_Hans", "ja", "ru")
SCRIPTS = re.compile(r"[가-힣 ]+|[㐀-鿿]+|[゠-ヿー]+|[А-Яа-яЁё -]+")
MIN_INHABITANTS = 100_000
"""Smaller towns are places of the record or none: their names are often words."""
MIN_INHABITANTS_FOR_SHORT = 1_000_000
SHORT = 4
"""Letters of a name, or twice its characters, that may be a word too."""
COUNTRY = re.compile(r"[A-Z]{2}")
OUTSIDE = {"ZZ", "EZ", "UN", "EU", "QO", "AQ", "XA", "XB"}
USUAL_WORDS = re.compile(
    "후에|aurora|brandon|chandler|charlotte|constantine|elizabeth|eugene|garland|george|hassan|irving"
    "|jackson|lincoln|madison|nancy|tyler|victoria|vladimir|warren"
    "|александри?|виктори?|владимир|джордж|карин|константин|ларис"
)
"""Stems of names of towns that are words or usual names of people: 후에 is Huế, and “after”. Such
towns are marked only if the record has them."""
NO_PLACE = {"world"}
"""Places of the record whose names are ordinary words."""


@dataclass(frozen=True)
class RecordNames:
    """The names of one record; of a country its code of two letters."""

    kind: MarkKind
    code: str
    names: Sequence[str]
    country: str = ""
    is_town: bool = False


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name of a record, of a country or of a town."""

    text: str
    kind: MarkKind
    code: str
    """With a colon where the record has no such place: `country:KE`, `town:587084`."""
    country: str = ""
    """Of a country its code of two letters."""
    is_town: bool = False


def name_rows(records: Iterable[RecordNames], towns: Iterable["Town"] = ()) -> Iterator[NameRow]:
    """Yield all names: of records, of countries in five languages, of towns in five scripts."""
    records = [record for record in records if record.code not in NO_PLACE]
    known = {record.country: record.code for record in records if record.country}
    for record in records:
        for name in record.names:
            yield NameRow(name, record.kind, record.code, record.country, record.is_town)
    for locale in LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if COUNTRY.fullmatch(code) and code not in OUTSIDE:
                place = known.get(code, f"country:{code}")
                yield NameRow(str(name), MarkKind.PLACE, place, code)
    yield from _towns(records, towns)


def _towns(records: Sequence[RecordNames], towns: Iterable["Town"]) -> Iterator[NameRow]:
    taken = {name for record in records for name in record.names}
    for town in towns:
        names = [town.name, *(name for name in town.names if SCRIPTS.fullmatch(name))]
        if town.population >= MIN_INHABITANTS and town.name not in taken:
            least = SHORT + (town.population < MIN_INHABITANTS_FOR_SHORT)
            for name in names:
                length = len(name) * (2 if re.match("[㐀-鿿가-힣]", name) else 1)
                is_word = USUAL_WORDS.fullmatch(_stem(plain(name)))
                if name not in taken and length >= least and not is_word:
                    yield NameRow(name, MarkKind.PLACE, f"town:{town.geonames}", is_town=True)


@dataclass
class NameTable:
    """The names in the form in which texts are searched."""

    by_first: dict[str, list[tuple[tuple[str, ...], NameRow]]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[NameRow]) -> "NameTable":
        table = cls()
        for row in rows:
            words = tuple(map(_stem, TOKEN.findall(plain(row.text).removeprefix("the "))))
            if words and len(row.text) > 1:
                table.by_first.setdefault(words[0], []).append((words, row))
        return table


def _stem(word: str) -> str:
    """Return a Russian word without its ending, an English one without its genitive."""
    return ENDINGS.sub("", word.removesuffix("'s"))


def usual_proposers(names: NameTable) -> Sequence[Proposer]:
    """Return the proposers in order: each knows the marks of those before it."""
    # Imported here: processes that only show marks need none of their words.
    from app.desk.reading.dates import propose_dates
    from app.desk.reading.numbers import propose_estimates

    return (partial(propose_names, names), propose_dates, propose_estimates)


# Names in a sentence ------------------------------------------------------------------------------


def propose_names(table: NameTable, sentence: Sentence, _known: Iterable[Mark]) -> Iterator[Mark]:
    """Mark the names of a table; the longest of those that overlap."""
    text = plain(sentence.text)
    found = [*_names(table, sentence.text, text, sentence.language)]
    for pattern, country in patterns_of("people-of", sentence.language):
        found += (_nationality(*each.span(), country) for each in pattern.finditer(text))
    for law in LAW.finditer(sentence.text):
        code = f"unscr-{law['number'] or law['chinese']}"
        found.append(Mark(*law.span(), MarkKind.LAW, code))
    yield from (mark for mark in longest(found) if mark.value)


def _names(table: NameTable, text: str, low: str, language: Language) -> Iterator[Mark]:
    """Yield the longest name at each word; without a value if it is no place, but whose."""
    words = [*TOKEN.finditer(low)]
    stems = [_stem(word.group()) for word in words]
    for at, stem in enumerate(stems):
        start, matching = words[at].start(), dict[int, list[NameRow]]()
        for name, row in table.by_first.get(stem, ()):
            last = at + len(name)
            if tuple(stems[at:last]) == name and _fits(row.text, text[start:]):
                matching.setdefault(words[last - 1].end(), []).append(row)
        if matching:
            end = max(matching)
            yield from _name_mark(low, start, end, matching[end], language)


def _fits(name: str, text: str) -> bool:
    """Whether capitals are as in the name: AP is an agency, “ap” is not."""
    if name.isupper() and len(name) <= 5:
        return text.startswith(name)
    return not text[0].islower() or name[0].islower()


def _name_mark(
    text: str, start: int, end: int, rows: Sequence[NameRow], language: Language
) -> Iterator[Mark]:
    """Yield the mark of a name, unless it is part of another name or word."""
    script = _script(text[end - 1], language)
    follows = end + text.startswith(" ", end)
    if script not in LETTERED and _is_in_word(text, start, end):
        return
    if pattern_of("title", script).match(text, follows):
        return
    # “Voronezh oblast” is not the town.
    if pattern_of("region", script).match(text, follows):
        rows = [row for row in rows if not row.is_town]
        if not rows:
            return
    end -= 2 * text[:end].endswith("'s")
    first = min(rows, key=lambda row: (":" in row.code, ORDER[row.kind]))
    country = next((row.country for row in rows if row.country), "")
    if country and _is_nationality(text, start, end, country, script):
        yield _nationality(start, end, country)
    elif country and _is_whose(text, start, end, follows, script):
        yield _nationality(start, end, "")
    else:
        yield Mark(start, end, first.kind, first.code)


def _script(letter: str, language: Language) -> Language:
    """Return the language of a name: Hangul is Korean in any text."""
    if letter < "\u0500":
        return "en" if letter < "\u0400" else "ru"
    return "ko" if "가" <= letter <= "힣" else "ja" if language == "ja" else "zh"


def _is_in_word(text: str, start: int, end: int) -> bool:
    """Whether Korean syllables or kana before or after a name make it part of a longer word."""
    around = text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]
    is_kana = any(re.match("[゠-ヺー-ヿ]{2}", pair) for pair in around)
    if is_kana or re.match("[가-힣]{2}", around[0]):
        return True
    is_short = end - start <= MAX_SHORT and re.match("[가-힣]{2}", text[end - 1 : end + 1])
    patterns = (pattern_of(use, "ko") for use in ("particle", "owned"))
    return bool(is_short) and not any(pattern.match(text, end) for pattern in patterns)


# Nationalities ------------------------------------------------------------------------------------

HOME = "kp"
"""People of this country are never ordered to leave it: “return of workers from North Korea”."""
NEAR = 60
"""Characters before and after a name that are looked at."""
KO_WORD = (
    r"(?!북한|북측|조선|중국|러시아|베트남|한국|외국)[가-힣]{1,4}"
    r"(?<![은는이가을를에의로서와과도만내안측])"
)


@cache
def _patterns(language: Language) -> Mapping[str, re.Pattern[str]]:
    """Return what is around the name of a country whose people are meant."""
    people, kinds, office = (
        f"(?:{pattern_of(use, language).pattern})" for use in ("people", "kind", "office")
    )
    own = f"(?:{pattern_of('native', language).pattern}|{people})"
    after = {
        "en": rf"(?:'s (?:[a-z-]+ ){{0,2}}?| (?:{kinds} ){{0,2}}){people}",
        "zh": rf"\s?(?:籍|方)?的?(?:\s?{kinds}){{0,2}}(?:的|\s)?{own}",
        "ja": r"(?:の|(?:人|籍|出身)の?|から(?:の|来た|来ている|派遣され(?:た|ている)))?"
        rf"(?:{kinds}){{0,2}}{own}",
        "ko": rf"(?:(?:인|산|계|의)? ?{kinds}(?:\([^)]{{1,12}}\))?|의|에서 (?:온|나온|건너온|"
        rf"넘어온|들어온|파견된|보낸|보내온))?(?:(?: ?{kinds})?\s?{own}| {KO_WORD}\s?{people})",
    }
    before = {
        "en": rf"{people}(?: who (?:come|came|are|were|hail(?:ed)?))? (?:from|of) "
        r"(?:[a-z]+(?: [a-z]+)?,? (?:and|or) )?(?:the )?$",
        "ru": rf"{people}(?:[ -]из|,? (?:родом|прибывши\w+|приехавши\w+) из)? "
        r"(?:[а-я]+(?: [а-я]+)? (?:и|или) (?:из )?)?$",
        "zh": r"(?:来自|來自|籍贯为|国籍为)$",
    }
    patterns = {
        "after": after.get(language, r"(?!)"),
        "before": before.get(language, r"(?!)"),
        "office": office + (r" of (?:the )?$" if language == "en" else r" $"),
    }
    return {use: re.compile(pattern) for use, pattern in patterns.items()}


def _nationality(start: int, end: int, country: str) -> Mark:
    return Mark(start, end, MarkKind.NATIONALITY, country.lower())


def _is_nationality(text: str, start: int, end: int, country: str, script: Language) -> bool:
    """Whether the name of a country in a plain text says only whose people somebody is."""
    patterns, before = _patterns(script), text[max(0, start - NEAR) : start]
    if patterns["after"].match(text, end):
        return not (re.match(r"\s?[내안]", text[end:]) or re.search(r"\bin (?:the )?$", before))
    found = patterns["before"].search(before)
    if found is None or country.lower() == HOME:
        return found is not None
    # “Workers from China returned” may be about others: then the country is a place.
    clause = before + text[end : end + NEAR]
    return pattern_of("leave", script).search(clause) is None


def _is_whose(text: str, start: int, end: int, follows: int, script: Language) -> bool:
    """Whether a country is that of an office or of what it owns: the embassy of China."""
    before = text[max(0, start - NEAR) : start]
    return bool(
        pattern_of("owned", script).match(text, follows)
        or _patterns(script)["office"].search(before)
        or (script == "en" and text.startswith("'s", end))
    )
