"""View of the page where an editor chooses the records and the operation of a bulk edit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.bulk import commands
from app.desk.bulk.operations import (
    CHANGEABLE_CODES,
    SETTABLE,
    BulkOperation,
    FormErrors,
    title_of,
)
from app.desk.bulk.selection import Selection
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import FieldChoice
from app.desk.identity.models import Person
from app.documents import clean
from app.i18n.translate import N_, _
from app.vocabulary.events import Role
from app.web.urls import url

FIELD_LABELS = {"in": N_("Which records"), "old": N_("Old"), "new": N_("New"), "role": N_("Role")}


@dataclass(frozen=True)
class BulkEditForm:
    """The posted form and its errors."""

    posted: Mapping[str, str]
    wrong: FormErrors

    def of(self, name: str) -> str:
        return clean(self.posted.get(name, ""))

    def error(self, name: str) -> str:
        return self.wrong.get(name, "")


@dataclass(frozen=True)
class BulkEditView:
    """View of `desk/bulk/page.html`."""

    selection: Selection | None
    records: Sequence[tuple[str, str, bool]]
    """Id, title and tick of each."""
    whats: Sequence[FieldChoice]
    dos: Sequence[FieldChoice]
    roles: Sequence[FieldChoice]
    names: Sequence[tuple[str, str]]
    asked: BulkEditForm
    errors: Sequence[tuple[str, str]]
    lately: Sequence["RecentBulkEditView"]


@dataclass(frozen=True)
class RecentBulkEditView:
    """A recent bulk edit."""

    address: str
    words: str
    by: str
    at: datetime
    count: int


def bulk_edit_view(
    catalogue: Catalogue, selection: Selection | None, asked: BulkEditForm
) -> BulkEditView:
    kind = selection.kind if selection else ""
    ticked = {name for name in asked.posted if name.startswith("take.")}
    codes = CHANGEABLE_CODES.get(kind, ())
    whats = {what: (title_of(what), _("Codes")) for what in codes} | {
        f"field.{name}": (_(title), _("Fields")) for name, title in SETTABLE.get(kind, {}).items()
    }
    return BulkEditView(
        selection=selection,
        records=[
            (id, title, not ticked or f"take.{id}" in ticked)
            for id, title in (selection.records if selection else ())
        ],
        whats=[
            FieldChoice(what, title, heading, what == asked.of("what"))
            for what, (title, heading) in whats.items()
        ],
        dos=[
            FieldChoice(
                do, _(do.label), _(do.definition), do == (asked.of("do") or BulkOperation.REPLACE)
            )
            for do in BulkOperation
        ],
        roles=[FieldChoice(role, _(role.label), "", role == asked.of("role")) for role in Role],
        names=list(_suggestions(catalogue, codes)),
        asked=asked,
        errors=[
            (name, f"{_(FIELD_LABELS[name])}: {error}" if name in FIELD_LABELS else error)
            for name, error in asked.wrong.items()
        ],
        lately=[
            RecentBulkEditView(
                url("bulk-made", name=each.name),
                each.words,
                catalogue.db.get_one(Person, each.by).called,
                each.at,
                each.count,
            )
            for each in commands.recent_bulk_edits(catalogue.db)
        ],
    )


def _suggestions(catalogue: Catalogue, whats: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return the suggestions for the code fields: each code and its label."""
    names = catalogue.directory
    offered = [
        (form.code, form.label, form.list) for form in names.codes.values() if not form.successor
    ]
    offered += [
        (code, names.label(noun, code), noun)
        for noun, forms in names.named_records.items()
        for code in forms
    ]
    return [
        (code, _("{label} ({what})").format(label=label, what=title_of(what).lower()))
        for code, label, what in sorted(offered, key=lambda each: (each[2], each[1]))
        if what in whats
    ]
