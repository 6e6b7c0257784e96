"""What the pages of merging print: who may be meant, two records side by side, and what was merged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.store import form_of
from app.desk.draft_form.catalogue import Catalogue, Match
from app.desk.draft_form.documents import Document, clean, document_of
from app.desk.draft_form.fields import cap
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts import commands as drafts
from app.desk.drafts import revisions
from app.desk.drafts.references import name_of, naming
from app.desk.identity.models import Person, Role
from app.desk.merges.alike import alike, found
from app.desk.merges.combining import Taken, fingerprint, side_by_side
from app.desk.merges.commands import Proposal
from app.desk.review.field_changes import Change, Said
from app.forms import EventForm
from app.i18n.translate import _
from app.record.models import Version
from app.web.urls import url

MOST_NAMED = 12


@dataclass(frozen=True)
class Other:
    """A record that may be meant."""

    id: str
    match: Match
    address: str


@dataclass(frozen=True)
class Choosing:
    """What `desk/merges/choose.html` prints."""

    id: str
    title: str
    alike: Sequence[Other]
    typed: str
    found: Sequence[Other]


@dataclass(frozen=True)
class Field:
    """A field in which the two differ, and which value is taken."""

    place: str
    title: str
    first: Sequence[Said]
    second: Sequence[Said]
    is_private: bool
    is_seconds: bool


@dataclass(frozen=True)
class Row:
    """What only one of the two has, and whether it is taken along."""

    place: str
    title: str
    said: Sequence[Said]
    is_private: bool
    is_taken: bool


@dataclass(frozen=True)
class Doubt:
    """A citation that stood by, or against, other words."""

    id: str
    said: str
    is_confirmed: bool


@dataclass(frozen=True)
class Two:
    """What `desk/merges/page.html` prints."""

    first: str
    second: str
    titles: Mapping[str, str]
    kept: str
    fields: Sequence[Field]
    rows: Sequence[tuple[str, Sequence[Row]]]
    """Of each of the two, under its id."""
    named_by: Sequence[tuple[str, str]]
    """Records that name one of the two, and their addresses at the desk."""
    more_named_by: int
    drafts: Sequence[str]
    """Who is writing what, in words."""
    doubts: Sequence[Doubt]
    reason: str
    seen: str
    problems: Sequence[str]


# Choosing the other -----------------------------------------------------------------------------------------------


def choosing(db: Session, catalogue: Catalogue, row: models.Record, typed: str) -> Choosing:
    return Choosing(
        row.id,
        catalogue.title(row.id[0], document_of(form_of(row))),
        _others(db, row.id, alike(db, catalogue, row)),
        typed,
        _others(db, row.id, found(db, catalogue, row, typed)) if typed else (),
    )


def _others(db: Session, id: str, matches: Sequence[Match]) -> list[Other]:
    """Those that readers see: nothing else is merged."""
    live = (
        Version.id.in_([match.code for match in matches]),
        Version.closed.is_(None),
        Version.state == "live",
    )
    seen_by_readers = set(db.scalars(select(Version.id).where(*live)))
    return [
        Other(match.code, match, f"{url('merge', record=id)}?with={match.code}")
        for match in matches
        if match.code in seen_by_readers
    ]


# Both side by side ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """What a page sent back; what is wrong with it, and which citations are to be confirmed."""

    posted: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[str] = ()
    doubts: Sequence[str] = ()


def two(
    db: Session, catalogue: Catalogue, first: models.Record, second: models.Record, sent: Sent
) -> Two:
    posted = sent.posted
    forms = form_of(first), form_of(second)
    documents = document_of(forms[0]), document_of(forms[1])
    for row, document in zip((first, second), documents, strict=True):
        log_reading_of(db, catalogue.person, row.id, document)
    differing = side_by_side(catalogue, type(forms[0]), *documents)
    taken = set(taken_of(posted)) if posted else _at_first(differing, documents[0])
    kind, names = first.id[0], {row.id: name_of(row) for row in (first, second)}
    naming_them = sorted(
        {id for name in names.values() for id in naming(db, kind, name)} - set(names)
    )
    ticked = [name for name in posted if name.startswith("confirm.")]
    asked = dict.fromkeys([*sent.doubts, *(name.removeprefix("confirm.") for name in ticked)])
    said = {
        c.id: c.paraphrase for form in forms if isinstance(form, EventForm) for c in form.citations
    }
    return Two(
        first=first.id,
        second=second.id,
        titles={
            row.id: catalogue.title(kind, document)
            for row, document in zip((first, second), documents, strict=True)
        },
        kept=posted.get("keep") or first.id,
        fields=[
            Field(
                each.place,
                each.title,
                each.before,
                each.after,
                each.is_private,
                each.place in taken,
            )
            for each in differing
            if each.kind == "changed"
        ],
        rows=[
            (first.id, [_only_here(each, taken) for each in differing if each.kind == "removed"]),
            (second.id, [_only_here(each, taken) for each in differing if each.kind == "added"]),
        ],
        named_by=[(id, url("desk-record", record=id)) for id in naming_them[:MOST_NAMED]],
        more_named_by=max(0, len(naming_them) - MOST_NAMED),
        drafts=list(_drafts(db, [*names, *naming_them])),
        doubts=[Doubt(id, said[id], f"confirm.{id}" in posted) for id in asked if id in said],
        reason=clean(posted.get("reason", "")),
        seen=seen(first, second),
        problems=[cap(problem) for problem in sent.problems],
    )


def _only_here(each: Change, taken: Collection[str]) -> Row:
    return Row(
        each.place, each.title, each.after or each.before, each.is_private, each.place in taken
    )


WHOLES = (
    {"low", "point", "high", "quantifier", "printed_words"},
    {"as_of", "period"},
    {"latitude", "longitude"},
)
"""Fields that say one thing together: half of it from another record would say something that nobody said."""


def _at_first(differing: Sequence[Change], first: Document) -> set[str]:
    """All rows of both, and the second's value where the first says nothing of the kind."""
    said = {name for whole in WHOLES if any(first.get(name) for name in whole) for name in whole}
    return {
        each.place
        for each in differing
        if each.kind != "changed" or not (each.before or each.place in said)
    }


def taken_of(posted: Mapping[str, str]) -> list[str]:
    return [
        name.removeprefix("take.")
        for name, value in posted.items()
        if name.startswith("take.") and value in {"second", "yes"}
    ]


def proposal_of(first: str, second: str, posted: Mapping[str, str]) -> Proposal:
    """The merge that a page asks for; `first` is the older of the two."""
    kept = second if posted.get("keep") == second else first
    return Proposal(
        first if kept == second else second,
        kept,
        Taken(first, frozenset(taken_of(posted))),
        clean(posted.get("reason", "")).strip(),
        frozenset(name.removeprefix("confirm.") for name in posted if name.startswith("confirm.")),
    )


def _drafts(db: Session, ids: Sequence[str]) -> list[str]:
    """What of this somebody is writing: their drafts have to be brought up to date after the merge."""
    opened = [draft for id in ids if (draft := drafts.open_draft(db, id))]
    return [
        _("{who} has an open draft of {id}").format(
            who=db.get_one(Person, draft.owner).called, id=draft.record
        )
        for draft in opened
    ]


def seen(first: models.Record, second: models.Record) -> str:
    return fingerprint(document_of(form_of(first)), document_of(form_of(second)))


# On the page of a record ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MergeView:
    """One merge in which a record had a part."""

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
    """The newest first."""
    found_all = revisions.mergings(db, record)
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
            can_undo=each.undone_in is None and person.may(Role.EDITOR),
        )
        for each in found_all
    ]
