"""Tells what somebody only demands of a state: “called on Russia to stop issuing visas”."""

import re
from collections.abc import Iterable, Mapping

from app.desk.reading.marks import Language

MAX_BETWEEN = 140
"""Characters from the verb of a demand to what is demanded."""
STATEMENT_END = re.compile(r"[.;:\"“”«»。]")
ADDRESSES = re.compile(
    r"\b(?:(?:call|calls|called|calling) (?:up)?on|urg(?:e|es|ed|ing)|appeal(?:s|ed|ing)? to|"
    r"press(?:es|ed|ing)?|lobb(?:y|ies|ied)) (?:the |both |all )?"
)
STATES = re.compile(
    r"(?:[a-z]+(?:[’']s)? )?(?:governments?|authorities|states?|ministry|ministries|parliament|"
    r"lawmakers|united nations|security council|council|countries|kremlin)\b"
)
"""Whom a demand is made of, besides those whose names are known."""
BEFORE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:call|calls|called|calling) for (?:an? |the )?(?:end|halt|stop) to\b"),
    "zh": re.compile(r"呼吁|敦促|促请"),
    "ru": re.compile(r"\bпризва(?:л|ла|ли|ло|ют|ет)\b"),
}
AFTER: Mapping[Language, re.Pattern[str]] = {
    "ko": re.compile(r"[^.\"“”]{0,40}?(?:것을|하라고|하도록|고|을|를) ?촉구"),
    "ja": re.compile(r"[^。「」]{0,40}?よう(?:に)?(?:、)?[^。「」]{0,12}?(?:呼びかけ|訴え|要請)"),
}
"""Words of a demand before and after what is demanded."""
DEMAND = "demand"


def is_demanded(text: str, start: int, end: int, language: Language, names: Iterable[str]) -> bool:
    """Whether the words between two positions of a plain text are only what somebody demands.

    `names` are those of places and bodies before the words.
    """
    if language in AFTER:
        return AFTER[language].match(text, end) is not None
    first = max(0, start - MAX_BETWEEN)
    found = [each.end() for each in BEFORE[language].finditer(text, first, start)]
    if language == "en":
        for verb in ADDRESSES.finditer(text, first, start):
            is_name = any(text.startswith(name, verb.end()) for name in names if name)
            if is_name or STATES.match(text, verb.end()):
                found.append(verb.end())
    return any(not STATEMENT_END.search(text, at, start) for at in found)
