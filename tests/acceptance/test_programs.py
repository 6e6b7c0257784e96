"""Programs that acceptance checks need are named when they are missing."""

import pytest

from tests.acceptance import programs


def test_missing_programs_are_named_with_their_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = [
        programs.Program(f"no-such-{name}", f"lib{name}", "trying") for name in ("one", "two")
    ]
    monkeypatch.setattr(programs, "PROGRAMS", [*nowhere, programs.Program("sh", "dash", "trying")])
    assert programs.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "no-such-one is missing (needed for trying).",
        "no-such-two is missing (needed for trying).",
        "On Debian: apt-get install libone libtwo",
    ]
