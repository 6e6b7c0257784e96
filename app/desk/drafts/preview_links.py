"""Disable links in a preview that lead to pages that are not published yet."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, Response

from app.desk.drafts.trial_publish import Trial
from app.kinds import KIND, NamedForm, PlaceForm, RecordForm
from app.web.urls import PAGE_OF_KIND, url

_LINK = re.compile(r'<a\b([^>]*?)\shref="([^"]*)"')


def disable_unpublished_links(response: Response, tried: Trial) -> Response:
    """Return the page with links to unpublished pages disabled and marked as such."""
    edition, pages, names = (
        str(tried.edition.no),
        tuple(_page_urls(tried.unseen)),
        {_name(form) for form in tried.unseen},
    )

    def is_unpublished(address: str) -> bool:
        path, _mark, query = unescape(address).partition("#")[0].partition("?")
        query_pairs = parse_qsl(query)
        return any(
            path == page or path.startswith((f"{page}.", f"{page}/")) for page in pages
        ) or any(
            value in names
            or (key, value) == ("edition", edition)
            or value.endswith(f"edition={edition}")
            for key, value in query_pairs
        )

    def disable_if_unpublished(found: re.Match[str]) -> str:
        whole, before, address = found[0], found[1], found[2]
        return f'<a{before} role="link" aria-disabled="true"' if is_unpublished(address) else whole

    html = _LINK.sub(disable_if_unpublished, bytes(response.body).decode())
    recalculated = {"content-length", "content-type"}
    headers = {name: value for name, value in response.headers.items() if name not in recalculated}
    return HTMLResponse(html, response.status_code, headers)


def _page_urls(forms: Sequence[RecordForm]) -> Iterator[str]:
    for form in forms:
        if page := PAGE_OF_KIND.get(KIND[type(form)]):
            yield url(page, id=form.id, code=_name(form))
        if isinstance(form, PlaceForm):
            yield url("city", code=form.code)


def _name(form: RecordForm) -> str:
    return form.code if isinstance(form, NamedForm) else form.id
