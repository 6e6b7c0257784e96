"""Preview a bulk edit as a browser does."""

import re
from html import unescape

from starlette.testclient import TestClient

REPLACE_SECTOR = {"what": "sector", "do": "replace", "old": "Construction", "new": "building"}
WHY = {"why": "clarified", "reason": "One name for one trade."}


def preview_edit(
    client: TestClient, address: str, act: dict[str, str], *ids: str
) -> tuple[str, dict[str, str]]:
    """Return the preview for these ids, and the form that a browser would send."""
    page = client.post(address, data={**act, **{f"take.{id}": "yes" for id in ids}}).text
    inputs = re.findall(r"<input [^>]*>", page)
    sent = {}
    for tag in inputs:
        name, value = (re.search(rf' {each}="([^"]*)"', tag) for each in ("name", "value"))
        if name and ("checkbox" not in tag or " checked" in tag) and "radio" not in tag:
            sent[name[1]] = unescape(value[1]) if value else ""
    return page, sent
