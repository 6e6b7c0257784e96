"""Progress of long work: a line every ten seconds, nothing on a site."""

import io

import pytest

from app.progress import showing_progress, stage, track


def test_command_prints_a_line_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("app.progress.time.monotonic", lambda: now[0])
    stream = io.StringIO()
    with showing_progress(stream), stage("Saving rows", 1_000) as advance:
        for _ in range(50):
            now[0] += 1
            advance(1)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 5
    assert lines[0] == "Saving rows: 10 of 1,000"


def test_site_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track(iter("ab"), "Saving rows")) == ["a", "b"]
    with stage("Saving rows", 1) as advance:
        advance(1)
    assert capsys.readouterr() == ("", "")
