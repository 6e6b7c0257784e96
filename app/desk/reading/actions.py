"""Proposes actions: verbs and nouns of the field, with the type of event that each suggests."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.desk.reading.action_guards import Telling, telling
from app.desk.reading.action_words import ACTIONS
from app.desk.reading.demands import DEMAND, is_demanded
from app.desk.reading.journeys import journeys
from app.desk.reading.marks import Language, Mark, MarkKind, Reason, Sentence
from app.desk.reading.words import compile_table, plain

WORDS = compile_table(ACTIONS)
PEOPLE_AFTER: Mapping[Language, tuple[str, str]] = {
    "en": (
        r"(?:workers?|labou?rers|women|men|nationals|citizens|people|staff|teams?|builders|"
        r"trainees|crews?|seamstresses|waitresses|loggers|koreans)(?: who (?:had been|were|are|"
        r"have been))? $",
        r"",
    ),
    "ko": (
        r"",
        r"(?:된|한|돼 있는|돼 있던|되어 있는|됐던)?"
        r"(?: [가-힣]{1,6}(?:\([^)]{1,12}\))?(?<![은는이가을를에며고])){0,3}? ?"
        r"(?:노동자|근로자|인력|여성|일꾼|직원|종업원|사람|이들|인원|주민)",
    ),
    "zh": (
        r"",
        r"[^,。;]{0,12}的[^,。;]{0,8}?(?:工人|劳工|女工|员工|人员|人(?!民|口)|劳动力|公民)",
    ),
    "ja": (
        r"",
        r"(?:れ)?(?:た|て(?:いる|いた|きた))(?:[^、。はがをに]{0,10})"
        r"(?:労働者|従業員|女性|作業員|人材|人々|人たち|職員|実習生)",
    ),
    "ru": (
        r"\b(?:рабоч\w+|граждан\w*|работни\w+|строител\w+|северокорейц\w+|люд\w+|женщин\w*|"
        r"специалист\w+|мигрант\w+),? $",
        r"",
    ),
}
"""Before or after a participle of dispatch that only tells which people are meant."""
PARTICIPLE: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?:been )?(?:sent|were sent|have been sent|dispatched|deployed|hired|recruited)"
    ),
    "ko": re.compile(r"파견|송출|입국|들어온|건너온|도착|데려온|파견한|투입됐|채용|고용"),
    "zh": re.compile(r"派遣|派往|派出|外派|派来|输送|来到"),
    "ja": re.compile(r"派遣|送り込|送られ|派遣さ|送り出さ|やって来|入国"),
    "ru": re.compile(r"прибывш|приехавш|въехавш|завезенн|направленн|привлеченн"),
}


DISPATCH, DIPLOMATIC_LETTER = "dispatch", "diplomatic-letter"
LETTER: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?: [a-z’']+){0,4}? (?:letters?|notes?(?! of)|requests?|complaints?|protests?)\b"
    ),
    "ko": re.compile(r"(?!)"),
    "zh": re.compile(r"[^,。;]{0,8}(?:照会|信函|公函|抗议书)"),
    "ja": re.compile(r"(?!)"),
    "ru": re.compile(
        r"(?: [^ ,.;]+){0,4}? (?:нот[уы]|письм[оа]|запрос[ы]?|обращени[ея]|жалоб[уы]|протест)\b"
    ),
}
"""After a verb of sending: a letter or a note is sent, and nobody."""
NEAR_DATE = 26
"""Characters between a participle and a day of its own."""


class ActionProposer:
    """Marks words for a type of event; a shorter one within a longer one is dropped.

    What is negated, a condition or long past is no event; what is denied is marked as such.
    """

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        text = plain(sentence.text)
        known = [*known]
        names = [
            mark for mark in known if mark.kind in {MarkKind.OUTLET, MarkKind.ACTOR, MarkKind.PLACE}
        ]
        found = [
            Mark(start, end, MarkKind.ACTION, code, Reason.VERB)
            for start, end, code in WORDS[sentence.language].find(text)
        ]
        chosen: list[Mark] = []
        for mark in sorted(found, key=lambda mark: (-mark.length, mark.start)):
            rivals = [other for other in chosen if mark.overlaps(other)]
            if not rivals and not any(mark.within(name) for name in names):
                chosen.append(mark)
        # A verb of the way tells of a journey only where no verb of the field does.
        chosen = chosen or [*journeys(sentence, known)]
        dates = [mark for mark in known if mark.kind is MarkKind.DATE]
        for mark in sorted(chosen, key=lambda mark: mark.start):
            if _is_attribute(mark, text, sentence.language, dates):
                continue
            tells = telling(text, mark.start, mark.end, sentence.language)
            if tells is Telling.DENIED:
                yield replace(mark, reason=Reason.DENIED)
            elif mark.value == DISPATCH and LETTER[sentence.language].match(text, mark.end):
                yield replace(mark, value=DIPLOMATIC_LETTER)
            elif tells is Telling.REPORTED:
                states = [text[name.start : name.end] for name in names if name.end <= mark.start]
                demanded = is_demanded(text, mark.start, mark.end, sentence.language, states)
                yield replace(mark, value=DEMAND) if demanded else mark


def _is_attribute(mark: Mark, text: str, language: Language, dates: Sequence[Mark]) -> bool:
    """Whether a participle only tells which people are meant: 파견된 노동자, “workers sent there”.

    With a day of its own it tells of an event: “workers who were sent in May”.
    """
    words = text[mark.start : mark.end]
    if mark.value != DISPATCH or not PARTICIPLE[language].match(words):
        return False
    before, after = PEOPLE_AFTER[language]
    found = re.compile(after).match(text, mark.end)
    if not found or not re.search(before, text[: mark.start]):
        return False
    start, end = mark.start - NEAR_DATE, found.end() + (NEAR_DATE if before else 0)
    if language in {"ko", "ja"}:
        end = mark.end
    return not any(start < date.end and date.start < end for date in dates)
