"""html-validate in the browser of the tests: neither Node nor Java has to be installed."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import paths

if TYPE_CHECKING:
    from playwright.sync_api import Page

ENTRY = paths.NODE_MODULES / "html-validate" / "dist" / "cjs" / "browser.js"
REQUIRED = re.compile(r"""\brequire\(["']([^"']+)["']\)""")

LOADER = """([files, entry]) => {
  const loaded = {}, process = {env: {}, argv: [], platform: "browser"};
  const load = (path) => {
    if (loaded[path]) return loaded[path].exports;
    const module = loaded[path] = {exports: {}};
    if (path.endsWith(".json")) return module.exports = JSON.parse(files[path].source);
    const require = (name) => load(files[path].requires[name]);
    new Function("module", "exports", "require", "process", files[path].source)(
      module, module.exports, require, process);
    return module.exports;
  };
  window.htmlValidate = load(entry);
}"""

VALIDATE = """async ([html, rules]) => {
  const {HtmlValidate, StaticConfigLoader} = window.htmlValidate;
  const loader = new StaticConfigLoader({root: true, extends: ["html-validate:standard"], rules});
  const report = await new HtmlValidate(loader).validateString(html);
  return report.results.flatMap(({messages}) => messages.map(
    ({ruleId, message, line, selector}) => `${ruleId}, line ${line}, ${selector}: ${message}`));
}"""

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


def html_faults(page: "Page", html: str) -> list[str]:
    """Return what is invalid in a page. `page` is a blank page of the browser."""
    if not page.evaluate("Boolean(window.htmlValidate)"):
        page.evaluate(LOADER, [_files(), str(ENTRY)])
    found: list[str] = page.evaluate(VALIDATE, [html, dict.fromkeys(OFF, "off")])
    return found


@cache
def _files() -> Mapping[str, Mapping[str, Any]]:
    """Return the sources of the package and of what it requires, with the paths they require."""
    found: dict[str, dict[str, Any]] = {}
    waiting = [ENTRY]
    while waiting:
        path = waiting.pop()
        if str(path) in found:
            continue
        source = path.read_text()
        requires = {
            name: _resolve(name, path) for name in REQUIRED.findall(source) if path.suffix == ".js"
        }
        found[str(path)] = {
            "source": source,
            "requires": {name: str(file) for name, file in requires.items() if file},
        }
        waiting += [file for file in requires.values() if file]
    return found


def _resolve(name: str, importer: Path) -> Path | None:
    """Return the file that `require` would load; None for one that is not installed."""
    if name.startswith("."):
        return _file(importer.parent / name)
    parts = name.split("/")
    length = 2 if name.startswith("@") else 1
    package = paths.NODE_MODULES.joinpath(*parts[:length])
    if not package.is_dir():
        return None
    if parts[length:]:
        return _file(package.joinpath(*parts[length:]))
    described = json.loads((package / "package.json").read_text())
    exported = described.get("exports", {})
    exported = exported.get(".", {}) if isinstance(exported, dict) else {}
    main = exported.get("browser", {}).get("require") if isinstance(exported, dict) else None
    return _file(package / (main or described.get("main", "index.js")))


def _file(path: Path) -> Path | None:
    tried = (path, path.with_name(f"{path.name}.js"), path / "index.js")
    return next((file.resolve() for file in tried if file.is_file()), None)
