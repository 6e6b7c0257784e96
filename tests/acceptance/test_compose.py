"""The commands of the container files, run unchanged on a test database."""

import re
import subprocess
import tomllib
from pathlib import Path

from app import paths
from app.settings import Settings
from tests.conftest import wait_until
from tests.support.container_files import BIN, instruction, read_compose
from tests.support.database_server import SMALL_RECORD
from tests.support.processes import free_port, running_command


def test_compose_commands_prepare_database_and_serve_site(
    empty_database: Settings, database: Settings, tmp_path: Path
) -> None:
    """Run the migration, the site, the health check and the operator's lines at the top verbatim,
    with the tests' addresses.
    """
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
    backups = tmp_path / "backups"
    backups.mkdir()

    def environment(service: str) -> dict[str, str]:
        asked = services[service]["environment"]
        return {
            name: value.replace("/run/secrets", str(tmp_path)).replace("/backups", str(backups))
            for name, value in asked.items()
            if name.endswith("_FILE") or "/backups" in value
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

    def run(*words: str) -> str:
        """Run a line of the file's head, `docker compose run --rm backup …`."""
        with running_command([*entry, *words], environment("backup")) as process:
            output, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
        return output

    head = (paths.ROOT / "docker-compose.yml").read_text().partition("\nservices:")[0]
    lines = re.findall(r"docker compose run --rm backup (\w+)", head)
    assert lines == ["backup", "restore", "purge", "upgrade"]
    assert services["backup"]["command"] == ["backup", "--repeat"]
    run("import", str(SMALL_RECORD), "--publish")
    assert "Saved" in run("backup")
    [file] = backups.glob("*.zip")
    assert "in edition 2" in run("purge", "E2", "--reason", "Asked for", "--yes")
    assert (backups / "purged.txt").read_text() == "E2\n"
    assert "No problems found." in run("upgrade")
    for name, value in {
        "desk-url": database.database_url,
        "reader-url": database.reader_database_url,
        "owner-url": database.migrate_database_url,
    }.items():
        (tmp_path / name).write_text(f"{value}\n")
    assert "Purged again: E2." in run("restore", str(file))
