"""Fuzzing of the API by Schemathesis, with valid and invalid queries."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from app.site.api.document import document
from tests.conftest import MOST_SECONDS, serving
from tests.make import make_estimate, make_event
from tests.support.database_server import Server
from tests.support.kept_records import kept_record

LONG_LISTS = ("events", "estimates", "changes")
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # A well-formed code of a place may be unknown in an edition.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "410", "422"]},
        },
        "generation": {"deterministic": True},
        "request-timeout": MOST_SECONDS,
        # Keys of long lists have a separate test, which does not validate responses.
        "operations": [
            {"include-name": f"GET /api/v1/{name}", "phases": {"coverage": {"enabled": False}}}
            for name in LONG_LISTS
        ],
    }
)
SCHEMA = schemathesis.openapi.from_dict(document("http://localhost", "CC BY 4.0"), config=CONFIG)


@SCHEMA.parametrize()
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
def test_every_response_matches_the_openapi_description(case: Any, site: str) -> None:
    case.call_and_validate(base_url=site)


@pytest.fixture(scope="module")
def small_site(server: Server, template: str) -> Iterator[str]:
    """The address of a site with few records, which is fast."""
    with (
        kept_record(server, template, make_event(1), make_estimate(1)) as settings,
        serving(settings) as address,
    ):
        yield address


COVERAGE = SchemathesisConfig.from_dict(
    {
        "generation": {"deterministic": True},
        "request-timeout": MOST_SECONDS,
        "phases": {"fuzzing": {"enabled": False}, "examples": {"enabled": False}},
    }
)
LONG = schemathesis.openapi.from_dict(document("http://localhost", "CC BY 4.0"), config=COVERAGE)


@LONG.include(path_regex=f"/({'|'.join(LONG_LISTS)})$").parametrize()
@settings(suppress_health_check=list(HealthCheck))
def test_long_list_answers_every_key_without_server_error(case: Any, small_site: str) -> None:
    assert case.call(base_url=small_site).status_code < 500
