"""Acceptance checks: `make test` needs none of their programs; they report missing ones."""

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


def test_ordinary_run_collects_no_acceptance_check(request: pytest.FixtureRequest) -> None:
    assert [
        item.nodeid for item in request.session.items if item.nodeid.startswith("tests/acceptance/")
    ] == []
