"""Names of a table, matched in every script: places, outlets, actors and laws; and nationalities.

The table has the names of the record, then those of countries and of towns of the gazetteer. A city
in the dateline of a report is marked as a dateline, and a country that only says whose people
somebody is as a nationality.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

from app.desk.reading.text import (
    CLAUSE_END,
    LETTERED,
    Language,
    Mark,
    MarkKind,
    Proposer,
    Reason,
    Sentence,
    longest,
    pattern_of,
    patterns_of,
    plain,
)

if TYPE_CHECKING:
    from app.desk.draft_form.gazetteer import Town

WORD = re.compile(r"[^\W_]+(?:['&.][^\W_]+)*", re.UNICODE)
UNSPACED = re.compile(r"[぀-ヿ㐀-鿿가-힣]")
ENDINGS = re.compile(
    r"(?<=[а-я]{3})(?:ого|ему|его|ому|ыми|ими|ами|ями|ая|яя|ую|юю|ое|ее|ые|ие|ых|их|ым|им|ый|ий|ах|ях|ом|ем|"
    r"ой|ей|ою|ую|ы|и|а|я|у|ю|е|ь|й|о)$"
)
NEEDS_CAPITAL = re.compile(r"[A-ZА-ЯЁ0-9«\"]")
MAX_SHORT = 3
"""Syllables of a Korean name that may be part of another word."""
ORDER = {MarkKind.PLACE: 0, MarkKind.ACTOR: 1, MarkKind.LAW: 2, MarkKind.OUTLET: 3}
"""Of kinds with the same name the first is proposed."""
BY_REASON = {Reason.NAME: 0, Reason.COUNTRY: 1, Reason.GAZETTEER: 2}
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
SHORT = 2
"""Length of a name in Hangul or Chinese characters that may be a word too."""
MIN_LETTERS = 5
MAX_DEGREES = 0.3
"""How far the position of a place may be from that of the town of its name."""
COUNTRY = re.compile(r"[A-Z]{2}")
OUTSIDE = {"ZZ", "EZ", "UN", "EU", "QO", "AQ", "XA", "XB"}
USUAL_WORDS = {"후에"}
"""Names of large towns that are words: 후에 is Huế, and “after”."""
NO_PLACE = {"world"}
"""Places of the record whose names are ordinary words."""


@dataclass(frozen=True)
class RecordNames:
    """The names of one record; of a country its code of two letters, of a city where it is."""

    kind: MarkKind
    code: str
    names: Sequence[str]
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name of a record, of a country or of a town."""

    text: str
    kind: MarkKind
    code: str
    country: str = ""
    """Of a country its code of two letters."""
    reason: Reason = Reason.NAME


def name_rows(records: Iterable[RecordNames], towns: Iterable["Town"] = ()) -> Iterator[NameRow]:
    """Yield all names: of records, of countries in five languages, of towns in five scripts."""
    records = [record for record in records if record.code not in NO_PLACE]
    known = {record.country: record.code for record in records if record.country}
    for record in records:
        for name in record.names:
            yield NameRow(name, record.kind, record.code, country=record.country)
    for locale in LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if COUNTRY.fullmatch(code) and code not in OUTSIDE:
                place = known.get(code, f"country:{code}")
                reason = Reason.NAME if code in known else Reason.COUNTRY
                yield NameRow(str(name), MarkKind.PLACE, place, country=code, reason=reason)
    yield from _towns(records, towns)


def _towns(records: Sequence[RecordNames], towns: Iterable["Town"]) -> Iterator[NameRow]:
    taken = {name for record in records for name in record.names}
    places = {
        name: record for record in records if record.latitude is not None for name in record.names
    }
    for town in towns:
        # Of 무단장 시 also 무단장, which reports write.
        short = (name.removesuffix(" 시") for name in town.names)
        names = dict.fromkeys((*town.names, *(name for name in short if len(name) > SHORT)))
        record = next((places[name] for name in (town.name, *town.names) if name in places), None)
        if record and _is_near(record, town):
            for name in names:
                if SCRIPTS.fullmatch(name):
                    yield NameRow(name, MarkKind.PLACE, record.code)
        elif town.population >= MIN_INHABITANTS and town.name not in taken:
            code = f"town:{town.geonames}"
            is_large = town.population >= MIN_INHABITANTS_FOR_SHORT
            if len(town.name) >= MIN_LETTERS - is_large:
                yield NameRow(town.name, MarkKind.PLACE, code, reason=Reason.GAZETTEER)
            for name in names:
                is_long = len(name) > SHORT and not re.fullmatch(r"[゠-ヿー]+", name)
                is_free = name not in taken and name not in USUAL_WORDS
                if is_free and SCRIPTS.fullmatch(name) and (is_long or is_large):
                    yield NameRow(name, MarkKind.PLACE, code, reason=Reason.GAZETTEER)


def _is_near(record: RecordNames, town: "Town") -> bool:
    return (
        abs((record.latitude or 0) - town.latitude) < MAX_DEGREES
        and abs((record.longitude or 0) - town.longitude) < MAX_DEGREES
    )


@dataclass
class NameTable:
    """The names in the form in which texts are searched."""

    by_first_word: dict[str, list[tuple[tuple[str, ...], NameRow]]] = field(default_factory=dict)
    unspaced: dict[str, list[NameRow]] = field(default_factory=dict)
    longest_unspaced: int = 0

    @classmethod
    def of(cls, rows: Iterable[NameRow]) -> "NameTable":
        table = cls()
        for row in rows:
            table.add(row)
        return table

    def add(self, row: NameRow) -> None:
        if UNSPACED.search(row.text):
            key = plain(row.text).replace(" ", "")
            rows = self.unspaced.setdefault(key, [])
            if not any((each.kind, each.code) == (row.kind, row.code) for each in rows):
                rows.append(row)
            self.longest_unspaced = max(self.longest_unspaced, len(key) + 3)
            return
        text = plain(row.text).removeprefix("the ")
        words = tuple(_stem(found.group()) for found in WORD.finditer(text))
        if words and len(row.text) > 1:
            entries = self.by_first_word.setdefault(words[0], [])
            if not any(w == words and (r.kind, r.code) == (row.kind, row.code) for w, r in entries):
                entries.append((words, row))


def _stem(word: str) -> str:
    """Return a Russian word without its ending, an English one without its genitive."""
    return ENDINGS.sub("", word.removesuffix("'s"))


def usual_proposers(names: NameTable) -> Sequence[Proposer]:
    """Return the proposers in order: each knows the marks of those before it."""
    # Imported here: processes that only show marks need none of their words.
    from app.desk.reading.dates import DateProposer
    from app.desk.reading.numbers import EstimateProposer

    return (NameProposer(names), DateProposer(), EstimateProposer())


# Names in a sentence ------------------------------------------------------------------------------


class NameProposer:
    """Marks the names of a table; the longest of those that overlap."""

    def __init__(self, table: NameTable) -> None:
        self.table = table

    def propose(self, sentence: Sentence, _known: Iterable[Mark]) -> Iterator[Mark]:
        text = sentence.text
        found = [*self._lettered(text), *self._unspaced(text, sentence.language)]
        found += _nationalities(plain(text), sentence.language)
        for law in LAW.finditer(text):
            code = f"unscr-{law['number'] or law['chinese']}"
            found.append(Mark(*law.span(), MarkKind.LAW, code, Reason.NUMBERED_LAW))
        yield from _with_dateline(sentence, longest(found))

    def _lettered(self, text: str) -> Iterator[Mark]:
        low = plain(text)
        words = [*WORD.finditer(low)]
        stems = [_stem(word.group()) for word in words]
        for at, stem in enumerate(stems):
            entries = self.table.by_first_word.get(stem, ())
            start = words[at].start()
            is_small = text[start].islower()
            if is_small and not any(row.text[0].islower() for _name, row in entries):
                continue
            matching: dict[int, list[NameRow]] = {}
            for name, row in entries:
                last = at + len(name)
                is_same = tuple(stems[at:last]) == name
                if is_same and _fits(row, text[start : words[last - 1].end()]):
                    matching.setdefault(last, []).append(row)
            if matching:
                last = max(matching)
                yield from _lettered_mark(text, low, start, words[last - 1].end(), matching[last])

    def _unspaced(self, text: str, language: Language) -> Iterator[Mark]:
        low = plain(text)
        at = 0
        while at < len(low):
            if not UNSPACED.match(low[at]) or _is_inside_word(low, at):
                at += 1
                continue
            mark = self._unspaced_at(low, at, language)
            at = mark.end if mark else at + 1
            if mark and mark.value:
                yield mark

    def _unspaced_at(self, text: str, at: int, language: Language) -> Mark | None:
        """Return the longest name at a position; without a value if it says whose, not where."""
        for end in range(min(len(text), at + self.table.longest_unspaced), at + 1, -1):
            rows = self.table.unspaced.get(text[at:end].replace(" ", ""))
            if not rows or text[end - 1] == " ":
                continue
            # Hangul is Korean in any text.
            is_korean = "가" <= text[end - 1] <= "힣"
            script = "ko" if is_korean else language if language in {"zh", "ja"} else "zh"
            country = rows[0].country
            if country and _is_nationality(text, at, end, country, script):
                return _nationality(at, end, country)
            owns = pattern_of("owned", script)
            is_joined = is_korean and re.match("[가-힣]", text[end : end + 1])
            may_end = pattern_of("particle", "ko").match(text, end) or owns.match(text, end)
            is_part = is_joined and end - at <= MAX_SHORT and not may_end
            if is_part or pattern_of("title", script).match(text, end):
                continue
            if rows[0].country and owns.match(text, end + text.startswith(" ", end)):
                return _nationality(at, end, "")
            if rows[0].reason is Reason.COUNTRY and text[end : end + 1] == "の":
                continue
            return _name_mark(at, end, rows)
        return None


def _lettered_mark(
    text: str, low: str, start: int, end: int, rows: Sequence[NameRow]
) -> Iterator[Mark]:
    """Yield the mark of a name in letters, unless it is part of another name."""
    language: Language = "en" if text[start].isascii() else "ru"
    first = rows[0]
    is_title = pattern_of("title", language).match(low, end + low.startswith(" ", end))
    if is_title or (first.reason is Reason.GAZETTEER and _is_person(text, start, end)):
        return
    if low[:end].endswith("'s"):
        end -= 2
    country = next((row.country for row in rows if row.country), "")
    if country and _is_nationality(low, start, end, country, language):
        yield _nationality(start, end, country)
    elif (first.reason is Reason.COUNTRY and low[end : end + 2] == "'s") or (
        first.country and _patterns(language)["office"].search(low[max(0, start - NEAR) : start])
    ):
        return  # whose, not where
    else:
        yield _name_mark(start, end, rows)


def _is_inside_word(text: str, at: int) -> bool:
    """Whether a Korean syllable or a kana continues a word."""
    return at > 0 and re.match(r"[가-힣]{2}|[゠-ヿ]{2}", text[at - 1 : at + 1]) is not None


def _fits(row: NameRow, words: str) -> bool:
    """Whether capitals are as in the name: AP is an agency, “ap” is not."""
    if row.text.isupper() and len(row.text) <= 5:
        return words == row.text
    return bool(NEEDS_CAPITAL.match(words)) or row.text[0].islower()


def _is_person(text: str, start: int, end: int) -> bool:
    """Whether another name is just before or after, as in Владимир Петров."""
    return bool(
        re.match(r" [A-ZА-ЯЁ]", text[end : end + 2])
        or re.search(r"[A-ZА-ЯЁ][a-zа-яё]+ $", text[max(0, start - NEAR) : start])
    )


def _name_mark(start: int, end: int, rows: Sequence[NameRow]) -> Mark:
    ordered = sorted(rows, key=lambda row: (BY_REASON.get(row.reason, 0), ORDER[row.kind]))
    first = ordered[0]
    others = tuple(dict.fromkeys(row.code for row in ordered if row.code != first.code))
    reason = Reason.SEVERAL_NAMES if others and first.reason is Reason.NAME else first.reason
    return Mark(start, end, first.kind, first.code, reason, others)


# Nationalities ------------------------------------------------------------------------------------

HOME = "kp"
"""People of this country are never ordered to leave it: “return of workers from North Korea”."""
NEAR = 60
"""Characters before and after a name that are looked at."""
KO_WORD = (
    r"(?!북한|북측|조선|중국|러시아|베트남|한국|외국)[가-힣]{1,4}"
    r"(?<![은는이가을를에의로서와과도만내안측])"
)
IS_WHERE_KO = re.compile(r"\s?(?:내|안|현지|지역|주민등록|당국|정부)")
IS_WHERE_EN = re.compile(
    r"\b(?:in|into|inside|within|across|throughout|to|through|via|near|outside|leave|left|leaving|"
    r"entered|enter|reached|visited) (?:the )?$"
)


@cache
def _patterns(language: Language) -> Mapping[str, re.Pattern[str]]:
    """Return what is around the name of a country whose people are meant."""
    people, kinds, office, sends = (
        f"(?:{pattern_of(use, language).pattern})" for use in ("people", "kind", "office", "sends")
    )
    own = f"(?:{pattern_of('native', language).pattern}|{people})"
    after = {
        "en": rf"(?:'s (?:(?!(?:and|in|at|to|of|is|was|has|had|the)\b)[a-z-]+ ){{0,2}}?|"
        rf" (?:{kinds} ){{0,2}}){people}",
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
    short = {
        "en": rf"\b(?:nk|n\.k\.|n\. korea(?:'s)?)(?= (?:[a-z-]+ )?{people})",
        "ko": rf"(?<![가-힣一-龯])(?:北|조선(?!족|소|업|해|총련|일보)|북측)"
        rf"(?=인? ?(?:{kinds} ?){{0,2}}{own})",
        "zh": r"朝(?=籍)|朝方(?=[^,，。、]{0,3}(?:工人|劳工|女工|务工|劳务))",
        "ja": r"(?<![一-龯])北(?=の?(?:労働者|作業員|出稼ぎ))",
    }
    patterns = {
        "after": after.get(language, r"(?!)"),
        "before": before.get(language, r"(?!)"),
        "short": short.get(language, r"(?!)"),
        "office": office + (r" of (?:the )?$" if language == "en" else r" $"),
        "from": rf"的[^,。、;]{{0,8}}?{people}",
        "sends": rf" {sends}(?: (?:[0-9][0-9,]*|[^ ,.;]+)){{0,6}}? {people}",
    }
    return {use: re.compile(pattern) for use, pattern in patterns.items()}


def _nationality(start: int, end: int, country: str) -> Mark:
    return Mark(start, end, MarkKind.NATIONALITY, country.lower(), Reason.NATIONALITY)


def _nationalities(text: str, language: Language) -> Iterator[Mark]:
    for found in _patterns(language)["short"].finditer(text):
        yield _nationality(*found.span(), HOME)
    for pattern, country in patterns_of("people-of", language):
        for found in pattern.finditer(text):
            yield _nationality(*found.span(), country)


def _is_nationality(text: str, start: int, end: int, country: str, language: Language) -> bool:
    """Whether the name of a country in a plain text says only whose people somebody is."""
    patterns = _patterns(language)
    before = text[max(0, start - NEAR) : start]
    is_after = patterns["after"].match(text, end) is not None
    is_home = country.lower() == HOME
    if language == "ko":
        return is_after and not IS_WHERE_KO.match(text, end)
    if is_after and not IS_WHERE_EN.search(before):
        return True
    if is_home and language == "en" and patterns["sends"].match(text, end):
        return True
    found = patterns["before"].search(before)
    if language == "zh":
        return found is not None and patterns["from"].match(text, end) is not None
    if found is None or is_home or (language == "ru" and "из" not in found.group()):
        return found is not None
    # “Workers from China returned” may be about others: then the country is a place.
    clause = CLAUSE_END.split(before)[-1] + CLAUSE_END.split(text[end : end + NEAR])[0]
    return pattern_of("leave", language).search(clause) is None


# Datelines ----------------------------------------------------------------------------------------

DASH = r"\s?(?:[–—―]|--?)\s+"
EN_DAY = (
    r"(?:[A-Z][a-z]+day,? )?(?:[0-3]?[0-9](?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?"
    r"|[A-Z][a-z]{2,8}\.? [0-3]?[0-9](?:st|nd|rd|th)?)(?:,? [12][0-9]{3})?"
)
RU_DAY = r"[0-3]?[0-9] [а-я]{3,8}\.?(?: [12][0-9]{3}(?: г(?:ода|\.)?)?)?"
CITY = r"[A-ZА-ЯЁ][\w’'.-]*(?<!\.)(?: [A-ZА-ЯЁ][\w’'.-]*(?<!\.)){0,3}"
DATELINE = re.compile(
    rf"(?P<city>{CITY}(?:(?:, |/| and ){CITY}){{0,2}})"
    rf"(?:[,.]? (?P<day>{EN_DAY}|{RU_DAY}))?(?:,? ?\((?P<agency>[^()]{{2,40}})\))?"
    rf"(?:,? (?P<later>{EN_DAY}))?(?P<end>{DASH}|: |\.?$|\.(?= [/А-ЯЁ])|\s?/)"
)
"""“DANDONG, 4 March (Newswire) – ”; a city alone begins a text, or is an item of a list."""
ENDS_SENTENCE = re.compile(r"[.!?。！？][\"”’»」』)）]*$")
BRACKETS = re.compile(r"[\[［【〔〈<(]\s?[^\]］】〕〉>)]{2,40}[\]］】〕〉>)]")
OF_A_REPORT = re.compile(r"[=＝]|[0-9〇一二三四五六七八九十][日일]|[電电讯訊]|共同|時事|通信社")
"""What brackets have beside the city. Without it they name the subject: 【中国】."""
BEFORE_CITY = re.compile(r"[(【\[]?\s?\w{0,8}(?:\s?(?:记者|記者)[/\s]?\w{2,4}\s?)?")
KIND = r"\s?(?:专|專|综合|綜合|外|特|急)?[電电讯訊]"
AFTER_CITY = re.compile(
    rf"(?:\s?[0-9〇零一二三四五六七八九十]{{1,4}}[年月日号號])+{KIND}"
    rf"|{KIND}(?=[)】\](\s,:/]|$|记者|記者|据|據)"
)


def _with_dateline(sentence: Sentence, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks of a sentence; of the places those in its dateline are marked as such."""
    places = [mark for mark in marks if mark.kind is MarkKind.PLACE]
    is_lettered = sentence.language in LETTERED
    end = (_lettered_end if is_lettered else _unspaced_end)(sentence, places) if places else 0
    for mark in marks:
        if mark.kind is MarkKind.PLACE and mark.end <= end:
            yield replace(mark, kind=MarkKind.DATELINE, reason=Reason.DATELINE)
        else:
            yield mark


def _lettered_end(sentence: Sentence, places: Sequence[Mark]) -> int:
    """Return where the dateline of a sentence ends; 0 if it has none."""
    is_first = not any(ENDS_SENTENCE.search(earlier.text) for earlier, _marks in sentence.earlier)
    found = DATELINE.match(sentence.text)
    if not found or places[0].start:
        return 0
    start, stop = found.span("agency")
    if any(start <= place.start < stop for place in places):  # “Dandong (China)” is about the city
        return 0
    if found["day"] or found["agency"]:
        return found.end()
    if sentence.language == "ru" and found["end"].startswith("."):
        return found.end()
    # “Dandong – China's border city” is about the city, too.
    is_about = any(place.start == found.end() for place in places) or not re.match(
        r"[A-Z0-9“\"‘'А-ЯЁ]", sentence.text[found.end() :]
    )
    is_city = found["city"].isupper() or (found["end"].strip() in {"–", "—", "―"} and not is_about)
    return found.end() if is_first and is_city and sentence.text[found.end() :] else 0


def _unspaced_end(sentence: Sentence, places: Sequence[Mark]) -> int:
    """Return the end of a dateline in Korean, Chinese or Japanese."""
    text, first = plain(sentence.text), places[0]
    brackets = BRACKETS.match(text)
    if brackets and first.start <= 2 and OF_A_REPORT.search(text, first.end, brackets.end()):
        return brackets.end()
    if first.start == 0 and re.match(r"\s?[=＝]", text[first.end : first.end + 2]):
        return first.end
    last = places[1] if len(places) > 1 and text[first.end : places[1].start] in "、/·" else first
    is_dated = AFTER_CITY.match(text, last.end) is not None
    return last.end if is_dated and BEFORE_CITY.fullmatch(text[: first.start]) else 0
