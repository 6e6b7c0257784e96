"""The Dockerfile and the compose file, read."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from app import paths

DOCKERFILE = paths.ROOT / "Dockerfile"
BIN = Path(sys.executable).parent


def read_compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((paths.ROOT / "docker-compose.yml").read_text())
    return read


def instruction(name: str) -> Any:
    """Return the last use of an instruction in the Dockerfile, in its JSON form."""
    joined = DOCKERFILE.read_text().replace("\\\n", " ")
    return json.loads(re.findall(rf"^{name}\b[^\[\n]*(\[.*\])$", joined, re.MULTILINE)[-1])
