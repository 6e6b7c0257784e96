"""The words of an edition, for misspelled words of a query, and what sources call its actors."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from sqlalchemy import func, literal_column, select, text
from sqlalchemy.orm import Session

from app.caches import Cache
from app.record.editions import SelectedEdition
from app.record.filters import LISTS
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.search import CJK_RUN, plain_text
from app.record.words.nearest import Lexicon
from app.record.words.stems import STOP_WORDS, WORD
from app.vocabulary.kinds import RecordKind

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


# Wordings of actors -------------------------------------------------------------------------------


MAX_EVENTS = 4_000

WORDINGS: Cache[Mapping[str, str]] = Cache("directories")


def wordings_of(db: Session, edition: SelectedEdition, directory: Directory) -> Mapping[str, str]:
    """Map the wordings, as plain text, to the one actor that all sources mean by them."""
    return WORDINGS.of(directory, lambda: _read_wordings(db, edition, directory))


def _read_wordings(
    db: Session, edition: SelectedEdition, directory: Directory
) -> Mapping[str, str]:
    newest = (
        select(Version.payload["form"]["terms"])
        .where(Version.kind == RecordKind.EVENT, edition.holds(), Version.is_live)
        .order_by(Version.seq.desc())
        .limit(MAX_EVENTS)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for terms in db.scalars(newest):
        for term in terms or ():
            if term["key"] == "actor" and term.get("printed"):
                found[plain_text(term["printed"])].add(term.get("code", ""))
    # "China" in a sentence may be its government; in a search it is the place.
    return {
        words: code
        for words, codes in found.items()
        for code in codes
        if len(codes) == 1 and code in directory.actors and not directory.named(words)
    }
