"""The cards above the results of a search: of the places, actors and others that its words name."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from app.i18n.translate import _
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads.wordings import wordings_of
from app.record.search import plain_text
from app.record.terms import TermPair
from app.record.words.query import PartKind, Query
from app.site.cards.card import CARD_KEYS, Card, card_of

MAX_CARDS = 2


def cards_of(
    db: Session, edition: IndexedEdition, query: Query, directory: Directory
) -> list[Card]:
    """Return the cards of what the words name, in the order of the words.

    They are short if the query has other words, too: then its results are what is asked for.
    """
    called = _called(db, edition, query, directory)
    named = dict.fromkeys(("actor", code) for code in called)
    named |= dict.fromkeys(
        (key, code)
        for part in query.wanted
        if part.kind is PartKind.NAME
        for key, code in part.terms
        if key in CARD_KEYS and code in directory.named_records[key]
    )
    ordered = sorted(named, key=lambda term: _is_named_by_another(term, named, directory))
    is_short = any(
        part.kind is not PartKind.NAME and not any(part.words in words for words in called.values())
        for part in query.wanted
    )
    cards = [
        card_of(db, edition, key, code, directory, is_short=is_short)
        for key, code in ordered[:MAX_CARDS]
    ]
    return [_with_wording(card, called.get(card.code, "")) for card in cards]


def _is_named_by_another(term: TermPair, named: Iterable[TermPair], directory: Directory) -> bool:
    """Whether a place only tells which body or law is meant: China in 中国商务部."""
    if term[0] != "place":
        return False
    label = directory.label(*term)
    return any(
        key != "place"
        and any(label in name.text for name in directory.named_records[key][code].names)
        for key, code in named
    )


def _with_wording(card: Card, words: str) -> Card:
    """Return the card of an actor with what sources call it, by which it was found."""
    if card.key != "actor" or not words:
        return card
    what = _("{what}; wording in sources: “{words}”").format(what=card.what, words=words)
    return replace(card, what=what)


def _called(
    db: Session, edition: IndexedEdition, query: Query, directory: Directory
) -> Mapping[str, str]:
    """Return the actor that sources call by words of the query, with its longest wording."""
    words = [part.words for part in query.wanted]
    wordings = wordings_of(db, edition, directory)
    for size in range(len(words), 0, -1):
        for first in range(len(words) - size + 1):
            together = " ".join(words[first : first + size])
            if code := wordings.get(plain_text(together)):
                return {code: together}
    return {}
