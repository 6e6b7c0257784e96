"""`/changes`: what each edition changed, as a page, files and feeds."""

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from itertools import zip_longest
from typing import Any, NamedTuple

from fastapi import Request
from sqlalchemy import Row
from starlette.responses import Response

from app.documents import (
    Document,
    DocumentDifference,
    RowPath,
    differences,
    field_in_words,
    public_document,
    row_in_words,
)
from app.i18n.formats import day, enumerate_words
from app.i18n.translate import N_, _, inside, ngettext
from app.kinds import FORMS, Form
from app.kinds.base import rows_of
from app.record.editions import SelectedEdition
from app.record.filters import ChangeFilters, MirrorFilters
from app.record.lists.backend import ListSession, select_edition
from app.record.models import Edition, RecordState
from app.record.names.directory import Directory
from app.record.reads import changelog
from app.record.reads.changelog import (
    ChangeCounts,
    ChangelogPage,
    RecordChange,
    read_recalculations,
    read_removals,
)
from app.record.reads.cited_rows import (
    RowDifferences,
    count_changes_since,
    removed_since,
)
from app.record.sql.rows import OpenSession, Seqs
from app.site.cite import NotCitableError, changes_address, citable
from app.site.components.urls import (
    address,
    list_name,
    place_page_address,
    record_address,
    with_filters,
)
from app.site.dataset import FILES, FORMER_FILES, Dataset
from app.site.export.columns import Column, ColumnType, as_fields, row_as_json
from app.site.export.feeds import (
    MAX_ENTRIES,
    TITLES,
    FeedEntry,
    feed_response,
)
from app.site.export.responses import Table, limit_of, next_address, table_response
from app.site.lists.request import edition_directory, followed_filters, requested_address
from app.site.presenters.title import title_language, title_parts
from app.site.references.citable import CitableView
from app.vocabulary.kinds import RecordNoun
from app.vocabulary.record import Why
from app.web.urls import absolute_url, url

CHANGES_PER_PAGE = 50
MAX_ROW_CHARACTERS = 400
"""Longer texts of a row are cut, since the reader only needs to recognise the row."""
DERIVED = {"corroboration": N_("Support"), "disputed": N_("Disputed")}
"""Fields calculated from the citations, named as their vocabularies, with their titles."""


class ValueDifference(NamedTuple):
    """One changed field. `before` and `after` are empty where it has no value."""

    field: str
    """Name in JSON, preceded by the repeated row and its id."""
    title: str
    before: str
    after: str


class ChangeView:
    """A record changed by an edition, with its title and changed fields."""

    def __init__(self, change: RecordChange, directory: Directory) -> None:
        self.change, self.directory, self.id = change, directory, change.row.id
        self.form: Any = change.row.payload.get("form", {})

    @cached_property
    def title(self) -> str:
        change = self.change
        if change.state == RecordState.PURGED:
            return ""
        match change.noun:
            case RecordNoun.PLACE:
                return str(self.form["names"][0]["text"])
            case RecordNoun.CODE:
                return str(self.form["label"])
        title, speaker, _remark = title_parts(change.row, self.directory)
        if change.noun is RecordNoun.ESTIMATE:
            return _("{figure}; {said}").format(figure=title, said=speaker)
        return title

    @property
    def title_language(self) -> str:
        return title_language(self.form)

    @property
    def address(self) -> str:
        """The record's page in that edition; empty if it has no page."""
        if self.change.noun is RecordNoun.CODE:
            page = url("codebook")
        elif self.change.noun is not RecordNoun.PLACE:
            page = record_address(self.id, self.form.get("code", ""))
        elif self.form["code"] in self.directory.places:
            page = place_page_address(self.directory, self.form["code"])
        else:
            return ""
        return f"{page}?edition={self.change.edition.no}"

    @property
    def into_address(self) -> str:
        return record_address(self.change.into)

    @cached_property
    def differences(self) -> list[ValueDifference]:
        change = self.change
        if change.before is None or change.why in {Why.WITHDRAWN, Why.MERGED}:
            return []
        after = change.row.payload
        return value_differences(change.noun.kind, change.before, after, self.directory)

    def as_json(self) -> dict[str, Any]:
        """Return the change with the old and new value of every changed field."""
        return as_fields(COLUMNS, self) | {
            "differences": [each._asdict() for each in self.differences]
        }


def value_differences(
    kind: str, before: Mapping[str, Any], after: Mapping[str, Any], directory: Directory
) -> list[ValueDifference]:
    """Compare two payloads of a record, in the order of its form's fields.

    A new order of rows is not shown. Of rows without ids, those removed and those added are one
    difference.
    """
    form, found = FORMS[kind], []

    def names(vocabulary: str, code: str) -> tuple[str, str]:
        return directory.label(vocabulary, code), ""

    def row_text(row_form: type[Form], row: Document) -> str:
        text = _(" · ").join(row_in_words(names, row_form, row, is_public=True))
        return text if len(text) <= MAX_ROW_CHARACTERS else f"{text[: MAX_ROW_CHARACTERS - 1]}…"

    def text(each: DocumentDifference, state: Any) -> str:
        if each.kind == "changed":
            return field_in_words(names, each.form, each.place[-1], state, with_code=False)
        rows = state if isinstance(state, list) else [state] if state else []
        return "; ".join(row_text(each.form, row) for row in rows)

    was, now = (payload.get("form", {}) for payload in (before, after))
    # Most changes leave most rows as they are: making documents of these took half the time.
    same = {
        name for name, value in was.items() if isinstance(value, list) and value == now.get(name)
    }
    old, new = (
        public_document(form, {name: each[name] for name in each if name not in same})
        for each in (was, now)
    )
    for each in differences(form, old, new):
        texts = [text(each, state) for state in each.holders or (each.before, each.after)]
        if each.kind != "moved" and (texts[0] != texts[1] or each.kind != "changed"):
            found.append(ValueDifference(each.name, _title(form, each.place), *texts))
    for name, title in DERIVED.items():
        codes = [list(payload.get(name, ())) for payload in (before, after)]
        if codes[0] != codes[1]:
            labels = [
                enumerate_words(directory.label(name, code) for code in each) for each in codes
            ]
            found.append(ValueDifference(name, _(title), *labels))
    return found


def _title(form: type[Form], place: RowPath) -> str:
    """Return the titles along a place: "Citations C12, What it says"."""
    titles = []
    for name, id in zip_longest(place[::2], place[1::2]):
        field_info = form.model_fields[name]
        title = _(field_info.title or "")
        titles.append(title if id is None else f"{title} {id}")
        form = rows_of(field_info) or form
    return enumerate_words(titles)


class ChangedEdition(NamedTuple):
    """An edition with those of its changes that are on a page."""

    of: Edition
    changes: list[ChangeView]
    removed: list[str]
    """Ids of the records that it purged from all editions."""
    recalculated: list[str]
    """What it did if it only calculated the record by newer rules."""

    def address(self, why: str = "") -> str:
        """Return the list of this edition's changes alone."""
        only = {"since": [str(self.of.no)], "edition": [str(self.of.no)]}
        return address(ChangeFilters.made_of({**only, "why": [why] if why else []}, {}))


COLUMNS: list[Column[ChangeView]] = [
    Column("id", "Public id of the record that changed.", "change.row.id"),
    Column("what", "What kind of record it is.", lambda row: str(row.change.noun)),
    Column("title", "Its title, as it read from then on."),
    Column("edition", "Number of the edition.", "change.edition.no", ColumnType.COUNT),
    Column(
        "at",
        "Moment of its publication, in UTC.",
        lambda row: row.change.edition.at.isoformat(timespec="seconds"),
        ColumnType.MOMENT,
    ),
    Column("why", "Why it changed; see the codebook.", lambda row: str(row.change.why)),
    Column("reason", "The reason in words.", "change.reason"),
    Column("into", "Id of the record that it was merged into.", "change.into"),
    Column(
        "fields",
        "Names of the fields that changed.",
        lambda row: [each.field for each in row.differences],
        ColumnType.LIST,
    ),
    Column(
        "edition_message",
        "What was said of the whole edition.",
        "change.edition.message",
    ),
    Column(
        "state",
        "What it was from then on: live, withdrawn, merged or purged.",
        "change.state",
    ),
    Column(
        "published_by",
        "Who published the edition: a role, or the name they chose.",
        "change.edition.published_by",
    ),
    Column(
        "recalculated",
        "Yes if the edition only calculated the record by newer rules; no source changed.",
        "change.edition.is_recalculation",
        ColumnType.FLAG,
    ),
]


class Changes(Dataset[ChangeFilters]):
    name = "changes"
    heading = N_("Changes")
    filter_class = ChangeFilters
    template = "site/changes/page.html"
    endings = (*FILES, ".atom")
    former = FORMER_FILES | {".feed.json": ".atom"}
    columns = COLUMNS
    form_keys = frozenset({"what", "why", "since", "place", "sort"})
    takes_place_names = True

    @cached_property
    def counts(self) -> ChangeCounts:
        return changelog.count_changes(self.db, self.edition, self.filters, self.directory)

    @property
    def found(self) -> str:
        return ngettext("{count} change", "{count} changes", self.counts.total)

    @property
    def answer(self) -> str:
        """What the newest edition changed."""
        edition = self.edition
        counts = changelog.count_reasons(self.db, edition)
        reasons = [
            _("{role} {count}").format(role=inside(_(why.label)), count=counts[why])
            for why in Why
            if why in counts
        ]
        return _("Edition {no}, published {day}: {reasons}.").format(
            no=edition.no,
            day=day(edition.at.date()),
            reasons=enumerate_words(reasons) or _("no change"),
        )

    @property
    def derived_address(self) -> str:
        return address(self.bare.with_(why=Why.REINDEXED))

    @property
    def cursor(self) -> str | None:
        return self.read.next

    # The changes ----------------------------------------------------------------------------------

    @cached_property
    def read(self) -> ChangelogPage:
        return self._read(self.filters, int(self.filters.one("limit") or CHANGES_PER_PAGE))

    def _read(self, filters: ChangeFilters, limit: int) -> ChangelogPage:
        return changelog.read_changes(self.db, self.edition, filters, self.directory, limit)

    @property
    def is_narrowed(self) -> bool:
        """Whether the filters select some records only.

        Of a purged record only the id is left, and recalculations concern no record in particular.
        """
        return any(key != "since" for key, _value in self.filters.narrowing.pairs())

    @cached_property
    def editions(self) -> list[ChangedEdition]:
        """The editions in the order of the list, also those that only purged or recalculated."""
        found: dict[int, ChangedEdition] = {}

        def of(edition: Edition) -> ChangedEdition:
            return found.setdefault(edition.no, ChangedEdition(edition, [], [], []))

        for change in self.read.rows:
            of(change.edition).changes.append(ChangeView(change, self.directory))
        if not self.is_narrowed:
            first, last = self._edition_range if found else (0, self.edition.no)
            for edition, id in read_removals(self.db, self.edition, first, last) if found else ():
                of(edition).removed.append(id)
            since = self.filters["since"]
            for edition, count in read_recalculations(
                self.db, self.edition, since, first=first, last=last
            ):
                of(edition).recalculated.append(recalculation_in_words(count))
        is_newest_first = self.filters.one("sort") == "newest"
        return [found[no] for no in sorted(found, reverse=is_newest_first)]

    @property
    def _edition_range(self) -> tuple[int, int]:
        """The first and the last edition of a page with rows."""
        first, last = sorted(self.read.rows[at].edition.no for at in (0, -1))
        is_newest_first = self.filters.one("sort") == "newest"
        is_at_end = not (self.filters.one("after") if is_newest_first else self.read.next)
        return first, self.edition.no if is_at_end else last

    # Files ----------------------------------------------------------------------------------------

    @property
    def file_view(self) -> CitableView:
        words = "; ".join([self.found, *(chip.label for chip in self.chips)])
        return CitableView(self.edition, self.link(), list_name(self.filters), words)

    def as_json(self, request: Request) -> dict[str, Any]:
        found = self._read(self.filters, limit_of(self.filters))
        return {
            **self.json_heading(request),
            "total": self.counts.total,
            "derived_again": self.counts.derived_again,
            "next": next_address(request, self.edition, self.filters, found.next),
            "items": [self.item(ChangeView(change, self.directory)) for change in found.rows],
        }

    def item(self, view: ChangeView) -> dict[str, Any]:
        return view.as_json()

    def table(self, request: Request) -> Response:
        seqs = changelog.find_changes(self.db, self.edition, self.filters, self.directory)
        rows = partial(change_rows, seqs, self.filters)
        return table_response(request, self.file_view, self.directory, rows, self.counts.total)

    def feed(self, request: Request) -> Response:
        """Return a feed with one entry for each change. Entries are never updated.

        A recalculation is one entry, and not one for each row.
        """
        newest = self.filters.with_(sort=None, after=None, limit=None)
        entries = [
            _entry(request, ChangeView(change, self.directory))
            for change in self._read(newest, MAX_ENTRIES).rows
        ]
        if not self.is_narrowed:
            recalculated = read_recalculations(
                self.db, self.edition, newest["since"], most=MAX_ENTRIES
            )
            entries += [_recalculation_entry(request, *each) for each in recalculated]
        entries.sort(key=lambda entry: entry.updated, reverse=True)
        followed = followed_filters(self.filters)
        return feed_response(request, self.edition, _("changes"), followed, entries[:MAX_ENTRIES])


def recalculation_in_words(rows: int) -> str:
    """Return what an edition did that only calculated the record by newer rules."""
    return ngettext(
        "Recalculated by a new rule, with no change of sources: {count} record changed.",
        "Recalculated by a new rule, with no change of sources: {count} records changed.",
        rows,
    )


def _recalculation_entry(request: Request, edition: Edition, rows: int) -> FeedEntry:
    return FeedEntry(
        id=absolute_url(request, ChangedEdition(edition, [], [], []).address()),
        title=_("Edition {no} was recalculated by new rules").format(no=edition.no),
        summary="\n".join(filter(None, (recalculation_in_words(rows), edition.message))),
        why=_(Why.REINDEXED.label),
        published=edition.at,
        updated=edition.at,
    )


def _entry(request: Request, view: ChangeView) -> FeedEntry:
    change = view.change
    alone = ChangeFilters.made_of({"id": [view.id], "edition": [str(change.edition.no)]}, {})
    into = _("Its id is now {id}.").format(id=change.into) if change.into else ""
    fields = (
        _("{field}: {before} → {after}").format(
            field=each.title, before=each.before or "–", after=each.after or "–"
        )
        for each in view.differences
    )
    return FeedEntry(
        id=absolute_url(request, address(alone)),
        title=_(TITLES.get(change.why, N_("{title}"))).format(title=view.title),
        summary="\n".join(filter(None, (change.reason, into, *fields, change.edition.message))),
        why=_(change.why.label),
        published=change.edition.at,
        updated=change.edition.at,
    )


def change_rows(
    seqs: Seqs, filters: ChangeFilters, sessions: OpenSession, directory: Directory
) -> Table:
    changes = changelog.stream_changes(seqs, filters, sessions)
    return COLUMNS, (ChangeView(change, directory) for change in changes)


class Mirror(Changes):
    """Changes in order, each with the new state of its record, for keeping a copy of the record."""

    filter_class = MirrorFilters
    row_name = "Change"
    about = N_(
        "All versions of all records in the order of publication, for keeping a copy of the "
        "record. Each row has the record as published then; the row of a withdrawn, merged or "
        "removed record has none."
    )

    def as_json(self, request: Request) -> dict[str, Any]:
        """Return one page of changes. `follow` is the address for changes of later editions."""
        since = self.filters.with_(since=str(self.edition.no + 1), after=None, edition=None)
        return {**super().as_json(request), "follow": with_filters(request.url.path, since)}

    def item(self, view: ChangeView) -> dict[str, Any]:
        change = view.change
        is_live = change.state == RecordState.LIVE
        record = row_as_json(change.noun.kind, change.row) if is_live else None
        return {**view.as_json(), "record": record}


# The banner of a past edition -------------------------------------------------------------------


MAX_GONE = 3
"""Removed records that a banner names."""


class ChangesSince(NamedTuple):
    """The changes since a past edition, for its banner."""

    words: str
    """Empty for a page without rows of its own."""
    changes: str
    """Address of the list of these changes."""
    gone: Sequence[tuple[str, str, str, str]]
    """Id, address, what became of it, and the reason, of records withdrawn or merged since."""


def changes_since_edition(
    request: Request, db: ListSession, edition: SelectedEdition
) -> ChangesSince:
    """Return what changed in the rows of the page since the edition, or where all changes are."""
    now = select_edition(db)
    try:
        found = citable(request, db, requested_address(request))
    except NotCitableError:
        filters = ChangeFilters.made_of({"since": [str(edition.no + 1)]}, {})
        return ChangesSince("", address(filters), [])
    rows = found.rows(found.view.edition, found.directory)
    difference = count_changes_since(db, rows, found.rows(now, edition_directory(request, db, now)))
    gone = removed_since(db, rows, now, MAX_GONE)
    return ChangesSince(
        _difference_in_words(difference), changes_address(found), [_note(each) for each in gone]
    )


def _difference_in_words(since: RowDifferences) -> str:
    counted = [
        (since.added, ngettext("{count} row added", "{count} rows added", since.added)),
        (since.changed, ngettext("{count} changed", "{count} changed", since.changed)),
        # l10n: rows that a newer edition has no longer
        (since.gone, ngettext("{count} removed", "{count} removed", since.gone)),
        (
            since.recalculated,
            ngettext(
                "{count} recalculated by a new rule",
                "{count} recalculated by a new rule",
                since.recalculated,
            ),
        ),
    ]
    return enumerate_words(words for count, words in counted if count) or _("no change")


def _note(gone: Row[Any]) -> tuple[str, str, str, str]:
    words = _("was withdrawn in edition {no}")
    if gone.into:
        words = _("was merged into {id} in edition {no}")
    words = words.format(id=gone.into, no=gone.edition)
    return gone.id, record_address(gone.id, gone.code or ""), words, gone.reason.rstrip(".")
