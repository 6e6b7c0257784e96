"""Speakers without a word for them before a verb of saying: in the passive, and as “he”."""

import re
from collections.abc import Iterator, Mapping

from app.desk.reading.marks import Language
from app.desk.reading.reference_words import PRONOUN

PASSIVE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:dismissed|denied|rejected|confirmed|reported|described|disputed|acknowledged|"
        r"announced|revealed|disclosed|questioned|refuted|challenged|verified|corroborated|"
        r"estimated|criticised|criticized|condemned|played down|borne out)"
        r"(?: [a-z]+ly)?(?: (?:as|on|in|this|last) [^,.;]{1,40}?)? by "
        r"(?P<who>[^,.;:\"“”()]{2,80}?)"
        r"(?= as | on | in an? | to | who | which | that |[,.;:\"“”()]|$)"
    ),
    "ko": re.compile(
        r"(?P<who>(?:[가-힣0-9]+ ){0,4}?[가-힣0-9]+)에 ?의해 "
        r"(?:부인|확인|반박|보도|전해|공개|발표|폭로|알려|제기|일축|추산)"
    ),
    "zh": re.compile(
        r"(?:被|遭到?|经|經|获|獲)(?P<who>[^,。、;:“”]{2,16}?)"
        r"(?:否认|否認|证实|證實|驳斥|駁斥|披露|曝光|确认|確認|揭露|斥为|报道)"
    ),
    "ja": re.compile(
        r"(?P<who>[^、。「」]{2,20}?)に(?:よって|より|よ[りっ])?"
        r"(?:否定|確認|報道|指摘|公表|裏付け|否認|一蹴|批判)さ?れ"
    ),
    "ru": re.compile(
        r"\b(?:опровергнут|подтвержден|отвергнут|озвучен|обнародован|раскрыт|признан|"
        r"оспорен|опубликован|опроверга|подтвержда|раскритикован)[а-я]* "
        r"(?P<who>[^,.;:«»\"()]{3,80}?)(?= как | в | на |[,.;:«»\"()]|$)"
    ),
}
SUBJECT: Mapping[Language, re.Pattern[str]] = {
    "ko": re.compile(r".*[은는이가을를] "),
    "ja": re.compile(r".*[はがもを]"),
}
"""What is confirmed or denied, before the speaker."""


def passive_speakers(text: str, language: Language) -> Iterator[tuple[int, int]]:
    """Yield the positions of who confirmed or denied, in the passive."""
    for found in PASSIVE[language].finditer(text):
        subject = SUBJECT[language].match(found["who"]) if language in SUBJECT else None
        yield found.start("who") + (subject.end() if subject else 0), found.end("who")


def pronouns(text: str, saying: str, language: Language) -> Iterator[tuple[int, int]]:
    """Yield the positions of “he” and “she” beside a verb of saying."""
    pattern = PRONOUN[language].replace("{saying}", saying).replace("{{", "{").replace("}}", "}")
    for found in re.finditer(pattern, text):
        group = next(name for name, words in found.groupdict().items() if words)
        yield found.start(group), found.end(group)
