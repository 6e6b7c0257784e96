"""The Snowball stemmer for Russian, as PostgreSQL applies it."""

import re

VOWELS = "аеиоуыэюя"
REGIONS = re.compile(f"^(.*?[{VOWELS}])(.*)$", re.DOTALL)
AFTER_VOWEL_AND_CONSONANT = re.compile(f"^.*?[{VOWELS}][^{VOWELS}]")

PERFECTIVE = re.compile(r"(?:(?<=[ая])(?:в|вши|вшись)|ив|ивши|ившись|ыв|ывши|ывшись)$")
ADJECTIVE = re.findall(
    r"\w+",
    """
    ее ие ые ое ими ыми ей ий ый ой ем им ым ом его ого ему ому их ых ую юю ая яя ою ею
    """,
)
PARTICIPLE = re.compile(r"(?:(?<=[ая])(?:ем|нн|вш|ющ|щ)|ивш|ывш|ующ)$")
REFLEXIVE = re.compile(r"(?:ся|сь)$")
VERB = re.compile(
    r"(?:(?<=[ая])(?:ла|на|ете|йте|ли|й|л|ем|н|ло|но|ет|ют|ны|ть|ешь|нно)"
    r"|ила|ыла|ена|ейте|уйте|ите|или|ыли|ей|уй|ил|ыл|им|ым|ен|ило|ыло|ено|ят|ует|уют|ит|ыт|ены"
    r"|ить|ыть|ишь|ую|ю)$"
)
NOUN = re.findall(
    r"\w+",
    """
    а ев ов ие ье е иями ями ами еи ии и ией ей ой ий й иям ям ием ем ам ом о у ах иях ях ы ь
    ию ью ю ия ья я
    """,
)
SUPERLATIVE = re.compile(r"(?:ейш|ейше)$")
DERIVATIONAL = re.compile(r"(?:ост|ость)$")


def stem(word: str) -> str:
    """Return the stem of a word in small letters."""
    word = word.replace("ё", "е")
    if not (parts := REGIONS.match(word)):
        return word
    before, rest = parts[1], parts[2]
    rest = _without_inflection(rest)
    rest = rest.removesuffix("и")
    whole = before + rest
    start = _second_region(whole)
    found = _longest(DERIVATIONAL, whole)
    if found and found.start() >= max(start, len(before)):
        rest = whole[len(before) : found.start()]
    if rest.endswith("нн"):
        return before + rest[:-1]
    if found := _longest(SUPERLATIVE, rest):
        rest = rest[: found.start()]
        return before + (rest[:-1] if rest.endswith("нн") else rest)
    return before + rest.removesuffix("ь")


def _without_inflection(rest: str) -> str:
    if found := _longest(PERFECTIVE, rest):
        return rest[: found.start()]
    rest = REFLEXIVE.sub("", rest)
    if ending := _longest_of(ADJECTIVE, rest):
        rest = rest[: -len(ending)]
        found = _longest(PARTICIPLE, rest)
        return rest[: found.start()] if found else rest
    if found := _longest(VERB, rest):
        return rest[: found.start()]
    ending = _longest_of(NOUN, rest)
    return rest[: -len(ending)] if ending else rest


def _longest(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the match of the longest ending: the search finds the leftmost one first."""
    return pattern.search(text)


def _longest_of(endings: list[str], text: str) -> str:
    return max((each for each in endings if text.endswith(each)), key=len, default="")


def _second_region(word: str) -> int:
    """Return where the region R2 begins."""
    first = AFTER_VOWEL_AND_CONSONANT.match(word)
    if not first:
        return len(word)
    second = AFTER_VOWEL_AND_CONSONANT.match(word[first.end() :])
    return first.end() + second.end() if second else len(word)
