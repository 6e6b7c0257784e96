"""The web page of a drafted source: its details when a report is begun, captures and archives."""

from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from app.desk.approved.models import Draft, RevisionCause
from app.desk.captures import captures, fetched
from app.desk.captures.fetched import HTML_TYPES, FetchError
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.identity.models import DeskRole, Person
from app.desk.intake import lead_of_source
from app.i18n.translate import _
from app.settings import Settings

SOURCE_ACTIONS = ("capture", "archive")
"""Actions of a source draft's buttons."""


def read_page(db: Session, settings: Settings, draft: Draft, by: Person) -> str:
    """Ask the site for the page and fill in the empty fields that it tells; return the outcome.

    A field for which the page has several values is left to the editor, except the title: the
    first is without the site's name.
    """
    address = draft.document["url"].strip()
    try:
        page = captures.fetch(db, settings, address, by, HTML_TYPES)
        found = fetched.read_details(page)
    except FetchError as error:
        return _("This did not work. {why}").format(why=error)
    catalogue, document = Catalogue(db, by), dict(draft.document)
    for name, values in found.items():
        if not document[name] and (len(values) == 1 or name == "title"):
            meant = catalogue.meant("outlet", values[0]) if name == "outlet" else ""
            document[name] = meant or values[0]
    if document == draft.document:
        return _("The page was read, but nothing in it could be used. Enter its details by hand.")
    draft.document = document
    commands.next_revision(db, draft, by, RevisionCause.BY_ITSELF, sheet="")
    return _("The page was read, and empty fields were filled in from it. Check each of them.")


def run_action(db: Session, settings: Settings, draft: Draft, by: Person, do: str) -> str:
    """Capture or archive the page, and return the outcome. The caller has saved the draft."""
    address, copies = draft.document["url"].strip(), draft.document["copies"]
    try:
        if do == "capture":
            capture = captures.capture(db, settings, draft.record, address, by)
            return _("A private copy was saved: {size}.").format(size=size(capture.size_bytes))
        kept_at = captures.request_archiving(db, settings, draft.record, address, by)
    except FetchError as error:
        return _("This did not work. {why}").format(why=error)
    if not kept_at:
        return _("The archive accepted the request, but gave no address. Look there later.")
    if not copies or copies[0]["archive"]:
        words = _("The archived copy is at {address}. Add a copy to record it.")
        return words.format(address=kept_at)
    document = deepcopy(draft.document)
    document["copies"][0]["archive"] = kept_at
    draft.document = document
    commands.next_revision(db, draft, by, RevisionCause.BY_ITSELF, sheet="")
    return _("The page was archived, and the address was entered with its first copy.")


def page_of_source(
    db: Session, settings: Settings, id: str, address: str, person: Person, *, takes_hash: bool
) -> dict[str, Any]:
    """Return a source's web page, as its draft and its report show it."""
    lead = lead_of_source(db, id)
    return {
        "address": address.strip(),
        # Each with its size and with who made it.
        "captures": [
            (each, size(each.size_bytes), db.get_one(Person, each.by).called)
            for each in captures.captures_of_source(db, id)
        ],
        "may_download": person.may(DeskRole.EDITOR),
        # Host of the public archive; "" if none is configured.
        "archive": urlsplit(settings.archive_url or "").netloc,
        "lead": lead.id if lead else None,
        "note": lead.note if lead else "",
        "takes_hash": takes_hash,
    }


def size(number_of_bytes: int) -> str:
    """Format a number of bytes."""
    return (
        f"{number_of_bytes / 1_000_000:.1f} MB"
        if number_of_bytes >= 1_000_000
        else f"{max(1, round(number_of_bytes / 1_000))} kB"
    )
