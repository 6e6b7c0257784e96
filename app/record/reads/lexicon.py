"""The words of an edition, for misspelled words of a query."""

from collections import Counter

from sqlalchemy import func, literal_column, select, text
from sqlalchemy.orm import Session

from app.caches import Cache
from app.record.editions import SelectedEdition
from app.record.filters import LISTS
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.search import CJK_RUN
from app.record.words.nearest import Lexicon
from app.record.words.stems import STOP_WORDS, WORD

MAX_ROWS = 4_000
"""Newest rows whose words are read: about a second."""
MAX_WORDS = 60_000
MIN_CHARACTERS = 3
NAME_WEIGHT = 1_000
"""What a name counts more than a word of a text."""

LEXICONS: Cache[Lexicon] = Cache("directories")


def lexicon_of(db: Session, edition: SelectedEdition, directory: Directory) -> Lexicon:
    return LEXICONS.of(directory, lambda: _read_lexicon(db, edition, directory))


def _read_lexicon(db: Session, edition: SelectedEdition, directory: Directory) -> Lexicon:
    counts: Counter[str] = Counter()
    newest = (
        select(Version.plain.label("plain"))
        .where(Version.kind.in_(LISTS), edition.holds(), Version.is_live)
        .order_by(Version.seq.desc())
        .limit(MAX_ROWS)
        .subquery()
    )
    words = select(
        func.unnest(
            func.tsvector_to_array(func.to_tsvector(text("'simple'"), newest.c.plain))
        ).label("word")
    ).subquery()
    rows = db.execute(
        select(words.c.word, func.count().label("n"))
        .group_by(words.c.word)
        .order_by(literal_column("n").desc())
        .limit(MAX_WORDS)
    )
    for word, count in rows:
        if len(word) >= MIN_CHARACTERS and WORD.fullmatch(word) and not word.isdecimal():
            counts[word] += count
    thesaurus = directory.thesaurus
    for run, meaning in thesaurus.by_run.items():
        counts[run] += NAME_WEIGHT if meaning.terms else 1
    for concept in {c for concepts in thesaurus.concepts.values() for c in concepts}:
        for words_of in concept.words:
            if not CJK_RUN.search(words_of):
                for word in WORD.findall(words_of.lower()):
                    counts[word] += 1
    for name, terms in directory.names.items():
        if any(key in {"place", "outlet"} for key, _code in terms):
            counts[name] += NAME_WEIGHT
    for word in STOP_WORDS & counts.keys():
        del counts[word]
    return Lexicon(list(counts), list(counts.values()))
