"""Worker processes of `sojourn serve`: replacement, stop, and killed parents."""

import os
import signal
import time
from pathlib import Path

from app.settings import Settings
from tests.conftest import MOST_SECONDS, is_alive, wait_until
from tests.support.environment import environment_of
from tests.support.processes import free_port, running_command, workers_of
from tests.support.serving import answers, server_is_running
from tests.support.temporary_folders import stop_if_unused

BUSY = """
import os, pathlib, sys, time
if any("spawn_main" in word for word in sys.orig_argv):
    pathlib.Path(__file__).with_name(f"{os.getpid()}.begun").touch()
    time.sleep(6)
"""
"""A `sitecustomize.py` that delays the start of workers, as on a busy machine; writes a file."""


def test_workers_answer_are_replaced_and_stop_together(published: Settings, folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)  # Started by root, the workers run under another account.
    (folder / "sitecustomize.py").write_text(BUSY)
    port, found_first = (
        free_port(),
        os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")])),
    )
    environment = {**environment_of(published), "PORT": str(port), "PYTHONPATH": found_first}
    with running_command(["sojourn", "serve", "--workers", "2"], environment) as run:
        wait_until(lambda: answers(port) and len(workers_of(run.pid)) == 2, "both workers")
        assert len([*folder.glob("*.begun")]) == 2, (
            "the server must wait for slow workers instead of replacing them"
        )
        workers = workers_of(run.pid)
        # Stopped first, so that it dies between a health check and its answer.
        os.kill(workers[0], signal.SIGSTOP)
        time.sleep(1.5)
        os.kill(workers[0], signal.SIGKILL)
        wait_until(
            lambda: len(set(workers_of(run.pid)) - {workers[0]}) == 2, "another worker", seconds=40
        )
        wait_until(lambda: answers(port), "the site to answer")
        workers = workers_of(run.pid)
        run.send_signal(signal.SIGINT)
        assert run.wait(MOST_SECONDS) == 0
        wait_until(
            lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers),
            "the workers to stop",
        )


def test_postgres_stays_while_orphaned_worker_uses_it(filled: Path) -> None:
    environment = {"SOJOURN_DATA_DIR": str(filled), "PORT": str(port := free_port())}
    with running_command(["sojourn", "serve"], environment) as run:
        wait_until(lambda: answers(port), "the site")
        (worker,) = workers_of(run.pid)
        # Stopped, it cannot end with its parent, like a worker in the middle of a request.
        os.kill(worker, signal.SIGSTOP)
        run.kill()
        run.wait()
    assert not stop_if_unused(filled)
    assert server_is_running(filled)
    os.kill(worker, signal.SIGCONT)
    wait_until(lambda: not is_alive(worker), "the worker to end")
    # Processes that the worker began end a moment after it.
    wait_until(lambda: stop_if_unused(filled), "the last user of the server to end")
