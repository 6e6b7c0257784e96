"""html-validate, run by the Node that Playwright brings: Node need not be installed."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import playwright

from app import paths

NODE = Path(playwright.__file__).parent / "driver" / "node"
VALIDATE = paths.NODE_MODULES / "html-validate" / "bin" / "html-validate.mjs"
OFF = (
    # Matters of style, which the standard allows.
    "aria-label-misuse",
    "doctype-style",
    "long-title",
    "no-implicit-button-type",
    "no-implicit-input-type",
    "no-trailing-whitespace",
    # Repeated keys are how queries name several places.
    "form-dup-name",
)


def html_faults(folder: Path, pages: Mapping[str, str]) -> list[str]:
    """Return what is invalid in pages, by their names; they are written into the folder."""
    rules = {"extends": ["html-validate:standard"], "rules": dict.fromkeys(OFF, "off")}
    (folder / "rules.json").write_text(json.dumps({"root": True, **rules}))
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html)
    command = [str(NODE), str(VALIDATE), "--config", "rules.json", "--formatter", "json", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return [
        f"{Path(page['filePath']).stem}, line {each['line']}: {each['ruleId']}, {each['message']}"
        for page in json.loads(done.stdout)
        for each in page["messages"]
    ]
