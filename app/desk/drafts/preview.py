"""The preview of a draft: its calculated values, and its page without links that lead nowhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, Response

from app.desk.drafts.trial_publish import Trial
from app.kinds import KIND, NamedForm, PlaceForm, RecordForm
from app.record.names.directory import Directory
from app.record.names.quantity import measure_in_words
from app.record.names.status_labels import last_reported_labels
from app.record.names.support_labels import reports_label, support_labels
from app.record.payloads import cited_payload, event_payload
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import PAGE_OF_KIND, url


@dataclass(frozen=True)
class PreviewSummary:
    """What the rules make of a draft: codes with labels, or why it can't be published."""

    refusals: Sequence[str] = ()
    what: str = ""
    when: str = ""
    stages: Sequence[tuple[str, str]] = ()
    support: Sequence[tuple[str, str]] = ()
    disputed: Sequence[str] = ()
    reports: str = ""
    conflicts: Sequence[tuple[str, str]] = ()
    """Estimates that contradict this one, with their URLs."""


def preview_summary(tried: Trial) -> PreviewSummary:
    payload, directory = tried.row.payload, tried.directory
    if tried.row.kind not in CITING_KINDS:
        return PreviewSummary()
    return PreviewSummary(
        what=_label_of_what(payload["form"], directory),
        when=payload["happened_words"]
        if tried.row.kind == RecordKind.EVENT
        else payload["time_words"],
        stages=last_reported_labels(event_payload(tried.row))
        if tried.row.kind == RecordKind.EVENT
        else (),
        support=support_labels(cited_payload(tried.row)),
        disputed=[directory.label("disputed", code) for code in payload["disputed"]],
        reports=reports_label(cited_payload(tried.row)),
        conflicts=[(id, url("estimate", id=id)) for id in payload.get("conflicts", ())],
    )


def _label_of_what(form: Any, directory: Directory) -> str:
    return directory.label("type", form["type"]) if "type" in form else measure_in_words(form)


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
