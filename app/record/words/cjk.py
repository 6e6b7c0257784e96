"""Splits Chinese, Japanese and Korean text, which has no spaces between words or particles."""

import re

from app.record.search import CJK, plain_text
from app.record.words.fillers import FILLERS
from app.record.words.korean import ENDINGS, is_hangul, without_particle
from app.record.words.thesaurus import MAX_RUN_CHARACTERS, Thesaurus

PIECES = re.compile(rf"[{CJK}]+|[^{CJK}]+")
NUMBER = re.compile(r"\d[\d,.]*(?:[만万萬천千백百]\d*)*(?:여|余|多)?[名人명個个]?", re.ASCII)
KANA_ENDING = re.compile(r"^[ぁ-ん]+$")


def split_run(text: str, thesaurus: Thesaurus) -> list[str]:
    """Return the words of a text: those of the thesaurus, and what is left between them.

    Particles and single characters between known words are left out.
    """
    plain = plain_text(text)
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(plain):
        if (number := NUMBER.match(plain, at)) and number.end() > at:
            found.append((number[0], True))
            at = number.end()
            continue
        word = _longest_known(plain, at, thesaurus)
        if word:
            found.append((word, True))
            at += len(word)
            continue
        if found and not found[-1][1]:
            found[-1] = (found[-1][0] + plain[at], False)
        else:
            found.append((plain[at], False))
        at += 1
    if not any(is_known for _word, is_known in found):
        return [without_particle(plain) if is_hangul(plain) else plain]
    return [
        word
        for each, is_known in found
        if (word := each if is_known else _rest(each))
    ]  # fmt: skip


def _longest_known(text: str, at: int, thesaurus: Thesaurus) -> str:
    for size in range(min(MAX_RUN_CHARACTERS, len(text) - at), 1, -1):
        if text[at : at + size] in thesaurus.by_run or text[at : at + size] in FILLERS:
            return text[at : at + size]
    return ""


def _rest(text: str) -> str:
    """Return what is left between known words if it is a word itself."""
    text = text.strip(" ·・-,.?!？！。、")
    if text in ENDINGS or text in FILLERS or KANA_ENDING.match(text):
        return ""
    if is_hangul(text):
        text = without_particle(text)
    return text if len(text) > 1 else ""
