"""Progress of long work: a bar on a terminal, a line a minute elsewhere, nothing on a site."""

import io
from collections.abc import Iterator

import pytest

from app import progress
from app.progress import describe, draw_bar, showing_progress, stage, track


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_BARS", 0)
    yield


def test_terminal_gets_a_bar_that_is_cleared() -> None:
    stream = Terminal()
    with showing_progress(stream):
        assert list(track([1, 2], "Saving rows")) == [1, 2]
    assert "[############............] Saving rows: 1 of 2 (50 %)" in stream.getvalue()
    assert stream.getvalue().endswith(progress.CLEAR_LINE)


def test_log_gets_a_line_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("app.progress.time.monotonic", lambda: now[0])
    stream = io.StringIO()
    with showing_progress(stream), stage("Saving rows", 1_000) as advance:
        for _ in range(300):
            now[0] += 1
            advance(1)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 5
    assert lines[0] == "Saving rows: 60 of 1,000 (6 %), about 16 minutes left"


def test_site_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track(iter("ab"), "Saving rows")) == ["a", "b"]
    with stage("Saving rows", 1) as advance:
        advance(1)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (7, None, 5, "Rows: 7 so far"),
        (50, 100, 30, "Rows: 50 of 100 (50 %), about 30 seconds left"),
        (1, 100, 100, "Rows: 1 of 100 (1 %), about 3 hours left"),
        (120, 100, 30, "Rows: 120 of 120 (100 %)"),
    ],
)
def test_line_tells_what_is_left(done: int, total: int | None, seconds: float, words: str) -> None:
    assert describe("Rows", done, total, seconds) == words
    assert len(draw_bar(done, total)) in {0, progress.BAR_CHARACTERS + 3}
