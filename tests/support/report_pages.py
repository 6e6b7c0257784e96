"""What a browser without scripts does on the page of a report: press a button of a form of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from app.desk.approved.models import Draft
from app.desk.drafts import commands
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.draft_pages import fields
from tests.support.html import first_match


@dataclass
class ReportEditor:
    """Somebody at the page of a report, in a browser without scripts."""

    client: TestClient
    settings: Settings
    at: str

    @property
    def source(self) -> str:
        return self.at.rsplit("/", 1)[1]

    def page(self, query: str = "") -> str:
        return str(self.client.get(f"{self.at}{query}").text)

    def press(self, do: str, **typed: str) -> Any:
        """Press a button of the report's own form; return the page that follows."""
        return self._post(self.at, fields(self.page(), "report"), do, typed)

    def add(self, kind: str, **typed: str) -> Any:
        """Add an entry, fill in its card and close it; return the page of the report."""
        return self.on_card(self.press(f"new {kind}"), "done", **typed)

    def on_card(self, page: Any, do: str, **typed: str) -> Any:
        """Press a button of the card that is open on a page of the report."""
        action = first_match(r'id="draft" method="post" action="([^"]+)"', page.text)
        return self._post(action, fields(page.text), do, typed)

    def _post(self, at: str, sent: dict[str, str], do: str, typed: dict[str, str]) -> Any:
        unknown = {name for name in typed if name not in sent and name.startswith("card.was")}
        assert not unknown, f"the form has no fields named {unknown}"
        answer = self.client.post(at, data={**sent, **typed, "do": do}, follow_redirects=True)
        assert answer.status_code == 200, answer.status_code
        return answer

    def drafts(self) -> Sequence[Draft]:
        with desk_session(self.settings) as db:
            found = commands.drafts_of_article(db, self.source)
            for draft in found:
                db.expunge(draft)
            return found
