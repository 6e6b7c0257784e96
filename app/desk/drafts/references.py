"""Find the records that refer to a record, and rewrite their references."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.models import ReferenceRow
from app.desk.approved.store import name_known
from app.desk.draft_form.catalogue import Thing
from app.documents import Document, FieldAt, content_of, thing_named, with_texts
from app.kinds import (
    FORMS,
    Copy,
    Form,
    Link,
    PictureMark,
    SourceForm,
)
from app.kinds.base import Holds, holds, is_list, kind_named, rows_of
from app.vocabulary.kinds import NAMED_NOUNS


def referring_ids(db: Session, kind: str, name: str) -> list[str]:
    """Return ids of the approved records that refer to the record of this kind and name."""
    target = name_known(kind, name)
    return sorted(
        db.scalars(select(ReferenceRow.record).where(ReferenceRow.target == target).distinct())
    )


# Rewriting --------------------------------------------------------------------------------------


def rewrite_references(
    form: type[Form], document: Document, thing: Thing, old: str, new: str
) -> Document:
    """Replace references to `old` by `new`, and remove the duplicates that this makes."""
    return remove_duplicates(form, replace_name(form, document, thing, old, new))


def replace_name(
    form: type[Form], document: Document, thing: Thing, old: str, new: str
) -> Document:
    def replaced(each: FieldAt) -> str:
        described = each.form.model_fields[each.name]
        if holds(described, Holds.LINKS):
            return each.text.replace(f"]({old})", f"]({new})")
        if is_list(described) and kind_named(described) == NAMED_NOUNS.get(thing, ""):
            codes = [new if code == old else code for code in each.text.split(", ")]
            return ", ".join(dict.fromkeys(codes))
        is_named = each.text == old and thing_named(each.form, each.name, each.row) == thing
        return new if is_named else each.text

    return with_texts(form, document, replaced)


def remove_duplicates(form: type[Form], document: Document) -> Document:
    """Remove duplicate rows and references of the record to itself."""
    changed = dict(document)
    own_name = document.get("code") or document.get("id")
    for name, described in form.model_fields.items():
        kind = kind_named(described)
        if kind and FORMS[kind] is form:
            codes = changed[name].split(", ")
            changed[name] = ", ".join(code for code in codes if code != own_name)
    if form is SourceForm:
        changed["derived_from"] = [
            row for row in changed["derived_from"] if row["source"] != own_name
        ]
    replaced: dict[str, str] = {}
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            changed[name] = _without_duplicates(child, changed[name], own_name, replaced)
    if "citations" in changed:
        changed["citations"] = [
            {**row, "about": replaced.get(row["about"], row["about"])}
            for row in changed["citations"]
        ]
    if "names" in changed:
        changed["names"] = _keep_one_preferred(changed["names"])
    return changed


def _without_duplicates(
    form: type[Form], rows: list[Document], own_name: Any, replaced: dict[str, str]
) -> list[Document]:
    """Return each row once.

    `replaced` gets the id of each removed link and its replacement, which is empty for a link to
    the record itself.
    """
    first_rows: dict[str, Document] = {}
    is_link = issubclass(form, Link)
    for row in rows:
        if is_link and row["to"] == own_name:
            replaced[row["id"]] = ""
            continue
        named = {**row, "id": ""} if form is Copy else row
        key = f"{row['type']} {row['to']}" if is_link else repr(content_of(form, named))
        if form is PictureMark:
            key = str(row["event"])
        if is_link and key in first_rows:
            replaced[row["id"]] = first_rows[key]["id"]
        first_rows.setdefault(key, row)
    return list(first_rows.values())


def _keep_one_preferred(names: list[Document]) -> list[Document]:
    """Keep one preferred name a language: the first."""
    found: list[Document] = []
    for row in names:
        before = [other for other in found if other["language"] == row["language"]]
        if any(other["text"] == row["text"] for other in before):
            continue
        is_second = any(other["preferred"] for other in before)
        found.append({**row, "preferred": ""} if is_second else row)
    return found
