"""Programs that `make acceptance` runs Sojourn with. As a command, names those that are missing."""

import os
import shutil
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A program of the system, and where Debian has it."""

    command: str
    package: str
    purpose: str


PROGRAMS = [
    Program("caddy", "caddy", "docs/deploy/Caddyfile"),
    Program("nginx", "nginx-light", "docs/deploy/nginx.conf"),
    Program("systemd-analyze", "systemd", "docs/deploy/systemd"),
]

SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
"""Debian has servers outside an ordinary account's PATH."""


def path_of(command: str) -> str | None:
    return shutil.which(command, path=SEARCH_PATH)


def main() -> int:
    missing = [program for program in PROGRAMS if path_of(program.command) is None]
    for program in missing:
        print(f"{program.command} is missing (needed for {program.purpose}).", file=sys.stderr)
    if missing:
        packages = " ".join(program.package for program in missing)
        print(f"On Debian: apt-get install {packages}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
