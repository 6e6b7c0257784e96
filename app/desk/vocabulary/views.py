"""Views of the vocabulary pages: codes, their usage, and their earlier labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.approved.store import all_forms
from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, ngettext
from app.kinds import CodeForm
from app.record import editions
from app.record.editions import NoEditionError
from app.record.filters import LISTS as FILTERS
from app.record.models import Edition, Version
from app.record.sql.rows import CodeUses, count_terms
from app.vocabulary.events import TypeHeading, TypeNature
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import LISTS, Why
from app.web.urls import url

LISTS_BY_KIND = {
    RecordKind.EVENT: ("timeline", N_("{count} event"), N_("{count} events")),
    RecordKind.ESTIMATE: ("estimates", N_("{count} estimate"), N_("{count} estimates")),
}


@dataclass(frozen=True)
class CodeUseView:
    """Number of records that use a code, with a link where a list can be filtered by the code."""

    words: str
    address: str


@dataclass(frozen=True)
class CodeRow:
    id: str
    code: str
    label: str
    definition: str
    note: str
    uses: Sequence[CodeUseView]


@dataclass(frozen=True)
class CodeList:
    key: str
    title: str
    rows: Sequence[CodeRow]


@dataclass(frozen=True)
class CodeVersion:
    """An edition that changed a code, with the label in that edition."""

    edition: int
    at: datetime
    why: str
    reason: str
    label: str


def growing_lists(db: Session) -> list[CodeList]:
    """Return the extensible lists with their codes and the usage of each, in two queries."""
    used = _usage(db)
    codes = _codes(db)
    return [
        CodeList(key, _(title), [_row(code, used) for code in codes if code.list == key])
        for key, title in LISTS.items()
    ]


def offered_codes(db: Session, list_: str, but: str = "") -> Sequence[tuple[str, str]]:
    """Return (code, label) of the codes that can be a parent or successor of another code."""
    return [
        (code.code, code.label)
        for code in _codes(db)
        if code.list == list_ and not code.successor and code.code != but
    ]


def _codes(db: Session) -> list[CodeForm]:
    codes = [form for form in all_forms(db, RecordKind.CODE) if isinstance(form, CodeForm)]
    return sorted(codes, key=lambda code: code.label)


def _usage(db: Session) -> CodeUses:
    try:
        return count_terms(db, editions.select_edition(db), [*LISTS, "uses"])
    except NoEditionError:
        return {}


def _row(code: CodeForm, used: CodeUses) -> CodeRow:
    notes = [
        _heading(code.list, code.group),
        _(TypeNature(code.nature).label) if code.nature else "",
        _("law or listing") if code.is_law else "",
        _("retired; now {code}").format(code=code.successor) if code.successor else "",
    ]
    return CodeRow(
        code.id,
        code.code,
        code.label,
        code.definition,
        enumerate_words(filter(None, notes)),
        _uses_of_code(code, used),
    )


def _heading(list_: str, group: str) -> str:
    if list_ == "type":
        return _(TypeHeading(group).label)
    return _("under {code}").format(code=group) if group else ""


def _uses_of_code(code: CodeForm, used: CodeUses) -> list[CodeUseView]:
    found = []
    for kind, (page, one, many) in LISTS_BY_KIND.items():
        by_term = used.get(kind, {})
        if count := by_term.get((code.list, code.code)):
            query = FILTERS[kind].made_of({code.list: [code.code]}, {}).query_string()
            found.append(CodeUseView(ngettext(one, many, count), f"{url(page)}?{query}"))
        elif count := by_term.get(("uses", code.id)):
            found.append(CodeUseView(ngettext(one, many, count), ""))
    return found


def used_by(db: Session, id: str) -> Sequence[CodeUseView]:
    code = db.get_one(Record, id).form
    return _uses_of_code(code, _usage(db)) if isinstance(code, CodeForm) else []


def history(db: Session, id: str) -> list[CodeVersion]:
    rows = db.execute(
        select(
            Version.opened,
            Edition.at,
            Version.why,
            Version.reason,
            Version.payload["form"]["label"].astext,
        )
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == id)
        .order_by(Version.opened.desc())
    )
    return [
        CodeVersion(opened, at, _(Why(why).label), reason, label)
        for opened, at, why, reason, label in rows
    ]
