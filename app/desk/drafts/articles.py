"""An article as the unit of work: what was entered from it, and what it fills in for the next thing that it says."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.dates.edtf import BadDate
from app.desk.approved import models
from app.desk.approved.draft_models import KINDS, Draft, State
from app.desk.draft_form import documents
from app.desk.draft_form.actions import NewRow
from app.desk.draft_form.catalogue import Catalogue, Match, words
from app.desk.draft_form.documents import ROW, Document
from app.desk.draft_form.layout import first_of
from app.desk.draft_form.repeated_citations import written_from
from app.desk.drafts.commands import start
from app.forms import FORMS, ChainStep, Citation, Copy, Form, SourceForm
from app.i18n.translate import _
from app.record.reads.source_urls import normalised_url
from app.vocabulary.citations import Attribution, CitationKind, Stance
from app.vocabulary.events import Role, TermKey
from app.vocabulary.sources import HostKind, PublishedBasis, SourceKind, TitleBasis
from app.web.urls import url


def begun_address(draft: Draft) -> str:
    """The page of a draft that was just begun, in its first field."""
    first = first_of(FORMS[draft.kind])
    if draft.kind == "S" and draft.document["url"]:
        first = "title" if draft.document["outlet"] else "outlet"
    return f"{url('draft', id=draft.id)}?focus={first}"


# What it fills in -------------------------------------------------------------------------------------------------


AS_BEFORE = ("event", "counts", "nature", "unit", "per", "form", "population", "as_of", "period")
"""What the figures of one article mostly share; the figure itself is never taken over."""


def begun_from(catalogue: Catalogue, kind: str, article: str, like: str = "") -> Document:
    """A new event or figure that cites the article first; `like` names one from it whose terms it takes over.

    A figure takes over from another what both are likely to count, and when.
    """
    form = FORMS[kind]
    first = new_row(catalogue, article, kind, {})(Citation)
    begun = {**start(form), "citations": [first]}
    model = next(
        (draft for draft in written_from(catalogue, article) if draft.record == like), None
    )
    if model is not None:
        taken = (
            model.document["terms"]
            if model.kind == kind
            else _places_of_another_kind(model.document["terms"])
        )
        begun["terms"] = [{**row, ROW: documents.new_key()} for row in taken] or begun["terms"]
        if kind == model.kind == "M":
            begun |= {name: model.document[name] for name in AS_BEFORE}
    return begun


def _places_of_another_kind(terms: Sequence[Document]) -> list[Document]:
    """What a figure takes over from an event, or an event from a figure: each named place once.

    What a rule covers is not what is counted. Where people left, those who stayed are counted too: the part of a place
    is kept only where something is in it.
    """
    named = [row for row in terms if row["key"] == TermKey.PLACE and row["code"]]
    places = [row for row in named if row["role"] != Role.SHOWN_ONLY]
    is_in = {row["code"]: row for row in places if row["role"] == Role.AT}
    return [
        is_in.get(code) or {**row, "role": ""}
        for code, row in {row["code"]: row for row in places}.items()
    ]


def events_of(catalogue: Catalogue, article: str | None) -> list[str]:
    """Ids of the events that rest on it: those that are being written first, then the newest."""
    if not article:
        return []
    drafted = [draft.record for draft in written_from(catalogue, article) if draft.kind == "E"]
    cited = select(models.Citation.event).where(models.Citation.source == article).distinct()
    approved = [event for event in catalogue.db.scalars(cited) if event]
    return list(dict.fromkeys([*drafted, *sorted(approved, key=lambda event: -int(event[1:]))]))


def new_row(catalogue: Catalogue, article: str | None, kind: str, document: Document) -> NewRow:
    """Makes rows of which a citation is filled in: source, day and speakers are those of the last one from there."""

    def make(form: type[Form]) -> Document:
        source = catalogue.document(article) if article else None
        if form is not Citation or source is None:
            return documents.blank_row(form)
        return documents.blank_row(
            Citation,
            source=article,
            stance=Stance.SUPPORTS.value,
            kind=(CitationKind.NUMBER if kind == "M" else CitationKind.OCCURRENCE).value,
            said=source["published"] if _is_a_date(source["published"]) else "",
            chain=_last_chain(catalogue, article, document),
        )

    return make


def _last_chain(catalogue: Catalogue, article: str | None, document: Document) -> list[Document]:
    """The speakers of the last citation of the article, here or in what was written from it; else its own voice.

    Who is only mentioned said something else, as a rule.
    """
    written = [catalogue.visible(draft) for draft in written_from(catalogue, article)]
    for each in (document, *written):
        for citation in reversed(each.get("citations", [])):
            is_of_it = citation["source"] == article and citation["stance"] != Stance.MENTIONS
            if is_of_it and any(step["attribution"] for step in citation["chain"]):
                return [{**step, ROW: documents.new_key()} for step in citation["chain"]]
    return [documents.blank_row(ChainStep, attribution=Attribution.OWN_VOICE.value)]


def _is_a_date(text: str) -> bool:
    try:
        return bool(text) and bool(edtf.parse(text))
    except BadDate:
        return False


def begun_at(catalogue: Catalogue, address: str) -> Document:
    """A new source that was found at that address: whose site it is, others that were found there tell."""
    outlet = outlet_at(catalogue.db, address)
    copy = documents.blank_row(Copy, url=address, host_kind=HostKind.OWN.value)
    return documents.blank(
        SourceForm,
        url=address,
        outlet=outlet,
        copies=[copy],
        # What most are; the rest is chosen.
        title_basis=TitleBasis.PRINTED.value,
        kind=SourceKind.NEWS.value,
        published_basis=PublishedBasis.STATED.value,
    )


def outlet_at(db: Session, address: str) -> str:
    """The outlet most of whose sources stand on that host."""
    host = urlsplit(normalised_url(address) or "").netloc
    if not host:
        return ""
    there = select(models.Source.outlet).where(
        models.Source.url_normalised.startswith(f"//{host}/", autoescape=True)
    )
    found = Counter(db.scalars(there)).most_common(1)
    return found[0][0] if found else ""


# What was entered from it -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entered:
    """An event or figure that rests on the article, or a draft of one."""

    record: str
    kind: str
    title: str
    state: str
    draft_address: str
    public_address: str


@dataclass(frozen=True)
class Article:
    """What `desk/sources/page.html` prints."""

    id: str
    key: str
    title: str
    language: str
    outlet: str
    published: str
    address: str
    remark: str
    state: str
    draft_address: str
    entered: Sequence[Entered]
    last: tuple[str, str] | None
    """Id and title of what was written from it last, whose terms the next one may take over."""


def article(catalogue: Catalogue, id: str, key: str) -> Article | None:
    """A source that is approved or being written; None where it is neither."""
    document = catalogue.document(id) if id[:1] == "S" else None
    if document is None:
        return None
    draft = catalogue.draft_of(id)
    outlet = catalogue.meant("outlet", document["outlet"])
    last = next(
        (
            each
            for each in written_from(catalogue, id)
            if any(row["code"] for row in each.document["terms"])
        ),
        None,
    )
    return Article(
        id=id,
        key=key,
        title=document["title"] or _("Untitled source"),
        language=document["language"],
        outlet=catalogue.label(outlet, "outlet") if outlet else document["outlet"],
        published=words(document["published"]),
        address=document["url"],
        remark=document["remark"],
        state=_(State(draft.state).label) if draft else _("Approved"),
        draft_address=url("draft", id=draft.id) if draft else "",
        entered=list(entered(catalogue, id)),
        last=(last.record, catalogue.title(last.kind, last.document)) if last else None,
    )


def entered(catalogue: Catalogue, id: str) -> Iterator[Entered]:
    """Approved records that cite the source, and drafts that do or are written from it."""
    cited = (
        select(models.Citation.event, models.Citation.estimate)
        .where(models.Citation.source == id)
        .distinct()
    )
    approved = {str(event or estimate) for event, estimate in catalogue.db.execute(cited)}
    catalogue.read_ahead(approved)
    open_drafts = {draft.record: draft for draft in catalogue.drafts_on(id)}
    for record in sorted(
        approved | set(open_drafts), key=lambda record: (record[0], int(record[1:]))
    ):
        draft = open_drafts.get(record) or catalogue.draft_of(record)
        yield Entered(
            record=record,
            kind=_(KINDS[record[0]]),
            title=catalogue.title(record[0], draft.document) if draft else catalogue.label(record),
            state=_(State(draft.state).label) if draft else _("Approved"),
            draft_address=url("draft", id=draft.id) if draft else "",
            public_address=url("event" if record[0] == "E" else "estimate", id=record)
            if record in approved
            else "",
        )


def lately(db: Session, catalogue: Catalogue, most: int = 20) -> Sequence[Match]:
    """The sources that were worked on last."""
    drafts = catalogue.newest_drafts("S", most)
    id = models.Source.id
    newest = (
        select(id)
        .order_by(models.Source.saved_at.desc(), func.length(id).desc(), id.desc())
        .limit(most)
    )
    ids = list(dict.fromkeys([*drafts, *db.scalars(newest)]))[:most]
    catalogue.read_ahead(ids)
    return [catalogue.match("source", id) for id in ids]
