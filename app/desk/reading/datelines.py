"""Datelines: the city where a report was written, as in “BEIJING, 4 March –” and 【北京=共同】.

It is at the beginning of a report, and not where its first statement happened.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence
from app.desk.reading.words import plain

MAX_START = 2
"""Signs before the city: brackets and quotes."""
ENDS_SENTENCE = re.compile(r"[.!?。！？][\"”’»」』)）]*$")
DASH = r"\s?(?:[–—―]|--?)\s+"
AGENCY = r"\((?P<agency>[^()]{2,40})\)"

_EN_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_EN_DAY = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    rf"(?:[0-3]?[0-9](?:st|nd|rd|th)? {_EN_MONTH}|{_EN_MONTH} [0-3]?[0-9](?:st|nd|rd|th)?)"
    r"(?:,? [12][0-9]{3})?"
)
_EN_NAME = r"[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){0,3}"
_EN_NAMES = rf"{_EN_NAME}(?:(?:, |/| and ){_EN_NAME}){{0,2}}"
_RU_MONTH = r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]*\.?"
_RU_DAY = rf"[0-3]?[0-9] {_RU_MONTH}(?: [12][0-9]{{3}}(?: г(?:ода|\.)?)?)?"
_RU_NAME = r"[А-ЯЁ][\w-]*(?: [А-ЯЁ][\w-]*){0,2}"
_RU_NAMES = rf"{_RU_NAME}(?:[,/] ?{_RU_NAME})?"

ANYWHERE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"{_EN_NAMES}(?:,? {_EN_DAY}(?:,? ?{AGENCY})?(?:{DASH}|: |\.?$)"
        rf"|,? ?{AGENCY.replace('agency', 'agency2')}(?:,? {_EN_DAY})?(?:{DASH}|: ))"
    ),
    "ru": re.compile(
        rf"{_RU_NAMES}(?:[.,] {_RU_DAY}(?:\s?[/(–—―]|\s?--?\s|\.|$)"
        rf"|(?:, {_RU_DAY})? ?{AGENCY}(?:\.|{DASH})|\.$)"
    ),
}
"""Datelines with a day or an agency: these are no other words, wherever a sentence has them."""
AT_THE_BEGINNING: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        rf"[A-Z][A-Z .’'-]{{2,}}(?:, {_EN_NAME})?(?:{DASH}|: )"
        rf"|(?P<in_small_letters>{_EN_NAMES})\s?[–—―]\s+(?=[A-Z0-9“\"‘'])"
    ),
    "ru": re.compile(rf"[А-ЯЁ][А-ЯЁ -]{{2,}}(?:[,.] [\w ]{{2,30}})?{DASH}"),
}
"""Datelines of a city alone; later in a text they may be the items of a list."""
IN_BRACKETS = re.compile(r"[\[［【〔〈<(]\s?(?P<inside>[^\]］】〕〉>)]{2,40})[\]］】〕〉>)]")
OF_A_REPORT = re.compile(r"[=＝]|[0-9〇一二三四五六七八九十][日일]|[電电讯訊]|共同|時事|通信社")
"""What the brackets have beside the city. Without it they name the subject: 【中国】."""
BEFORE_EQUALS = re.compile(r"\s?[=＝]")
BEFORE_CHINESE = re.compile(
    r"[(【\[]?\s?\w{0,8}|[(【\[]?\s?\w{0,8}\s?(?:记者|記者)[/\s]?\w{2,4}\s?"
)
AFTER_CHINESE = re.compile(
    r"(?:\s?[0-9〇零一二三四五六七八九十]{1,4}[年月日号號])+\s?(?:专|專|综合|綜合|外|特|急)?[电電讯訊]"
    r"|\s?(?:专|專|综合|綜合|外|特|急)?[电電讯訊](?=[)】\](\s,:/]|$|记者|記者|据|據)"
)


def with_datelines(sentence: Sentence, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the marks of a sentence; of the places those in its dateline are marked as such."""
    places = [mark for mark in marks if mark.kind is MarkKind.PLACE]
    end = _end_of_dateline(sentence, places) if places else 0
    for mark in marks:
        is_dateline = mark.kind is MarkKind.PLACE and mark.end <= end
        yield (
            replace(mark, kind=MarkKind.DATELINE, reason=Reason.DATELINE) if is_dateline else mark
        )


def _end_of_dateline(sentence: Sentence, places: Sequence[Mark]) -> int:
    """Return where the dateline of a sentence ends; 0 if it has none."""
    if sentence.language in ANYWHERE:
        return _lettered(sentence, places)
    return _unspaced(plain(sentence.text), places)


def _lettered(sentence: Sentence, places: Sequence[Mark]) -> int:
    text = sentence.text
    if places[0].start > 0:
        return 0
    patterns = [ANYWHERE[sentence.language]]
    if not any(ENDS_SENTENCE.search(earlier.text) for earlier, _marks in sentence.earlier):
        patterns.append(AT_THE_BEGINNING[sentence.language])
    for pattern in patterns:
        found = pattern.match(text)
        if found and not any(_is_about(place, found) for place in places):
            return found.end()
    return 0


def _is_about(place: Mark, found: re.Match[str]) -> bool:
    """Whether a place tells about the city: “Dandong – China's border city”, “Dandong (China)”."""
    for group in found.groupdict():
        if found[group] and group == "in_small_letters" and place.start == found.end():
            return True
        if found[group] and group.startswith("agency"):
            return found.start(group) <= place.start < found.end(group)
    return False


def _unspaced(text: str, places: Sequence[Mark]) -> int:
    """Return the end of a dateline in Korean, Chinese or Japanese."""
    first = places[0]
    brackets = IN_BRACKETS.match(text)
    if (
        brackets
        and first.start <= MAX_START
        and OF_A_REPORT.search(text, first.end, brackets.end())
    ):
        return brackets.end()
    if first.start == 0 and BEFORE_EQUALS.match(text, first.end):
        return first.end
    last = places[1] if len(places) > 1 and text[first.end : places[1].start] in "、/·" else first
    if BEFORE_CHINESE.fullmatch(text[: first.start]) and AFTER_CHINESE.match(text, last.end):
        return last.end
    return 0
