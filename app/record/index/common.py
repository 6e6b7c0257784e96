"""Words that very many rows hold, each with these rows: to find them anew, PostgreSQL visits as many pages.

They are read once an index is there, some rows at a time, and go on with it from edition to edition.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pyroaring import BitMap
from sqlalchemy import ColumnElement, String, any_, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.record.filters import LISTS
from app.record.index.searching import Search
from app.record.models import Version
from app.record.search import PAIR, RUN, Groups, Unit, parted
from app.record.sql.streaming import Seqs, as_bytes, in_one, unpacked

LEAST_ROWS = 20_000
"""Of all kinds and editions. To find and visit so many takes PostgreSQL some 25 ms of its processor."""
MOST_WORDS = 500
MOST_BYTES = 32_000_000
"""What the rows of all these words take in memory, for all lists together."""
MOST_LEXEMES = 10_000
ROWS_AT_A_TIME = 25_000
"""Their words are read in a quarter of a second."""
NOTHING = BitMap()


@dataclass(frozen=True)
class Common:
    """The rows of one kind, by lexeme; of Chinese, Japanese and Korean, by pair of letters."""

    rows: Mapping[str, BitMap]
    later: Mapping[str, BitMap] = field(default_factory=dict)
    """Those that came since, apart: an edition of ten rows would otherwise copy a million for each of its words."""
    lexemes: dict[str, str | None] = field(default_factory=dict, compare=False)
    """What `Search.lexemes` said of words that were asked for lately."""

    def learn(self, groups: Groups, search: Search) -> None:
        """What PostgreSQL looks for where readers ask for these words; at most one statement."""
        each = [parted(unit.words) for group in groups for unit in group]
        if new := {words for runs, words in each if not runs} - self.lexemes.keys():
            if len(self.lexemes) > MOST_LEXEMES:
                self.lexemes.clear()
            self.lexemes.update(search.lexemes(new))

    def of(self, unit: Unit, every: BitMap) -> BitMap | None:
        """The rows that hold it, of all that there are; None where only the database can tell."""
        runs, words = parted(unit.words)
        if runs:
            is_pair = len(runs) == 1 and len(runs[0]) == PAIR and not words
            return self._having(runs[0]) if is_pair else None
        lexeme = self.lexemes.get(words)
        if lexeme == "":  # "the" asks for nothing, and "-the" leaves nothing out
            return NOTHING if unit.is_excluded else every
        return None if lexeme is None else self._having(lexeme)

    def _having(self, word: str) -> BitMap | None:
        rows = self.rows.get(word)
        return rows | self.later[word] if rows is not None and word in self.later else rows

    def onward(self, more: Mapping[str, BitMap]) -> "Common":
        """With the rows of words that came since."""
        later = {word: self.later.get(word, NOTHING) | rows for word, rows in more.items()}
        return replace(self, later={**self.later, **later})


def common_words(db: Session) -> list[str]:
    """As PostgreSQL saw when it last looked at the record, those first that most rows hold. None if it never did."""
    found = db.execute(COMMON, {"least": LEAST_ROWS})
    # The words of such letters are looked for by pairs alone.
    words = [
        word
        for column, word in found
        if (len(word) == PAIR if column == "cjk" else not RUN.search(word))
    ]
    return words[:MOST_WORDS]


COMMON = text("""
    SELECT attname, word FROM pg_stats, pg_class,
      unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (word, share)
    WHERE pg_class.oid = 'record.version'::regclass AND schemaname = 'record' AND tablename = 'version'
      AND attname IN ('search', 'cjk') AND word IS NOT NULL AND share * reltuples >= :least
    ORDER BY share DESC, word
""")
"""Behind the shares of words stand a few of all of them."""


def rows_with(
    db: Session, words: Collection[str], wanted: ColumnElement[bool]
) -> Iterator[tuple[str, str, Seqs]]:
    """Kinds, words, and the `seq` of those of the wanted rows that hold these; at most two statements."""
    for column in (Version.search, Version.cjk):
        some = [word for word in words if (RUN.search(word) is not None) == (column is Version.cjk)]
        if some:
            each = select(
                Version.kind, Version.seq, func.unnest(func.tsvector_to_array(column)).label("word")
            )
            of = each.where(Version.kind.in_(LISTS), Version.is_live, wanted).subquery()
            having = of.c.word == any_(cast(literal(some, ARRAY(String)), ARRAY(String)))
            found = (
                select(of.c.kind, of.c.word, in_one(of.c.seq))
                .where(having)
                .group_by(of.c.kind, of.c.word)
            )
            for kind, word, seqs in as_bytes(db, found):
                yield kind, word, unpacked(seqs)


def shed(found: Mapping[str, dict[str, BitMap]]) -> None:
    """Leaves out those words that fewest rows hold, until what is left is small enough; `found` is by kind."""
    sizes = {
        word: (sum(map(len, sets)), sum(map(_bytes, sets)))
        for word in next(iter(found.values()))
        for sets in [[rows[word] for rows in found.values()]]
    }
    total = sum(size for _count, size in sizes.values())
    for word in sorted(sizes, key=lambda word: sizes[word]):
        if total <= MOST_BYTES:
            return
        total -= sizes[word][1]
        for rows in found.values():
            del rows[word]


def _bytes(rows: BitMap) -> int:
    held = rows.get_statistics()
    return (
        held["n_bytes_array_containers"]
        + held["n_bytes_run_containers"]
        + held["n_bytes_bitset_containers"]
    )
