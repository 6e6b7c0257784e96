"""The web page of a drafted source: proposals read from it, captures and archive copies."""

import contextlib
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft
from app.desk.approved.models import Record
from app.desk.captures import captures
from app.desk.captures import metadata as reading
from app.desk.captures.fetched import HTML_TYPES, FetchError
from app.desk.captures.metadata import PageProposal
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import ProposedValue
from app.desk.drafts.articles import outlet_of_host
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.intake import Capture, PageReading, lead_of_source
from app.documents import Document, date_in_words, set_text, text_at
from app.i18n.translate import N_, _, ngettext
from app.kinds.locale_names import guess_language
from app.record.reads.source_urls import normalised_url
from app.settings import Settings
from app.web.urls import url

DAY_IN_ADDRESS = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12][0-9]|3[01])"
    r"(?:(?![0-9])|(?<=[A-Za-z][0-9]{8})[0-9]{6,})",
    re.ASCII,
)
"""A day as 2024/05/17, 2024-05-17, 20240517, 2024/0517, 202405/17 or AKR20240517100000001."""
FETCHING_ACTIONS = ("read-page", "capture", "archive")
SOURCE_ACTIONS = (*FETCHING_ACTIONS, "put-away")
"""Actions of a source draft's buttons, in the format of `draft_form.actions`."""


def run_action(db: Session, settings: Settings, draft: Draft, by: Person, do: str) -> None:
    """Do what a button asks for, and store the outcome. The draft itself stays unchanged."""
    # Imported here: the HTTP client slows down the start of the site.
    from app.desk.captures.fetch import fetch_page

    address, before = draft.document["url"].strip(), _proposals(db.get(PageReading, draft.id))
    proposals: Sequence[PageProposal] = before
    try:
        if do in FETCHING_ACTIONS:
            captures.count_fetch(db, settings, by)
        match do:
            case "read-page":
                page = fetch_page(address, HTML_TYPES, settings.fetch_also_from)
                proposals = [*_outlet_of_host(db, address), *reading.read_proposals(page)]
                outcome = _(
                    "The page was read. Its details are proposed beside the fields. Use the ones "
                    "that are right."
                )
                if not proposals:
                    outcome = _(
                        "The page was read, but it has no details that can be used. Enter them by "
                        "hand."
                    )
            case "capture":
                capture = captures.capture(db, settings, draft.record, address, by)
                outcome = _("A private copy was saved: {size}.").format(
                    size=size(capture.size_bytes)
                )
            case "archive" if settings.archive_url:
                kept_at = captures.request_archiving(db, settings, draft.record, address, by)
                proposals, outcome = _archive_outcome(draft.document, before, kept_at)
            case _do:
                proposals, outcome = [], ""
    except FetchError as error:
        outcome = _("This did not work. {why}").format(why=error)
    _store_outcome(db, draft, by, proposals, outcome)


def has_reading(db: Session, draft: Draft) -> bool:
    """Whether the source's page was already read or captured."""
    return db.get(PageReading, draft.id) is not None


def fill_from_proposals(
    db: Session, catalogue: Catalogue, draft: Draft, document: Document
) -> Document:
    """Fill empty fields with their proposed values.

    Fields with several proposals are left to the editor, except titles: the first is without the
    site's name.
    """
    document = deepcopy(document)
    for path, values in proposals_by_path(db, catalogue, draft).items():
        with contextlib.suppress(LookupError):  # of a copy that was removed
            if not text_at(document, path) and (len(values) == 1 or path == "title"):
                set_text(document, path, values[0].value)
    return document


def _archive_outcome(
    document: Document, before: Sequence[PageProposal], kept_at: str
) -> tuple[Sequence[PageProposal], str]:
    if not kept_at:
        return before, _("The archive accepted the request, but gave no address. Look there later.")
    if not document["copies"]:
        return before, _("The archived copy is at {address}. Add a copy to record it.").format(
            address=kept_at
        )
    new = PageProposal("copies.0.archive", kept_at, [("archive", urlsplit(kept_at).netloc)])
    others = [each for each in before if each.path != new.path]
    return [*others, new], _("The page was archived. The address is proposed beside the field.")


def _outlet_of_host(db: Session, address: str) -> list[PageProposal]:
    """Propose the outlet of other sources from the same host."""
    code = outlet_of_host(db, address)
    host = urlsplit(normalised_url(address) or "").netloc
    at_host = Record.address.startswith(f"//{host}/", autoescape=True)
    other_sources = db.scalars(
        select(Record.id).where(Record.document["outlet"].astext == code, at_host)
    ).all()
    return [PageProposal("outlet", code, [("host", str(len(other_sources)))])] if code else []


def _store_outcome(
    db: Session, draft: Draft, by: Person, found: Sequence[PageProposal], outcome: str
) -> None:
    rows = [
        {"path": each.path, "value": each.value, "where": [list(place) for place in each.where]}
        for each in found
    ]
    values = {"by": by.id, "outcome": outcome, "proposals": rows}
    new = insert(PageReading).values(draft=draft.id, **values)
    db.execute(new.on_conflict_do_update(index_elements=["draft"], set_=values))


def day_of_address(address: str) -> str:
    """Return the day that an address contains, such as …/2024/05/17/…; "" if it has none."""
    try:
        found = DAY_IN_ADDRESS.search(urlsplit(address).path)
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat() if found else ""
    except ValueError:  # no address, or no such day
        return ""


# Views ------------------------------------------------------------------------------------------

PROPOSAL_SOURCES = {
    "meta": N_("meta tag {name}"),
    "json-ld": N_("JSON-LD, {name}"),
    "tag": N_("<{name}>"),
    "text": N_("read from the page by {name}"),
    "letters": N_("script of the text"),
    "archive": N_("answer of {name}"),
    "address": N_("the address"),
}


def proposals_by_path(
    db: Session, catalogue: Catalogue, draft: Draft
) -> Mapping[str, Sequence[ProposedValue]]:
    """Return proposals that differ from the draft, by field path."""
    by_path: dict[str, list[ProposedValue]] = {}
    proposals = _proposals(db.get(PageReading, draft.id))
    if day := day_of_address(draft.document["url"]):
        proposals.append(PageProposal("published", day, [("address", "")]))
    for each in proposals:
        value = _value_in_form(catalogue, each)
        if value != _value_in_draft(draft.document, each.path):
            where = _("; ").join(_place_in_words(*place) for place in each.where)
            for_field = by_path.setdefault(each.path, [])
            if value not in {other.value for other in for_field}:
                shown = _value_in_words(catalogue, each.path, value)
                for_field.append(ProposedValue(value, shown, where, guess_language(shown)))
    return by_path


def _proposals(page_reading: PageReading | None) -> list[PageProposal]:
    rows = page_reading.proposals if page_reading else []
    return [
        PageProposal(each["path"], each["value"], [(kind, name) for kind, name in each["where"]])
        for each in rows
    ]


def _value_in_form(catalogue: Catalogue, proposal: PageProposal) -> str:
    return (
        catalogue.meant("outlet", proposal.value) or proposal.value
        if proposal.path == "outlet"
        else proposal.value
    )


def _value_in_words(catalogue: Catalogue, path: str, value: str) -> str:
    match path:
        case "outlet" if catalogue.meant("outlet", value):
            return catalogue.label(value, "outlet")
        case "published":
            return date_in_words(value)
    return value


def _place_in_words(kind: str, name: str) -> str:
    if kind == "host":
        count = int(name)
        return ngettext("%(num)s source of this site", "%(num)s sources of this site", count) % {
            "num": count
        }
    return _(PROPOSAL_SOURCES[kind]).format(name=name)


def _value_in_draft(document: Document, path: str) -> str:
    """Return the draft's value; empty if the row no longer exists."""
    rows, _dot, name = path.rpartition(".")
    if not rows:
        return str(document[name])
    copies = document["copies"]
    return str(copies[0][name]) if copies else ""


@dataclass(frozen=True)
class CaptureRow:
    """A captured copy."""

    id: int
    at: datetime
    address: str
    media_type: str
    size: str
    sha256: str
    by: str
    download: str
    """URL of the copy; "" for people who may not download it."""


@dataclass(frozen=True)
class SourcePageView:
    """A source's web page, as its draft and its own page show it."""

    address: str
    captures: Sequence[CaptureRow]
    archive: str
    """Host of the public archive; "" if none is configured."""
    lead: int | None
    note: str
    """Note of the lead that the source came from."""
    outcome: str = ""
    has_proposals: bool = False
    takes_hash: bool = False


def page_of_draft(db: Session, settings: Settings, draft: Draft, person: Person) -> SourcePageView:
    document, page_reading = draft.document, db.get(PageReading, draft.id)
    return replace(
        page_of_source(db, settings, draft.record, document["url"], person),
        outcome=page_reading.outcome if page_reading else "",
        has_proposals=bool(_proposals(page_reading)),
        takes_hash=bool(document["copies"]),
    )


def page_of_source(
    db: Session, settings: Settings, id: str, address: str, person: Person
) -> SourcePageView:
    lead = lead_of_source(db, id)
    return SourcePageView(
        address=address.strip(),
        captures=[_capture_line(db, each, person) for each in captures.captures_of_source(db, id)],
        archive=urlsplit(settings.archive_url or "").netloc,
        lead=lead.id if lead else None,
        note=lead.note if lead else "",
    )


def _capture_line(db: Session, capture: Capture, person: Person) -> CaptureRow:
    return CaptureRow(
        capture.id,
        capture.at,
        capture.address,
        capture.media_type,
        size(capture.size_bytes),
        capture.sha256,
        db.get_one(Person, capture.by).called,
        url("capture", id=capture.id) if person.may(DeskRole.EDITOR) else "",
    )


def size(number_of_bytes: int) -> str:
    """Format a number of bytes."""
    return (
        f"{number_of_bytes / 1_000_000:.1f} MB"
        if number_of_bytes >= 1_000_000
        else f"{max(1, round(number_of_bytes / 1_000))} kB"
    )
