"""Commands of the project as processes, and free ports for them."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from app.settings import Settings


@contextlib.contextmanager
def running_command(
    command: list[str], environment: dict[str, str]
) -> Iterator["subprocess.Popen[str]"]:
    """Runs one of the project's commands as a process, with these settings only."""
    names = {str(field.validation_alias) for field in Settings.model_fields.values()}
    clean = {name: value for name, value in os.environ.items() if name not in names}
    program = Path(sys.executable).parent / command[0]
    with subprocess.Popen(
        [program, *command[1:]],
        env={**clean, **environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started and that have not ended."""
    children: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # The thread has ended.
            children += map(int, task.read_text().split())
    return sorted(children)


def workers_of(serve: int) -> list[int]:
    """Return the worker processes of `sojourn serve`, recognised by their command line."""
    workers = []
    for child in children_of(serve):
        with contextlib.suppress(OSError):  # The process has ended.
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                workers.append(child)
    return workers


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
