"""Compiles lists of words to patterns: `*` is any ending, `…` a few words between.

After `!` is what may not follow: 大使!館. Before `<` is what may not precede: 제<조업.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from app.desk.reading.marks import Language

Table = Mapping[str, Mapping[Language, str]]
"""Words by code and language, apart by `|`."""
BEGINNING_LETTERS = 2
WORD_START = re.compile(r"(?<![^\W_])[^\W_]")
WIDE_SIGNS, NARROW_SIGNS = "，：；！？（）％～．－０１２３４５６７８９", ",:;!?()%~.-0123456789"
PLAIN_SIGNS = str.maketrans("ё’" + WIDE_SIGNS, "е'" + NARROW_SIGNS)
LETTERED: tuple[Language, ...] = ("en", "ru")
"""Languages whose words have spaces between them."""


def plain(text: str) -> str:
    """Return a text in lower case, without `ё` and wide signs, as long as before."""
    lower = text.lower()
    return (lower if len(lower) == len(text) else text).translate(PLAIN_SIGNS)


class WordTable:
    """Finds the words of a table. Only words that begin like the text at a place are tried."""

    def __init__(self, table: Table, language: Language) -> None:
        self.is_lettered = language in LETTERED
        self.beginning = BEGINNING_LETTERS if self.is_lettered else 1
        self.by_beginning: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
        self.order = {code: at for at, code in enumerate(table)}
        for code, words in table.items():
            for word in filter(None, words.get(language, "").replace("ё", "е").lower().split("|")):
                beginning = word.rpartition("<")[2][: self.beginning]
                bucket = self.by_beginning.setdefault(beginning, [])
                bucket.append((code, re.compile(_one(word, language))))

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and code of each word in a plain text, the longest of each code."""
        starts = WORD_START.finditer(text) if self.is_lettered else re.finditer(r"\S", text)
        for start in (found.start() for found in starts):
            ends: dict[str, int] = {}
            for code, pattern in self.by_beginning.get(text[start : start + self.beginning], ()):
                if (found := pattern.match(text, start)) and found.end() > ends.get(code, 0):
                    ends[code] = found.end()
            for code, end in ends.items():
                yield start, end, code

    def first_code(self, text: str) -> str:
        """Return the code of the first row of the table with a word in the text."""
        codes = {code for _start, _end, code in self.find(text)}
        return min(codes, key=self.order.__getitem__, default="")


def _one(word: str, language: Language) -> str:
    is_lettered = language in LETTERED
    gap = (
        r"(?: (?:[0-9]+(?:[,.][0-9]+)*|[^ ,.;:]+)){0,4}? "
        if is_lettered
        else r"[^,，、。；]{0,16}?"
    )
    before, _sign, word = word.rpartition("<")
    word, _sign, excluded = word.partition("!")
    parts = [re.escape(part).replace(r"\*", r"[^\W\d_]*") for part in word.split("…")]
    joined = f"(?<!{before})" * bool(before) + gap.join(parts)
    joined += f"(?!{excluded})" * bool(excluded)
    joined = joined.replace(r"\ ", r"\s+" if is_lettered else r"\s?")
    if not is_lettered:
        return joined
    return rf"{joined}(?![^\W_])"


def compile_table(table: Table) -> dict[Language, WordTable]:
    """Return the words of a table by language."""
    languages: Iterable[Language] = ("en", "ko", "zh", "ja", "ru")
    return {language: WordTable(table, language) for language in languages}
