"""Progress of long work: a line every ten seconds."""

import io

import pytest

from app.progress import showing_progress, stage


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
