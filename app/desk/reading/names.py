"""Proposes names: places, outlets, actors and laws of a table, matched in every script.

A city in the dateline of a report is marked as a dateline.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.desk.reading.datelines import with_datelines
from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence, longest
from app.desk.reading.nationals import is_nationality, is_owner, short_forms
from app.desk.reading.words import LETTERED, WordTable, plain

WORD = re.compile(r"[^\W_]+(?:['&.][^\W_]+)*", re.UNICODE)
HAS_LETTERS = re.compile(r"[A-Za-zÀ-ɏА-яЁё]")
UNSPACED = re.compile(r"[぀-ヿ㐀-鿿가-힣]")
PARTICLE = re.compile(
    r"(?:[은는이가을를의에와과도만로서인]|으로|에서|에게|까지|부터|이라|"
    r"이나|라고|이다|에는|에도|측|산|행|발|향|당국|정부|시|주|현|"
    r"주재|내|쪽|지역|지방|일대|해관|세관|언론|출신|식당|공장|총영사|영사|대사)"
)
"""What may follow a Korean name without a space."""
PEOPLE = re.compile(
    r"\s?(?:인(?!원|근|접|구)|가사|해외|노동부|외교부|법무부|내무부|"
    r"외무성|노동자|근로자|사람|주민|국적|여성|식당|"
    r"종업원|인력|간부|劳工|工人|人(?!民|員)|籍|女工|餐厅|餐馆|服务员|"
    r"労働者|人労働者|幹部|国籍|語|语|贸易|族|系|公民|国民|商务|外交|公安|海关|代表|女|厨|方面|"
    r"军|驻|干部|政府|当局|当局者|당국|정부|측|官员|企业|企業|외교관|"
    r"무역|언론|媒体|メディア|国境|대사관|총?영사관|总?领事馆|大使[馆館]|総?領事館)"
)
"""After the name of a country: it says whose, not where."""
ADJECTIVES = {
    "kp": "north korean*|n. korean*|n.korean*|северокоре*",
    "ph": "filipino*|philippine|филиппинск*|филиппин*ц*",
    "bd": "bangladeshi*|бангладешск*",
    "np": "nepali*|nepalese|непальск*|непальц*",
    "uz": "uzbek*|узбек*|узбекск*",
    "tj": "tajik*|таджик*|таджикск*",
    "kg": "kyrgyz*|киргиз*|кыргыз*",
}
NATIONALITIES = {
    language: WordTable({code: {language: words} for code, words in ADJECTIVES.items()}, language)
    for language in LETTERED
}
WHOSE = re.compile(r"の|国家|情|工会|媒|メ|[가-힣]|通|统|外|大")
"""After a country that the record does not have: mostly one of its offices."""
IN_A_TITLE = re.compile(
    r"\s?(?:新闻|新聞|日报|日報|时报|時報|晚报|电视|テレビ|タイムズ|"
    r"신문|일보|방송|通讯社|通信|大学|大學|대학|симбун|шимбун|таймс|"
    r"пост\b|"
    r"times|post|herald|shimbun|university|institute|daily)"
)
"""After a place: it is part of the name of a newspaper or a university."""
ENDINGS = re.compile(
    r"(?<=[а-я]{3})(?:ого|ему|его|ому|ыми|ими|ами|ями|ая|яя|ую|юю|ое|ее|ые|ие|ых|их|ым|им|ый|ий|ах|ях|ом|ем|"
    r"ой|ей|ою|ую|ы|и|а|я|у|ю|е|ь|й|о)$"
)
GLOSS = re.compile(r"\s?[(（]([^()（）]{1,40})[)）]")
NEEDS_CAPITAL = re.compile(r"[A-ZА-ЯЁ0-9«\"]")
MIN_WORD = 2
MAX_SHORT = 3
"""Syllables of a Korean name that may be part of another word."""


ORDER = {MarkKind.PLACE: 0, MarkKind.ACTOR: 1, MarkKind.LAW: 2, MarkKind.OUTLET: 3}
"""Of kinds with the same name the first is proposed."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name of a record, of a country or of a town."""

    text: str
    kind: MarkKind
    code: str
    country: str = ""
    """Of a country its code of two letters."""
    reason: Reason = Reason.NAME


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
            _add_row(self.unspaced.setdefault(key, []), row)
            self.longest_unspaced = max(self.longest_unspaced, len(key) + 3)
            return
        text = plain(row.text).removeprefix("the ")
        words = tuple(_stem(found.group()) for found in WORD.finditer(text))
        if words and len(row.text) >= MIN_WORD:
            entries = self.by_first_word.setdefault(words[0], [])
            if not any(w == words and (r.kind, r.code) == (row.kind, row.code) for w, r in entries):
                entries.append((words, row))


def _add_row(rows: list[NameRow], row: NameRow) -> None:
    if not any((each.kind, each.code) == (row.kind, row.code) for each in rows):
        rows.append(row)


def _stem(word: str) -> str:
    """Return a Russian word without its ending, an English one without its genitive."""
    word = word.removesuffix("'s")
    return ENDINGS.sub("", word)


class NameProposer:
    """Marks the names of a table; the longest of those that overlap."""

    def __init__(self, table: NameTable) -> None:
        self.table = table

    def propose(self, sentence: Sentence, _known: Iterable[Mark]) -> Iterator[Mark]:
        text = sentence.text
        language = sentence.language
        found = [*self._lettered(text), *self._unspaced(text, language), *_numbered_laws(text)]
        found += short_forms(plain(text), language)
        if sentence.language in NATIONALITIES:
            for start, end, code in NATIONALITIES[sentence.language].find(plain(text)):
                found.append(Mark(start, end, MarkKind.NATIONALITY, code, Reason.NATIONALITY))
        marks = longest(_with_gloss(mark, text, self.table) for mark in longest(found))
        yield from with_datelines(sentence, marks)

    def _lettered(self, text: str) -> Iterator[Mark]:
        if not HAS_LETTERS.search(text):
            return
        words = [
            (found.start(), found.end(), found.group()) for found in WORD.finditer(plain(text))
        ]
        stems = [_stem(word) for _start, _end, word in words]
        for at, stem in enumerate(stems):
            entries = self.table.by_first_word.get(stem)
            if not entries:
                continue
            start = words[at][0]
            if (
                text[start].islower()
                and text[start].lower() != text[start].upper()
                and not any(entry[1].text[0].islower() for entry in entries)
            ):
                continue
            matching: dict[int, list[NameRow]] = {}
            for name, row in entries:
                last = at + len(name)
                if tuple(stems[at:last]) == name and _fits(row, text[start : words[last - 1][1]]):
                    matching.setdefault(last, []).append(row)
            if matching:
                last = max(matching)
                end = words[last - 1][1]
                if IN_A_TITLE.match(plain(text[end : end + 12])):
                    continue
                if matching[last][0].reason is Reason.GAZETTEER and _is_person(text, start, end):
                    continue
                if plain(text[:end]).endswith("'s"):
                    end -= 2
                nationality = _nationality(text, start, end, matching[last])
                is_whose = plain(text[end : end + 2]) == "'s"
                if not nationality and is_whose and matching[last][0].reason is Reason.COUNTRY:
                    continue  # whose, not where
                if matching[last][0].country and _is_owner(text, start):
                    continue
                yield nationality or _name_mark(start, end, matching[last])

    def _unspaced(self, text: str, language: Language) -> Iterator[Mark]:
        if not UNSPACED.search(text):
            return
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
            if text[end - 1] == " ":
                continue
            rows = self.table.unspaced.get(text[at:end].replace(" ", ""))
            if not rows:
                continue
            after = text[end : end + 6]
            if country := rows[0].country:
                script = _of_script(text[at:end], language)
                if is_nationality(text, at, end, country, script):
                    return Mark(at, end, MarkKind.NATIONALITY, country.lower(), Reason.NATIONALITY)
            is_joined = "가" <= text[end - 1] <= "힣" and re.match("[가-힣]", after)
            if is_joined and end - at <= MAX_SHORT and not _may_follow(after):
                continue
            if IN_A_TITLE.match(after):
                continue
            if rows[0].reason is Reason.COUNTRY and WHOSE.match(after):
                continue
            if rows[0].country and PEOPLE.match(after):
                return Mark(at, end, MarkKind.NATIONALITY, "", Reason.NATIONALITY)
            return _name_mark(at, end, rows)
        return None


def _nationality(text: str, start: int, end: int, rows: Sequence[NameRow]) -> Mark | None:
    """Return a mark of the nationality, if a country in letters says only whose people they are."""
    country = next((row.country for row in rows if row.country), "")
    language = _lettered_in(text[start:end])
    if not country or not is_nationality(plain(text), start, end, country, language):
        return None
    return Mark(start, end, MarkKind.NATIONALITY, country.lower(), Reason.NATIONALITY)


def _is_owner(text: str, start: int) -> bool:
    return is_owner(plain(text), start, _lettered_in(text[start : start + 1]))


def _lettered_in(name: str) -> Language:
    """Return the language of a name in letters, by its first one."""
    return "en" if name[0].isascii() else "ru"


def _of_script(name: str, language: Language) -> Language:
    """Return the language in which words around a name are read: Hangul is Korean in any text."""
    if re.search(r"[가-힣]", name):
        return "ko"
    return language if language in {"zh", "ja"} else "zh"


def _may_follow(after: str) -> bool:
    return bool(PARTICLE.match(after) or PEOPLE.match(after))


def _is_inside_word(text: str, at: int) -> bool:
    """Whether a Korean syllable or a kana continues a word."""
    before = text[at - 1 : at] if at else ""
    if "가" <= text[at] <= "힣":
        return bool(before) and "가" <= before <= "힣"
    return "゠" <= text[at] <= "ヿ" and bool(before) and "゠" <= before <= "ヿ"


def _fits(row: NameRow, words: str) -> bool:
    """Whether capitals are as in the name: AP is an agency, “ap” is not."""
    if row.text.isupper() and len(row.text) <= 5:
        return words == row.text
    return bool(NEEDS_CAPITAL.match(words)) or row.text[0].islower()


def _is_person(text: str, start: int, end: int) -> bool:
    """Whether another name is just before or after, as in Владимир Петров."""
    return bool(
        re.match(r" [A-ZА-ЯЁ]", text[end:]) or re.search(r"[A-ZА-ЯЁ][a-zа-яё]+ $", text[:start])
    )


def _name_mark(start: int, end: int, rows: Sequence[NameRow]) -> Mark:
    order = {Reason.NAME: 0, Reason.COUNTRY: 1, Reason.GAZETTEER: 2}
    ordered = sorted(rows, key=lambda row: (order.get(row.reason, 0), ORDER[row.kind]))
    first = ordered[0]
    others = tuple(dict.fromkeys(row.code for row in ordered if row.code != first.code))
    reason = Reason.SEVERAL_NAMES if others and first.reason is Reason.NAME else first.reason
    return Mark(start, end, first.kind, first.code, reason, others)


def _with_gloss(mark: Mark, text: str, table: NameTable) -> Mark:
    """Return the mark with a gloss in brackets, if it is another name of the same record."""
    gloss = GLOSS.match(text, mark.end)
    if not gloss:
        return mark
    inner = plain(gloss[1]).strip()
    rows = table.unspaced.get(inner.replace(" ", ""), [])
    stems = tuple(_stem(found.group()) for found in WORD.finditer(inner))
    entries = table.by_first_word.get(stems[0], []) if stems else []
    codes = {row.code for row in rows} | {row.code for name, row in entries if name == stems}
    if mark.value not in codes:
        return mark
    return Mark(mark.start, gloss.end(), mark.kind, mark.value, mark.reason, mark.also)


LAW = re.compile(
    r"(?:[Rr]esolutions?(?: No\.?)?|UNSCR|(?:대북 ?)?(?:제재 ?)?결의(?:안)?"
    r"|(?:制裁)?決議|[Рр]езолюци[яиюей]+(?: СБ ООН| Совбеза ООН)?(?: №)?)"
    r"\s?(?:第)?(?P<number>[12]\d{3})(?:\s?(?:호|号|號))?"
    r"|第?(?P<chinese>[12]\d{3})\s?(?:号|號)(?:决议|決議)"
)
UN_RESOLUTION = "unscr-{}"


def _numbered_laws(text: str) -> Iterator[Mark]:
    """Yield the resolutions of the Security Council that are given by number."""
    for found in LAW.finditer(text):
        number = found["number"] or found["chinese"]
        yield Mark(
            found.start(),
            found.end(),
            MarkKind.LAW,
            UN_RESOLUTION.format(number),
            Reason.NUMBERED_LAW,
        )
