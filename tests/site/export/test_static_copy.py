"""Names of files in a static copy."""

from app.site.export.static_copy import file_name, simplify
from tests.support.tables import differing


def test_address_becomes_a_file_or_is_left_out() -> None:
    def file_of(address: str) -> str | None:
        found = simplify(address, "3")
        return None if found is None else file_name(found)

    assert (
        differing(
            file_of,
            {
                "/": "index.html",
                "/events": "events/index.html",
                "/events?edition=3": "events/index.html",
                "/events?edition=2": None,
                "/events?place=dandong": None,
                "/events?after=50&edition=3": "events/after-50/index.html",
                "/events/E1#C5": "events/E1/index.html",
                "/events.csv?sort=-happened&edition=3": "events.csv",
                "/events.csv?place=dandong": None,
                "/status?place=dandong": "status/place-dandong/index.html",
                "/static/site.css?v=1": "static/site.css",
                "/cite?of=/events/E1?edition=3": "cite/of-events-E1-edition-3/index.html",
                "/cite?of=/events?place=dandong": None,
                "/cite.bib?of=/events/E1": None,
                "/api": "api/index.html",
                "/api/v1/events": None,
                "/search?q=visa": None,
                "/desk": None,
                "/../etc/passwd": None,
            },
        )
        == {}
    )
