"""The Snowball stemmer for English (Porter 2), as PostgreSQL applies it."""

import re

VOWELS = "aeiouy"
DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
EXCEPTIONS = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie",
    "idly": "idl", "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli",
    "singly": "singl",
}  # fmt: skip
UNCHANGED = {"sky", "news", "howe", "atlas", "cosmos", "bias", "andes"}
UNCHANGED_LATER = {
    "inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed",
}  # fmt: skip
STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "abli": "able",
    "entli": "ent", "izer": "ize", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "aliti": "al", "alli": "al", "fulness": "ful", "ousli": "ous",
    "ousness": "ous", "iveness": "ive", "iviti": "ive", "biliti": "ble", "bli": "ble",
    "fulli": "ful", "lessli": "less", "ogi": "og", "li": "",
}  # fmt: skip
STEP_3 = {
    "ational": "ate", "tional": "tion", "alize": "al", "icate": "ic", "iciti": "ic",
    "ical": "ic", "ful": "", "ness": "", "ative": "",
}  # fmt: skip
STEP_4 = tuple(
    re.findall(
        r"\w+",
        "al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize ion",
    )
)
REGION = re.compile(f"[{VOWELS}][^{VOWELS}]")


def stem(word: str) -> str:
    """Return the stem of a word in small letters."""
    if len(word) <= 2:
        return word
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    if word in UNCHANGED:
        return word
    word = re.sub(rf"^y|(?<=[{VOWELS}])y", "Y", word.removeprefix("'"))
    first, second = _regions(word)
    word = _step_1a(re.sub("('s'|'s|')$", "", word))
    if word in UNCHANGED_LATER:
        return word
    word = _step_1b(word, first)
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in VOWELS:
        word = word[:-1] + "i"
    word = _step_2(word, first)
    word = _step_3(word, first, second)
    word = _step_4(word, second)
    return _step_5(word, first, second).lower()


def _regions(word: str) -> tuple[int, int]:
    """Return where the regions R1 and R2 begin."""
    start = next((len(p) for p in ("gener", "commun", "arsen") if word.startswith(p)), 0)
    if not start:
        found = REGION.search(word)
        start = found.end() if found else len(word)
    after = REGION.search(word, start)
    return start, after.end() if after else len(word)


def _is_short(word: str) -> bool:
    """Whether a word ends in a short syllable."""
    if len(word) == 2:
        return word[0] in VOWELS and word[1] not in VOWELS
    return bool(re.search(rf"[^{VOWELS}][{VOWELS}][^{VOWELS}wxY]$", word))


def _step_1a(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith(("us", "ss")) or not word.endswith("s"):
        return word
    return word[:-1] if re.search(f"[{VOWELS}]", word[:-2]) else word


def _step_1b(word: str, first: int) -> str:
    for ending in ("eedly", "eed"):
        if word.endswith(ending):
            return word[: -len(ending)] + "ee" if len(word) - len(ending) >= first else word
    for ending in ("ingly", "edly", "ing", "ed"):
        if not word.endswith(ending):
            continue
        rest = word[: -len(ending)]
        if not re.search(f"[{VOWELS}]", rest):
            return word
        if rest.endswith(("at", "bl", "iz")):
            return rest + "e"
        if rest.endswith(DOUBLES) and not (len(rest) == 3 and rest[0] in "aeo"):
            return rest[:-1]
        return rest + "e" if len(rest) <= first and _is_short(rest) else rest
    return word


def _step_2(word: str, first: int) -> str:
    ending = max((each for each in STEP_2 if word.endswith(each)), key=len, default="")
    rest = word[: -len(ending)] if ending else word
    if not ending or len(rest) < first:
        return word
    if ending == "ogi" and not rest.endswith("l"):
        return word
    if ending == "li" and rest[-1:] not in tuple("cdeghkmnrt"):
        return word
    return rest + STEP_2[ending]


def _step_3(word: str, first: int, second: int) -> str:
    ending = max((each for each in STEP_3 if word.endswith(each)), key=len, default="")
    rest = word[: -len(ending)] if ending else word
    if not ending or len(rest) < (second if ending == "ative" else first):
        return word
    return rest + STEP_3[ending]


def _step_4(word: str, second: int) -> str:
    ending = max((each for each in STEP_4 if word.endswith(each)), key=len, default="")
    rest = word[: -len(ending)] if ending else word
    if not ending or len(rest) < second or (ending == "ion" and rest[-1:] not in ("s", "t")):
        return word
    return rest


def _step_5(word: str, first: int, second: int) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        return rest if len(rest) >= second or (len(rest) >= first and not _is_short(rest)) else word
    if word.endswith("ll") and len(word) - 1 >= second:
        return word[:-1]
    return word
