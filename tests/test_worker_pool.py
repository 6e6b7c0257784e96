"""The pool of worker processes: deadlines, limits, bounded queues, and deaths of either side."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from app import paths
from app.worker_pool import PoolFullError, TaskLimitError, TaskQueue, WorkerPool
from tests.conftest import is_alive, wait_until
from tests.tasks import raise_an_error, take_memory, wait_for_ever, write_into

ONE = TaskQueue("one", processes=1, waiting=0, wait_seconds=1)
TWO = TaskQueue("two", processes=1, waiting=1, wait_seconds=60)


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool([ONE, TWO])
    yield made
    for worker in made.idle:
        worker.kill()


def test_tasks_run_in_another_process_which_is_kept(pool: WorkerPool) -> None:
    first = pool.run(ONE, 60, os.getpid)
    assert first != os.getpid() and pool.run(TWO, 60, os.getpid) == first
    with pytest.raises(ValueError, match="no such style"):
        pool.run(ONE, 60, raise_an_error)
    with TemporaryFile() as file:
        assert pool.run(ONE, 60, write_into, b"words", files=[file]) == 5
        file.seek(0)
        assert file.read() == b"words"
    assert pool.run(ONE, 60, os.getpid) == first


def test_task_past_its_deadline_is_killed(pool: WorkerPool) -> None:
    before = pool.run(ONE, 60, os.getpid)
    with pytest.raises(TaskLimitError, match="longer"):
        pool.run(ONE, 0.2, wait_for_ever)
    assert not is_alive(before) and pool.run(ONE, 60, os.getpid) != before


def test_task_that_takes_too_much_memory_is_ended(pool: WorkerPool) -> None:
    with pytest.raises(TaskLimitError):
        pool.run(ONE, 60, take_memory)
    assert pool.run(ONE, 60, os.getpid)


def test_killed_worker_is_replaced(pool: WorkerPool) -> None:
    before = pool.run(ONE, 60, os.getpid)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: not is_alive(before), "the worker to end")
    assert pool.run(ONE, 60, os.getpid) != before


def test_full_queue_refuses_and_leaves_other_queues_alone(pool: WorkerPool) -> None:
    running = pool.start(ONE, 3, wait_for_ever)
    with pytest.raises(PoolFullError):
        pool.run(ONE, 60, os.getpid)
    assert pool.run(TWO, 60, os.getpid)
    with pytest.raises(TaskLimitError):
        running.result(60)


PARENT = """
import os, sys, threading
from app.worker_pool import POOL, READERS
from tests.tasks import count_for_ever
if __name__ == "__main__":
    pid = POOL.run(READERS, 60, os.getpid)
    threading.Thread(target=POOL.run, args=(READERS, 600, count_for_ever), daemon=True).start()
    print(pid, flush=True)
    sys.stdin.read()
"""


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    """Also one that is busy at that moment."""
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    with subprocess.Popen(
        [sys.executable, program],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        assert is_alive(worker)
        parent.kill()
    wait_until(lambda: not is_alive(worker), "the worker to end with its parent")
