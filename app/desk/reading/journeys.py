"""Finds journeys home or abroad that no verb of the field tells: “crossed the bridge to Sinuiju”.

A verb of the way tells of no direction. It does with a town of North Korea as its goal, or its
beginning: then people go home, or are sent abroad.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence
from app.desk.reading.move_words import ON_THE_WAY
from app.desk.reading.words import plain

NORTH_KOREAN_PLACES = re.compile(
    r"north korea|dprk|pyongyang|sinuiju|rason|rajin|wonsan|chongjin|hyesan|namyang|hoeryong|"
    r"북한|평양|신의주|나선|나진|원산|청진|혜산|남양|회령|朝鲜|北朝鮮|平壤|平壌|新[义義]州|[罗羅]先|"
    r"清津|[惠恵]山|кндр|северн\w+ коре\w+|пхеньян\w*|синый[чд]жу|расон\w*|вонсан\w*"
)
GOAL: Mapping[Language, tuple[str, str]] = {
    "en": (r"\b(?:to|into|for|towards?) (?:the )?$", r""),
    "ko": (r"", r"(?:으?로|에(?=[ ,])|행)"),
    "zh": (r"(?:到|往|至|回|进入|抵|赴)$", r""),
    "ja": (r"", r"(?:へ|に|まで|行き)"),
    "ru": (r"\b(?:в|на) $", r""),
}
"""Before and after a place that people go to."""
BEGINNING: Mapping[Language, tuple[str, str]] = {
    "en": (r"\b(?:from|out of) (?:the )?$", r""),
    "ko": (r"", r"에서"),
    "zh": (r"(?:从|由|自)$", r""),
    "ja": (r"", r"から"),
    "ru": (r"\bиз $", r""),
}
GOES_HOME, COMES = "repatriation", "dispatch"
APART = re.compile(r"[;\"“”«»「」。]")


def journeys(sentence: Sentence, known: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the first verb of the way in a sentence, with the type that its direction tells."""
    text = plain(sentence.text)
    verb = ON_THE_WAY[sentence.language].search(text)
    # “50 a day cross the bridge” is traffic, and no event.
    if not verb or any(mark.figure and mark.figure.per for mark in known):
        return
    for place in NORTH_KOREAN_PLACES.finditer(text):
        first, last = sorted([verb.span(), place.span()])
        if APART.search(text, first[1], last[0]):
            continue
        for code, words in ((GOES_HOME, GOAL), (COMES, BEGINNING)):
            before, after = words[sentence.language]
            if re.search(before, text[: place.start()]) and re.match(after, text[place.end() :]):
                yield Mark(*verb.span(), MarkKind.ACTION, code, Reason.VERB)
                return


def ends_of_way(sentence: Sentence, places: Sequence[Mark]) -> list[Mark]:
    """Return places of North Korea that people only go to or come from."""
    text = plain(sentence.text)
    ends = []
    for mark in places:
        start, end = mark.start - sentence.start, mark.end - sentence.start
        for words in (GOAL, BEGINNING):
            before, after = words[sentence.language]
            is_end = re.search(before, text[:start]) and re.match(after, text[end:])
            if is_end and NORTH_KOREAN_PLACES.match(text, start):
                ends.append(mark)
                break
    return ends
