"""Proposes corrected numbers: the number of an earlier version, and the one in its place."""

import re
from collections.abc import Iterable, Iterator, Mapping

from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence
from app.desk.reading.words import plain

CORRECTING: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:corrections?|corrected|corrects|clarification|erratum|amended|"
        r"(?:earlier|previous|original) versions? of (?:this|the))\b"
    ),
    "ko": re.compile(r"바로잡(?:습|았|고|기)|정정(?:합|하|했|보도|문|:|\s)|고침|바로 잡습"),
    "zh": re.compile(r"更正|订正|訂正|勘误|勘誤|早前版本|此前版本|误(?:将|写|作|报|为|植)"),
    "ja": re.compile(r"訂正|おわび|誤りで(?:した|す)|修正します"),
    "ru": re.compile(
        r"\b(?:поправка|исправлен[а-я]*|уточнение|в (?:предыдущей|первоначальной|более ранней|"
        r"первой|прежней) версии|редакция приносит извинения)"
    ),
}
"""Words of a correction."""
EARLIER: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:earlier|previous|original|initial)\b|previously|originally|initially|incorrectly|"
        r"mistakenly|wrongly|erroneously|misstated|instead of|rather than|"
        r"\bnot(?: the)?(?= [0-9$€£])|"
        r"\bfrom(?= [0-9$€£])"
    ),
    "ko": re.compile(r"당초|애초|처음에|앞서|최초|지난 기사|잘못"),
    "zh": re.compile(
        r"误(?:将|写|作|报|为|植)|此前|之前|先前|早前|原(?:文|稿|报道)|初稿|错误|報道称|报道称|而不是|而非|不是"
    ),
    "ja": re.compile(r"当初|誤って|以前の|記事(?:で|の)|初出"),
    "ru": re.compile(
        r"ошибочно|ранее|(?:предыдущей|первоначальной|более ранней|первой|прежней) версии|"
        r"изначально|вместо|\bа не|неверно"
    ),
}
"""Words before the number of an earlier version."""
NOW: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:(?:correct |actual |right )?(?:figure|number|sum|amount|fine|total|count) "
        r"(?:is|was)|"
        r"in fact|actually|correct(?:ed)?(?: [a-z]+)? (?:is|was|to)|should (?:be|have|read)|"
        r"to(?= [0-9$€£])|(?:it|there) (?:is|was|were|are))\b"
    ),
    "ko": re.compile(r"실제로?는?|정확히는|맞는"),
    "zh": re.compile(r"应为|應為|实为|實為|更正为|改为|正确(?:数字|人数)?(?:应)?(?:是|为)|实际"),
    "ja": re.compile(r"正しくは|実際は|実際には"),
    "ru": re.compile(
        r"на самом деле|правильн[а-я]+|верн(?:ая|ое|о)\b|следует читать|в действительности|"
        r"исправлено на"
    ),
}
"""Words before the number that is right."""
EARLIER_AFTER: Mapping[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"['’”\"」]?(?:으로|로|이라고|라고|이라)? ?(?:보도|적었|적은|썼|쓴|표기|잘못|했으나|전했)"
    ),
    "ja": re.compile(r"[」』”]?と(?:し(?!て正)|報|書|あ|記|伝|お伝)"),
}
NOW_AFTER: Mapping[Language, re.Pattern[str]] = {
    "ko": re.compile(
        r"['’”\"」]?(?:(?:이|가)? ?(?:맞|옳)|(?:으로|로) ?(?:바로|정정|수정|고)|(?:이|입|였|이었))"
    ),
    "ja": re.compile(r"[」』”]?(?:の誤り|が正し|に訂正|でした|に改め|に修正|です)"),
}
"""Words just after either number."""


class CorrectionProposer:
    """Marks the numbers of a correction as `CORRECTED` or `CORRECT`, with the span of each."""

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        language = sentence.language
        text = plain(sentence.text)
        before = [plain(earlier.text) for earlier, _marks in sentence.earlier]
        if not any(CORRECTING[language].search(words) for words in (text, *before)):
            return
        is_begun = any(
            mark.kind is MarkKind.CORRECTION for _each, marks in sentence.earlier for mark in marks
        )
        is_own = CORRECTING[language].search(text) is not None
        at = 0
        for mark in sorted(known, key=lambda each: each.start):
            if mark.kind is not MarkKind.ESTIMATE or mark.figure is None:
                continue
            reason = _reason(text, at, mark, language)
            if reason is None and is_begun and not is_own:
                reason = Reason.CORRECT  # “An earlier version has 50,000. The fine was 5,000.”
            if reason is not None:
                yield Mark(mark.start, mark.end, MarkKind.CORRECTION, reason.value, reason)
            at = mark.end


def _reason(text: str, after: int, mark: Mark, language: Language) -> Reason | None:
    """Return whether a number is the earlier one or the right one; None if no word says so."""
    following = text[mark.end : mark.end + 16]
    for patterns, reason in ((NOW_AFTER, Reason.CORRECT), (EARLIER_AFTER, Reason.CORRECTED)):
        if language in patterns and patterns[language].match(following):
            return reason
    # The last word before it counts; between two numbers only those after the first one.
    for start in (after, 0):
        ends = {
            reason: [found.end() for found in pattern.finditer(text[start : mark.start])]
            for reason, pattern in (
                (Reason.CORRECTED, EARLIER[language]),
                (Reason.CORRECT, NOW[language]),
            )
        }
        if any(ends.values()):
            return max(ends, key=lambda reason: max(ends[reason], default=-1))
    return None
