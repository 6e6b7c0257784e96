"""Tells who speaks in each sentence of an article: its own speakers, or one who goes on."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.desk.reading.article import ArticleReading
from app.desk.reading.marks import Mark, MarkKind, Reason, Sentence

QUOTE = re.compile(r"[\"“”„«»「」『』]")
OUTLET_SPEAKS = re.compile(
    r"\b(?:could not|was not able to|were not able to|unable to|has not|have not|did not)\b"
    r"[^.]{0,40}\b(?:verif|confirm|reach|respon|repl|comment)|independently|"
    r"확인(?:하지|되지)\s?(?:는 )?(?:못|않)|답변(?:을|하지)|응답하지|연락이 닿지|"
    r"无法[^,，。]{0,8}(?:证实|核实|联系)|截至发稿|未(?:能|予)?(?:证实|回复|回应)|没有回复|"
    r"確認(?:できて|でき|は取れて|されて)い?ない|確認できなかった|回答(?:は|を)得られ|"
    r"取材に応じ(?:なかった|ていない)|回答(?:がな|しなかっ)|"
    r"не (?:удалось|смог\w*|ответил\w*)|независимо подтвердить|на момент публикации",
    re.IGNORECASE,
)
"""What the outlet says of its own work: nobody else's statement goes on in it."""


def speakers_in_force(reading: ArticleReading) -> list[Sequence[Mark]]:
    """Return the marks of speakers for each sentence.

    Who spoke last goes on to the end of the paragraph, and in the quotes that follow it. The
    reason of such a mark says so.
    """
    in_force: list[Sequence[Mark]] = []
    goes_on: Sequence[Mark] = ()
    for sentence, marks in reading:
        own = [mark for mark in marks if mark.kind is MarkKind.SPEAKER]
        if own:
            governing = _at_the_end(sentence, own)
            in_force.append([governing] if governing else own)
            last = governing or own[-1]
            goes_on = [replace(last, reason=Reason.CARRIED_SPEAKER)]
            continue
        is_new = sentence.begins_paragraph and not QUOTE.search(sentence.text)
        if is_new or OUTLET_SPEAKS.search(sentence.text):
            goes_on = ()
        in_force.append(goes_on)
    return in_force


SAID_AT_THE_END = re.compile(r",[\"”’]?\s+$|[\"”»]\s*[,—–-]*\s*$|[\"”»],?\s*[—–-]\s*\w+\s+$")


def _at_the_end(sentence: Sentence, speakers: Sequence[Mark]) -> Mark | None:
    """Return the speaker of “…, he says.”, who says the whole sentence; None if there is none."""
    last = speakers[-1]
    before = sentence.text[: last.start - sentence.start]
    after = sentence.text[last.end - sentence.start :]
    is_last = re.fullmatch(r"\s*(?:[^\s,;]+\s?){0,3}[.\"”]*", after) is not None
    return last if is_last and SAID_AT_THE_END.search(before) else None
