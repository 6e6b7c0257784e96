"""Schemathesis against the API of a site with the seeds: do answers match their description?

Valid and invalid requests are made of `/api/v1/openapi.json`. All checks are on.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench import databases
from bench.serving import sojourn, wait_for_index
from bench.timing import Reader

CONFIG = """
[checks.positive_data_acceptance]
# A well-formed code of a place may be unknown in an edition, and two valid keys may exclude
# each other.
expected-statuses = ["2xx", "404", "410", "422"]
"""
REQUEST_SECONDS = 60


def measure(examples: int) -> bool:
    """Try up to `examples` requests for each operation and phase; return whether all are right."""
    with databases.running() as server, tempfile.TemporaryDirectory() as temporary:
        config = Path(temporary) / "schemathesis.toml"
        config.write_text(CONFIG)
        with sojourn(databases.publish_seeds(server)) as (port, _process):
            wait_for_index(Reader(port))
            done = subprocess.run(
                [
                    *(str(Path(sys.executable).with_name("schemathesis")), "--config-file"),
                    *(str(config), "run", f"http://127.0.0.1:{port}/api/v1/openapi.json"),
                    *("--max-examples", str(examples), "--checks", "all"),
                    *("--continue-on-failure", "--request-timeout", str(REQUEST_SECONDS)),
                    *("--suppress-health-check", "all"),
                ],
                check=False,
                cwd=temporary,
            )
    return done.returncode == 0
