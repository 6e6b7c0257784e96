"""Words in every script: what is indexed when a row is published, and how a reader's words become a condition.

Latin, Cyrillic and other words go through PostgreSQL's English dictionary. Chinese, Japanese and Korean have no blanks
to split at, and a word of theirs often has two letters, which trigrams can't find: they are indexed by pairs of
letters. Two letters are found by that alone; one, or more, are checked once more in the plain text. A name of a place
or outlet also finds the rows that carry its term.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, not_, or_, text
from sqlalchemy.dialects.postgresql import TSQUERY

from app.record.models import Version

CJK = (
    r"\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf"
    r"\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
RUN = re.compile(f"[{CJK}]+")
PAIR = 2
MOST_UNITS = 20

Names = Callable[[str], Sequence[tuple[str, str]]]
"""The terms (key, code) that a name stands for in an edition; empty for what is no name."""


# A stemmer knows only the plain one, and would not find "Jilin" in "Jilin’s". The wide one is folded with the rest.
APOSTROPHES = "’ʼ"


def plain_text(words: str) -> str:
    """Letters as they are compared: compatibility forms folded, case folded, blanks tidied."""
    folded = unicodedata.normalize("NFKC", words)
    for apostrophe in APOSTROPHES:
        folded = folded.replace(apostrophe, "'")  # much faster than a table where there is none
    return " ".join(folded.casefold().split())


def bigrams(words: str) -> set[str]:
    """All pairs of neighbouring letters in the Chinese, Japanese and Korean parts, and letters that stand alone."""
    found: set[str] = set()
    for run in RUN.findall(plain_text(words)):
        found |= {run[i : i + 2] for i in range(len(run) - 1)} or {run}
    return found


@dataclass(frozen=True)
class Unit:
    """A word or quoted phrase of a question, and whether it must be absent."""

    words: str
    is_excluded: bool = False
    is_quoted: bool = False


Groups = Sequence[Sequence[Unit]]
"""A question: units of a group are joined by OR, groups by AND."""


def units(question: str) -> Groups:
    """The question as AND of ORs, read as a web search would: quotes keep together, minus excludes, OR joins."""
    groups: list[list[Unit]] = []
    joins = False
    for match in re.finditer(r'(-?)(?:"([^"]*)"?|(\S+))', question):
        minus, quoted, bare = match.groups()
        words = quoted if bare is None else bare.strip('"')
        if bare == "OR" and not minus and groups:
            joins = True
            continue
        # Some letters, such as a Greek iota written below nothing, come apart into a blank and a mark.
        if not re.search(r"\w", plain_text(words)):
            continue
        unit = Unit(" ".join(words.split()), bool(minus), bare is None)
        if joins:
            groups[-1].append(unit)
        else:
            groups.append([unit])
        joins = False
    return groups[:MOST_UNITS]


def asked(question: str, names: Names, longest: int = 5) -> Groups:
    """The same, where runs of plain words that together are a name are one unit: Radio Free Asia, not three words."""
    groups = units(question)
    found: list[list[Unit]] = []
    index = 0
    while index < len(groups):
        for size in range(min(longest, len(groups) - index), 1, -1):
            run = [group[0] for group in groups[index : index + size] if len(group) == 1]
            if len(run) == size and not any(unit.is_excluded or unit.is_quoted for unit in run):
                together = " ".join(unit.words for unit in run)
                if names(together):
                    found.append([Unit(together, is_quoted=True)])
                    index += size
                    break
        else:
            found.append(list(groups[index]))
            index += 1
    return found


def condition(
    groups: Groups,
    names: Names,
    term_numbers: Callable[[Iterable[tuple[str, str]]], ColumnElement[list[int]]],
) -> ColumnElement[bool]:
    """Rows that a question, or some groups of it, finds. Whatever was typed, it is no error."""
    wanted = []
    for group in groups:
        alternatives = []
        for unit in group:
            ways = [_in_text(unit)]
            if terms := names(unit.words):
                ways.append(Version.terms.overlap(term_numbers(terms)))
            alternatives.append(not_(or_(*ways)) if unit.is_excluded else or_(*ways))
        wanted.append(or_(*alternatives))
    return and_(*wanted) if wanted else literal(True)


def rank(question: str) -> ColumnElement[float]:
    """How well a row answers, for sorting: title before summary before the rest."""
    wanted = [
        plain_text(unit.words).replace('"', " ")
        for group in units(question)
        for unit in group
        if not unit.is_excluded
    ]
    # As phrases, since PostgreSQL gives up on many a minus in a row.
    phrases = " OR ".join(f'"{RUN.sub(" ", words)}"' for words in wanted)
    return func.ts_rank(Version.search, func.websearch_to_tsquery(text("'english'"), phrases))


def words_to_mark(question: str) -> list[str]:
    """The words that a page marks where it prints them."""
    return [unit.words for group in units(question) for unit in group if not unit.is_excluded]


def parted(words: str) -> tuple[list[str], str]:
    """Words as they are compared: runs of Chinese, Japanese and Korean letters, and the rest, if it has any letter."""
    plain = plain_text(words)
    # PostgreSQL takes what stands between such signs for the tag of a document, and looks for none of it.
    rest = RUN.sub(" ", plain).replace("<", " ").replace(">", " ")
    return RUN.findall(plain), rest if re.search(r"\w", rest) else ""


def _in_text(unit: Unit) -> ColumnElement[bool]:
    runs, latin = parted(unit.words)
    ways: list[ColumnElement[bool]] = []
    if runs:
        if pairs := sorted(pair for run in runs for pair in bigrams(run) if len(pair) == PAIR):
            ways.append(Version.cjk.bool_op("@@")(cast(literal(_lexemes(pairs), String), TSQUERY)))
        # To look into the text of thousands of rows takes several times as long as to find them.
        ways += [Version.plain.contains(run, autoescape=True) for run in runs if len(run) != PAIR]
    if latin:
        query = as_query(latin)
        matches: ColumnElement[bool] = Version.search.bool_op("@@")(query)
        # "the" alone leaves nothing to look for: it asks for nothing, and "-the" leaves nothing out.
        may_be_empty = not unit.is_excluded or bool(ways)
        ways.append(or_(matches, func.numnode(query) == 0) if may_be_empty else matches)
    return and_(*ways)


def as_query(words: str | ColumnElement[str]) -> ColumnElement[Any]:
    """What PostgreSQL looks for in `search`, of words without Chinese, Japanese or Korean letters."""
    return func.phraseto_tsquery(text("'english'"), words)


def _lexemes(pairs: Iterable[str]) -> str:
    return " & ".join("'" + pair.replace("'", "''") + "'" for pair in pairs)
