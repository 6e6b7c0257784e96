"""Proposes dates: finds phrases that the reader of the date box understands."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from app.desk.reading.counted_dates import counted_dates
from app.desk.reading.date_readings import readings_of
from app.desk.reading.date_runs import ANCHORS, Lexeme, date_runs, has_anchor, plain_phrase
from app.desk.reading.marks import Mark, MarkKind, Reason, Sentence, is_free, longest

MAX_LEXEMES = 16
MAX_WINDOWS = 120
ANY_DAY = date(2000, 6, 15)
"""Stands for an unknown day of publication, to tell whether words are a date."""
TRAILING_WORDS = re.compile(
    r"(?:onwards?|at (?:the )?latest|or so|ago|earlier|назад)$|[가-힣一-龯ぁ-ん]$"
)
NOT_AT_THE_END = {
    *("약", "대략", "約", "大约", "大約", "およそ", "おおよそ"),
    *"到从從自在于於约約或和与與至",
    "从",
    "截至",
    "の",
    "は",
    "が",
    "も",
    "より",
    "で",
    "에",
    "은",
    "는",
    "이",
    "가",
}
NOT_AT_THE_BEGINNING = {
    *"的里内份间来來后後起的期晚はがもでのにと时時中、",
    "以来",
    "之后",
    "以后",
    "的",
}
PARTICLE = re.compile(
    r"(?:에[는도서]?|의|[은는이가을를과와도만]|으?로|보다|부터|까지|경|쯤|"
    r"께|이면|면|이후|이래|자|당시|현재|기준|들어|중|들)"
    r"(?![가-힣])|(?:부터|까지|이후|에)"
)
"""Korean words that may be joined to a date."""
DURATION = re.compile(
    r"\s?(?:간|동안|짜리|이내|안에|내에|만에|째|連続|間|间|以内|之内|内|ぶり|签证|ビザ|비자|long)"
)
"""After a number of days: a length of time, not a day."""
NO_YEAR = re.compile(
    r"s\b|\s?(?:명|여|名|人|people|workers|north koreans|visas|permits|元|"
    r"円|위안|달러|원|건|yuan|won|usd|"
    r"dollars|rubles|roubles|рабоч|человек|виз|юан|руб|долл)"
)
COUNTED = re.compile(
    # A second number, and what makes either larger: 2000～2500人, 2000万元, 2000여 명.
    r"(?:(?:\s?[~〜∼–—-]\s?|에서 ?|부터 |から|到|至| to | до )[0-9][0-9,.]*)?"
    r"\s?[十百千万萬亿億십백천만]*\s?[여余餘多]?"
    r"(?:\s?(?:명|사람|인(?=[이은을의 ,.])|名(?!古屋)|人(?![民口])|[个個口]人|位(?![于於列居置])"
    r"|위안|달러|루블|원(?![가-힣])|건(?![가-힣])|元|円|ドル|ルーブル|卢布|美元|件|份|张|張)"
    r"| (?:or more |or so |odd )?(?:people|persons|workers?|labou?rers?|employees|migrants|"
    r"nationals|citizens|women|men|north koreans)\b"
    r"|(?: с лишним)?(?: [а-я]+(?:ых|их)){0,2}? (?:человек|людей|рабочих|работни(?:ков|ц)|граждан"
    r"|мигрантов|женщин|мужчин|северокорейцев|корейцев|рублей|юаней|долларов|виз)\b)"
)
"""After a number of four digits: it counts people, money or papers, and is no year."""
BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|as|since|during|of|from|until|till|by|before|after|"
    r"through|early|late|mid|to|and|for"
    r"|and|year)[ -]|[—–-]|\()$"
)
YEAR_WORD = re.compile(r" (?:год[ау]?|годом|г\.)(?![а-я])")
"""After a number of four digits: the Russian word for a year."""
BESIDE_DAY = {"day", "since", "until", "which", "to", "and", "about", "by"}
AFTER_NO_DAY = re.compile(
    r" (?:century|floor|party|congress|anniversary|birthday|parallel|edition|group"
    r"|[a-z]+ (?:meeting|session))"
)
PER_DAY = re.compile(
    r"\s?(?:に)?(?:最大|平均|最多|約|最大で|최대|평균|약)?[0-9,、~〜～-]+\s?(?:時間|"
    r"시간|小时|人|名|台|便|명|대|편|辆)"
)
"""After 1日: what happens on each day."""
ORDINAL = (
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|"
    r"tenth)\b(?! (?:half|quarter))"
)
COUNTED_PEOPLE = re.compile(r"(?:[0-9십백천만억여몇]|한두|두세|서너|네댓)\s?$")
"""Before 명일: the counter 명 with a form of 이다, as in “8천 명일 것”, and not “tomorrow”."""
VAGUE_SEASON = re.compile(
    r"\b(?:in|by|since|until|during|of|early|late|mid|next|last|this|before)\b"
)


class DateProposer:
    """Marks the longest phrases in a sentence that have a reading."""

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        names = [*known]
        plain = plain_phrase(sentence.text)
        marks: list[Mark] = []
        for run in date_runs(plain, sentence.text, names):
            marks += _marks_in(run, plain, sentence)
        marks.sort(key=lambda mark: mark.start)
        counted = longest(counted_dates(sentence, plain, marks))
        yield from counted
        yield from (mark for mark in marks if is_free(mark.start, mark.end, counted))


# Phrases with a reading ---------------------------------------------------------------------------


def _marks_in(run: Sequence[Lexeme], plain: str, sentence: Sentence) -> Iterator[Mark]:
    """Yield the longest phrase with a reading, and those before and after it."""
    if len(run) > MAX_LEXEMES:
        yield from _marks_in(run[:MAX_LEXEMES], plain, sentence)
        yield from _marks_in(run[MAX_LEXEMES:], plain, sentence)
        return
    found = _longest_phrase(run, plain, sentence)
    if found is None and sentence.published is None:
        # Words such as “by 20 December” are a date, also where nothing tells the year.
        found = _longest_phrase(run, plain, replace(sentence, published=ANY_DAY))
    if found is None:
        return
    first, last, mark = found
    if first:
        yield from _marks_in(run[:first], plain, sentence)
    yield mark
    if last < len(run):
        yield from _marks_in(run[last:], plain, sentence)


def _longest_phrase(
    run: Sequence[Lexeme], plain: str, sentence: Sentence
) -> tuple[int, int, Mark] | None:
    """Return first and last lexeme and the mark of the longest phrase with a reading."""
    windows = sorted(
        ((first, last) for first in range(len(run)) for last in range(first + 1, len(run) + 1)),
        key=lambda window: (window[0] - window[1], window[0]),
    )
    for first, last in windows[:MAX_WINDOWS]:
        part = run[first:last]
        if not has_anchor(part) or not _is_phrase(part, plain):
            continue
        start, end = part[0].start, part[-1].end
        if readings := readings_of(part, start, end, sentence):
            stop = end == len(plain) and plain[end - 1] == "."
            return first, last, _mark(start, end - stop, readings, part, sentence)
    return None


def _is_phrase(part: Sequence[Lexeme], plain: str) -> bool:
    """Whether a phrase may begin and end with these words."""
    first, last = part[0], part[-1]
    if any(_is_before(lexeme, plain, lexeme is last) for lexeme in part):
        return False
    if any(_is_counter(lexeme, plain) or _is_counted(lexeme, plain) for lexeme in part):
        return False
    begins, ends = plain[first.start : first.end], plain[last.start : last.end]
    if (not first.tokens and begins not in {"the"}) or begins in NOT_AT_THE_BEGINNING:
        return False
    if _turns_back(part, plain):
        return False
    if first.kinds & {"or", "to", "and"} or ends in NOT_AT_THE_END:
        return False
    if first.kinds <= {"since", "until"} and len(part) > 1 and "가" <= begins[0] <= "힣":
        return False
    is_lettered = re.search(r"[a-zа-я]$", ends) is not None
    if is_lettered and last.kinds <= {"about", "perhaps"} and not TRAILING_WORDS.search(ends):
        return False
    if re.fullmatch(r"start|beginning|end|middle|close", begins) and not plain.startswith(
        " of", first.end
    ):
        return False
    if not last.tokens or (last.kinds <= {"since", "until", "by", "or", "to", "and", "between"}):
        if is_lettered and not TRAILING_WORDS.search(ends):
            return False
        if last.kinds <= {"or", "to", "and"}:
            return False
    if ends.isdigit() and last.kinds == {"number"}:
        return _ends_with_number(part, plain)
    after = plain[last.end : last.end + 12]
    if "가" <= ends[-1] <= "힣" and re.match(r"[가-힣]", after) and not PARTICLE.match(after):
        return False
    return _is_dated(part, plain)


def _turns_back(part: Sequence[Lexeme], plain: str) -> bool:
    """Whether a year follows a day without a connective, which no East Asian date has."""
    has_day = False
    for lexeme in part:
        if not re.search(r"[가-힣一-龯]", plain[lexeme.start : lexeme.end]):
            return False
        if lexeme.kinds & {"to", "or", "and", "until", "since"}:
            has_day = False
        if has_day and lexeme.kinds & {"year", "years"}:
            return True
        has_day = has_day or bool(lexeme.kinds & {"day", "month", "weekday"})
    return False


def _is_before(lexeme: Lexeme, plain: str, is_last: bool) -> bool:
    """Whether a count is from another date than that of the article: two weeks before the vote."""
    word = plain[lexeme.start : lexeme.end]
    if not word.endswith((" before", " earlier")):
        return False
    return not is_last or bool(re.match(r" [a-z]", plain[lexeme.end :]))


def _is_counter(lexeme: Lexeme, plain: str) -> bool:
    """Whether 명일 counts people here."""
    is_word = plain[lexeme.start : lexeme.end] == "명일"
    return is_word and COUNTED_PEOPLE.search(plain[: lexeme.start]) is not None


def _is_counted(lexeme: Lexeme, plain: str) -> bool:
    """Whether a bare number that may be a year counts something: 5月に2000人."""
    is_bare = plain[lexeme.start : lexeme.end].isdigit() and "year" in lexeme.kinds
    return is_bare and COUNTED.match(plain, lexeme.end) is not None


def _ends_with_number(part: Sequence[Lexeme], plain: str) -> bool:
    """Whether a number at the end may be a day: "May 5", not "May 5,000"."""
    last = part[-1]
    has_month = len(part) > 1 and bool(part[-2].kinds & {"month"})
    is_span = len(part) > 2 and part[-2].kinds <= {"to", "and"} and "month" in part[0].kinds
    return (has_month or is_span) and not re.match(
        r"[.,]?[0-9]|\s?(?:%|percent|people|workers)|\s?[가-힣一-龯]", plain[last.end :]
    )


def _is_dated(part: Sequence[Lexeme], plain: str) -> bool:
    """Whether words that have another sense are a date here."""
    kinds: set[str] = set().union(*(lexeme.kinds for lexeme in part))
    start, end = part[0].start, part[-1].end
    words, before, after = plain[start:end], plain[:start], plain[end : end + 16]
    anchors = kinds & ANCHORS
    if re.search(r"(?<![0-9月월] )(?<![0-9月월])1[日일]$", words) and PER_DAY.match(after):
        return False
    if (
        "day" in kinds
        and "month" not in kinds
        and "months" not in kinds
        and re.search(ORDINAL, words)
    ):
        return False
    if before.endswith("週") and re.fullmatch(r"[0-9]日", words):  # six days a week
        return False
    if anchors == {"day"} and kinds <= BESIDE_DAY:
        return _is_day(words, before, after)
    bare_year = re.search(r"(?<![0-9])[0-9]{4}(?![0-9년年го-])", words)
    is_decade = any(("unit", "decade") in lexeme.tokens for lexeme in part)
    if is_decade:
        return True
    if anchors == {"year"} and bare_year and NO_YEAR.match(plain[start + bare_year.end() :]):
        return False
    if "weekday" in kinds and (before.endswith("每") or re.match("[十百千万]", after)):
        return False
    if anchors == {"year"} and len(part) == 1:
        if re.fullmatch(r"[0-9]{4}", words):
            is_year = YEAR_WORD.match(after) or BEFORE_YEAR.search(before)
            return bool(is_year) and not NO_YEAR.match(after)
        return not re.match(r"間|间|간", after)
    if anchors == {"month"} and len(part) == 1 and words in {"may", "march", "mar", "sun"}:
        return bool(before.strip()) and not re.match(r" (?:be|have|not|by)\b", after)
    if kinds == {"season", "since"} and re.search(r"[a-z]$", words):
        return True
    if kinds <= {"season", "since", "about"} and re.search(r"[a-z]$", words):
        return words != "fall" and bool(VAGUE_SEASON.search(before[-12:]))
    if kinds <= {"season"} and not words.isascii() and not re.search(r"[а-я]", words):
        return len(words) > 1 or "가" <= words <= "힣"
    if anchors <= {"months"} and "about" in kinds and not re.search(r"[0-9]", words):
        return not _is_lately(part)
    return not (kinds == {"part"} and re.search(r"[a-z]", words))


def _is_day(words: str, before: str, after: str) -> bool:
    """Whether a day without a month is a date: “28일”, “the 21st”, but not “30日間”."""
    if DURATION.match(after) or re.match(r"[a-zа-я]*-?(?:го|е|му|ого)$", words):
        return False
    if after.startswith(" числа"):  # 25-го числа
        return True
    if not words[-1].isascii() and re.search(r"[日号號일]", words):
        return True
    has_article = re.search(r"\bthe $|\bthe ", before[-4:] + words) is not None
    return has_article and re.search(r"[0-9]", words) is not None and not AFTER_NO_DAY.match(after)


def _is_lately(part: Sequence[Lexeme]) -> bool:
    """Whether the words are only “recently”, which gives no date."""
    tokens = [token for lexeme in part for token in lexeme.tokens]
    return [token.kind for token in tokens] == ["months", "about"] and tokens[0].value == 0


def _mark(
    start: int, end: int, readings: Sequence[str], part: Sequence[Lexeme], sentence: Sentence
) -> Mark:
    if sentence.published is ANY_DAY:
        return Mark(start, end, MarkKind.DATE, "", Reason.UNREAD_DATE)
    is_written = any("year" in lexeme.kinds for lexeme in part)
    reason = Reason.WRITTEN_DATE if is_written else Reason.COUNTED_DATE
    if len(readings) > 1:
        reason = Reason.SEVERAL_DATES
    return Mark(start, end, MarkKind.DATE, readings[0], reason, tuple(readings[1:]))
