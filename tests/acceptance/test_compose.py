"""The commands of the container files, run unchanged on a test database."""

import subprocess
import tomllib
from pathlib import Path

from app import paths
from app.settings import Settings
from tests.conftest import wait_until
from tests.support.container_files import BIN, instruction, read_compose
from tests.support.processes import free_port, running_command


def test_compose_commands_prepare_database_and_serve_site(
    empty_database: Settings, tmp_path: Path
) -> None:
    """Run the migration, the site and the health check verbatim, with the tests' addresses."""
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
    entry = instruction("ENTRYPOINT")
    assert set(entry) == set(project["scripts"])
    services = read_compose()["services"]
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
