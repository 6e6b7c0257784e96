"""Korean and Russian names in Latin letters.

Korean: Revised Romanisation, and McCune-Reischauer without accents. Russian: BGN/PCGN without
accents and signs, as newspapers write it.
"""

import re

FIRST, SYLLABLES = 0xAC00, 11_172
VOWELS = re.split(" ", "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
OLD_VOWELS = re.split(" ", "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i")
INITIALS = re.split(" ", "g kk n d tt r m b pp s ss  j jj ch k t p h")
OLD_INITIALS = re.split(" ", "k kk n t tt r m p pp s ss  ch tch ch k t p h")
FINALS = re.split(" ", " k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
SOFT = {0, 3, 7, 12}
"""Numbers of the initials that are voiced within a word."""
VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j"}


RUSSIAN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        re.split(" ", "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya"),
        strict=True,
    )
)


def in_latin_letters(word: str) -> list[str]:
    """Return a Korean or Russian word in Latin letters; none of other words."""
    plain = word.casefold()
    if plain and RUSSIAN.keys() >= {*plain}:
        return ["".join(RUSSIAN[letter] for letter in plain)]
    return romanisations(word)


def romanisations(name: str) -> list[str]:
    """Return a Korean name in Latin letters, the way it is usually written; none of other names."""
    plain = name.replace(" ", "")
    if not plain or not all(FIRST <= ord(letter) < FIRST + SYLLABLES for letter in plain):
        return []
    return list(
        dict.fromkeys(
            (_written(plain, INITIALS, VOWELS),
             _written(plain, OLD_INITIALS, OLD_VOWELS))
        )
    )  # fmt: skip


def _written(name: str, initials: list[str], vowels: list[str]) -> str:
    text = final = ""
    for letter in name:
        number = ord(letter) - FIRST
        initial = initials[number // 588]
        if initial == "r" and final == "l":
            initial = "l"
        # Between vowels and after n, m, ng and l these are voiced.
        if text and number // 588 in SOFT and final in {"", "n", "m", "ng", "l"}:
            initial = VOICED.get(initial, initial)
        if not initial and final in {"k", "t", "p"}:
            text = text[: -len(final)] + VOICED[final]
        final = FINALS[number % 28]
        text += initial + vowels[number % 588 // 28] + final
    return text
