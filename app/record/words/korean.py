"""Korean particles and endings that follow a word without a space, and the forms of verbs.

Rules, not a dictionary: a form that is no word finds nothing, and does no harm.
"""

import re

PARTICLES = sorted(
    re.findall(
        r"\w+",
        """
        은 는 이 가 을 를 의 에 도 만 로 와 과 들 께 에서 에게 한테 으로
        부터 까지 처럼 보다 마다 조차 마저 밖에 이나 이라 이라는 라는 이란
        들이 들은 들을 들의 들에 들도 들에게 들과 에는 에도 에서는 에서도
        에서의 으로는 으로의 으로부터 로부터 로는 까지의 부터는 에게는 이며 이고
        하고 하는 하다 했다 한다 된다 됐다 되는 되다 된 한 할 함 됨 인
        입니다 합니다 했나 하나 했는지 하는지 인가 인가요 나요 에선 에겐 씩 쯤
        측 등
        """,
    ),
    key=len,
    reverse=True,
)
ENDINGS = frozenset(PARTICLES)
FIRST_SYLLABLE = 0xAC00


def is_hangul(text: str) -> bool:
    return bool(text) and all("가" <= letter <= "힣" for letter in text)


def without_particle(word: str) -> str:
    """Return the word without its last particle, if two characters or more are left."""
    for particle in PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= 2:
            return word[: -len(particle)]
    return word


# Verbs -------------------------------------------------------------------------------------------

LIGHT_VERB = re.compile(
    r"(?P<noun>[가-힣]{2,}?)"
    r"(?:하|해|했|한|할|함|합|되|돼|됐|된|될|됨|됩|시키|시켜|시켰|시킨|시킬|당하|당해|당했|당한|받|지)"
    r"(?:다|였다|었다|았다|여|어|아|어서|여서|아서|서|고|는|은|을|며|면|지|던|기|니다|습니다|다고|다는"
    r"|였던|었던|았던|도록|려고|려|게|자|지만)?"
)
"""A noun with a verb that makes an action of it: 귀국했다, 봉쇄되어, 추방당한."""


def noun_of_verb(word: str) -> str:
    """Return the noun of a verb such as 봉쇄되었다; "" for other words."""
    found = LIGHT_VERB.fullmatch(word)
    return found["noun"] if found else ""


def base_forms(word: str) -> list[str]:
    """Return the word, and the word without particle or verb."""
    if not is_hangul(word):
        return [word]
    forms = [word, without_particle(word), noun_of_verb(word)]
    return [form for form in dict.fromkeys(forms) if form]


# In Latin letters: Korean by the Revised Romanisation; Russian by BGN/PCGN without accents and
# signs, as newspapers write it.

LATIN_VOWELS = re.split(" ", "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i")
INITIALS = re.split(" ", "g kk n d tt r m b pp s ss  j jj ch k t p h")
LATIN_FINALS = re.split(" ", " k k k n n n t l k m l l l p l m p p t t ng t t k t p t")
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
    if not is_hangul(plain):
        return []
    return [_written(plain)]


def _written(name: str) -> str:
    text = final = ""
    for letter in name:
        number = ord(letter) - FIRST_SYLLABLE
        initial = INITIALS[number // 588]
        if initial == "r" and final == "l":
            initial = "l"
        # Between vowels and after n, m, ng and l these are voiced.
        if text and number // 588 in SOFT and final in {"", "n", "m", "ng", "l"}:
            initial = VOICED.get(initial, initial)
        if not initial and final in {"k", "t", "p"}:
            text = text[: -len(final)] + VOICED[final]
        final = LATIN_FINALS[number % 28]
        text += initial + LATIN_VOWELS[number % 588 // 28] + final
    return text
