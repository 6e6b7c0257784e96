"""What a process imports when it starts. Large libraries are imported where they are used."""

import subprocess
import sys

HEAVY = {
    "OpenSSL",
    "cbor2",
    "citeproc",
    "cryptography",
    "duckdb",
    "feedparser",
    "htmldate",
    "httpcore2",
    "httpx2",
    "lxml",
    "openpyxl",
    "pandas",
    "resvg_py",
    "trafilatura",
    "warcio",
    "webauthn",
    "xlsxwriter",
    "zxcvbn",
}
PUBLIC_ONLY = """
from app.main import create_app
from app.settings import Settings
create_app(
    Settings(
        SOJOURN_PUBLIC_ONLY=True,
        READER_DATABASE_URL="postgresql://reader@nowhere/none",
        SOJOURN_HASH_SECRET="A" * 43 + "=",
    )
)
"""
WITH_DESK = PUBLIC_ONLY.replace("PUBLIC_ONLY=True", "PUBLIC_ONLY=False").replace(
    "READER_DATABASE_URL", "DATABASE_URL"
)


def imported_by(code: str) -> set[str]:
    """Return the modules that a new process has imported after this code."""
    command = [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"]
    return {*subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()}


def test_application_imports_no_large_library() -> None:
    for code, has_desk in (("import app.main", None), (PUBLIC_ONLY, False), (WITH_DESK, True)):
        imported = imported_by(code)
        assert "app.site.routes" in imported
        assert imported & HEAVY == set()
        # The tables of its proposers take half a second to make.
        assert "app.desk.reading.numbers" not in imported
        if has_desk is not None:
            assert ("app.desk.routes" in imported) is has_desk


def test_supervisor_does_not_import_the_application() -> None:
    application = {"app.main", "app.site", "app.desk", "app.scheduler", "numpy"}
    for code in ("import app.worker", "import app.cli.serve"):
        assert imported_by(code) & application == set()


def test_main_module_of_the_command_imports_nothing_large() -> None:
    """Each worker imports it again."""
    assert imported_by("import app.cli.main") & {"typer", "sqlalchemy", "pydantic"} == set()
