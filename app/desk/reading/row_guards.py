"""Tells which marks of a sentence belong together in a row, by the clauses between them.

A date ahead in another clause is no date of what happens in this one; who stays does not leave;
what a resolution of years ago demanded is no news; and a few buses, or how long somebody must
have stayed, are no numbers of their own.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.dates import edtf as dates
from app.dates.edtf import DateError
from app.desk.reading.marks import Language, Mark, MarkKind, Sentence
from app.desk.reading.move_words import ON_THE_WAY, STAYING
from app.desk.reading.number_guards import counts_others, is_counted_before
from app.desk.reading.words import plain
from app.vocabulary.estimates import Unit

CLAUSE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"[;:.!?\"“”](?= |$)|[\"“”]|, (?!and\b|or\b)|"
        r"\b(?:but|while|whereas|although|though|adding)\b"
    ),
    "ko": re.compile(
        r"[;.!?\"“”,]|[가-힣](?:지만|는데|면서도?|으며|하며|했고|됐고|이며|다며|라며) "
    ),
    "zh": re.compile(r"[;。!?“”,]|但|而(?!是|且)|不过"),
    "ja": re.compile(r"[。「」、]|ものの|一方"),
    "ru": re.compile(r"[;:.!?«»](?= |$)|[«»]|, (?:но|а|однако|хотя|добавив|причем|из них)\b|,"),
}
"""What ends a clause."""
APART: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"[;\"“”:]|\b(?:but|while|whereas|although|though|adding)\b|"
        r"\band (?:that )?(?:only|so far)\b"
    ),
    "ko": re.compile(
        r"[;\"“”]|[가-힣](?:지만|는데|면서도?|으며|했고|됐고|다며|라며|주었고|줬고)[, ]"
    ),
    "zh": re.compile(r"[;“”。]|但|不过|目前|迄今|至今"),
    "ja": re.compile(r"[「」。]|ものの|一方|(?<=[たるだ])が、|これまで"),
    "ru": re.compile(r"[;«»]|, (?:но|а|однако|хотя|добавив|причем)\b"),
}
"""What is between two statements of one sentence."""
SO_FAR: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:so far|already|to date|up to now)\b"),
    "ko": re.compile(r"이미|지금까지|현재까지|벌써"),
    "zh": re.compile(r"目前已|已经|迄今|至今|到目前"),
    "ja": re.compile(r"これまでに|すでに|既に"),
    "ru": re.compile(r"\b(?:уже|пока(?:,| )|на данный момент|к настоящему времени|до сих пор)"),
}
"""What has happened by the time of the report."""
ATTRIBUTIVE = {"ja", "ko"}
"""Languages in which a relative clause is before its noun."""
NEAR = 40
OBLIGES: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:oblig\w+|requir\w+|order\w+|demand\w+|call\w* (?:on|for)|mandat\w+|gave|was to|"
        r"were to|had to|must|instruct\w+|set a deadline|provid\w+ for|stipulat\w+|bound)\b"
    ),
    "ko": re.compile(r"하도록|의무|요구|명시|규정|시한|해야|촉구|결의(?:했|한)"),
    "zh": re.compile(r"要求|规定|須|须|应当?|责成|义务|限"),
    "ja": re.compile(r"義務|求め|定め|規定|命じ|期限|しなければ"),
    "ru": re.compile(
        r"\b(?:обяз\w+|предпис\w+|треб\w+|потреб\w+|долж\w+|предусматрив\w+|постанов\w+|поруч\w+)"
    ),
}
"""What a rule does."""
OLD_DAYS = 180
"""A deadline so long before the report is no news in it."""
DEVICES = re.compile(
    r"(?:전화|노트북|컴퓨터|pc|기기|단말기?|카메라|장비|电脑|手机|设备|パソコン|端末|スマホ)[^,.。、]{0,8}$"
)
"""Before a number with the classifier of vehicles, 대 or 台, that counts devices."""
FEW = 9
WHO_STAYED: Mapping[Language, tuple[str, str]] = {
    "en": (r"\b(?:who|that)\b[^,.;\"]{0,40}$", r"(?!)"),
    "ko": (
        r"(?!)",
        r"^[^,.\"”]{0,10}(?:넘긴|넘은|넘는|이상|초과한?|된) ?"
        r"(?:[가-힣]+ )?(?:사람|노동자|인원|이들|자)",
    ),
    "zh": (r"(?!)", r"^[^,。]{0,6}的(?:人|工人|劳工|员工)"),
    "ja": (r"(?!)", r"^[^、。]{0,8}(?:超え|以上|過ぎ)[^、。]{0,8}(?:者|人|労働者|従業員)"),
    "ru": (r"\b(?:кто|котор\w+)\b[^,.;»]{0,40}$", r"(?!)"),
}
"""Before and after a length of time: it only tells which people are meant."""
AT_SITES: Mapping[Language, tuple[str, str]] = {
    "en": (r"\b(?:at|on|to|in|into|from|inside|between) (?:the |these |those )?$", r"(?!)"),
    "ko": (r"(?!)", r"^(?:에서|에(?![가-힣])|으로|로(?![가-힣]))"),
    "zh": (r"(?:在|到|来到|前往|进入|位于|于)$", r"(?!)"),
    "ja": (r"(?!)", r"^(?:で(?!は)|に(?!は)|から|へ)"),
    "ru": (r"(?:^|\s)(?:в|на|с|из|между|по)\s?$", r"(?!)"),
}
"""Before and after a few sites: they are where something happened."""


def is_told_elsewhere(when: Mark, around: Mark, sentence: Sentence) -> bool:
    """Whether a date that is still ahead belongs to another statement of the sentence."""
    if sentence.published is None or _last_day(when) <= sentence.published:
        return False
    text = plain(sentence.text)
    first, second = sorted((when, around), key=lambda mark: mark.start)
    between = text[first.end - sentence.start : second.start - sentence.start]
    if APART[sentence.language].search(between):
        return True
    start, end = around.start - sentence.start, around.end - sentence.start
    clause = text[max(0, start - NEAR) : end + NEAR]
    return SO_FAR[sentence.language].search(clause) is not None


def _last_day(when: Mark) -> date:
    try:
        whole = dates.parse(when.value).whole if when.value else None
    except DateError:
        whole = None
    return (whole.last if whole else None) or date.min


def stays(number: Mark, sentence: Sentence, actions: Sequence[Mark]) -> bool:
    """Whether the clause of a number says that people stay, and nothing that they do."""
    start, end = _clause(number, sentence)
    if any(start <= action.start - sentence.start < end for action in actions):
        return False
    found = [*STAYING[sentence.language].finditer(plain(sentence.text), start, end)]
    own, after = number.start - sentence.start, number.end - sentence.start
    if any(each.start() >= after for each in found):
        return True
    # 工場で働く30人が帰国した: only who they are, if a verb of the field is after the number.
    is_attribute = sentence.language in ATTRIBUTIVE and any(
        action.start >= number.end for action in actions
    )
    return any(each.start() < own or not is_attribute for each in found) and not is_attribute


def moves(number: Mark, sentence: Sentence) -> bool:
    """Whether the clause of a number has people on the way."""
    start, end = _clause(number, sentence)
    return ON_THE_WAY[sentence.language].search(plain(sentence.text), start, end) is not None


def in_same_clause(mark: Mark, other: Mark, sentence: Sentence) -> bool:
    """Whether a mark is in the clause of another one."""
    start, end = _clause(other, sentence)
    return start <= mark.start - sentence.start < end


def _clause(mark: Mark, sentence: Sentence) -> tuple[int, int]:
    """Return where the clause of a mark begins and ends in its sentence."""
    text = plain(sentence.text)
    pattern = CLAUSE[sentence.language]
    start, end = mark.start - sentence.start, mark.end - sentence.start
    before = max((found.end() for found in pattern.finditer(text, 0, start)), default=0)
    after = pattern.search(text, end)
    return before, after.start() if after else len(text)


def is_background(sentence: Sentence, marks: Sequence[Mark]) -> bool:
    """Whether a sentence only recalls what a rule demanded by a day long past."""
    if sentence.published is None or not any(mark.kind is MarkKind.LAW for mark in marks):
        return False
    if not OBLIGES[sentence.language].search(plain(sentence.text)):
        return False
    days = [_last_day(mark) for mark in marks if mark.kind is MarkKind.DATE]
    oldest = sentence.published - timedelta(days=OLD_DAYS)
    return bool(days) and all(date.min < day < oldest for day in days)


def is_no_number(number: Mark, sentence: Sentence, marks: Sequence[Mark]) -> bool:
    """Whether a number only tells how people went, where something happened, or who is meant."""
    figure = number.figure
    if figure is None or figure.low is None:
        return False
    if counts_others(number, sentence, marks):
        return True
    text = plain(sentence.text)
    before = text[: number.start - sentence.start]
    after = text[number.end - sentence.start :]
    match figure.unit:
        case Unit.VEHICLES | Unit.FLIGHTS:
            return DEVICES.search(before) is not None or any(
                mark.figure and mark.figure.unit == Unit.PEOPLE and not mark.figure.per
                for mark in marks
                if mark.kind is MarkKind.ESTIMATE
            )
        case Unit.DAYS | Unit.MONTHS | Unit.YEARS:
            first, second = WHO_STAYED[sentence.language]
            return bool(re.search(first, before) or re.search(second, after))
        case Unit.BUSINESSES | Unit.DISTRICTS:
            if is_counted_before(number, sentence):
                return True
            if (figure.high or 0) > FEW or figure.quantifier != "exact":
                return False
            first, second = AT_SITES[sentence.language]
            words = text[len(before) : number.end - sentence.start]
            begins = re.match(r"(?:в|на|с|из|по)\s", words) if sentence.language == "ru" else None
            return bool(begins or re.search(first, before) or re.search(second, after))
        case _:
            return False
