"""Ask a public web archive to save a page. Others can see the request: an editor decides."""

from urllib.parse import quote, urljoin

from sqlalchemy.orm import Session

from app.desk.captures.fetched import READABLE_TYPES
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.settings import Settings


def request_archiving(db: Session, settings: Settings, source: str, url: str, by: Person) -> str:
    """Return the URL of the archived page, or an empty string if unknown. Raises FetchError."""
    # Imported here: the HTTP client slows down the start of the site.
    from app.desk.captures.fetch import fetch_page

    assert settings.archive_url
    log_action(db, Action.ASKED_ARCHIVE, by, source)
    before, _place, after = settings.archive_url.partition("{url}")
    # A URL inside a query must be quoted; archives that take it as a path want it unquoted.
    request_url = f"{before}{quote(url, safe='') if '?' in before else url}{after}"
    response = fetch_page(request_url, READABLE_TYPES, settings.fetch_also_from)
    location = next(
        (value for name, value in response.hops[-1].headers if name.lower() == "content-location"),
        "",
    )
    if location:
        return urljoin(response.address, location)
    return response.address if len(response.hops) > 1 else ""
