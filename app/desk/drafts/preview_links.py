"""A preview without dead ends: it shows the page that readers will get, and leads nowhere that is not there yet."""

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, Response

from app.desk.drafts.trial_publish import Trial
from app.forms import KIND, OutletForm, PlaceForm, RecordForm
from app.web.urls import url

LINK = re.compile(r'<a\b([^>]*?)\shref="([^"]*)"')
PAGES = {
    "E": ["event"],
    "M": ["estimate"],
    "S": ["source"],
    "O": ["outlet"],
    "P": ["place", "city"],
}


def without_dead_ends(shown: Response, tried: Trial) -> Response:
    """The same page, in which links to what readers can't see yet are words, and said to be no links now."""
    edition, pages, names = (
        str(tried.edition.no),
        tuple(_pages(tried.unseen)),
        {_name(form) for form in tried.unseen},
    )

    def leads_nowhere(address: str) -> bool:
        path, _mark, query = unescape(address).partition("#")[0].partition("?")
        asked = parse_qsl(query)
        return any(
            path == page or path.startswith((f"{page}.", f"{page}/")) for page in pages
        ) or any(
            value in names
            or (key, value) == ("edition", edition)
            or value.endswith(f"edition={edition}")
            for key, value in asked
        )

    def link(found: re.Match[str]) -> str:
        whole, before, address = found[0], found[1], found[2]
        return f'<a{before} role="link" aria-disabled="true"' if leads_nowhere(address) else whole

    written = LINK.sub(link, bytes(shown.body).decode())
    own = {"content-length", "content-type"}
    headers = {name: value for name, value in shown.headers.items() if name not in own}
    return HTMLResponse(written, shown.status_code, headers)


def _pages(forms: Sequence[RecordForm]) -> list[str]:
    return [
        url(page, id=form.id, code=_name(form))
        for form in forms
        for page in PAGES.get(KIND[type(form)], [])
    ]


def _name(form: RecordForm) -> str:
    return form.code if isinstance(form, PlaceForm | OutletForm) else form.id
