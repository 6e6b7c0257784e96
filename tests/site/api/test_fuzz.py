"""Fuzzing of the API by Schemathesis, with valid and invalid queries."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from app.site.api.document import document
from tests.conftest import MOST_SECONDS

LONG_LISTS = ("events", "estimates", "changes")
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # A well-formed code of a place may be unknown in an edition.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "410", "422"]},
            # Values that are not canonical, such as capitals in a code, are understood, too.
            "negative_data_rejection": {"enabled": False},
        },
        "generation": {"deterministic": True},
        "request-timeout": MOST_SECONDS,
        # `tests/site/test_filter_pairs.py` asks for every key of the lists.
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
