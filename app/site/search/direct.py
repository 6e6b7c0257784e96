"""Records that a query names itself: by ids, also of citations, or by the address of a source."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.edtf import DateError, Days
from app.dates.phrases.reading import read_phrase
from app.dates.wording import in_words
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.reads.source_urls import sources_at
from app.record.sql.rows import ListRow, records_citing
from app.record.terms import TermPair
from app.record.words.query import is_small
from app.vocabulary.kinds import LISTED_KINDS, NAMED_NOUNS, RowKind

MAX_IDS = 20
RECORD_ID = re.compile(r"([A-Za-z])[ -]?([1-9]\d{0,8})")
RECORD_IDS = re.compile(rf"{RECORD_ID.pattern}(?:[\s,;]+{RECORD_ID.pattern})*")
RESERVED = ":/?#[]@!$&'()*+,;=%"
WEB_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?/\S*|https?://\S+")


@dataclass(frozen=True)
class Direct:
    """What a query names itself."""

    rows: Sequence[ListRow] = ()
    entries: Sequence[TermPair] = ()
    """Places, outlets and other records with names."""
    citation: str = ""
    """Id of the citation that was asked for, which the row holds."""

    def __bool__(self) -> bool:
        return bool(self.rows or self.entries)


def find_direct(db: Session, edition: IndexedEdition, words: str, directory: Directory) -> Direct:
    if RECORD_IDS.fullmatch(words):
        ids = [f"{letter.upper()}{number}" for letter, number in RECORD_ID.findall(words)]
        return _by_ids(db, edition, ids[:MAX_IDS], directory)
    # A copied address may be percent-encoded, in part or as a whole, where ours is not.
    plain = unquote(words)
    for spelled in dict.fromkeys((words, plain, quote(plain, safe=RESERVED))):
        if WEB_ADDRESS.fullmatch(spelled):
            address = spelled if "://" in spelled else f"https://{spelled}"
            if rows := sources_at(db, edition, address):
                return Direct(rows)
    return Direct()


def _by_ids(
    db: Session, edition: IndexedEdition, ids: Sequence[str], directory: Directory
) -> Direct:
    """Return the records of several ids, or the record that holds one citation."""
    if ids[0][0] == RowKind.CITATION:
        return Direct([*records_citing(db, edition, ids[:1]).values()], citation=ids[0])
    entries = [
        (noun, code)
        for noun, kind in NAMED_NOUNS.items()
        if any(id[0] == kind for id in ids)
        for code, form in directory.named_records[noun].items()
        if form.id in ids
    ]
    rows = backend.rows_by_id(db, edition, [id for id in ids if id[0] in LISTED_KINDS])
    return Direct([rows[id] for id in ids if id in rows], entries)


MAX_WORDS = 5
YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")
ONLY_YEAR = re.compile(r"(19[5-9]\d|20\d\d)")
LEADING = {"in", "on", "during", "since", "at", "from", "of", "the", "в", "на"}


@dataclass(frozen=True)
class DateInQuery:
    words: str
    edtf: str
    days: Days

    @property
    def in_words(self) -> str:
        return in_words(self.edtf, lasts=False)

    @property
    def text(self) -> str:
        """The month as English texts print it; empty for more or less than a month."""
        first, last = self.days.first, self.days.last
        if not first or not last or (first.year, first.month) != (last.year, last.month):
            return ""
        return f"{calendar.month_name[first.month]} {first.year}" if first != last else ""


def split_date(query: str) -> tuple[str, DateInQuery | None]:
    """Return the other words of a query, and its date with a year. Quoted words stay words."""
    if '"' in query:
        return query, None
    words = query.split()
    for size in range(min(MAX_WORDS, len(words)), 0, -1):
        for first in range(len(words) - size + 1):
            if found := _date(words[first : first + size]):
                rest = [*words[:first], *words[first + size :]]
                # A year alone may be a number of people as well: without other words it stays one.
                if ONLY_YEAR.fullmatch(found.words) and not rest:
                    return query, None
                # "What happened in 2017" asks for all of 2017.
                return "" if all(map(is_small, rest)) else " ".join(rest), found
    return query, None


def _date(words: list[str]) -> DateInQuery | None:
    text = " ".join(words).strip(",.;:?!。、")
    if not YEAR.search(text) or words[0].lower() in LEADING:
        return None
    try:
        for reading in read_phrase(text, None)[:1]:
            whole = edtf.parse(reading).whole
            if whole and whole.first and whole.last:
                return DateInQuery(text, reading, whole)
    except (DateError, ValueError, OverflowError):
        return None
    return None
