"""The newest changes, gathered: what one edition did with records of one kind for one reason."""

from typing import Any

from sqlalchemy import Row, String, column, func, literal_column, select, true, values
from sqlalchemy.orm import Session, aliased

from app.i18n.translate import _
from app.record.editions import SelectedEdition
from app.record.filters import ChangeFilters
from app.record.models import Edition, Version
from app.site.changes.changes import TONES
from app.site.components.record_title import title_language
from app.site.components.urls import address, record_address
from app.site.lists.summary import COUNTS_IN_WORDS
from app.vocabulary.record import NOUN_OF_KIND, SILENT, Why
from app.vocabulary.sources import TitleBasis
from app.web.urls import PAGE_OF_KIND

MAX_EDITIONS = 5
MAX_LINES = 5
MAX_COUNTED = 1_000
"""Changes of one kind that are counted in one edition; one edition may have written millions."""
KINDS = tuple(PAGE_OF_KIND)
"""In the order of lines within an edition. Codes are left out."""


class ChangeLine:
    """One line: a record, or the number of records with the same change."""

    def __init__(self, row: Row[Any]) -> None:
        why = Why(row.why)
        noun = NOUN_OF_KIND[row.kind]
        is_one = row.of == 1
        narrowed = ChangeFilters.made_of({"what": [noun], "why": [why], "since": [str(row.no)]}, {})
        self.at = row.at
        self.edition = row.no
        self.title = row.title if is_one else _count_in_words(row.kind, row.of)
        self.title_language = _title_language(row) if is_one else ""
        self.address = (
            record_address(row.id, row.code)
            if is_one and row.kind in PAGE_OF_KIND
            else address(narrowed)
        )
        self.why = _(why.label)
        self.tone = TONES.get(why, "caution")
        # The reason of a single change, else what the edition says of itself.
        self.note = row.reason if is_one else row.message


def newest_changes(db: Session, edition: SelectedEdition) -> list[ChangeLine]:
    """Return the newest lines, without silent changes (rule 7). Runs one SQL statement."""
    # Lateral joins with limits: one edition may have written the whole record.
    newest = (
        select(Edition.no, Edition.at, Edition.message)
        .where(Edition.no <= edition.no)
        .order_by(Edition.no.desc())
        .limit(MAX_EDITIONS)
        .subquery("newest")
    )
    kinds = values(column("kind", String), name="kinds").data([(str(kind),) for kind in KINDS])
    is_loud = (Version.why.not_in(list(SILENT)), Version.why != literal_column("'reindexed'"))
    written = (
        select(Version.why, Version.seq)
        .where(Version.opened == newest.c.no, Version.kind == kinds.c.kind, *is_loud)
        .order_by(Version.seq)
        .limit(MAX_COUNTED + 1)
        .correlate(newest, kinds)
        .subquery("written")
    )
    gathered = (
        select(written.c.why, func.count().label("of"), func.min(written.c.seq).label("first"))
        .group_by(written.c.why)
        .lateral("gathered")
    )
    first = aliased(Version)
    names = first.payload["form"]["names"][0]["text"].astext
    title = func.coalesce(first.payload["form"]["title"].astext, names, first.id).label("title")
    code = func.coalesce(first.payload["form"]["code"].astext, "").label("code")
    language = first.payload["form"]["language"].astext.label("language")
    basis = first.payload["form"]["title_basis"].astext.label("title_basis")
    rows = db.execute(
        select(newest, kinds.c.kind, gathered.c.why, gathered.c.of, first.id, first.reason)
        .add_columns(title, code, language, basis)
        .select_from(newest)
        .join(kinds, true())
        .join(gathered, true())
        .join(first, first.seq == gathered.c.first)
        .order_by(newest.c.no.desc(), gathered.c.first)
    ).all()
    lines = [ChangeLine(row) for row in sorted(rows, key=_order)]
    return lines[:MAX_LINES]


def _order(row: Row[Any]) -> tuple[int, int]:
    return -row.no, KINDS.index(row.kind)


def _title_language(row: Row[Any]) -> str:
    basis = row.title_basis or TitleBasis.OWN_WORDS
    return title_language({"language": row.language or "", "title_basis": basis})


def _count_in_words(kind: str, count: int) -> str:
    shown = min(count, MAX_COUNTED)
    words = COUNTS_IN_WORDS[kind](shown).format(count=f"{shown:,}")
    # Translators: a number of records, such as "1,000 events".
    return _("More than {records}").format(records=words) if count > MAX_COUNTED else words
