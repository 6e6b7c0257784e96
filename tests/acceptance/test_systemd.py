"""The systemd units in docs/deploy are valid, and run what exists."""

import re
import subprocess
from pathlib import Path

import pytest

from app import paths
from tests.acceptance.proxies import path_of

UNITS = sorted((paths.ROOT / "docs" / "deploy" / "systemd").glob("sojourn*"))
ABSENT_HERE = re.compile(
    r"Command /srv/sojourn/\S+ is not executable|Unit \S+ not found|is not executable: No such file"
)
"""Complaints about the machine of the test, which has no installation."""


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_unit_is_valid(unit: Path) -> None:
    done = subprocess.run(
        [str(path_of("systemd-analyze")), "verify", "--man=no", *map(str, UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [
        line
        for line in done.stderr.splitlines()
        if unit.name in line and not ABSENT_HERE.search(line)
    ]
    assert complaints == []
