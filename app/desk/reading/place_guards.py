"""Tells where a sentence without a known place is not about the place of the one before."""

import re
from collections.abc import Mapping, Sequence

from app.desk.reading.marks import Language, Mark, MarkKind, Sentence

ALSO_IN: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b[Aa]lso in [A-Z][a-z]+|\bin [A-Z][a-z]+(?: [A-Z][a-z]+)?,? (?:too|also|as well)\b"
    ),
    "ko": re.compile(
        r"(?<![가-힣])(?!(?:현지|이곳|그곳|공장|식당|숙소|회사|업체|일부|정부|안)에)[가-힣]{2,}에서도(?![가-힣])"
    ),
    "zh": re.compile(r"[一-龯]{2,4}也(?:有|发生|出现|传出)"),
    "ja": re.compile(
        r"(?<![一-龯])(?!(?:現地|工場|会社|社内|国内|海外|同地|寮)で)[一-龯ァ-ヴー]{2,}でも(?![なあ])"
    ),
    "ru": re.compile(r"\b(?:также|и|тоже) в [А-ЯЁ][а-яё]+"),
}
"""Another place, that no list of names has: “also in Suifenhe”."""


def is_about_elsewhere(sentence: Sentence, marks: Sequence[Mark]) -> bool:
    """Whether a sentence without a place is about another one than the sentence before.

    It names one that is on no list, or it begins a paragraph with a body that has a place.
    """
    if ALSO_IN[sentence.language].search(sentence.text):
        return True
    return sentence.begins_paragraph and any(mark.kind is MarkKind.ACTOR for mark in marks)
