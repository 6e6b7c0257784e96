"""The operations of a bulk edit: read one from a form, and apply it to a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.drafts.references import remove_duplicates, replace_name
from app.desk.ui.form_problems import FormProblem, FormProblems
from app.documents import Document, FieldAt, blank_row, clean, code_list, with_texts
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, Form, Term, is_private
from app.kinds.base import Holds, holds, kind_named, notes, rows_of
from app.kinds.terms import TERM_TITLES
from app.vocabulary.code import Code
from app.vocabulary.events import ROLES_OF, Role, TermKey
from app.vocabulary.kinds import NAMED_NOUNS, NOUN_OF_KIND, RecordNoun
from app.vocabulary.record import LISTS


class BulkOperation(Code):
    """Operation of a bulk edit."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"
    SET = "set"
    WORDS = "words"
    WITHDRAW = "withdraw"


OPERANDS = {
    BulkOperation.REPLACE: ("old", "new"),
    BulkOperation.ADD: ("new",),
    BulkOperation.REMOVE: ("old",),
}
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


CHANGEABLE_CODES: Mapping[str, tuple[str, ...]] = {
    kind: tuple(dict.fromkeys(_changeable(FORMS[kind]))) for kind in THING_OF_KIND
}
"""Lists and kinds whose codes a bulk edit can change, by kind of record."""
IDENTITY = frozenset({"id", "slug", "code", "list"})
SETTABLE: Mapping[str, Mapping[str, str]] = {
    kind: {
        name: field.title or name
        for name, field in FORMS[kind].model_fields.items()
        if not (is_private(field) or rows_of(field) or name in IDENTITY)
    }
    for kind in THING_OF_KIND
}
"""Titles of the fields that can be filled in, by kind of record and name."""


def title_of(what: str) -> str:
    """Return the title of a list of codes or of a kind of named record."""
    titles = {**LISTS, **{noun.value: noun.label for noun in RecordNoun}, **TERM_TITLES}
    return _(titles[what])


@dataclass(frozen=True)
class BulkEdit:
    """One bulk edit. `old` and `new` are codes, or texts where a field is set or words replaced."""

    what: str
    do: BulkOperation
    old: str = ""
    new: str = ""
    role: str = ""

    @property
    def words(self) -> str:
        """Description for the audit log, without texts: a purge of names need not change it."""
        match self.do:
            case BulkOperation.ADD:
                return f"{self.what}: + {self.new} ({self.role})"
            case BulkOperation.REMOVE:
                return f"{self.what}: − {self.old}"
            case BulkOperation.SET:
                return f"{self.what} ="
            case BulkOperation.WORDS:
                return "words"
            case BulkOperation.WITHDRAW:
                return "withdraw"
        return f"{self.what}: {self.old} → {self.new}"


def in_words(catalogue: Catalogue, kind: str, act: BulkEdit) -> str:
    old, new = act.old, act.new
    match act.do:
        case BulkOperation.WORDS:
            return _("Replace “{old}” with “{new}” in all texts").format(old=old, new=new)
        case BulkOperation.WITHDRAW:
            return _("Withdraw the records")
        case BulkOperation.SET:
            title = _(SETTABLE[kind][act.what])
            return _("{field}: fill in “{value}”").format(field=title, value=new)
        case BulkOperation.ADD:
            message = _("{what}: add “{new}” ({role})")
        case BulkOperation.REMOVE:
            message = _("{what}: remove “{old}”")
        case _:
            message = _("{what}: replace “{old}” with “{new}”")
    old, new = (catalogue.directory.label(act.what, code) for code in (old, new))
    role = _(Role(act.role).label).lower() if act.role else ""
    return message.format(what=title_of(act.what), old=old, new=new, role=role)


class BulkEditError(Exception):
    """What is wrong with a field of the form, and what to type there."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.problems = FormProblems((FormProblem(words, field),))


def read_bulk_edit(catalogue: Catalogue, kind: str, posted: Mapping[str, str]) -> BulkEdit:
    """Return the posted bulk edit with names replaced by codes. Raises BulkEditError."""
    what, do = posted.get("what", ""), BulkOperation.by_code().get(posted.get("do", ""))
    typed = {name: clean(posted.get(name, "")).strip() for name in ("old", "new")}
    match do:
        case BulkOperation.WITHDRAW:
            return BulkEdit("", do)
        case BulkOperation.WORDS:
            if not typed["old"]:
                raise BulkEditError("old", _("Enter the words to replace."))
            return BulkEdit("", do, **typed)
        case BulkOperation.SET:
            name = what.removeprefix("field.")
            if name not in SETTABLE[kind]:
                raise BulkEditError("what", _("Choose the field to fill in."))
            return BulkEdit(name, do, new=typed["new"])
    if what not in CHANGEABLE_CODES[kind]:
        raise BulkEditError("what", _("Choose the codes to change."))
    if do is None or (do is not BulkOperation.REPLACE and what not in CODED_TERMS):
        words = _("Choose one of these. Only codes of terms can be added or removed.")
        raise BulkEditError("do", words)
    codes = {name: _code_of(catalogue, what, typed[name]) for name in OPERANDS[do]}
    for name, code in codes.items():
        if not code:
            raise BulkEditError(name, _("Enter a code, or a name that only one code has."))
    form = catalogue.directory.codes.get(f"{what}:{codes.get('new', '')}")
    if form and form.successor:
        words = _("“{old}” is retired. Use “{new}”.")
        raise BulkEditError("new", words.format(old=form.code, new=form.successor))
    role = ""
    if do is BulkOperation.ADD:
        role = posted.get("role", "") or (Role.AT if what == TermKey.PLACE else Role.TARGET)
        allowed = ROLES_OF[TermKey(what)]
        if role not in allowed:
            roles = enumerate_words(_(each.label) for each in Role if each in allowed)
            words = _("This role is not possible here. Choose one of these: {roles}.")
            raise BulkEditError("role", words.format(roles=roles))
    return BulkEdit(what, do, **codes, role=role)


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
        case BulkEdit(do=BulkOperation.WITHDRAW):
            return document
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
        case BulkEdit(do=BulkOperation.SET):
            return {**document, act.what: act.new}
        case BulkEdit(do=BulkOperation.WORDS):
            return with_texts(form, document, lambda at: _with_words(act, at))
        case BulkEdit(what=thing) if thing in NAMED_NOUNS:
            changed = replace_name(form, document, thing, act.old, act.new)
        case _:
            changed = _replace_codes(act, form, document)
    return document if changed == document else remove_duplicates(form, changed)


def _with_words(act: BulkEdit, at: FieldAt) -> str:
    is_text = any(
        holds(at.form.model_fields[at.name], mark) for mark in (Holds.LINE, Holds.PARAGRAPHS)
    )
    return at.text.replace(act.old, act.new) if is_text else at.text


def _replace_codes(act: BulkEdit, form: type[Form], document: Document) -> Document:
    """Return the document with the new code in each field of the list that has the old one."""

    def text(each: FieldAt) -> str:
        is_old = each.text == act.old
        is_of_list = code_list(each.form, each.name, each.row) == act.what
        return act.new if is_old and is_of_list else each.text

    return with_texts(form, document, text)
