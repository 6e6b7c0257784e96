"""Proposes actions: verbs and nouns of the field, with the type of event that each suggests."""

from collections.abc import Iterable, Iterator

from app.desk.reading.action_words import ACTIONS
from app.desk.reading.marks import Mark, MarkKind, Reason, Sentence
from app.desk.reading.words import compile_table, plain

WORDS = compile_table(ACTIONS)


class ActionProposer:
    """Marks words for a type of event; a shorter one within a longer one is dropped."""

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
        yield from sorted(chosen, key=lambda mark: mark.start)
