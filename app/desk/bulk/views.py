"""What the pages of bulk edits print: a list to choose from, what each record would become, and what was made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.desk.bulk import commands
from app.desk.bulk.acts import CALLED, WHATS, Do, Wrong
from app.desk.bulk.finding import KINDS, FoundHere, found
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import clean
from app.desk.draft_form.views import Choice
from app.desk.identity.models import Person
from app.filtering import NONE, Day, Dropped, Since, Terms, Words
from app.i18n.translate import N_, _
from app.record.filters import ListFilters
from app.record.names.directory import Directory
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
