"""Every address that a release had: one that vanishes is a broken citation, bookmark or program."""

import re
from pathlib import Path

from app.web import urls
from bench.amplifiers import ADDRESSES
from tests.support.routes import all_routes, get_paths, named_paths

ROUTES = Path(__file__).with_name("routes.txt")
WITHOUT_ROUTE = {"api-v1", "bibliography", "dictionary", "embed"}
"""Names of prefixes, to which callers append the rest of an address."""


def test_routes_are_those_of_the_snapshot() -> None:
    """Add new addresses to the snapshot. Removed ones need a redirect and a CHANGELOG.md entry."""
    found = {f"{method:<6} {path}" for method, path in all_routes()}
    expected = set(ROUTES.read_text().splitlines())
    assert sorted(expected - found) == [], "every address of tests/routes.txt must still exist"
    assert sorted(found - expected) == [], "every new address must be added to tests/routes.txt"


def test_named_address_is_the_path_of_the_route() -> None:
    """The parts may have other names in the route. A part `of` begins with a slash."""
    found = {(name, re.sub(r"{[^}]*}", "{}", path)) for name, path in named_paths()}
    for name, address in urls.ADDRESSES.items():
        if name not in WITHOUT_ROUTE:
            path = re.sub(r"{[^}]*}", "{}", address.replace("{of}", "/{of}"))
            assert (name, path) in found, name


def test_every_public_route_has_an_address_to_ask() -> None:
    """Tests of all routes and the benchmark of amplifiers ask for those of bench/addresses.txt."""
    assert {path for path in get_paths() if not path.startswith("/desk")} == {*ADDRESSES}
