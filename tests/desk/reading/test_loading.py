"""What the server loads of the reader of articles: no words, patterns or names."""

import subprocess
import sys

HEAVY = ("article", "dates", "names", "known_names", "speakers", "terms", "actions", "hedges")


def test_server_loads_no_proposer() -> None:
    program = (
        "import sys, app.main, app.desk.sheets.relays; "
        "print(*(name for name in sys.modules if name.startswith('app.desk.reading.')))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    loaded = {name.removeprefix("app.desk.reading.") for name in found.stdout.split()}
    assert "relays" in loaded
    assert not {name for name in loaded if name in HEAVY or name.startswith("estimates")}


def test_reading_an_article_loads_them() -> None:
    program = "import sys, app.desk.reading.article; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert {f"app.desk.reading.{name}" for name in HEAVY if name != "known_names"} <= {
        *found.stdout.split()
    }
