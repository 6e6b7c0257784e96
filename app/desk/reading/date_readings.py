"""The readings of a phrase in a sentence, likeliest first: the date box's, and what they imply.

Many languages say "until" for a deadline and "from" for the day on which something began. So the
date without its connective is offered too, and "[..2019-12]" beside "../2019-12".
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from app.dates import edtf as dates
from app.dates.edtf import DateError
from app.dates.phrases.reading import Direction, read_phrase
from app.desk.reading.date_runs import Lexeme
from app.desk.reading.marks import Language, Sentence

COMING: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:will|shall|must|to be|is to|are to|due|plans?|planned|expected|scheduled|"
        r"deadline|upcoming|have to|has to)\b"
    ),
    "ko": re.compile(
        r"예정|계획|전망|해야|하여야|하라고|[가-힣]라고 (?:지시|통보|명령)|"
        r"(?:시작|실시|시행|개최|발효|적용|마감|접수)(?:한다|된다|할|될)"
    ),
    "zh": re.compile(r"将|須|须|应当|应于|必须|务必|拟于|定于|计划|预计|要求|限"),
    "ja": re.compile(
        r"予定|見通し|見込|方針|計画|なければならない|なくてはならない|こととする|よう求め|"
        r"よう命じ|始める|始まる|開始する|実施する|期限"
    ),
    "ru": re.compile(
        r"\b(?:будет|будут|должн\w+|надлежит|обязан\w*|начн[её]тся|планиру\w+|предстоит|"
        r"намерен\w+|не (?:раньше|ранее)|можно будет|смогут|сможет|откро\w+|состоится|"
        r"вступ\w+ в силу|потребовал\w*|велел\w*)"
    ),
}
"""Words of what is still to come, or of what is demanded."""
SAID: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:said|told|announced|says|reported|confirmed|stated)\b"),
    "ko": re.compile(r"밝혔|말했|전했|보도했|발표했|알렸"),
    "zh": re.compile(r"表示|宣布|说,|说,|称,|称,|报道|透露"),
    "ja": re.compile(r"述べ|発表し|明らかにし|報じ|語っ|話し|伝え"),
    "ru": re.compile(r"\b(?:сообщил|заявил|сказал|объявил|рассказал)"),
}
"""Verbs of saying in the past."""
PLANNED: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:announc\w+|decree\w*|decided|ordered|instructed|takes? effect|comes? into force|"
        r"starts|begins|starting|effective)\b"
    ),
    "ko": re.compile(
        r"발표|공고|공지|통보|고시|예고|결정|방침|하기로|"
        r"(?:된다|않는다|못한다|(?<!고 )한다)(?:[고며.]|는|$)|(?:할|될) 것"
    ),
    "zh": re.compile(r"宣布|公布|公告|通知|决定|決定|发布|發布|下令|規定|规定|將|施行|实施|生效"),
    "ja": re.compile(
        r"発表|公表|通知|告示|通達|決定|決めた|定めた|施行|適用|"
        r"(?:始まる|始める|となる|にする|禁止する|停止する|制限する)(?:[と。、」]|$)"
    ),
    "ru": re.compile(
        r"\b(?:объяв\w+|анонсир\w+|уведом\w+|постанов\w+|распоря\w+|приказ\w*|решил\w*|"
        r"решени\w+|утверд\w+|вступ\w+|вводит\w*|введ[уе]т\w*|запреща\w+|запрет[яи]т\w*|"
        r"отменя[ею]т\w*|отмен[яи]т\w*|прекраща[ею]т\w*|прекрат[яи]т\w*|смогут|сможет|начн[уе]т\w*|"
        r"потребу[ею]т\w*|повы[сш][яиа]\w*т\w*|сократ[яи]т\w*)\b"
    ),
}
"""Words of what is announced, or set down for a day: the start in such a sentence may be ahead."""
ALWAYS_SINCE = re.compile(r"\bsince\b|以来|以來|이래")
NOT_A_START = {
    *("year", "years", "which", "months", "weeks", "days", "weekday", "unit"),
    *("to", "or", "between", "and", "until", "by"),
}
"""Kinds of tokens with which the year of a start is known, or it is none."""
MAX_DAYS_SINCE_START = 31
"""A start so many days before the report is likelier than the one of next year."""
ALWAYS_UNTIL = re.compile(r"^(?:until|till|through|up)\b|까지는$")
ALWAYS_BY = re.compile(r"までに$")
NEAR_START = 6
"""Characters before a month at the beginning of a sentence."""
CONNECTIVE = {"since", "until", "by"}


def readings_of(part: Sequence[Lexeme], start: int, end: int, sentence: Sentence) -> Sequence[str]:
    """Return the dates that words may mean, likeliest first; none if the date box has none."""
    words = sentence.text[start:end]
    readings = _readings(words, sentence.published)
    if not readings:
        return ()
    kinds: set[str] = set().union(*(lexeme.kinds for lexeme in part))
    text = sentence.text.lower()
    is_coming = COMING[sentence.language].search(text) is not None
    # Somebody spoke on a past day, also if the statement is about what is to come.
    is_said = "since" not in kinds and SAID[sentence.language].search(text) is not None
    is_bare = not kinds & {"month", "year", "which", "months"}
    if is_coming and is_bare and not is_said and sentence.published:
        readings = _coming_first(readings, sentence.published)
    if is_coming and _is_month_ahead(kinds, text, start, end, sentence):
        both = (*readings, *_readings(words, sentence.published, "future"))
        readings = _next_first(tuple(dict.fromkeys(both)), sentence.published)
    is_start = "since" in kinds and not kinds & NOT_A_START and kinds & {"month", "season", "part"}
    if is_start and sentence.published and not ALWAYS_SINCE.search(words.lower()):
        both = (*readings, *_readings(words, sentence.published, "future"))
        readings = tuple(dict.fromkeys(both))
        if is_coming or PLANNED[sentence.language].search(text):
            readings = _next_start_first(readings, sentence.published)
    if kinds & CONNECTIVE and not kinds & {"to", "or", "between"}:
        bare = _bare(part, sentence)
        due = is_coming and not ALWAYS_UNTIL.search(words.lower())
        implied = _implied(readings, bare, due or bool(ALWAYS_BY.search(words)))
        readings = tuple(dict.fromkeys(implied))
    return readings


NEAR_COMING = 60
"""Characters between words of what is to come and a month."""
STATEMENT_END = re.compile(r"[;.!?\"“”«»「」。；]")
SPOKEN_THEN = 60


def _is_month_ahead(kinds: set[str], text: str, start: int, end: int, sentence: Sentence) -> bool:
    """Whether a month without a year is that of something to come: “will return in December”."""
    if (
        sentence.published is None
        or "month" not in kinds
        or kinds & (NOT_A_START - {"by", "until"})
    ):
        return False
    if kinds & {"since", "day"}:
        return False
    # In “In December the ministry announced …” it is the month in which it spoke.
    if start < NEAR_START and SAID[sentence.language].search(text[end : end + SPOKEN_THEN]):
        return False
    before = STATEMENT_END.split(text[max(0, start - NEAR_COMING) : start])[-1]
    after = STATEMENT_END.split(text[end : end + NEAR_COMING])[0]
    return COMING[sentence.language].search(f"{before}{text[start:end]}{after}") is not None


def _next_first(readings: Sequence[str], published: date | None) -> tuple[str, ...]:
    """Return the readings that end after the publication before the others."""

    def is_past(reading: str) -> bool:
        whole = dates.parse(reading).whole
        return published is not None and bool(whole and whole.last and whole.last < published)

    return tuple(sorted(readings, key=is_past))


def _coming_first(readings: Sequence[str], published: date) -> tuple[str, ...]:
    """Return the days after the publication before those that are past."""

    def is_past(reading: str) -> bool:
        found = re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", reading)
        return bool(found) and found is not None and found.group() <= str(published)

    return tuple(sorted(readings, key=is_past))


def _next_start_first(readings: Sequence[str], published: date) -> tuple[str, ...]:
    """Return the starts of the last month and those to come before the others."""
    earliest = published - timedelta(days=MAX_DAYS_SINCE_START)

    def is_long_ago(reading: str) -> bool:
        latest = dates.parse(reading).begins.last
        return latest is not None and latest < earliest

    return tuple(sorted(readings, key=is_long_ago))


def _implied(readings: Sequence[str], bare: Sequence[str], is_due: bool) -> Iterator[str]:
    """Yield readings with their deadline; after them the dates without a connective."""
    for reading in readings:
        deadline = f"[..{reading[3:]}]" if reading.startswith("../") else reading
        yield from (deadline, reading) if is_due else (reading, deadline)
    for reading in readings:
        if reading.startswith("[.."):
            yield reading[3:-1]
        elif not reading.startswith("["):
            yield reading.removeprefix("../").removesuffix("/..")
    yield from bare


def _bare(part: Sequence[Lexeme], sentence: Sentence) -> Sequence[str]:
    """Return the readings of a phrase without its words for “since” and “until”."""
    kept = [lexeme for lexeme in part if not lexeme.kinds <= CONNECTIVE or not lexeme.tokens]
    each = [sentence.text[lexeme.start : lexeme.end] for lexeme in kept]
    for words in (" ".join(each), "".join(each)):
        # 年底前 and к концу года are one word of the lexicon, with what they begin or end with.
        shorter = re.sub(r"^ко? |[之以]?前$", "", words)
        if readings := _readings(shorter, sentence.published):
            return readings
    return ()


@lru_cache(maxsize=2_000)
def _readings(words: str, published: date | None, begins: Direction = "past") -> tuple[str, ...]:
    """Return the dates of the date box, without those that do not exist."""
    valid = []
    for reading in read_phrase(words, published, begins):
        try:
            valid.append(dates.parse(reading).text)
        except DateError:
            continue
    return tuple(dict.fromkeys(valid))
