"""A query as its readers mean it: its parts, with other forms and equivalents of each.

Words in quotes are searched as they are.
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import Protocol

from app.filtering import MAX_TEXT_CHARACTERS
from app.kinds.locale_names import is_country
from app.record.search import (
    CJK_RUN,
    SearchGroups,
    SearchUnit,
    parse_query,
    plain_text,
    split_scripts,
)
from app.record.words.korean import base_forms, is_hangul
from app.record.words.stems import (
    ASKS_FOR_NUMBER,
    FILLERS,
    STOP_WORDS,
    other_spellings,
    stems,
    word_forms,
)
from app.record.words.thesaurus import MAX_PHRASE_WORDS, Meaning, TermPair, Thesaurus, split_run

MAX_UNITS = 20
"""Words that are searched: those typed, and those into which text without spaces is split."""
MAX_WIDENED = 8
"""A query of more parts is searched as typed, without equivalents."""
MAX_EQUIVALENTS, MAX_EQUIVALENTS_OF_QUERY = 40, 160
VALUE = "value"
"""The key of terms that estimates have for their numbers."""


class PartKind(StrEnum):
    NAME = "name"
    """The name of a place, an outlet or a code."""
    CONCEPT = "concept"
    NUMBER = "number"
    DATE = "date"
    WORD = "word"


class Names(Protocol):
    """The names and concepts of an edition; `Directory` has them."""

    @property
    def thesaurus(self) -> Thesaurus: ...
    def named(self, words: str) -> Sequence[TermPair]: ...


@dataclass(frozen=True)
class QueryPart:
    """A word or phrase of a query. All units of a part mean the same."""

    words: str
    """As typed."""
    units: Sequence[SearchUnit]
    """The first one has the words as typed; any of them may be found."""
    kind: PartKind = PartKind.WORD
    concept: str = ""
    """Label of the concept."""
    note: str = ""
    """Why the record has no events of the concept, if so."""

    @property
    def is_excluded(self) -> bool:
        return any(unit.is_excluded for unit in self.units)

    @property
    def terms(self) -> Sequence[TermPair]:
        """What has this name: key and code."""
        return self.units[0].terms

    @property
    def equivalents(self) -> list[str]:
        return [unit.words for unit in self.units[1:]]

    @property
    def query(self) -> str:
        """The part as a query of its own."""
        unit = self.units[0]
        return f'-"{unit.words}"' if unit.is_excluded else self.words

    @property
    def literal(self) -> str:
        """The part as a query for exactly these words."""
        words = " OR ".join(f'"{each}"' for each in self.words.split(" OR "))
        return f"-{words}" if self.is_excluded else words


@dataclass(frozen=True)
class Query:
    parts: Sequence[QueryPart] = ()
    is_cut: bool = False
    """Whether the query has more than MAX_UNITS words; only the first ones are parts."""

    @property
    def groups(self) -> SearchGroups:
        return [part.units for part in self.parts]

    @property
    def wanted(self) -> list[QueryPart]:
        return [part for part in self.parts if not part.is_excluded]

    @property
    def also(self) -> list[QueryPart]:
        """Parts that are searched in other words, too."""
        return [part for part in self.wanted if part.equivalents and part.kind is not PartKind.DATE]

    @property
    def literal(self) -> str:
        """Empty if the quotes make it too long for a search."""
        words = " ".join(part.literal for part in self.parts)
        return words if len(words) <= MAX_TEXT_CHARACTERS else ""


def parse(query: str, names: Names) -> Query:
    """Parse a query; words that are a name, a concept or a number together become one part."""
    parts: list[QueryPart] = []
    run: list[str] = []
    groups = _first_units(typed := parse_query(query))
    for group in groups:
        if len(group) == 1 and not (group[0].is_excluded or group[0].is_quoted):
            run.append(group[0].words)
            continue
        parts += [*_parts_of(run, names), _exact(group, names)]
        run = []
    parts += _parts_of(run, names)
    parts = _without_fillers(parts)
    most = 1 + (MAX_EQUIVALENTS_OF_QUERY // max(len(parts), 1) if len(parts) <= MAX_WIDENED else 0)
    first = [replace(part, units=part.units[:most]) for part in parts[:MAX_UNITS]]
    return Query(first, is_cut=groups != typed or len(parts) > MAX_UNITS)


def _first_units(groups: SearchGroups) -> SearchGroups:
    first, room = [], MAX_UNITS
    for group in groups:
        if units := group[:room]:
            first.append(units)
            room -= len(units)
    return first


def _exact(group: Sequence[SearchUnit], names: Names) -> QueryPart:
    """Return a part for quoted or excluded words, or for alternatives joined by OR."""
    units = [
        replace(
            unit,
            terms=tuple(names.named(unit.words)),
            is_literal=unit.is_quoted and not CJK_RUN.search(unit.words),
        )
        for unit in group
    ]
    kind = PartKind.NAME if len(units) == 1 and units[0].terms else PartKind.WORD
    words = " OR ".join(unit.words for unit in group)
    return QueryPart(f'"{words}"' if group[0].is_quoted and len(group) == 1 else words, units, kind)


def _without_fillers(parts: Sequence[QueryPart]) -> list[QueryPart]:
    """Leave out words of questions, unless the query has nothing else."""
    kept = [part for part in parts if not _is_filler(part)]
    return kept if any(not part.is_excluded for part in kept) else list(parts)


def _is_filler(part: QueryPart) -> bool:
    unit = part.units[0]
    if unit.is_quoted or unit.is_excluded:
        return False
    if ASKS_FOR_NUMBER.fullmatch(part.words):
        return True
    if part.kind is not PartKind.WORD:
        return False
    return is_small(unit.words)


def is_small(word: str) -> bool:
    """Whether a word of a question says nothing about what is asked for."""
    plain = plain_text(word).strip("?!.,;:()'…？！。、")
    return plain in FILLERS or plain in STOP_WORDS


def is_too_common(query: Query) -> bool:
    """Whether a query has only single letters and stop words, which tell no record from another."""
    return bool(query.parts) and all(_is_common(part) for part in query.parts)


def _is_common(part: QueryPart) -> bool:
    return (
        part.kind is PartKind.WORD
        and not part.is_excluded
        and all(
            word in STOP_WORDS or (len(word) == 1 and word.isalpha() and not CJK_RUN.match(word))
            for unit in part.units
            for word in plain_text(unit.words).split()
        )
    )


# Words ------------------------------------------------------------------------------------------


def _parts_of(words: Sequence[str], names: Names) -> Iterator[QueryPart]:
    """Yield the parts of bare words, the longest name or concept first."""
    at = 0
    while at < len(words):
        known = _longest_known(words[at : at + MAX_PHRASE_WORDS], names)
        whom = known and _people(words[at:], known, names)
        number = read_number(words[at:])
        if month := MONTH.fullmatch(words[at]):
            yield _month_part(words[at], int(month[1]))
            at += 1
        elif whom:
            yield whom
            at += len(whom.words.split())
        elif known and not (number and known.words == words[at]):
            yield known
            at += len(known.words.split())
        elif number:
            value, used = number
            yield _number_part(" ".join(words[at : at + used]), value, names)
            at += used
        else:
            yield from _unknown(words[at], names)
            at += 1


def _longest_known(words: Sequence[str], names: Names) -> QueryPart | None:
    for size in range(len(words), 0, -1):
        together = " ".join(words[:size])
        if all(is_small(word) for word in words[:size]) and not names.named(together):
            continue
        if part := _known(together, names) or _inflected(words[:size], names):
            return part
        if size > 1 and is_country(together):
            return QueryPart(together, [SearchUnit(together, is_quoted=True)])
    return None


ADJECTIVE = re.compile(r"[A-Za-z ]+(?:ese|an|ish|i)")
PEOPLE = {(each,) for each in stems("worker migrant labourer laborer national citizen")}


def _people(words: Sequence[str], known: QueryPart, names: Names) -> QueryPart | None:
    """Return the part of people of a nationality that the record lacks.

    Chinese workers are no workers in China.
    """
    size = len(known.words.split())
    terms = [term for unit in known.units for term in names.named(unit.words)]
    is_adjective = ADJECTIVE.fullmatch(known.words) and not names.named(known.words)
    is_of_place = is_adjective and {key for key, _code in terms} == {"place"}
    if not is_of_place or stems(" ".join(words[size : size + 1])) not in PEOPLE:
        return None
    together = " ".join(words[: size + 1])
    return QueryPart(together, [SearchUnit(together, is_quoted=True)])


MAX_INFLECTED = 3
"""Korean words that are one idea together: 국경이 봉쇄되어."""


def _inflected(words: Sequence[str], names: Names) -> QueryPart | None:
    """Return the part of Korean words with particles or endings, of which one idea is made."""
    bare = [word.strip("?!.,;:()[]") for word in words]
    if len(words) > MAX_INFLECTED or not all(is_hangul(word) for word in bare):
        return None
    for forms in product(*(base_forms(word) for word in bare)):
        joined = "".join(forms)
        named, meaning = tuple(names.named(joined)), names.thesaurus.of_run(joined)
        if named or meaning:
            return _meant(" ".join(words), meaning or Meaning(), named, names.thesaurus)
    return None


def _known(words: str, names: Names) -> QueryPart | None:
    """Return the part of a name or concept; None for other words."""
    named = tuple(names.named(words))
    meaning = _meaning(words, names.thesaurus)
    if not named and meaning is None and (bare := _bare(words)) != words:
        named, meaning = tuple(names.named(bare)), _meaning(bare, names.thesaurus)
    if not named and meaning is None:
        return None
    return _meant(words, meaning or Meaning(), named, names.thesaurus)


def _bare(words: str) -> str:
    """Return words without punctuation around them, and without apostrophes in them."""
    return re.sub(r"['’ʼ`]", "", words.strip("?!.,;:()[]…？！。、“”"))


def _meaning(words: str, thesaurus: Thesaurus) -> Meaning | None:
    runs, latin = split_scripts(words)
    if runs and not latin:
        return thesaurus.of_run("".join(runs))
    return None if runs else thesaurus.of_words(words)


def _meant(
    words: str, meaning: Meaning, named: Iterable[TermPair], thesaurus: Thesaurus
) -> QueryPart:
    terms = {*named, *meaning.terms}
    others = [*meaning.names, *(word for each in meaning.concepts for word in each.words)]
    if not meaning.concepts:
        others += other_spellings(plain_text(words))
    kind = PartKind.NAME if terms else PartKind.CONCEPT
    concept = meaning.concepts[0].label if meaning.concepts else ""
    terms |= {term for each in (words, *others) for term in thesaurus.codes_with(each)}
    is_literal = bool(meaning.concepts) and _is_of_small_words(words)
    typed = SearchUnit(words, terms=tuple(sorted(terms)), is_literal=is_literal)
    note = next((each.note for each in meaning.concepts if each.note), "")
    units = [typed, *_equivalents(words, others)]
    return QueryPart(words, units, kind, concept, note)


def _equivalents(words: str, others: Iterable[str]) -> list[SearchUnit]:
    """Return units for other words, without those that a shorter one of them finds already."""
    distinct = {plain_text(each): each for each in others if plain_text(each) != plain_text(words)}
    known = [
        stems(each)
        for each in (words, *distinct.values())
        if not (CJK_RUN.search(each) or _is_of_small_words(each))
    ]
    single = {each[0] for each in known if len(each) == 1}
    runs = [plain_text(each) for each in (words, *distinct) if CJK_RUN.fullmatch(plain_text(each))]
    found: dict[tuple[str, ...] | str, SearchUnit] = {}
    for plain, each in distinct.items():
        if CJK_RUN.search(each):
            if not any(run != plain and run in plain for run in runs):
                # PostgreSQL would look for the second word of "IT 노동자" alone.
                is_literal = bool(word_forms(each)) and not stems(each)
                found.setdefault(plain, SearchUnit(each, is_quoted=True, is_literal=is_literal))
            continue
        parts = stems(each)
        if _is_of_small_words(each):
            continue
        if parts and (len(parts) == 1 or not single & set(parts)):
            found.setdefault(parts, SearchUnit(each, is_quoted=True))
    found.pop(stems(words), None)
    return list(found.values())[:MAX_EQUIVALENTS]


def _month_part(words: str, number: int) -> QueryPart:
    """Return the part of a month that Chinese, Japanese or Korean texts have as 6月 or 6월."""
    # "May" is a verb as well.
    english = "May 20" if number == MAY else calendar.month_name[number]
    units = [SearchUnit(words, is_literal=True), SearchUnit(english, is_quoted=True)]
    return QueryPart(words, units)


def _is_of_small_words(words: str) -> bool:
    """Whether PostgreSQL would leave out all words but one: "out of work" would be "work"."""
    return len(stems(words)) <= 1 < len(word_forms(words))


def _number_part(words: str, value: int, names: Names) -> QueryPart:
    """Return a part that finds estimates of a number, texts with it, and the law that has it."""
    first = words if words.isdecimal() else spellings_of(value)[0]
    others = [each for each in spellings_of(value) if each != first]
    laws = sorted(names.thesaurus.numbers.get(value, ())) if words.isdecimal() else []
    typed = SearchUnit(first, terms=((VALUE, str(value)), *laws))
    units = [typed, *(SearchUnit(other, is_quoted=True) for other in others)]
    return QueryPart(words, units, PartKind.NAME if laws else PartKind.NUMBER)


def _unknown(word: str, names: Names) -> Iterator[QueryPart]:
    """Yield the parts of a word that is no name: those of the words in it, if it has no spaces."""
    bare = word.strip("?!.,;:()[]…？！。、“”") or word
    is_split = CJK_RUN.search(bare) and "://" not in bare
    pieces = split_run(bare, names.thesaurus) if is_split else [bare]
    if pieces == [bare]:
        yield _word_part(bare, names.thesaurus)
        return
    for piece in pieces:
        if part := _known(piece, names):
            yield part
        elif number := read_number([piece]):
            yield _number_part(piece, number[0], names)
        else:
            yield _word_part(piece, names.thesaurus)


def _word_part(word: str, thesaurus: Thesaurus) -> QueryPart:
    others = [] if CJK_RUN.search(word) else other_spellings(plain_text(word))
    typed = SearchUnit(word, terms=tuple(sorted(thesaurus.codes_with(word))))
    return QueryPart(word, [typed, *_equivalents(word, others)])


# Months and numbers -----------------------------------------------------------------------------


MAY = 5
MONTH = re.compile(r"(1[0-2]|0?[1-9])[月월]")
DATE_IN_TEXT = re.compile(
    rf"(?<!\d)((?:(?:19|20)\d\d\s?[年년]\s?)?{MONTH.pattern}(?:\s?(?:3[01]|[12]\d|0?[1-9])[日일])?)"
    r"\s?(?:初|上旬|中旬|下旬|末|底|초|상순|중순|하순|말)?(?:까지|までに|まで|に|에|之前|前)?"
)


def set_apart(query: str) -> str:
    """Return a query with spaces around a date in a text without spaces: 6月底前离开中国."""
    return query if '"' in query else " ".join(DATE_IN_TEXT.sub(r" \1 ", query).split())


DIGITS = re.compile(r"\d{1,3}(?:[,.’' \u00a0\u202f]\d{3})+|\d+")
UNITS = {"만": 10_000, "万": 10_000, "萬": 10_000, "천": 1_000, "千": 1_000, "백": 100, "百": 100}
WITH_UNITS = re.compile(r"(?:\d[\d,.]*[만万萬천千백百])+(?=\D|$)")
PART = re.compile(r"(\d[\d,.]*)([만万萬천千백百])")
COUNTERS = re.compile(
    r"^(여명|여 명|명|名|人|개|个|人余|余人|多人|多名|여|人以上|명이|명의|명을|위안|달러)?$"
)
COUNTER_WORD = re.compile(r"여?\s?명(?:이|의|을|은|도|씩|으로|에게)?|名|人|개|个|個")
"""What follows a number after a space, and is no word to look for."""
MAX_DIGITS = 12


def read_number(words: Sequence[str]) -> tuple[int, int] | None:
    """Return the number at the start of some words, and how many of them it has."""
    total = used = 0
    # Koreans write 9만 4천 명.
    for word in map(plain_text, words):
        units = WITH_UNITS.match(word)
        if not (units and COUNTERS.match(word[units.end() :])):
            break
        total, used = total + _with_units(units[0]), used + 1
    if not used and words:
        first = plain_text(words[0])
        digits = DIGITS.match(first)
        if digits and COUNTERS.match(first[digits.end() :]):
            total, used = int(re.sub(r"\D", "", digits[0])), 1
    if not used or len(str(total)) > MAX_DIGITS:
        return None
    has_counter = used < len(words) and COUNTER_WORD.fullmatch(plain_text(words[used]))
    return total, used + bool(has_counter)


def _with_units(text: str) -> int:
    return sum(round(_value(number) * UNITS[unit]) for number, unit in PART.findall(text))


def _value(number: str) -> float:
    text = number.replace(",", "").rstrip(".")
    return float(text) if text.count(".") <= 1 else 0.0


def spellings_of(value: int) -> list[str]:
    """Return a number as texts have it: 6,000, 6000, 2万, 2만, 6천."""
    found = [f"{value:,}", str(value)] if value >= 1_000 else [str(value)]
    for size, units in ((10_000, "万만萬"), (1_000, "천千")):
        if value % size == 0 and 0 < value // size < 10_000:
            found += [f"{value // size}{unit}" for unit in units]
    return list(dict.fromkeys(found))
