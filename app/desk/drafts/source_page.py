"""What the draft of a source gets from the page that it is about: proposals, copies kept, the address of an archive."""

import contextlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import Draft
from app.desk.captures import captures, web_archive
from app.desk.captures import metadata as reading
from app.desk.captures.fetch import HTML, NotFetched, fetch
from app.desk.captures.metadata import Proposal
from app.desk.draft_form import documents
from app.desk.draft_form.catalogue import Catalogue, words
from app.desk.draft_form.documents import Document
from app.desk.draft_form.views import Proposed
from app.desk.drafts.articles import outlet_at
from app.desk.identity.models import Person, Role
from app.desk.intake import models as leads_models
from app.desk.intake.models import Capture, PageReading
from app.i18n.translate import N_, _, ngettext
from app.record.reads.source_urls import normalised_url
from app.settings import Settings
from app.web.urls import url

ASKS = ("read-page", "capture", "archive", "put-away")
"""What the buttons of a draft ask for; each is a line as `drafts.acts` has them."""


def ask(db: Session, settings: Settings, draft: Draft, by: Person, do: str) -> None:
    """Does what a button asks for, and keeps what came of it. The draft itself stays as it is."""
    address, before = draft.document["url"].strip(), _proposals(db.get(PageReading, draft.id))
    found: Sequence[Proposal] = before
    try:
        match do:
            case "read-page":
                page = fetch(address, HTML, settings.fetch_also_from)
                found = [*_outlet_of_host(db, address), *reading.proposals(page)]
                outcome = _(
                    "The page was read. What it says stands beside the fields; nothing of it is in them yet."
                )
                if not found:
                    outcome = _("The page was read, and says nothing of itself.")
            case "capture":
                kept = captures.capture(db, settings, draft.record, address, by)
                outcome = _("A copy is kept: {size}.").format(size=size(kept.size_bytes))
            case "archive" if settings.archive_url:
                kept_at = web_archive.ask(db, settings, draft.record, address, by)
                found, outcome = _archived(draft.document, before, kept_at)
            case _do:
                found, outcome = [], ""
    except NotFetched as error:
        outcome = _("Nothing came of it. {why}").format(why=error)
    _keep(db, draft, by, found, outcome)


def was_asked(db: Session, draft: Draft) -> bool:
    """Whether its page was read, or something else asked of it."""
    return db.get(PageReading, draft.id) is not None


def taken(db: Session, catalogue: Catalogue, draft: Draft, document: Document) -> Document:
    """The document with what was proposed for fields in which nothing stands; where a page contradicts itself
    somebody chooses. A title may be there twice: the first is without the name of the site.
    """
    document = deepcopy(document)
    for path, said in proposed(db, catalogue, draft).items():
        with contextlib.suppress(LookupError):  # of a copy that was removed
            if not documents.text_at(document, path) and (len(said) == 1 or path == "title"):
                documents.put(document, path, said[0].value)
    return document


def _archived(
    document: Document, before: Sequence[Proposal], kept_at: str
) -> tuple[Sequence[Proposal], str]:
    if not kept_at:
        return before, _(
            "The archive was asked. It does not say where it keeps the page: look there in a while."
        )
    if not document["copies"]:
        return before, _("The archive keeps it at {address}. Add a copy to note that.").format(
            address=kept_at
        )
    new = Proposal("copies.0.archive", kept_at, [("archive", urlsplit(kept_at).netloc)])
    others = [each for each in before if each.path != new.path]
    return [*others, new], _("The archive keeps it; its address stands beside the field.")


def _outlet_of_host(db: Session, address: str) -> list[Proposal]:
    """The outlet whose other sources were found at the same host."""
    code = outlet_at(db, address)
    host = urlsplit(normalised_url(address) or "").netloc
    at_host = models.Source.url_normalised.startswith(f"//{host}/", autoescape=True)
    there = db.scalars(select(models.Source.id).where(models.Source.outlet == code, at_host)).all()
    return [Proposal("outlet", code, [("host", str(len(there)))])] if code else []


def _keep(db: Session, draft: Draft, by: Person, found: Sequence[Proposal], outcome: str) -> None:
    said = [
        {"path": each.path, "value": each.value, "where": [list(place) for place in each.where]}
        for each in found
    ]
    values = {"by": by.id, "outcome": outcome, "proposals": said}
    new = insert(PageReading).values(draft=draft.id, **values)
    db.execute(new.on_conflict_do_update(index_elements=["draft"], set_=values))


# As the draft's page prints it ------------------------------------------------------------------------------------

WHERE = {
    "meta": N_("meta tag {name}"),
    "json-ld": N_("JSON-LD, {name}"),
    "tag": N_("<{name}>"),
    "text": N_("worked out from the page by {name}"),
    "letters": N_("the letters of its text"),
    "archive": N_("the answer of {name}"),
}


def proposed(db: Session, catalogue: Catalogue, draft: Draft) -> Mapping[str, Sequence[Proposed]]:
    """What was proposed and is not in the draft, by the path of its field."""
    found: dict[str, list[Proposed]] = {}
    for each in _proposals(db.get(PageReading, draft.id)):
        value = _as_the_form_has_it(catalogue, each)
        if value != _at(draft.document, each.path):
            where = _("; ").join(_place(*place) for place in each.where)
            said = found.setdefault(each.path, [])
            if value not in {other.value for other in said}:
                shown = _words(catalogue, each.path, value)
                said.append(Proposed(value, shown, where, reading.language_of_letters(shown)))
    return found


def _proposals(kept: PageReading | None) -> list[Proposal]:
    said = kept.proposals if kept else []
    return [
        Proposal(each["path"], each["value"], [(kind, name) for kind, name in each["where"]])
        for each in said
    ]


def _as_the_form_has_it(catalogue: Catalogue, proposal: Proposal) -> str:
    return (
        catalogue.meant("outlet", proposal.value) or proposal.value
        if proposal.path == "outlet"
        else proposal.value
    )


def _words(catalogue: Catalogue, path: str, value: str) -> str:
    match path:
        case "outlet" if catalogue.meant("outlet", value):
            return catalogue.label(value, "outlet")
        case "published":
            return words(value)
    return value


def _place(kind: str, name: str) -> str:
    if kind == "host":
        count = int(name)
        return ngettext("%(num)s source of this site", "%(num)s sources of this site", count) % {
            "num": count
        }
    return _(WHERE[kind]).format(name=name)


def _at(document: Document, path: str) -> str:
    """What the draft has there; nothing where it has no such row by now."""
    rows, _dot, name = path.rpartition(".")
    if not rows:
        return str(document[name])
    copies = document["copies"]
    return str(copies[0][name]) if copies else ""


@dataclass(frozen=True)
class CaptureLine:
    """A copy that is kept."""

    id: int
    at: datetime
    address: str
    media_type: str
    size: str
    sha256: str
    by: str
    download: str
    """Where it is handed out; "" for who may not have it."""


@dataclass(frozen=True)
class PageOfDraft:
    """What stands on a source's draft, and on its own page, about the page that it was found at."""

    address: str
    captures: Sequence[CaptureLine]
    archive: str
    """The host of the public archive that can be asked; "" where none is set."""
    lead: int | None
    note: str
    """What was noted in the inbox, where it came from there."""
    outcome: str = ""
    has_proposals: bool = False
    takes_hash: bool = False


def page_of_draft(db: Session, settings: Settings, draft: Draft, person: Person) -> PageOfDraft:
    document, kept = draft.document, db.get(PageReading, draft.id)
    return replace(
        page_of_source(db, settings, draft.record, document["url"], person),
        outcome=kept.outcome if kept else "",
        has_proposals=bool(_proposals(kept)),
        takes_hash=bool(document["copies"]),
    )


def page_of_source(
    db: Session, settings: Settings, id: str, address: str, person: Person
) -> PageOfDraft:
    lead = leads_models.of_source(db, id)
    return PageOfDraft(
        address=address.strip(),
        captures=[_line(db, each, person) for each in captures.of_source(db, id)],
        archive=urlsplit(settings.archive_url or "").netloc,
        lead=lead.id if lead else None,
        note=lead.note if lead else "",
    )


def _line(db: Session, kept: Capture, person: Person) -> CaptureLine:
    return CaptureLine(
        kept.id,
        kept.at,
        kept.address,
        kept.media_type,
        size(kept.size_bytes),
        kept.sha256,
        db.get_one(Person, kept.by).called,
        url("capture", id=kept.id) if person.may(Role.EDITOR) else "",
    )


def size(some: int) -> str:
    """Bytes in words that people use."""
    return (
        f"{some / 1_000_000:.1f} MB" if some >= 1_000_000 else f"{max(1, round(some / 1_000))} kB"
    )
