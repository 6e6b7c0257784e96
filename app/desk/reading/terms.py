"""Proposes terms: papers, sectors and groups by the words of the vocabulary and the thesaurus."""

import re
from collections.abc import Iterable, Iterator

from app.desk.reading.marks import LANGUAGES, Language, Mark, MarkKind, Reason, Sentence, longest
from app.desk.reading.term_words import WOMEN, WORDS
from app.desk.reading.thesaurus import OF_CONCEPT, Thesaurus, fitting
from app.desk.reading.words import Table, compile_table, plain
from app.vocabulary.estimates import Unit

WOMEN_WORKERS = "group:women-workers"
ENDING = re.compile(r"[аеёиоуыэюяьй]{1,2}$", re.IGNORECASE)


class TermProposer:
    """Marks words of terms, as `paper:work-visa`; of those that overlap the longest."""

    def __init__(self, thesaurus: Thesaurus = ()) -> None:
        self.words = compile_table(_with_thesaurus(WORDS, thesaurus))

    def propose(self, sentence: Sentence, known: Iterable[Mark]) -> Iterator[Mark]:
        text = plain(sentence.text)
        taken = [mark for mark in known if mark.kind in {MarkKind.OUTLET, MarkKind.ACTOR}]
        found = [
            Mark(start, end, MarkKind.TERM, code, Reason.WORD)
            for start, end, code in self.words[sentence.language].find(text)
        ]
        yield from longest(m for m in found if not any(m.within(name) for name in taken))


def women_counted(number: Mark, sentence: Sentence) -> Mark | None:
    """Return a mark of the group, if the people whom a number counts are women."""
    if number.figure is None or number.figure.unit != Unit.PEOPLE:
        return None
    text = plain(sentence.text)
    start, end = number.start - sentence.start, number.end - sentence.start
    if sentence.language in {"ko", "zh", "ja"}:
        start, end = max(0, start - 4), end + 3
    if not WOMEN[sentence.language].search(text[start:end]):
        return None
    return Mark(number.start, number.end, MarkKind.TERM, WOMEN_WORKERS, Reason.WORD)


def _with_thesaurus(table: Table, thesaurus: Thesaurus) -> Table:
    """Return the table with the words of the thesaurus for concepts that have a code."""
    merged: dict[str, dict[Language, str]] = {code: dict(words) for code, words in table.items()}
    for row in thesaurus:
        code = OF_CONCEPT.get(row["concept"])
        if not code:
            continue
        words = merged.setdefault(code, {})
        for language in LANGUAGES:
            added = _inflected(fitting(row["concept"], row.get(language) or ""), language)
            words[language] = "|".join(filter(None, (words.get(language), added)))
    return merged


def _inflected(words: str, language: Language) -> str:
    """Return words with open endings: the plural in English, the cases in Russian."""
    if language == "en":
        return "|".join(
            f"{word}*" if word[-1:] not in "s*" else word for word in words.split("|") if word
        )
    if language == "ru":
        return "|".join(_open_endings(phrase) for phrase in words.split("|") if phrase)
    return "|".join(word for word in words.split("|") if len(word) > 1)


def _open_endings(phrase: str) -> str:
    """Return a phrase whose words may have another ending; short words have their own.

    Only vowels and signs are endings: “официа*” would be “официально”, too.
    """
    return " ".join(
        f"{ENDING.sub('', word)}*" if len(word) > 5 else word for word in phrase.split()
    )
