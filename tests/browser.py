"""Chromium for the tests, from an npm package, and what axe says of its pages."""

import contextlib
import importlib.util
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import brotli

from app import paths

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

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

EMBEDPDF = paths.NODE_MODULES / "@embedpdf"


class Fonts(Enum):
    """Fonts of the reader's machine. Tests never use the fonts of the machine they run on."""

    NOTO = "Noto Sans, and Noto Sans for Korean and Chinese beside it"
    NOTO_CJK = (
        "Noto Sans CJK alone, as on many machines in Korea, China and Japan: "
        "Latin letters are wider, lines taller"
    )

    @property
    def folders(self) -> list[Path]:
        if self is Fonts.NOTO:
            return [EMBEDPDF / name / "fonts" for name in ("fonts-latin", "fonts-kr", "fonts-sc")]
        package = importlib.util.find_spec("noto_cjk_sans_otc")
        assert package and package.origin, "run `make test`, which installs what the tests need"
        return [Path(package.origin).parent]

    @property
    def configuration(self) -> Path:
        """The fontconfig file that lists these fonts only; written on each use."""
        root = paths.NODE_MODULES / ".fonts"
        root.mkdir(exist_ok=True)
        folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in self.folders)
        file = root / f"{self.name.lower()}.conf"
        file.write_text(
            f"<fontconfig>{folders}<cachedir>{escape(str(root))}</cachedir></fontconfig>\n"
        )
        return file


@dataclass(frozen=True)
class Window:
    """A window in which pages are checked."""

    fonts: Fonts
    width: int
    height: int
    color_scheme: str

    @property
    def options(self) -> dict[str, Any]:
        size = {"width": self.width, "height": self.height}
        return {"viewport": size, "color_scheme": self.color_scheme}

    def __str__(self) -> str:
        return f"{self.width} {self.color_scheme}"


WINDOWS = [Window(Fonts.NOTO_CJK, 390, 844, "dark")]
if os.environ.get("SOJOURN_TEST_RELEASE"):
    WINDOWS.append(Window(Fonts.NOTO, 1280, 900, "light"))


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
def browser() -> Iterator["Browser"]:
    """A browser for benchmarks and scripts. Tests use the fixture."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = launch(playwright, Fonts.NOTO)
        yield running
        running.close()


def launch(playwright: "Playwright", fonts: Fonts) -> "Browser":
    program = executable()
    return playwright.chromium.launch(
        executable_path=program, headless=True, args=FLAGS, env=_environment(program, fonts)
    )


GRAVE = {"serious", "critical"}
EVERY_RULE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def grave_faults(page: "Page") -> list[str]:
    """Return what axe finds serious by WCAG 2.2 A and AA, and whether the page is too wide."""
    found = _violations(page, {"runOnly": {"type": "tag", "values": EVERY_RULE}})
    faults = [text for fault in found if fault["impact"] in GRAVE for text in _said(fault)]
    return faults + ["wider than the window"] * is_too_wide(page)


def is_too_wide(page: "Page") -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def all_faults(page: "Page") -> list[str]:
    """Return all faults that axe finds by all its rules, whatever their impact."""
    return [text for fault in _violations(page, {}) for text in _said(fault)]


def _violations(page: "Page", options: dict[str, Any]) -> list[dict[str, Any]]:
    # The Content-Security-Policy forbids a script tag but does not apply to `evaluate`.
    page.evaluate(paths.AXE.read_text())
    # Without `resultTypes`, axe writes down every element that has no fault.
    options = {**options, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    violations: list[dict[str, Any]] = found["violations"]
    return violations


def _said(fault: dict[str, Any]) -> list[str]:
    return [f"{fault['id']}: {node['html'][:120]}" for node in fault["nodes"][:3]]


def complaints_of(page: "Page") -> list[str]:
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


def _environment(program: Path, fonts: Fonts) -> dict[str, str | float | bool]:
    """Return the environment of the program. The npm package has its own libraries.

    With the language C, an option is not found by its first letter in lower case.
    """
    environment: dict[str, str | float | bool] = {
        **os.environ,
        **dict.fromkeys(("LANG", "LC_ALL"), "en_US.UTF-8"),
        "FONTCONFIG_FILE": str(fonts.configuration),
    }
    if program.parent == UNPACKED:
        environment["LD_LIBRARY_PATH"] = f"{UNPACKED / 'al2023' / 'lib'}:{UNPACKED}"
    return environment
