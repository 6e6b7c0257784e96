"""`make` on a machine without the programs it needs, and the lock files of its packages."""

import json
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app import paths

# Make


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder to use as the whole PATH: the programs that `make` needs, and those a test adds."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("sh", "make", "sed", "printf", "rm", "touch", "test", "id", "env", "cat", "mkdir"):
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return folder


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def make(folder: Path, tools: Path, target: str) -> str:
    """What `make` complains about in an empty checkout."""
    for name in ("Makefile", "pyproject.toml", "package.json", "package-lock.json", ".npmrc"):
        shutil.copy(paths.ROOT / name, folder)
    shutil.copytree(paths.ROOT / "requirements", folder / "requirements")
    done = subprocess.run(
        [tools / "make", target],
        cwd=folder,
        env={"PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    return done.stderr


def test_make_without_a_fitting_python_is_one_sentence(tmp_path: Path, tools: Path) -> None:
    own = ".".join(map(str, sys.version_info[:2]))
    for number, (script, sentence) in enumerate(
        (
            ("", "Sojourn needs Python 3.11 or later: none was found."),
            ('case "$2" in *print*) echo 3.9;; *) exit 1;; esac', "later: python3 is 3.9."),
            (
                f'case "$2" in *ensurepip*) exit 1;; *) exec {sys.executable} "$@";; esac',
                f"apt-get install python{own}-venv",
            ),
        )
    ):
        if script:
            program(tools, "python3", script)
        (folder := tmp_path / str(number)).mkdir()
        assert sentence in make(folder, tools, "serve")


def test_account_without_name_is_one_sentence(tmp_path: Path, tools: Path) -> None:
    program(tools, "id", '[ "$1" = -u ] && echo 4242 || exit 1')
    assert "Account number 4242 has no name on this system (no passwd entry)" in make(
        tmp_path, tools, "serve"
    )


# Locks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lock", sorted((paths.ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name
)
def test_python_packages_have_checksum_and_no_url(lock: Path) -> None:
    text = lock.read_text()
    packages = [line for line in text.replace("\\\n", "").splitlines() if line[:1].isalnum()]
    assert packages
    for package in packages:
        assert re.match(r"[\w.\[\]-]+==\S+ ", package)
        assert "--hash=sha256:" in package
    assert "://" not in text


def test_npm_packages_have_checksum_and_no_url() -> None:
    packages = json.loads((paths.ROOT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 3
    for name, package in packages.items():
        assert "resolved" not in package
        assert name == "" or package["integrity"].startswith("sha512-")
        assert not package.get("hasInstallScript")
    asked = json.loads((paths.ROOT / "package.json").read_text())
    versions = {**asked["dependencies"], **asked["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    assert versions["htmx.org"].startswith("4.")
