"""Proposes actions: verbs and nouns of the field, with the type of event that each suggests."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.desk.reading.action_guards import Telling, telling
from app.desk.reading.action_words import ACTIONS
from app.desk.reading.marks import Mark, MarkKind, Reason, Sentence
from app.desk.reading.words import compile_table, plain

WORDS = compile_table(ACTIONS)


class ActionProposer:
    """Marks words for a type of event; a shorter one within a longer one is dropped.

    What is negated, a condition or long past is no event; what is denied is marked as such.
    """

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        text = plain(sentence.text)
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
        for mark in sorted(chosen, key=lambda mark: mark.start):
            tells = telling(text, mark.start, mark.end, sentence.language)
            if tells is Telling.DENIED:
                yield replace(mark, reason=Reason.DENIED)
            elif tells is Telling.REPORTED:
                yield mark
