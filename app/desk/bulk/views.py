"""What the pages of bulk edits print: a list to choose from, what each record would become, and what was made."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.desk.approved import draft_models
from app.desk.approved.draft_models import State, Weight
from app.desk.approved.store import held_together
from app.desk.bulk import commands
from app.desk.bulk.acts import CALLED, WHATS, Act, Do, Wrong
from app.desk.bulk.commands import Made, Planned, made_together
from app.desk.bulk.finding import KINDS, FoundHere, found
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document, clean, fitting
from app.desk.draft_form.fields import Choice, cap
from app.desk.draft_form.private_values import log_reading
from app.desk.drafts import commands as drafts
from app.desk.drafts.alignment import aligned
from app.desk.drafts.change_reasons import Why, why_of
from app.desk.identity.models import Person
from app.desk.review import commands as review
from app.desk.review.citations_to_confirm import Doubt, doubtful, doubts
from app.desk.review.field_changes import Change, changes
from app.filtering import NONE, Day, Dropped, Since, Terms, Words
from app.forms import FORMS
from app.i18n.translate import N_, _
from app.record.filters import ListFilters
from app.record.names.directory import Directory
from app.settings import Settings
from app.vocabulary.events import Role
from app.web.urls import url

BOXES = {"old": N_("The old one"), "new": N_("The new one"), "role": N_("Its part")}
TITLES = {"event": N_("Events"), "estimate": N_("Figures"), "source": N_("Sources")}
PUBLIC = {"event": "timeline", "estimate": "estimates", "source": "sources"}


# Choosing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facet:
    """One key and its codes: code, label, how many, whether it is chosen."""

    key: str
    title: str
    chosen: int
    options: Sequence[tuple[str, str, int, bool]]


@dataclass(frozen=True)
class Asked:
    """What somebody typed of the change, and what is wrong with it."""

    posted: Mapping[str, str]
    wrong: Wrong

    def of(self, name: str) -> str:
        return clean(self.posted.get(name, ""))

    def error(self, name: str) -> str:
        return self.wrong.get(name, "")


@dataclass(frozen=True)
class Choosing:
    """What `desk/bulk/page.html` prints."""

    kind: str
    kinds: Sequence[tuple[str, str, bool]]
    address: str
    public_address: str
    facets: Sequence[Facet]
    boxes: Sequence[tuple[str, str, str]]
    """Words and days that may be asked for: key, title, what was typed."""
    kept: Sequence[tuple[str, str]]
    """What the filter has that is not chosen here, such as what it excludes."""
    words: Sequence[str]
    notices: Sequence[str]
    records: Sequence[tuple[FoundHere, bool]]
    total: int
    waiting: int
    """How many of them are left out, since they have an open draft."""
    whats: Sequence[Choice]
    dos: Sequence[Choice]
    roles: Sequence[Choice]
    names: Sequence[tuple[str, str]]
    asked: Asked
    errors: Sequence[tuple[str, str]]
    lately: Sequence["Lately"]


@dataclass(frozen=True)
class Lately:
    """What was changed together not long ago."""

    address: str
    words: str
    by: str
    at: datetime
    count: int


def choosing(
    db: Session,
    catalogue: Catalogue,
    kind: str,
    question: tuple[ListFilters, Sequence[Dropped]],
    asked: Asked,
) -> Choosing:
    asked_filters, dropped = question
    found_here = found(db, catalogue, asked_filters)
    filters = found_here.filters
    counts = found_here.counts.facets if found_here.counts else {}
    shown = {key.key for key in filters.FILTERS if isinstance(key, Terms | Words | Day | Since)}
    ticked = {name for name in asked.posted if name.startswith("take.")}
    posted = asked.posted or _first_guess(filters)
    query = filters.query_string()
    return Choosing(
        kind=kind,
        kinds=[(code, _(title), code == kind) for code, title in TITLES.items()],
        address=address_of(kind, filters),
        public_address=url(PUBLIC[kind]) + (f"?{query}" if query else ""),
        facets=[
            facet
            for key in filters.terms()
            if (facet := _facet(key, filters, counts.get(key.key, {}), found_here.names)).options
        ],
        boxes=[
            (key.key, _(key.title), filters.one(key.key))
            for key in filters.FILTERS
            if isinstance(key, Words | Day | Since) and key.key != "edition"
        ],
        kept=[(key, value) for key, value in filters.pairs() if key not in shown],
        words=list(_in_words(filters, found_here.names)),
        notices=[f"“{each.key}={each.value[:40]}”: {_(each.reason)}" for each in dropped],
        records=[(each, not ticked or f"take.{each.id}" in ticked) for each in found_here.records],
        total=found_here.total,
        waiting=found_here.waiting,
        whats=_choices({what: CALLED[what] for what in WHATS[KINDS[kind]]}, posted.get("what", "")),
        dos=[
            Choice(do, _(do.label), _(do.definition), do == posted.get("do", Do.REPLACE))
            for do in Do
        ],
        roles=_choices({role: role.label for role in Role}, posted.get("role", "")),
        names=list(_names(catalogue, WHATS[KINDS[kind]])),
        asked=Asked(posted, asked.wrong),
        errors=[
            (name, f"{_(BOXES[name])}: {error}" if name in BOXES else error)
            for name, error in asked.wrong.items()
        ],
        lately=[
            Lately(
                url("bulk-made", name=each.name),
                each.words,
                db.get_one(Person, each.by).called,
                each.at,
                each.count,
            )
            for each in commands.lately(db)
        ],
    )


def address_of(kind: str, filters: ListFilters) -> str:
    query = filters.query_string()
    return f"{url('bulk')}?kind={kind}" + (f"&{query}" if query else "")


def _first_guess(filters: ListFilters) -> Mapping[str, str]:
    """Who asked for one code of a list is likely to want another there."""
    for what in WHATS[filters.KIND]:
        if what in filters.by_key() and len(filters[what]) == 1 and filters[what] != (NONE,):
            return {"what": what, "old": filters[what][0]}
    return {}


def _facet(key: Terms, filters: ListFilters, counts: Mapping[str, int], names: Directory) -> Facet:
    chosen = filters[key.key]
    codes = sorted(
        {*counts, *chosen},
        key=lambda code: (-counts.get(code, 0), names.label(key.vocabulary, code)),
    )
    options = [
        (code, names.label(key.vocabulary, code), counts.get(code, 0), code in chosen)
        for code in codes
    ]
    return Facet(key.key, _(key.title), len(chosen), options)


def _in_words(filters: ListFilters, names: Directory) -> list[str]:
    told = []
    for key, value in filters.narrowing.pairs():
        of = filters.by_key()[key.removeprefix("not_")]
        label = names.label(of.vocabulary, value) if isinstance(of, Terms) else value
        said = _("{title}: not {label}") if key != of.key else _("{title}: {label}")
        told.append(said.format(title=_(of.title), label=label))
    return told


def _choices(labels: Mapping[str, str], chosen: str) -> list[Choice]:
    return [Choice(code, _(label), is_chosen=code == chosen) for code, label in labels.items()]


def _names(catalogue: Catalogue, whats: Sequence[str]) -> Sequence[tuple[str, str]]:
    """What a browser offers while one types: each code, and what it stands for."""
    names = catalogue.directory
    offered = [
        (form.code, form.label, form.list) for form in names.codes.values() if not form.successor
    ]
    offered += [(code, names.label("place", code), "place") for code in names.places]
    offered += [(code, names.label("outlet", code), "outlet") for code in names.outlets]
    return [
        (code, _("{label} ({what})").format(label=label, what=_(CALLED[what]).lower()))
        for code, label, what in sorted(offered, key=lambda each: (each[2], each[1]))
        if what in whats
    ]


# Looking ahead ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One record, and what would change in it or why nothing can."""

    id: str
    title: str
    address: str
    is_draft: bool
    seen: str
    changes: Sequence[Change]
    refusals: Sequence[str]


@dataclass(frozen=True)
class Preview:
    """What `desk/bulk/preview.html` prints."""

    address: str
    words: str
    hidden: Sequence[tuple[str, str]]
    """The act, which travels with the page."""
    lines: Sequence[Line]
    ticked: Sequence[str]
    refused: Sequence[Line]
    why: Why | None
    """Asked where any of them is more than a draft."""
    problems: Sequence[str]


def preview(
    catalogue: Catalogue,
    address: str,
    act: Act,
    planned: Sequence[Planned],
    *,
    posted: Mapping[str, str],
    problems: Sequence[str] = (),
) -> Preview:
    lines = [_line(catalogue, each) for each in planned]
    able = [line for line in lines if not line.refusals]
    return Preview(
        address=address,
        words=_act_in_words(catalogue, act),
        hidden=[
            (name, value)
            for name, value in {
                "what": act.what,
                "do": act.do.value,
                "old": act.old,
                "new": act.new,
                "role": act.role,
            }.items()
            if value
        ],
        lines=able,
        ticked=[line.id for line in able if f"take.{line.id}" in posted],
        refused=[line for line in lines if line.refusals],
        why=why_of(posted) if any(not line.is_draft for line in able) else None,
        problems=[cap(problem) for problem in problems],
    )


def _changes(catalogue: Catalogue, record: str, before: Document, after: Document) -> list[Change]:
    """What differs; that a private value is shown, such as an exact place, is logged."""
    form = FORMS[record[0]]
    shown = changes(catalogue, form, before, aligned(form, after, before))
    if any(change.is_private for change in shown):
        log_reading(catalogue.db, catalogue.person, record)
    return shown


def _line(catalogue: Catalogue, each: Planned) -> Line:
    return Line(
        id=each.id,
        title=catalogue.title(each.id[0], each.before),
        address=url("draft", id=each.draft.id)
        if each.draft
        else url("desk-record", record=each.id),
        is_draft=each.draft is not None,
        seen=each.seen,
        changes=_changes(catalogue, each.id, each.before, each.after) if not each.refusals else [],
        refusals=[cap(reason) for reason in each.refusals],
    )


def _act_in_words(catalogue: Catalogue, act: Act) -> str:
    old, new = (catalogue.directory.label(act.what, code) for code in (act.old, act.new))
    match act.do:
        case Do.ADD:
            said = _("{what}: add “{new}” ({role})")
        case Do.REMOVE:
            said = _("{what}: take out “{old}”")
        case _:
            said = _("{what}: “{new}” instead of “{old}”")
    role = _(Role(act.role).label).lower() if act.role else ""
    return said.format(what=_(CALLED[act.what]), old=old, new=new, role=role)


# What was made ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MadeLine:
    """One record, how its draft stands now, and what was changed in it."""

    id: str
    draft: int
    number: int
    title: str
    state: str
    address: str
    changes: Sequence[Change]
    doubts: Sequence[Doubt]
    """To be confirmed by whoever approves it."""
    can_be_approved: bool


@dataclass(frozen=True)
class MadeView:
    """What `desk/bulk/made.html` prints."""

    name: str
    words: str
    by: str
    at: datetime
    reason: str
    weight: str
    lines: Sequence[MadeLine]
    doubtful: Sequence[str]
    """All citations that are to be confirmed."""
    can_be_taken_back: int
    can_be_approved: int


def made_view(
    db: Session, catalogue: Catalogue, name: str, settings: Settings, confirmed: Collection[str]
) -> MadeView | None:
    made = made_together(db, name)
    if not made:
        return None
    first = made[0].revision
    with held_together(db, [each.draft.record for each in made]):
        lines = [_made_line(db, catalogue, each, settings, confirmed) for each in made]
    told = next((each.revision for each in made if each.revision.reason), first)
    return MadeView(
        name=name,
        words=first.words or "",
        by=db.get_one(Person, first.by).called,
        at=first.at,
        reason=told.reason or "",
        weight=_(Weight(told.why).label) if told.why in Weight.by_code() else "",
        lines=lines,
        doubtful=doubtful(lines),
        can_be_taken_back=sum(each.can_be_taken_back for each in made),
        can_be_approved=sum(line.can_be_approved for line in lines),
    )


def _made_line(
    db: Session, catalogue: Catalogue, made: Made, settings: Settings, confirmed: Collection[str]
) -> MadeLine:
    draft, form = made.draft, drafts.form_of(made.draft)
    before, after = (fitting(form, state.document) for state in (made.before, made.revision))
    is_waiting = draft.state in draft_models.WAITING
    can_be_approved = draft.state == State.IN_REVIEW and review.may_decide(
        db, catalogue.person, draft, settings
    )
    return MadeLine(
        id=draft.record,
        draft=draft.id,
        number=draft.number,
        title=catalogue.title(draft.kind, after),
        state=_(State(draft.state).label),
        address=url("review" if is_waiting else "draft", id=draft.id),
        changes=_changes(catalogue, draft.record, before, after),
        doubts=doubts(catalogue, draft, confirmed) if can_be_approved else (),
        can_be_approved=can_be_approved,
    )
