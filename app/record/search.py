"""Full-text search in every script: what is indexed, and how a query becomes a SQL condition.

Latin words go through PostgreSQL's English dictionary, Cyrillic ones through its Russian one.
Chinese, Japanese and Korean (CJK) words have no spaces between them and often have two characters,
too short for trigrams. They are indexed as bigrams; words of another length are also compared with
`plain`. The name of a place or outlet also finds the rows with its term.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import pi
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, not_, or_, text
from sqlalchemy.dialects.postgresql import TSQUERY

from app.record.models import Version
from app.record.terms import term_numbers

CJK = (
    r"\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf"
    r"\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
CJK_RUN = re.compile(f"[{CJK}]+")
BIGRAM_LENGTH = 2

# The stemmer knows only "'", so it would not find "Jilin" in "Jilin’s".
APOSTROPHES = "’ʼ"


def plain_text(words: str) -> str:
    """Normalize text for comparison: NFKC, plain apostrophes, case folded, single spaces."""
    folded = unicodedata.normalize("NFKC", words)
    for apostrophe in APOSTROPHES:
        folded = folded.replace(apostrophe, "'")  # much faster than str.translate
    return " ".join(folded.casefold().split())


def bigrams(words: str) -> set[str]:
    """Return all pairs of adjacent CJK characters, and the single characters."""
    found: set[str] = set()
    for run in CJK_RUN.findall(plain_text(words)):
        found |= {run[i : i + 2] for i in range(len(run) - 1)} or {run}
    return found


@dataclass(frozen=True)
class SearchUnit:
    """A word or quoted phrase of a query; `is_excluded` if it had a minus."""

    words: str
    is_excluded: bool = False
    is_quoted: bool = False
    terms: tuple[tuple[str, str], ...] = ()
    """The terms (key, code) of what has this name, which also find a row."""
    is_literal: bool = False
    """Whether the words are found as written: with small words, which PostgreSQL leaves out, and
    without other endings."""


SearchGroups = Sequence[Sequence[SearchUnit]]
"""A parsed query: the units of a group are joined by OR, the groups by AND."""


def parse_query(query: str) -> SearchGroups:
    """Parse a query like a web search: quotes make phrases, minus excludes, OR joins."""
    groups: list[list[SearchUnit]] = []
    joins = False
    for match in re.finditer(r'(-?)(?:"([^"]*)"?|(\S+))', query):
        minus, quoted, bare = match.groups()
        words = quoted if bare is None else bare.strip('"')
        if bare == "OR" and not minus and groups:
            joins = True
            continue
        # NFKC turns some characters, such as a lone iota subscript, into a space and a mark.
        if not re.search(r"\w", plain_text(words)):
            continue
        unit = SearchUnit(" ".join(words.split()), bool(minus), bare is None)
        if joins:
            groups[-1].append(unit)
        else:
            groups.append([unit])
        joins = False
    return groups


def search_condition(groups: SearchGroups) -> ColumnElement[bool]:
    """Return the SQL condition for rows that match all groups. Accepts any input."""
    wanted = []
    for group in groups:
        alternatives = []
        for unit in group:
            ways = [_in_text(unit)]
            if unit.terms:
                ways.append(Version.terms.overlap(term_numbers(unit.terms)))
            alternatives.append(not_(or_(*ways)) if unit.is_excluded else or_(*ways))
        wanted.append(or_(*alternatives))
    return and_(*wanted) if wanted else literal(True)


WEIGHTS = dict(zip("ABCD", (1.0, 0.4, 0.1, 0.03), strict=True))
"""Weights of the title, of the summary, of paraphrases and of printed words, by label."""
RANK_WEIGHTS = "{" + ",".join(str(WEIGHTS[label]) for label in "DCBA") + "}"
EQUIVALENT = 0.7
"""Share of the rank that an equivalent of the typed word has."""
NAMED, CODED = 0.4, 0.2
"""Rank of a row that names a place or outlet itself, or that has a code, whatever its words are."""
PHRASE = 1.0
"""Rank that is added for all words as one phrase."""
TITLE_CHARACTERS = 120
"""Characters of `plain` that are taken for the title, in scripts without lexemes."""


def search_rank(groups: SearchGroups) -> ColumnElement[float]:
    """Return SQL for the rank of a row: title, then summary, then the rest; phrases first.

    The first unit of a group is the one typed, the others are its equivalents.
    """
    wanted = [[unit for unit in group if not unit.is_excluded] for group in groups]
    ranks: list[ColumnElement[Any]] = [literal(0.0)]
    for group in wanted:
        if not group:
            continue
        each = [_text_rank(group[:1]), _text_rank(group[1:]) * EQUIVALENT]
        # `names` has the places in the form, a place of a filter also those around them.
        named = {
            term if term[0] != "place" else ("names", term[1])
            for unit in group
            for term in unit.terms
        }
        names = {term for term in named if term[0] in {"names", "outlet", "value"}}
        for terms, rank in ((names, NAMED), (named - names, CODED)):
            if terms:
                has_term = Version.terms.overlap(term_numbers(sorted(terms)))
                each.append(case((has_term, rank), else_=0.0))
        ranks.append(func.greatest(*each))
    latin = [
        part for group in wanted for unit in group[:1] if (part := split_scripts(unit.words)[1])
    ]
    if len(latin) > 1:
        phrase = phrase_query(" ".join(latin))
        ranks.append(case((Version.search.bool_op("@@")(phrase), PHRASE), else_=0.0))
    return sum(ranks[1:], ranks[0])


def _text_rank(units: Sequence[SearchUnit]) -> ColumnElement[Any]:
    """Return SQL for the best rank of any of these words in the text of a row."""
    each: list[ColumnElement[Any]] = [literal(0.0)]
    latin = [part for unit in units if (part := split_scripts(unit.words)[1])]
    if len(latin) == 1:
        query = phrase_query(latin[0])
        each.append(func.ts_rank(text(f"'{RANK_WEIGHTS}'"), Version.search, query))
    elif latin:
        each.append(_best_place(latin))
    for run in {run for unit in units for run in split_scripts(unit.words)[0]}:
        place = func.strpos(Version.plain, run)
        each.append(
            case((place == 0, 0.0), (place <= TITLE_CHARACTERS, NAMED + 0.2), else_=NAMED / 4)
        )
    return func.greatest(*each)


ONCE = 6 / pi**2
"""Share of the weight of its place that `ts_rank` gives to a word that is found once."""
LEXEME = "'(?:[^']|'')*'"
"""A lexeme in the text of a tsquery, as a regular expression."""


def _best_place(words: Sequence[str]) -> ColumnElement[Any]:
    """Return SQL for the rank of the best place in a row at which any of these phrases is found.

    `ts_rank` divides the rank of alternatives by their number, and counts each word of a phrase
    alone: a title that has one of thirty equivalents would rank no higher than a remark.
    """
    query = phrase_query(words[0])
    for other in words[1:]:
        query = query.op("||")(phrase_query(other))
    ranks: list[ColumnElement[Any]] = []
    for label, weight in WEIGHTS.items():
        there = func.regexp_replace(cast(query, String), LEXEME, rf"\&:{label}", "g")
        is_there = Version.search.bool_op("@@")(cast(there, TSQUERY))
        ranks.append(case((is_there, weight * ONCE), else_=0.0))
    return sum(ranks[1:], ranks[0])


def words_to_mark(query: str) -> list[str]:
    """Return the words of a query that a page highlights."""
    return [unit.words for group in parse_query(query) for unit in group if not unit.is_excluded]


def split_scripts(words: str) -> tuple[list[str], str]:
    """Split normalized words into runs of CJK characters and the rest ("" if it has no letter)."""
    plain = plain_text(words)
    # PostgreSQL's parser takes text between < and > for a tag and ignores it.
    rest = CJK_RUN.sub(" ", plain).replace("<", " ").replace(">", " ")
    return CJK_RUN.findall(plain), rest if re.search(r"\w", rest) else ""


LETTER = "[a-z0-9\u00c0-\u052f]"
"""A letter or digit of a script with spaces between words."""


def whole_words(words: str) -> str:
    """Return the regular expression, for Python and PostgreSQL, of words in normalized text."""
    plain = plain_text(words)
    before = f"(?<!{LETTER})" if re.match(LETTER, plain) else ""
    after = f"(?!{LETTER})" if re.search(f"{LETTER}$", plain) else ""
    return f"{before}{re.escape(plain)}{after}"


def _in_text(unit: SearchUnit) -> ColumnElement[bool]:
    runs, latin = split_scripts(unit.words)
    ways: list[ColumnElement[bool]] = []
    if unit.is_literal:
        ways.append(Version.plain.regexp_match(whole_words(unit.words)))
        # The index has 6月 as one word with what follows, and "2019" is no "20".
        if runs or re.search(r"\d", unit.words):
            return ways[0]
    if runs:
        if pairs := sorted(
            pair for run in runs for pair in bigrams(run) if len(pair) == BIGRAM_LENGTH
        ):
            ways.append(Version.cjk.bool_op("@@")(cast(literal(_lexemes(pairs), String), TSQUERY)))
        # Bigrams are exact for two characters, and several times as fast as the text of each row.
        ways += [
            Version.plain.contains(run, autoescape=True)
            for run in runs
            if len(run) != BIGRAM_LENGTH
        ]
    if latin:
        query = phrase_query(latin)
        matches: ColumnElement[bool] = Version.search.bool_op("@@")(query)
        # The query of a stop word is empty: "the" matches every row, and "-the" excludes none.
        may_be_empty = not unit.is_excluded or bool(ways)
        ways.append(or_(matches, func.numnode(query) == 0) if may_be_empty else matches)
    return and_(*ways)


CONFIGURATION = text("'russian'")
"""PostgreSQL's name for English stems of Latin words and Russian stems of others."""
CYRILLIC = re.compile("[\u0400-\u052f]")


def phrase_query(words: str) -> ColumnElement[Any]:
    """Return the tsquery for words without CJK characters."""
    query = func.phraseto_tsquery(CONFIGURATION, words)
    if not CYRILLIC.search(words):
        return query
    # Rows of earlier releases have Cyrillic words as they were written.
    return query.op("||")(func.phraseto_tsquery(text("'english'"), words))


def _lexemes(pairs: Iterable[str]) -> str:
    return " & ".join("'" + pair.replace("'", "''") + "'" for pair in pairs)
