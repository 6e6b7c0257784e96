"""The words nearest to a misspelled one: by letters that differ, of all words of the record."""

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.kinds.locale_names import is_country
from app.record.search import plain_text
from app.record.words.korean import in_latin_letters, is_hangul

MAX_CHARACTERS = 24
LONG_NAME = 9
"""Letters of a name of which two may be wrong."""


def letters(word: str) -> str:
    """Return the letters to compare: without accents in Korean syllables, as their parts."""
    return "".join(
        unicodedata.normalize("NFD", letter) if is_hangul(letter) else letter
        for letter in plain_text(word).replace("'", "")
    )


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words with how often they occur; names occur most."""

    words: Sequence[str]
    counts: Sequence[int]

    @cached_property
    def _table(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        """The letters of each word in a row, and the number of its letters."""
        spelled = [letters(word)[:MAX_CHARACTERS] for word in self.words]
        table = np.zeros((len(spelled), MAX_CHARACTERS), dtype=np.uint32)
        for row, word in enumerate(spelled):
            table[row, : len(word)] = [ord(letter) for letter in word]
        return table, np.array([len(word) for word in spelled], dtype=np.int32)

    @cached_property
    def known(self) -> Collection[str]:
        return frozenset(plain_text(word) for word in self.words)

    def nearest(self, word: str, most: int = 3) -> list[str]:
        """Return the words with one other letter, or two of a long one, most frequent first.

        The name of a country is no other word.

        A Korean or Russian word is also looked for in Latin letters, as most names are on record.
        """
        # A word that is only in the thesaurus is spelled right, but in no record.
        if plain_text(word) in self.known or is_country(word):
            return []
        latin = in_latin_letters(word)
        if spelled_so := [each for each in latin if each in self.known]:
            return spelled_so[:most]
        found = self._nearest(word, most)
        # The particles of a Korean word would be taken for wrong letters of a name.
        if not found and latin and not is_hangul(word):
            found = self._nearest(latin[0], most)
        return found

    def _nearest(self, word: str, most: int) -> list[str]:
        wanted = letters(word)[:MAX_CHARACTERS]
        allowed = allowed_errors(word, wanted)
        if not allowed or not len(self.words):
            return []
        table, lengths = self._table
        rows = np.flatnonzero(np.abs(lengths - len(wanted)) <= allowed)
        distances = _distances(wanted, table[rows], lengths[rows])
        near = rows[distances <= allowed]
        by_row = dict(zip(rows.tolist(), distances.tolist(), strict=True))
        # The first letter is seldom wrong.
        order = sorted(
            near.tolist(),
            key=lambda row: (
                by_row[row],
                letters(self.words[row])[:1] != wanted[:1],
                -self.counts[row],
                self.words[row],
            ),
        )
        return [self.words[row] for row in order[:most]]


def allowed_errors(word: str, spelled: str) -> int:
    """Return how many letters of a word may be wrong: none of a short one."""
    if len(word) < 2 or word.isdecimal():
        return 0
    if len(spelled) > len(word):  # Korean: two or three parts a syllable
        return 1 if len(word) <= 3 else 2
    if spelled[:1] >= "\u2e80":  # Chinese and Japanese
        return 1
    return 0 if len(word) < 4 else 1 if len(word) < LONG_NAME else 2


def _distances(
    wanted: str, table: NDArray[np.uint32], lengths: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Return the number of changed, added, lost and swapped letters to each word of a table."""
    count, width = table.shape
    columns = np.arange(width + 1, dtype=np.int32)
    before: NDArray[np.int32] = np.zeros((count, width + 1), dtype=np.int32)
    last = np.repeat(columns[None, :], count, axis=0)
    for position, letter in enumerate(wanted, 1):
        code = ord(letter)
        row = np.empty((count, width + 1), dtype=np.int32)
        row[:, 0] = position
        differs = (table != code).astype(np.int32)
        replaced = last[:, :-1] + differs
        lost = last[:, 1:] + 1
        best = np.minimum(replaced, lost)
        if position > 1:
            swapped = (table[:, :-1] == code) & (table[:, 1:] == ord(wanted[position - 2]))
            best[:, 1:] = np.where(
                swapped, np.minimum(best[:, 1:], before[:, :-2] + 1), best[:, 1:]
            )
        for column in range(1, width + 1):
            row[:, column] = np.minimum(best[:, column - 1], row[:, column - 1] + 1)
        before, last = last, row
    found: NDArray[np.int32] = last[np.arange(count), lengths]
    return found
