"""The operations of a bulk edit: read one from a form, and apply it to a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.references import remove_duplicates, replace_name
from app.documents import Document, FieldAt, blank_row, clean, code_list, with_texts
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _
from app.kinds import FORMS, Form, Term, is_private
from app.kinds.base import kind_named, notes, rows_of
from app.kinds.terms import TERM_TITLES
from app.vocabulary.code import Code
from app.vocabulary.events import ROLES_OF, Role, TermKey
from app.vocabulary.kinds import LISTED_KINDS
from app.vocabulary.record import NAMED_NOUNS, NOUN_OF_KIND

FormErrors = Mapping[str, str]
"""Error messages by form field."""


class BulkOperation(Code):
    """Operation of a bulk edit on a code."""

    REPLACE = (
        "replace",
        N_("Replace"),
        N_("The new code replaces the old one in the same role."),
    )
    ADD = "add", N_("Add"), N_("Records that already have the code in this role are not changed.")
    REMOVE = "remove", N_("Remove"), N_("Removed in every role.")
    IDENTIFY = (
        "identify",
        N_("Match actors"),
        N_("Terms with one of these wordings and no code get this actor. The wording stays."),
    )


CODED_TERMS = list(TermKey)
"""Keys of terms that hold a code."""


def _changeable(form: type[Form]) -> Iterator[str]:
    """Yield the lists, keys of terms and kinds of records whose codes the public fields hold."""
    for field in form.model_fields.values():
        if (rows := rows_of(field)) is Term:
            yield from CODED_TERMS
        elif rows:
            yield from _changeable(rows)
        elif not is_private(field):
            kind = kind_named(field)
            yield from filter(None, (notes(field).codes, kind and NOUN_OF_KIND[kind].value))


CHANGEABLE_FIELDS: Mapping[str, tuple[str, ...]] = {
    kind: tuple(dict.fromkeys(_changeable(FORMS[kind]))) for kind in LISTED_KINDS
}
"""Fields and term keys that a bulk edit can change, by kind of record."""
FIELD_TITLES: Mapping[str, str] = {
    **TERM_TITLES,
    "type": N_("Type of event"),
    "law": N_("Law"),
    "outlet": N_("Outlet"),
}


@dataclass(frozen=True)
class BulkEdit:
    """One bulk edit. `old` and `new` are codes."""

    what: str
    do: BulkOperation
    old: str = ""
    new: str = ""
    role: str = ""
    wordings: frozenset[str] = frozenset()
    """For IDENTIFY: the words of the sources that mean the new code."""

    @property
    def words(self) -> str:
        """Description for the audit log, in codes: a purge of names need not change it."""
        match self.do:
            case BulkOperation.ADD:
                return f"{self.what}: + {self.new} ({self.role})"
            case BulkOperation.REMOVE:
                return f"{self.what}: − {self.old}"
            case BulkOperation.IDENTIFY:
                return f"{self.what}: “” → {self.new}"
        return f"{self.what}: {self.old} → {self.new}"


def read_bulk_edit(
    catalogue: Catalogue, kind: str, posted: Mapping[str, str]
) -> tuple[BulkEdit | None, FormErrors]:
    """Return the posted bulk edit with names replaced by codes, or None and the errors."""
    what, do = posted.get("what", ""), BulkOperation.by_code().get(posted.get("do", ""))
    if what not in CHANGEABLE_FIELDS[kind]:
        return None, {"what": _("Choose the field to change.")}
    if do in {None, BulkOperation.IDENTIFY} or (
        do is not BulkOperation.REPLACE and what not in CODED_TERMS
    ):
        return None, {"do": _("Choose one of these. Only codes of terms can be added or removed.")}
    names = (
        ("old",)
        if do is BulkOperation.REMOVE
        else ("new",)
        if do is BulkOperation.ADD
        else ("old", "new")
    )
    codes, errors = {}, {}
    for name in names:
        text = clean(posted.get(name, "")).strip()
        codes[name] = _code_of(catalogue, what, text)
        if not codes[name]:
            unknown = _("No code has this name, or several do. Type the code.")
            errors[name] = unknown if text else _("Fill this in.")
    if not errors and do is BulkOperation.REPLACE and codes["old"] == codes["new"]:
        errors["new"] = _("The old and the new code are the same.")
    form = catalogue.directory.codes.get(f"{what}:{codes.get('new', '')}")
    if form and form.successor:
        errors["new"] = _("“{old}” is retired. Use “{new}”.").format(
            old=form.code, new=form.successor
        )
    role = ""
    if do is BulkOperation.ADD:
        role = posted.get("role", "") or (Role.AT if what == TermKey.PLACE else Role.TARGET)
        allowed = ROLES_OF[TermKey(what)]
        if role not in allowed:
            roles = enumerate_words(_(each.label) for each in Role if each in allowed)
            errors["role"] = _(
                "This role is not possible here. Choose one of these: {roles}."
            ).format(roles=roles)
    return (
        (None, errors)
        if errors
        else (BulkEdit(what, do, codes.get("old", ""), codes.get("new", ""), role), {})
    )


def _code_of(catalogue: Catalogue, what: str, text: str) -> str:
    """Return the code for a typed code or name, or an empty string if none or several match."""
    if what in NAMED_NOUNS:
        return catalogue.meant(what, text)
    forms = [form for form in catalogue.directory.codes.values() if form.list == what]
    found = [form.code for form in forms if text.lower() in {form.code, form.label.lower()}]
    return found[0] if len(found) == 1 else ""


def apply_bulk_edit(act: BulkEdit, form: type[Form], document: Document) -> Document:
    """Return the document after the edit; the same object if nothing changes."""
    match act:
        case BulkEdit(do=BulkOperation.ADD):
            terms = document["terms"]
            if any(
                (row["key"], row["code"], row["role"]) == (act.what, act.new, act.role)
                for row in terms
            ):
                return document
            return {
                **document,
                "terms": [*terms, blank_row(Term, key=act.what, code=act.new, role=act.role)],
            }
        case BulkEdit(do=BulkOperation.REMOVE):
            terms = [
                row for row in document["terms"] if (row["key"], row["code"]) != (act.what, act.old)
            ]
            return {**document, "terms": terms}
        case BulkEdit(do=BulkOperation.IDENTIFY):
            terms = [
                {**row, "code": act.new} if _is_meant(act, row) else row
                for row in document["terms"]
            ]
            return document if terms == document["terms"] else {**document, "terms": terms}
        case BulkEdit(what=thing) if thing in NAMED_NOUNS:
            changed = replace_name(form, document, thing, act.old, act.new)
        case _:
            changed = _replace_codes(act, form, document)
    return document if changed == document else remove_duplicates(form, changed)


def _is_meant(act: BulkEdit, row: Document) -> bool:
    return row["key"] == act.what and not row["code"] and row["printed"] in act.wordings


def _replace_codes(act: BulkEdit, form: type[Form], document: Document) -> Document:
    """Return the document with the new code in each field of the list that has the old one."""

    def text(each: FieldAt) -> str:
        is_old = each.text == act.old
        is_of_list = code_list(each.form, each.name, each.row) == act.what
        return act.new if is_old and is_of_list else each.text

    return with_texts(form, document, text)
