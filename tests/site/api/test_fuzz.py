"""Schemathesis asks whatever the description allows, and what it forbids, and finds nothing."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from app.site.api.document import document
from tests.conftest import MOST_SECONDS

CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # Which places there are is no matter of form: one that is well written may be unknown in an edition.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "410", "422"]},
        },
        "generation": {"deterministic": True},
        "request-timeout": MOST_SECONDS,
        # Of the longest lists each key would be tried by itself, often; shorter ones have keys of the same kinds.
        "operations": [
            {"include-name": f"GET /api/v1/{name}", "phases": {"coverage": {"enabled": False}}}
            for name in ("events", "estimates", "changes")
        ],
    }
)
SCHEMA = schemathesis.openapi.from_dict(document("http://localhost", "CC BY 4.0"), config=CONFIG)


@SCHEMA.parametrize()
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_asked_gets_an_answer_that_is_not_described(case: Any, site: str) -> None:
    case.call_and_validate(base_url=site)
