"""Tells which dates of a sentence are no day of what it states.

A number is compared with that of an earlier time, or a permit expires on a day.
"""

import re
from collections.abc import Mapping, Sequence

from app.desk.reading.marks import LANGUAGES, Language, Mark, MarkKind, Sentence
from app.desk.reading.words import plain

_COMPARED: Mapping[Language, tuple[str, str]] = {
    "en": (
        r"(?:\bcompared (?:with|to)|\b(?:up|down) from|"
        r"\b(?:fewer|less|more|lower|higher|smaller|larger) than (?:in|during|at|on|it was|"
        r"there were))"
        r"\b[^,;.]{0,30}$|\bthan (?:in |during |the )?$",
        r"(?!)",
    ),
    "ko": (
        r"(?!)",
        r"^(?: ?같은 (?:기간|시기|달)| ?동기)?(?:에|과|와)? ?(?:비해|비하면|비교|대비|보다)",
    ),
    "zh": (r"(?:[比较與与跟]|相较于?|相比于?)$", r"^(?:同期)?(?:相比|相较)"),
    "ja": (r"(?!)", r"^(?:の?同[月期時]期?)?(?:に比べ|と比べ|比[では0-9、約]|より)"),
    "ru": (r"\b(?:по сравнению с|чем|против)(?: в| на| за)?(?: [а-я]+){0,2} ?$", r"(?!)"),
}
"""Before and after a time with which a number is compared."""
_EXPIRES: Mapping[Language, tuple[str, str]] = {
    "en": (
        r"\b(?:expir(?:e|es|ed|ing)|lapses?|runs? out|valid (?:until|till|to|through))"
        r"(?: on| in| by| at)?(?: the)? ?$",
        r"(?!)",
    ),
    "ko": (
        r"(?!)",
        r"^(?:에|까지|로|말)? ?(?:[가-힣]+ )?(?:만료|유효기간이? ?(?:끝|만료)|기한이? ?(?:끝|"
        r"만료))",
    ),
    "zh": (r"(?:有效期至|有效期到|有效至)$", r"^(?:[^,。;]{0,4})(?:到期|期满|过期|失效|届满)"),
    "ja": (
        r"(?!)",
        r"^(?:に|で|まで)?[^、。]{0,8}(?:期限(?:が|を)?(?:切れ|迎え)|失効|切れる|有効な)",
    ),
    "ru": (
        r"\b(?:истека[а-я]+|истек[а-я]*|истеч[а-я]+|действу[а-я]+ до|действительн[а-я]+ до)"
        r"(?: в| до)?(?: конце| начале)? ?$",
        r"^[^,.;]{0,12}\b(?:истека|истек|истеч)",
    ),
}
"""Before and after a day on which a visa, a permit or a passport expires."""


OTHER_DATES = {
    language: [
        [re.compile(pattern) for pattern in table[language]] for table in (_COMPARED, _EXPIRES)
    ]
    for language in LANGUAGES
}
AT_THAT_TIME: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\bat the time\b|\bthat (?:day|night|morning|evening)\b|\bthe same (?:day|night)\b"
    ),
    "ko": re.compile(r"당시|그때|그날"),
    "zh": re.compile(r"当时|当晚|那天|那时"),
    "ja": re.compile(r"当時|その際|その日"),
    "ru": re.compile(r"\b(?:в тот (?:же )?(?:день|момент|вечер)|в ту (?:же )?ночь)\b"),
}
"""Words for the time that the sentence before tells."""


def is_at_that_time(sentence: Sentence) -> bool:
    """Whether a sentence tells of the time of the one before it."""
    return AT_THAT_TIME[sentence.language].search(plain(sentence.text)) is not None


def other_dates(sentence: Sentence, marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks of dates with which a number is compared, or on which papers expire."""
    text = plain(sentence.text)
    others = []
    for mark in marks:
        if mark.kind is not MarkKind.DATE:
            continue
        head, tail = text[: mark.start - sentence.start], text[mark.end - sentence.start :]
        for before, after in OTHER_DATES[sentence.language]:
            if before.search(head) or after.search(tail):
                others.append(mark)
                break
    return others
