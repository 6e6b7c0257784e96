"""Preview a bulk edit as a browser does."""

from starlette.testclient import TestClient

from tests.support.html import sent_by

REPLACE_SECTOR = {"what": "sector", "do": "replace", "old": "Construction", "new": "building"}
WHY = {"why": "clarified", "reason": "One name for one trade."}


def preview_edit(
    client: TestClient, address: str, act: dict[str, str], *ids: str
) -> tuple[str, dict[str, str]]:
    """Return the preview for these ids, and the form that a browser would send."""
    page = client.post(address, data={**act, **{f"take.{id}": "yes" for id in ids}}).text
    return page, sent_by(page, "//form[contains(@class, 'section')]")
