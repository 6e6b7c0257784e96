"""Conditional requests and HEAD: ETags, dates, 304, and their headers."""

from datetime import UTC, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from starlette.testclient import TestClient

from app.database.engines import migration_engine
from app.record import editions
from app.record.publishing.purge import purge
from app.settings import Settings
from tests.conftest import desk_session, reader_session, wait_until
from tests.make import a_small_world, make_event, publish_all
from tests.support.cached_site import client_and_statements


def test_matching_etag_gets_304(cached: TestClient) -> None:
    china, tagged = "/events?place=china", "If-None-Match"
    tag = cached.get(china).headers["etag"]
    again = cached.get(china, headers={tagged: f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert {*again.headers} == {
        *("etag", "cache-control", "vary", "last-modified", "x-request-id"),
    }
    # A proxy may have made it a strong ETag.
    for tags in (tag.removeprefix("W/"), f'{tag},"other"'):
        assert cached.get(china, headers={tagged: tags}).status_code == 304
    assert cached.get("/events?place=russia", headers={tagged: tag}).status_code == 200
    file = cached.get("/events.csv", headers={tagged: cached.get("/events.csv").headers["etag"]})
    assert (file.status_code, file.headers["access-control-allow-origin"]) == (304, "*")


def test_tag_is_of_the_bytes_and_only_a_named_edition_has_an_age(published: Settings) -> None:
    for encoding in ("identity", "gzip", "zstd"):
        found = []
        for _site in range(2):  # each compresses by itself
            with client_and_statements(published) as (client, _):
                answers = [
                    client.send(client.build_request("GET", address), stream=True)
                    for address in (
                        "/events",
                        "/events.csv?edition=1",
                        "/cite?of=/events?edition=1",
                    )
                    for client.headers["accept-encoding"] in [encoding]
                ]
                found.append(
                    [(each.headers["etag"], b"".join(each.iter_raw())) for each in answers]
                )
                assert [each.headers["cache-control"] for each in answers] == [
                    "no-cache",
                    "public, max-age=60",
                    "no-cache",
                ]
        assert found[0] == found[1]
        assert not any(tag.startswith("W/") for tag, _body in found[0])


def test_matching_date_gets_304(published: Settings) -> None:
    """As `wget -N` and `curl -z` request, uncached and cached."""
    with reader_session(published) as db:
        at = parsedate_to_datetime(format_datetime(editions.select_edition(db).at.astimezone(UTC)))
    asked = {"If-Modified-Since": format_datetime(at, usegmt=True)}
    nonsense = "yesterday", "", format_datetime(at).replace("+0000", "")
    before = format_datetime(at - timedelta(seconds=1), usegmt=True)
    with client_and_statements(published) as (client, _):
        files = "/events.json?place=china", "/events.csv", "/events.atom", "/sources.xlsx"
        for address in ("/events", "/codebook", *files) * 2:
            had = client.get(address, headers=asked)
            assert (had.status_code, had.content) == (304, b""), address
            assert had.headers["last-modified"] == asked["If-Modified-Since"], address
            assert "etag" in had.headers, address
            for date in (before, *nonsense):
                other = client.get(address, headers={"If-Modified-Since": date})
                assert other.status_code == 200, (address, date)
            # An ETag is more precise than a date: it also distinguishes releases.
            tagged = client.get(address, headers=asked | {"If-None-Match": '"other"'})
            assert tagged.status_code == 200, address
        assert client.get("/events/E99999.json", headers=asked).status_code == 404


def test_last_modified_of_past_edition_changes_with_a_purge(database: Settings) -> None:
    with desk_session(database) as desk:
        publish_all(desk, *a_small_world(), make_event(1), make_event(2, citations=[]))
        publish_all(desk, make_event(3, citations=[]))
    engine = migration_engine(database)
    with engine.begin() as connection:  # Editions of the same second have the same date.
        connection.exec_driver_sql("ALTER TABLE record.edition DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE record.edition SET at = at - interval '1 hour' / no")
    engine.dispose()
    with client_and_statements(database) as (client, _):
        first, second = (
            client.get(f"/events.json?edition={no}").headers["last-modified"] for no in (1, 2)
        )
        assert parsedate_to_datetime(first) < parsedate_to_datetime(second)
        assert client.get("/events.json", headers={"If-Modified-Since": first}).status_code == 200
        # The page of a past edition names the newest one.
        assert client.get("/events?edition=1").headers["last-modified"] == second
        with desk_session(database) as desk:
            purge(desk, "E1")
        asked = {"If-Modified-Since": second}
        wait_until(
            lambda: client.get("/events.json?edition=1", headers=asked).status_code == 200,
            "it to go",
        )
