"""Every address that a release had: one that vanishes is a broken citation, bookmark or program."""

from pathlib import Path

from tests.support.routes import all_routes

ROUTES = Path(__file__).with_name("routes.txt")


def test_routes_are_those_of_the_snapshot() -> None:
    """Add new addresses to the snapshot. Removed ones need a redirect and a CHANGELOG.md entry."""
    found = {f"{method:<6} {path}" for method, path in all_routes()}
    expected = set(ROUTES.read_text().splitlines())
    assert sorted(expected - found) == [], "addresses that vanished"
    assert sorted(found - expected) == [], "new addresses: add them to tests/routes.txt"
