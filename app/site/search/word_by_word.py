"""What each word of a query finds, and what a reader can do if nothing has them all."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.record.filters import LISTS, SearchFilters
from app.record.index.edition import IndexedEdition
from app.record.names.directory import Directory
from app.record.reads.lexicon import lexicon_of
from app.record.words.query import PartKind, QueryPart
from app.site.components.urls import PageLink, address, with_filters
from app.site.lists.summary import MAX_NEAREST, MAX_WORDS, WORDING, WordResult, word_result
from app.site.search.ranking import Ranking
from app.web.urls import url


def word_results(ranking: Ranking) -> list[WordResult]:
    return [
        _word_result(ranking, number, part)
        for number, part in enumerate(ranking.query.parts[:MAX_WORDS])
        if not part.is_excluded
    ]


def _word_result(ranking: Ranking, number: int, part: QueryPart) -> WordResult:
    found = []
    for kind, wording in WORDING.items():
        if count := len(ranking.sets[kind][number]):
            filters = LISTS[kind].made_of({"q": [part.query]}, {})
            if part.kind is PartKind.DATE:
                filters = ranking.in_days(LISTS[kind]())
            found.append(PageLink(wording.some(count), address(filters)))
    return word_result(
        ranking.db,
        ranking.edition,
        ranking.directory,
        part=part,
        found=found,
        address_of=_search_address,
    )


def _search_address(words: str) -> str:
    return with_filters(url("search"), SearchFilters.made_of({"q": [words]}, {}))


@dataclass(frozen=True)
class Correction:
    words: str
    """As typed."""
    read_as: str
    others: Sequence[str] = ()
    """The next nearest words."""


def correct(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    missing: Sequence[QueryPart],
) -> list[Correction]:
    """Return a correction for each part that nothing has and that is near a word of the record."""
    wrong = [part for part in missing if part.kind is PartKind.WORD and '"' not in part.words]
    if not wrong:
        return []
    lexicon = lexicon_of(db, edition, directory)
    nearest = [(part.words, lexicon.nearest(part.words, MAX_NEAREST)) for part in wrong[:MAX_WORDS]]
    return [Correction(words, near[0], near[1:]) for words, near in nearest if near]


def corrected(words: str, corrections: Sequence[Correction]) -> str:
    for each in corrections:
        words = words.replace(each.words, each.read_as)
    return words
