"""View models of the merge pages: suggestions, two records side by side, and past merges."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.approved.store import find_named
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import FieldChange
from app.desk.draft_form.private_values import log_reading_of
from app.desk.draft_form.things import THING_OF_KIND, Match
from app.desk.drafts import commands as drafts
from app.desk.drafts import revisions
from app.desk.drafts.references import referring_ids
from app.desk.drafts.similar import similar
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.merges.commands import Choices, MergeProposal, fingerprint, side_by_side
from app.desk.review.page import CitationToConfirm
from app.desk.ui.form_problems import NO_PROBLEMS, FormProblems
from app.documents import Document, clean, document_of
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import EventForm
from app.record.models import Version
from app.record.search import plain_text
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import url

# Finding the other record -------------------------------------------------------------------------


MAX_SUGGESTIONS = 8
MIN_NAME_SIMILARITY = 0.8
"""How similar two names must be, from 0 to 1."""


def alike(db: Session, catalogue: Catalogue, row: Record) -> Sequence[Match]:
    """Return similar approved records, likeliest first, each with the reason."""
    kind = row.id[0]
    if kind in CITING_KINDS:
        found = similar(db, catalogue, row.id, document_of(row.form))
        return [
            Match(each.id, each.title, about=each.why) for each in found if db.get(Record, each.id)
        ]
    if row.kind == RecordKind.SOURCE:
        return [
            Match(id, catalogue.label(id), about=_("same title or address"))
            for id in _similar_sources(db, row)
        ]
    return _similar_names(db, catalogue, row)


def found(db: Session, catalogue: Catalogue, row: Record, typed: str) -> Sequence[Match]:
    """Return approved records that an id, or words of a name or title, may mean."""
    kind = row.id[0]
    thing = THING_OF_KIND[kind]
    by_id = db.get(Record, typed.strip().upper())
    names = [by_id.name] if by_id is not None and by_id.kind == kind else []
    names += [match.code for match in catalogue.matches(thing, typed)]
    names += [meant] if (meant := catalogue.meant(thing, typed.strip())) else []
    others = [
        _match(db, catalogue, kind, name) for name in dict.fromkeys(names) if name != row.name
    ]
    return [each for each in others if each is not None]


def _match(db: Session, catalogue: Catalogue, kind: str, name: str) -> Match | None:
    """Return an approved record by the name that others use."""
    row = find_named(db, kind, name)
    if row is None:
        return None
    match = catalogue.match(THING_OF_KIND[kind], name)
    return Match(row.id, match.label, match.names, match.about)


def _similar_sources(db: Session, row: Record) -> Sequence[str]:
    """Return sources with the same title, or the same path on another host."""
    title = func.lower(Record.document["title"].astext)
    conditions = [title == row.document["title"].lower()]
    path = (row.address or "").removeprefix("//").partition("/")[2]
    if len(path) >= MIN_PATH_LENGTH:
        conditions.append(Record.address.endswith("/" + path, autoescape=True))
    others = select(Record.id).where(
        Record.kind == RecordKind.SOURCE, Record.id != row.id, or_(*conditions)
    )
    return db.scalars(others.order_by(Record.id).limit(MAX_SUGGESTIONS)).all()


MIN_PATH_LENGTH = 8
"""Shorter paths, such as "news", occur at many sites."""


def _similar_names(db: Session, catalogue: Catalogue, row: Record) -> Sequence[Match]:
    """Return named records that share a name, or have nearly the same."""
    kind, own = row.id[0], row.name
    thing = THING_OF_KIND[kind]
    directory = catalogue.directory
    names = directory.named_records[thing][own].names
    own_names = {plain_text(name.text) for name in names}
    reasons: dict[str, str] = {}
    for name in sorted(own_names):
        for near in get_close_matches(
            name, list(directory.names), n=MAX_SUGGESTIONS, cutoff=MIN_NAME_SIMILARITY
        ):
            for what, code in directory.names[near]:
                if what == thing and code != own:
                    reasons.setdefault(
                        code, _("same name") if near in own_names else _("similar name")
                    )
    matches = [(_match(db, catalogue, kind, code), why) for code, why in reasons.items()]
    return [
        Match(
            match.code, match.label, match.names, enumerate_words(filter(None, (why, match.about)))
        )
        for match, why in matches[:MAX_SUGGESTIONS]
        if match
    ]


MAX_REFERRING = 12


@dataclass(frozen=True)
class SuggestedRecord:
    """A suggested record."""

    id: str
    match: Match
    address: str


@dataclass(frozen=True)
class SuggestionsPage:
    """The data of `desk/merges/choose.html`."""

    id: str
    title: str
    alike: Sequence[SuggestedRecord]
    typed: str
    found: Sequence[SuggestedRecord]


@dataclass(frozen=True)
class MergePage:
    """The data of `desk/merges/page.html`."""

    first: str
    second: str
    titles: Mapping[str, str]
    kept: str
    fields: Sequence[FieldChange]
    rows: Sequence[tuple[str, Sequence[FieldChange]]]
    """The rows that only one record has, with its id."""
    chosen: Collection[str]
    """Places of fields of which the second value is chosen, and of rows that are included."""
    named_by: Sequence[tuple[str, str]]
    """Records that refer to one of the two, with their URLs at the desk."""
    more_named_by: int
    drafts: Sequence[str]
    """Sentences that say who has an open draft of which record."""
    doubts: Sequence[CitationToConfirm]
    reason: str
    seen: str
    problems: FormProblems


# Suggestions ------------------------------------------------------------------------------------


def suggestions_page(db: Session, catalogue: Catalogue, row: Record, typed: str) -> SuggestionsPage:
    return SuggestionsPage(
        row.id,
        catalogue.title(row.id[0], document_of(row.form)),
        _published_others(db, row.id, alike(db, catalogue, row)),
        typed,
        _published_others(db, row.id, found(db, catalogue, row, typed)) if typed else (),
    )


def _published_others(db: Session, id: str, matches: Sequence[Match]) -> list[SuggestedRecord]:
    """Return the matches that are published; others can't be merged."""
    live = (
        Version.id.in_([match.code for match in matches]),
        Version.closed.is_(None),
        Version.is_live,
    )
    seen_by_readers = set(db.scalars(select(Version.id).where(*live)))
    return [
        SuggestedRecord(match.code, match, f"{url('merge', record=id)}?with={match.code}")
        for match in matches
        if match.code in seen_by_readers
    ]


# Both side by side ------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostedMerge:
    """A posted form, with its errors and the citations to confirm."""

    posted: Mapping[str, str] = field(default_factory=dict)
    problems: FormProblems = NO_PROBLEMS
    doubts: Sequence[str] = ()


def merge_view(
    db: Session,
    catalogue: Catalogue,
    first: Record,
    second: Record,
    sent: PostedMerge,
) -> MergePage:
    posted = sent.posted
    forms = first.form, second.form
    documents = document_of(forms[0]), document_of(forms[1])
    for row, document in zip((first, second), documents, strict=True):
        log_reading_of(db, catalogue.person, row.id, document)
    differing = side_by_side(catalogue, type(forms[0]), *documents)
    chosen = set(chosen_places(posted)) if posted else _default_choices(differing, documents[0])
    kind, names = first.id[0], {row.id: row.name for row in (first, second)}
    referring = sorted(
        {id for name in names.values() for id in referring_ids(db, kind, name)} - set(names)
    )
    ticked = [name for name in posted if name.startswith("confirm.")]
    ids_to_confirm = dict.fromkeys(
        [*sent.doubts, *(name.removeprefix("confirm.") for name in ticked)]
    )
    paraphrases = {
        c.id: c.paraphrase for form in forms if isinstance(form, EventForm) for c in form.citations
    }
    return MergePage(
        first=first.id,
        second=second.id,
        titles={
            row.id: catalogue.title(kind, document)
            for row, document in zip((first, second), documents, strict=True)
        },
        kept=posted.get("keep") or first.id,
        fields=[each for each in differing if each.kind == "changed"],
        rows=[
            (first.id, [each for each in differing if each.kind == "removed"]),
            (second.id, [each for each in differing if each.kind == "added"]),
        ],
        chosen=chosen,
        named_by=[(id, url("desk-record", record=id)) for id in referring[:MAX_REFERRING]],
        more_named_by=max(0, len(referring) - MAX_REFERRING),
        drafts=list(_open_drafts(db, [*names, *referring])),
        doubts=[
            CitationToConfirm(id, [paraphrases[id]], f"confirm.{id}" in posted)
            for id in ids_to_confirm
            if id in paraphrases
        ],
        reason=clean(posted.get("reason", "")),
        seen=seen(first, second),
        problems=sent.problems,
    )


FIELD_GROUPS = (
    {"low", "point", "high", "quantifier", "printed_words"},
    {"as_of", "period"},
    {"latitude", "longitude"},
)
"""Fields that belong together.

Half from another record would give a value that no source reports.
"""


def _default_choices(differing: Sequence[FieldChange], first: Document) -> set[str]:
    """Return the default choices: all rows, and the second's values where the first is empty."""
    filled_groups = {
        name for whole in FIELD_GROUPS if any(first.get(name) for name in whole) for name in whole
    }
    return {
        each.place
        for each in differing
        if each.kind != "changed" or not (each.before or each.place in filled_groups)
    }


def chosen_places(posted: Mapping[str, str]) -> list[str]:
    return [
        name.removeprefix("take.")
        for name, value in posted.items()
        if name.startswith("take.") and value in {"second", "yes"}
    ]


def proposal_of(first: str, second: str, posted: Mapping[str, str]) -> MergeProposal:
    """Return the merge that a page requests; `first` is the older record."""
    kept = second if posted.get("keep") == second else first
    return MergeProposal(
        first if kept == second else second,
        kept,
        Choices(first, frozenset(chosen_places(posted))),
        clean(posted.get("reason", "")).strip(),
        frozenset(name.removeprefix("confirm.") for name in posted if name.startswith("confirm.")),
    )


def _open_drafts(db: Session, ids: Sequence[str]) -> list[str]:
    """Return who has an open draft of these records: it must be updated after the merge."""
    opened = [draft for id in ids if (draft := drafts.open_draft(db, id))]
    return [
        _("{who} has an open draft of {id}").format(
            who=db.get_one(Person, draft.owner).called, id=draft.record
        )
        for draft in opened
    ]


def seen(first: Record, second: Record) -> str:
    return fingerprint(document_of(first.form), document_of(second.form))


# Past merges ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MergeView:
    """One merge that involved a record."""

    id: int
    gone: str
    kept: str
    gone_address: str
    kept_address: str
    by: str
    at: datetime
    edition: int
    undone_in: int | None
    reason: str
    can_undo: bool


def merges_of(db: Session, person: Person, record: str) -> list[MergeView]:
    """Return the merges that involved a record, newest first."""
    found_all = revisions.merges_involving(db, record)
    names = {each.id: each.called for each in db.scalars(select(Person))} if found_all else {}
    return [
        MergeView(
            id=each.id,
            gone=each.gone,
            kept=each.kept,
            gone_address=url("desk-record", record=each.gone),
            kept_address=url("desk-record", record=each.kept),
            by=names[each.by],
            at=each.at,
            edition=each.edition,
            undone_in=each.undone_in,
            reason=each.reason,
            can_undo=each.undone_in is None and person.may(DeskRole.EDITOR),
        )
        for each in found_all
    ]
