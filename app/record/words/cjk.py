"""Splits Chinese, Japanese and Korean text, which has no spaces between words or particles."""

import re

from app.record.search import plain_text
from app.record.words.korean import ENDINGS, is_hangul, noun_of_verb, without_particle
from app.record.words.stems import FILLERS
from app.record.words.thesaurus import MAX_RUN_CHARACTERS, Thesaurus

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
        word, size = _longest_known(plain, at, thesaurus)
        if word:
            found.append((word, True))
            at += size
            continue
        if found and not found[-1][1]:
            found[-1] = (found[-1][0] + plain[at], False)
        else:
            found.append((plain[at], False))
        at += 1
    if not any(is_known for _word, is_known in found):
        return [_bare(plain)]
    return [
        word
        for each, is_known in found
        if (word := each if is_known else _rest(each))
    ]  # fmt: skip


JOINING = frozenset("をがのはにでへ")
"""Japanese particles between the two words of one idea: 国境を封鎖 is 国境封鎖."""


def _longest_known(text: str, at: int, thesaurus: Thesaurus) -> tuple[str, int]:
    """Return the longest word of the thesaurus at a position, and the characters that it takes.

    A Japanese particle between its parts is left out.
    """
    longest = text[at : at + MAX_RUN_CHARACTERS]
    for size in range(len(longest), 1, -1):
        piece = longest[:size]
        if piece in thesaurus.by_run or piece in FILLERS:
            return piece, size
        for between in range(1, size - 1):
            joined = piece[:between] + piece[between + 1 :]
            if piece[between] in JOINING and joined in thesaurus.by_run:
                return joined, size
    return "", 0


def _rest(text: str) -> str:
    """Return what is left between known words if it is a word itself."""
    text = text.strip(" ·・-,.?!？！。、")
    if text[:1] in JOINING:
        text = text[1:]
    if text in ENDINGS or text in FILLERS or KANA_ENDING.match(text):
        return ""
    text = _bare(text)
    return text if len(text) > 1 else ""


def _bare(text: str) -> str:
    """Return a Korean word without its particle or verb; other text as it is."""
    return (noun_of_verb(text) or without_particle(text)) if is_hangul(text) else text
