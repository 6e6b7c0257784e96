"""Finds sources that another outlet passes on: “Daily NK reported, citing a source in Jilin”."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.desk.reading.marks import Mark, MarkKind, Sentence
from app.desk.reading.reference_words import CITING
from app.desk.reading.words import plain
from app.vocabulary.citations import Attribution


class PassedOn(NamedTuple):
    """The outlet of a sentence that passes on what a source says."""

    outlet: str = ""
    """Its code; empty if there is none."""
    sources: Sequence[Mark] = ()
    outlets: Sequence[Mark] = ()
    """Marks of speakers that are the outlet itself: it does not speak."""


def passed_on(sentence: Sentence, marks: Sequence[Mark]) -> PassedOn:
    """Return the outlet and the sources that it cites in a sentence."""
    outlets = [mark for mark in marks if mark.kind is MarkKind.OUTLET and ":" not in mark.value]
    speakers = [mark for mark in marks if mark.kind is MarkKind.SPEAKER]
    if not outlets or not speakers:
        return PassedOn()
    text = plain(sentence.text)
    before, after = (re.compile(pattern) for pattern in CITING[sentence.language])
    for outlet in outlets:
        own = [mark for mark in speakers if mark.overlaps(outlet)]
        others = [mark for mark in speakers if mark not in own]
        sources = [
            mark
            for mark in others
            if mark.value != Attribution.OTHER_OUTLET
            and (
                (outlet.end <= mark.start and before.search(text[: mark.start - sentence.start]))
                or after.search(text[mark.end - sentence.start :])
            )
        ]
        if sources:
            return PassedOn(outlet.value, sources, own)
    return PassedOn()
