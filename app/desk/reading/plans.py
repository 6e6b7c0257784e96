"""Tells what is planned or expected and has not happened: by its date, or by the words beside it.

“The firm intends to bring another 200 workers by the end of the year” is a plan.
"""

import re
from collections.abc import Mapping

from app.dates import edtf as dates
from app.dates.edtf import DateError, Days
from app.desk.reading.marks import Language, Mark, Sentence
from app.desk.reading.words import plain
from app.vocabulary.estimates import Nature

PLANNED: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:intend(?:s|ed)? to|plan(?:s|ned)? (?:to|for)|plans? of|is (?:planning|preparing) to|"
        r"are (?:planning|preparing) to|aims? to|hopes? to|wants? to|proposes? to|"
        r"(?:is|are|was|were) (?:due|set|scheduled|supposed) to|(?:is|are|was|were) to (?!be |"
        r"have )|"
        r"was to have|were to have|had been due)\b"
    ),
    "ko": re.compile(r"계획|예정|방침|하기로|할 것을 추진|려고 (?:한다|했다)|려던|[할될] 전망"),
    "zh": re.compile(
        r"计划(?!生育)|打算|拟(?![定议])|原定|预定|准备(?:再|在|从|招|引|派|送)|有意(?:再|从|招|引|派)"
    ),
    "ja": re.compile(r"予定|方針|計画|準備を進め|(?:よう|おう)としてい"),
    "ru": re.compile(
        r"\b(?:планиру[а-я]+|намерен[а-я]*|собира(?:ется|ются|лись|лся)|готовится|готовятся|"
        r"предлага(?:ет|ют)|предполага(?:ет|ют)ся)\b"
    ),
}
"""Words of a plan."""
EXPECTED: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:expect(?:s|ed|ing)?|forecasts?|predict(?:s|ed)?|projected|could|might|may(?= )|"
        r"estimates? that|would have to|likely)\b"
    ),
    "ko": re.compile(r"내다봤|내다보|예상|전망|것으로 보|[할될] 것(?:이라|으로|이다)"),
    "zh": re.compile(r"预计|预料|估计|可能|料将|恐将|或将?(?=[有被走离遣达超])"),
    "ja": re.compile(r"見通し|見込み|見込んで|とみられ|可能性|予測"),
    "ru": re.compile(r"\b(?:ожида[а-я]+|прогноз[а-я]+|возможно|может|могут|коснется|придется)\b"),
}
"""Words of what somebody expects."""
BRINGS: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:bring|hire|recruit|take on|attract|invite|employ|send|deploy|dispatch|arrive|come)\b"
    ),
    "ko": re.compile(r"들여오|데려오|데려올|들여올|추가로 (?:받|파견|고용)|채용|파견|입국"),
    "zh": re.compile(r"引进|招[收聘用募]|增派|派[遣往来]|来(?:的|华)|入境|抵达"),
    "ja": re.compile(r"受け入れ|派遣|送り込|採用|雇用|入国"),
    "ru": re.compile(r"\b(?:привлеч|привез|завез|набрать|нанять|прибуд|приед|направ|пригласи)"),
}
"""Words of people who come."""
SENTENCE_PART: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"[;:.\"“”](?= |$)|[\"“”]|, (?:but|while|whereas|although|though)\b"),
    "ko": re.compile(r"[;\"“”]|[가-힣](?:지만|는데|으나|했고|됐고)[, ]"),
    "zh": re.compile(r"[;。“”]|但|不过"),
    "ja": re.compile(r"[。「」]|ものの|一方|(?<=[たるだ])が、"),
    "ru": re.compile(r"[;«»]|, (?:но|а|однако|хотя)\b"),
}
"""What is between two statements, of which one may be a plan."""


def nature_of(around: Mark, when: Mark | None, sentence: Sentence) -> str:
    """Return whether a number or an event is planned or a forecast; empty if it is neither."""
    part = _part(around, sentence)
    is_ahead = when is not None and is_still_ahead(when, sentence)
    is_planned = PLANNED[sentence.language].search(part) is not None
    if not is_ahead and not is_planned:
        return ""
    # “…”, he predicted: the verb is outside of the quote.
    is_expected = EXPECTED[sentence.language].search(plain(sentence.text)) is not None
    is_forecast = is_expected and not is_planned
    return (Nature.FORECAST if is_forecast else Nature.PLANNED).value


def brings(around: Mark, sentence: Sentence) -> bool:
    """Whether the statement of a number is about people who are to come."""
    return BRINGS[sentence.language].search(_part(around, sentence)) is not None


def is_still_ahead(when: Mark, sentence: Sentence) -> bool:
    """Whether all days of a date, or the day by which something must be, are after the report."""
    if sentence.published is None:
        return False
    days = _days(when)
    if deadline_of(when.value):
        return days.last is not None and days.last > sentence.published
    return days.first is not None and days.first > sentence.published


def deadline_of(reading: str) -> str:
    """Return the last day of a reading that is open before it, as “by June” is; empty of others."""
    return reading[3:-1] if reading.startswith("[..") else ""


def _days(when: Mark) -> Days:
    try:
        return (dates.parse(when.value).whole if when.value else None) or Days()
    except DateError:
        return Days()


def _part(around: Mark, sentence: Sentence) -> str:
    """Return the statement of a sentence that a mark is in."""
    text, pattern = plain(sentence.text), SENTENCE_PART[sentence.language]
    start, end = around.start - sentence.start, around.end - sentence.start
    before = max((found.end() for found in pattern.finditer(text, 0, start)), default=0)
    after = pattern.search(text, end)
    return text[before : after.start() if after else len(text)]
