"""Tells what somebody only demands of a state: “called on Russia to stop issuing visas”."""

import re
from collections.abc import Mapping

from app.desk.reading.marks import Language

MAX_BETWEEN = 120
_STATES_EN = (
    r"(?:[a-z]+(?:[’']s)? )?(?:governments?|authorities|states?|ministry|ministries|parliament|"
    r"lawmakers|united nations|security council|council|countries|kremlin)"
)
DEMANDS: Mapping[Language, tuple[str, str]] = {
    "en": (
        rf"\b(?:(?:call|calls|called|calling) (?:up)?on|urg(?:e|es|ed|ing)|"
        rf"appeal(?:s|ed|ing)? to|press(?:es|ed|ing)?|lobb(?:y|ies|ied)) "
        rf"(?:the |both |all )?(?:{_STATES_EN}|STATE)\b[^.;:\"“”]{{0,{MAX_BETWEEN}}}$"
        rf"|\b(?:call|calls|called|calling) for (?:an? |the )?(?:immediate )?(?:end|halt|stop) to\b"
        r"[^.;:\"“”]{0,60}$",
        r"(?!)",
    ),
    "ko": (r"(?!)", r"^[^.\"“”]{0,40}?(?:것을|하라고|하도록|고|을|를) ?촉구"),
    "zh": (rf"(?:呼吁|敦促|促请)[^。;“”]{{0,{MAX_BETWEEN}}}$", r"(?!)"),
    "ja": (r"(?!)", r"^[^。「」]{0,40}?よう(?:に)?(?:、)?[^。「」]{0,12}?(?:呼びかけ|訴え|要請)"),
    "ru": (
        rf"\bпризва(?:л|ла|ли|ло|ют|ет)\b[^.;«»]{{0,{MAX_BETWEEN}}}$",
        r"(?!)",
    ),
}
"""Before and after the words for what is demanded."""
DEMAND = "demand"


def is_demanded(text: str, start: int, end: int, language: Language, states: list[str]) -> bool:
    """Whether the words between two positions of a plain text are only what somebody demands.

    `states` are the names of places and bodies before them.
    """
    before, after = DEMANDS[language]
    names = "|".join(re.escape(name) for name in states if name) or "(?!)"
    return bool(
        re.search(before.replace("STATE", f"(?:{names})"), text[:start])
        or re.search(after, text[end:])
    )
