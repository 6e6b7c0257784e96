"""A bounded pool of worker processes for expensive tasks.

Pictures, citation styles, fetched pages, uploaded workbooks and large files are processed here.
Each task has a deadline and limits of CPU time and memory; each queue is bounded.
"""

import contextlib
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from typing import IO, Any, TypeVar

from app.background import end_with_parent

T = TypeVar("T")

# Spawned, not forked: a forked child would inherit locks that the parent's threads hold.
CONTEXT = multiprocessing.get_context("spawn")
MAX_MEMORY_BYTES = 2_000_000_000
"""Address space of one worker process. Its libraries take 0.5 GB of it."""
MAX_TASKS_PER_WORKER = 200
"""The process is replaced after this many tasks, in case a library leaks memory."""
IDLE_SECONDS = 120
"""A worker without tasks ends after this, and frees its memory."""
NICENESS = 5
"""Lower priority than the processes that answer pages."""
WALL_FACTOR = 3
"""Limit of a task's duration, as a multiple of its CPU time: the machine may be busy."""
START_SECONDS = 60
"""Time for a new process to accept its first task, on a busy machine."""


class PoolFullError(RuntimeError):
    """The queue is full."""


class TaskLimitError(RuntimeError):
    """A task exceeded its limits, or its process died."""


@dataclass(frozen=True)
class TaskQueue:
    """A queue for one kind of caller, so that no kind can use all workers."""

    name: str
    processes: int
    """Number of tasks that run at the same time."""
    waiting: int
    """Number of tasks that may wait; further ones are refused at once."""
    wait_seconds: float


READERS = TaskQueue("readers", processes=2, waiting=6, wait_seconds=10)
"""Pictures and references. Few may wait, since each blocks a thread that answers readers."""
FILES = TaskQueue("files", processes=2, waiting=4, wait_seconds=10)
DESK = TaskQueue("desk", processes=1, waiting=4, wait_seconds=20)


class WorkerPool:
    """Worker processes of this process, started when they are needed and shared by all queues.

    They end with this process.
    """

    def __init__(self, queues: Sequence[TaskQueue] = (READERS, FILES, DESK)) -> None:
        self.admitted = dict.fromkeys(queues, 0)
        """Tasks that run or wait."""
        self.running = {queue: threading.BoundedSemaphore(queue.processes) for queue in queues}
        self.changing = threading.Lock()
        self.idle: list[_Worker] = []

    def run(
        self,
        queue: TaskQueue,
        seconds: float,
        function: Callable[..., T],
        *args: Any,
        files: Sequence[IO[bytes]] = (),
    ) -> T:
        """Call the function in a worker process; return its result or raise its exception.

        `seconds` limits the CPU time. The function and its arguments are pickled. The files are
        passed as further arguments, with their own descriptors.
        """
        with self._admit(queue):
            return self._run(seconds, function, args, files)

    def start(
        self,
        queue: TaskQueue,
        seconds: float,
        function: Callable[..., T],
        *args: Any,
        files: Sequence[IO[bytes]] = (),
    ) -> "Future[T]":
        """Start the function in a worker process, and return a future of its result.

        Waits for a free process like `run`, and raises PoolFullError if there is none in time.
        """
        place = contextlib.ExitStack()
        place.enter_context(self._admit(queue))
        future: Future[T] = Future()

        def work() -> None:
            with place:
                try:
                    result = self._run(seconds, function, args, files)
                except BaseException as error:
                    future.set_exception(error)
                else:
                    future.set_result(result)

        threading.Thread(target=work, name=f"{queue.name} task", daemon=True).start()
        return future

    @contextlib.contextmanager
    def _admit(self, queue: TaskQueue) -> Iterator[None]:
        """Wait for a free process and hold it; raise PoolFullError if there is none in time."""
        with self.changing:
            if self.admitted[queue] == queue.processes + queue.waiting:
                raise PoolFullError(queue.name)
            self.admitted[queue] += 1
        try:
            if not self.running[queue].acquire(timeout=queue.wait_seconds):
                raise PoolFullError(queue.name)
            try:
                yield
            finally:
                self.running[queue].release()
        finally:
            with self.changing:
                self.admitted[queue] -= 1

    def _run(
        self,
        seconds: float,
        function: Callable[..., T],
        args: Sequence[Any],
        files: Sequence[IO[bytes]],
    ) -> T:
        task = pickle.dumps((pickle.dumps((function, args, seconds)), len(files)))
        while True:
            worker = self._take_worker()
            try:
                if not worker.send_task(task, files):
                    worker.kill()  # it had ended after IDLE_SECONDS
                    continue
                is_done, result = worker.wait_for_result(seconds)
            except BaseException:
                worker.kill()
                raise
            if worker.tasks < MAX_TASKS_PER_WORKER:
                with self.changing:
                    self.idle.append(worker)
            else:
                worker.kill()
            if is_done:
                return result  # type: ignore[no-any-return]
            raise result

    def _take_worker(self) -> "_Worker":
        with self.changing:
            return self.idle.pop() if self.idle else _Worker()


class _Worker:
    """The parent's side of one worker process."""

    def __init__(self) -> None:
        self.connection, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(
            target=serve_tasks, args=(theirs,), name="worker", daemon=True
        )
        self.process.start()
        theirs.close()
        self.tasks = 0

    def send_task(self, task: bytes, files: Sequence[IO[bytes]]) -> bool:
        """Send the task; return false if the process had ended before and did not begin it."""
        try:
            self.connection.send_bytes(task)
            if not self.connection.poll(START_SECONDS):
                raise TaskLimitError("the worker process did not start in time")
            self.connection.recv_bytes()
            for file in files:
                send_handle(self.connection, file.fileno(), self.process.pid)
        except (EOFError, OSError):
            if self.tasks == 0:
                raise TaskLimitError("the worker process ended as it began") from None
            return False
        self.tasks += 1
        return True

    def wait_for_result(self, seconds: float) -> tuple[bool, Any]:
        """Return true and the result, or false and the exception that the task raised."""
        try:
            if not self.connection.poll(seconds * WALL_FACTOR):
                raise TaskLimitError(f"the task took longer than {seconds * WALL_FACTOR:g} s")
            found: tuple[bool, Any] = self.connection.recv()
        except (EOFError, OSError):
            raise TaskLimitError(
                "the worker process was ended by a limit of CPU time or memory, or died"
            ) from None
        if isinstance(found[1], MemoryError):
            raise TaskLimitError("the task took too much memory")
        return found

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


# In the worker process --------------------------------------------------------------------------


def serve_tasks(connection: Connection) -> None:
    """Do tasks until there is none for IDLE_SECONDS or the parent process has ended."""
    # Ctrl-C reaches all processes of a terminal, but the parent ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit is refused, or ignored
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    end_with_parent(grace_seconds=0)
    with contextlib.suppress(EOFError, ConnectionError):
        while connection.poll(IDLE_SECONDS):
            _do_task(connection)


def _do_task(connection: Connection) -> None:
    task, count = pickle.loads(connection.recv_bytes())  # noqa: S301 - of the parent process
    connection.send_bytes(b"accepted")
    try:
        with contextlib.ExitStack() as stack:
            files = [
                stack.enter_context(os.fdopen(recv_handle(connection), "rb+")) for _ in range(count)
            ]
            function, args, seconds = pickle.loads(task)  # noqa: S301
            # Enforced by the kernel, and so even after the parent's death.
            soft = int(time.process_time() + seconds) + 1
            resource.setrlimit(
                resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1])
            )
            result = True, function(*args, *files)
    except Exception as error:  # raised again by the parent
        error.add_note("In a worker process:\n" + "".join(traceback.format_tb(error.__traceback__)))
        result = False, error
    try:
        answer = pickle.dumps(result)
    except Exception as error:
        answer = pickle.dumps(
            (False, TaskLimitError(f"what came of the task can't be passed on: {error}"))
        )
    connection.send_bytes(answer)


POOL = WorkerPool()
"""The pool of this process."""
