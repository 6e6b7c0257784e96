"""Asking a public archive to keep a page. Others may see that it was asked, so that an editor decides each time."""

from urllib.parse import quote, urljoin

from sqlalchemy.orm import Session

from app.desk.captures.fetch import READABLE, fetch
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.settings import Settings


def ask(db: Session, settings: Settings, source: str, url: str, by: Person) -> str:
    """The address at which the archive keeps the page; "" where it does not say. Raises NotFetched."""
    assert settings.archive_url
    note(db, Action.ASKED_ARCHIVE, by, source)
    before, _place, after = settings.archive_url.partition("{url}")
    # Within a query an address has to be packed; archives that take it as the end of a path want it as it is.
    asked = f"{before}{quote(url, safe='') if '?' in before else url}{after}"
    answer = fetch(asked, READABLE, settings.fetch_also_from)
    said = next(
        (value for name, value in answer.hops[-1].headers if name.lower() == "content-location"), ""
    )
    if said:
        return urljoin(answer.address, said)
    return answer.address if len(answer.hops) > 1 else ""
