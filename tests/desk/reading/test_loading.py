"""What the server loads of the reader of articles: no words, patterns or names."""

import subprocess
import sys

HEAVY = (
    *("dates", "speakers", "speaker_words", "terms", "term_words", "hedges"),
    *("actions", "move_words", "rule_words", "estimates.proposer"),
)


def test_server_loads_no_proposer() -> None:
    program = "import sys, app.main, app.desk.sheets.relays; print(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    prefix = "app.desk.reading."
    loaded = {name.removeprefix(prefix) for name in found.stdout.split() if prefix in name}
    assert "relays" in loaded
    assert not loaded & {*HEAVY}
    assert "app.desk.draft_form.gazetteer" not in found.stdout.split()


def test_making_the_proposers_loads_them() -> None:
    program = (
        "import sys; from app.desk.reading.article import usual_proposers; "
        "from app.desk.reading.names import NameTable; "
        "usual_proposers(NameTable()); print(*sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert {f"app.desk.reading.{name}" for name in HEAVY} <= {*found.stdout.split()}
