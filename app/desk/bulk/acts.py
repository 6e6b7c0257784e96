"""What is done to each of many records, as a change of its document."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document, blank_row, clean
from app.desk.draft_form.field_types import TITLES
from app.desk.drafts.references import renamed, tidy
from app.forms import EventForm, Form, Legal, Term
from app.forms.base import rows_of
from app.i18n.translate import N_, _
from app.vocabulary.code import Code
from app.vocabulary.events import ROLES_OF, Role, TermKey

Wrong = Mapping[str, str]
"""What is wrong with what was asked for, by field."""


class Do(Code):
    """What becomes of a code."""

    REPLACE = (
        "replace",
        N_("Replace it"),
        N_("The new one stands wherever the old one stood, in the same part."),
    )
    ADD = "add", N_("Add it"), N_("A record that names it in that part already stays as it is.")
    REMOVE = "remove", N_("Take it out"), N_("Wherever it stands, whatever part it plays.")


CODED = [key for key in TermKey if key is not TermKey.ACTOR]
"""What terms name by a code; who acts is named in words."""
WHATS: Mapping[str, tuple[str, ...]] = {
    "E": ("type", *CODED, "instrument", "outlet"),
    "M": (*CODED, "outlet"),
    "S": ("outlet",),
}
"""What can be changed in records of each kind."""
CALLED: Mapping[str, str] = {
    **{key.value: title for key, title in TITLES.items()},
    "type": N_("Type of event"),
    "instrument": N_("Law or resolution"),
    "outlet": N_("Outlet"),
}
FIELDS: Mapping[str, tuple[type[Form], str]] = {
    "type": (EventForm, "type"),
    "instrument": (Legal, "instrument"),
}
"""Codes that are no terms, and the field that holds each."""


@dataclass(frozen=True)
class Act:
    """One change, the same for all; `old` and `new` are codes."""

    what: str
    do: Do
    old: str = ""
    new: str = ""
    role: str = ""

    @property
    def words(self) -> str:
        """By codes, which stay what they are, and say nothing of anybody once a name is removed for good."""
        match self.do:
            case Do.ADD:
                return f"{self.what}: + {self.new} ({self.role})"
            case Do.REMOVE:
                return f"{self.what}: − {self.old}"
        return f"{self.what}: {self.old} → {self.new}"


def asked(catalogue: Catalogue, kind: str, posted: Mapping[str, str]) -> tuple[Act | None, Wrong]:
    """What somebody asks for, with names understood; or what is wrong with it."""
    what, do = posted.get("what", ""), Do.by_code().get(posted.get("do", ""))
    if what not in WHATS[kind]:
        return None, {"what": _("Choose what is to be changed.")}
    if do is None or (do is not Do.REPLACE and what not in CODED):
        return None, {"do": _("Choose one of these; only codes of terms are added or taken out.")}
    names = ("old",) if do is Do.REMOVE else ("new",) if do is Do.ADD else ("old", "new")
    codes, wrong = {}, {}
    for name in names:
        typed = clean(posted.get(name, "")).strip()
        codes[name] = _meant(catalogue, what, typed)
        if not codes[name]:
            unknown = _("Nothing here has this name, or several have. Type the code.")
            wrong[name] = unknown if typed else _("Fill this in.")
    if not wrong and do is Do.REPLACE and codes["old"] == codes["new"]:
        wrong["new"] = _("This is the same.")
    form = catalogue.directory.codes.get(f"{what}:{codes.get('new', '')}")
    if form and form.successor:
        wrong["new"] = _("“{old}” was retired; “{new}” stands for it.").format(
            old=form.code, new=form.successor
        )
    role = ""
    if do is Do.ADD:
        role = posted.get("role", "") or (Role.AT if what == TermKey.PLACE else Role.TARGET)
        fitting = ROLES_OF[TermKey(what)]
        if role not in fitting:
            roles = _(", ").join(_(each.label) for each in Role if each in fitting)
            wrong["role"] = _("This part does not fit. One of these does: {roles}.").format(
                roles=roles
            )
    return (
        (None, wrong)
        if wrong
        else (Act(what, do, codes.get("old", ""), codes.get("new", ""), role), {})
    )


def _meant(catalogue: Catalogue, what: str, typed: str) -> str:
    """The code of what was typed, by code or name; nothing where none or several are called so."""
    if what in {"place", "outlet"}:
        return catalogue.meant("place" if what == "place" else "outlet", typed)
    named = [form for form in catalogue.directory.codes.values() if form.list == what]
    found = [form.code for form in named if typed.lower() in {form.code, form.label.lower()}]
    return found[0] if len(found) == 1 else ""


def done(act: Act, form: type[Form], document: Document) -> Document:
    """The document after it; the same where it has nothing to change."""
    match act:
        case Act(do=Do.ADD):
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
        case Act(do=Do.REMOVE):
            kept = [
                row for row in document["terms"] if (row["key"], row["code"]) != (act.what, act.old)
            ]
            return {**document, "terms": kept}
        case Act(what="place" | "outlet" as thing):
            changed = renamed(form, document, thing, act.old, act.new)
        case _:
            changed = _replaced(act, form, document)
    return document if changed == document else tidy(form, changed)


def _replaced(act: Act, form: type[Form], document: Document) -> Document:
    changed = dict(document)
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            changed[name] = [_replaced(act, child, row) for row in document[name]]
        elif document[name] == act.old and _holds(act, form, name, document):
            changed[name] = act.new
    return changed


def _holds(act: Act, form: type[Form], name: str, row: Document) -> bool:
    if form is Term:
        return name == "code" and row["key"] == act.what
    return FIELDS.get(act.what) == (form, name)
