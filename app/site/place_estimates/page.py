"""The response for the address of a place: its page, or its estimates as a file."""

from fastapi import Request
from starlette.responses import Response

from app.record.lists.session import ListSession
from app.site.place_estimates.files import estimates_file
from app.site.record_pages.page import PlacePage, show_place
from app.site.record_pages.row import find_place


def place_page(request: Request, db: ListSession, name: str, shown: PlacePage) -> Response:
    """Return the page of a place; for a name with a suffix, as in `dandong.csv`, the file.

    `?view=table` shows a table in place of the chart.
    """
    code, _dot, ending = name.partition(".")
    edition, directory, elsewhere = find_place(request, db, code, ending)
    if elsewhere:
        return elsewhere
    if ending:
        return estimates_file(request, edition, shown.fill(db, edition, code, directory), ending)
    as_table = request.query_params.get("view") == "table"
    return show_place(request, db, edition, code, directory, shown=shown, as_table=as_table)
