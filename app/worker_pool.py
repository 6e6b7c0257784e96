"""A bounded pool of worker processes, for work that is expensive beside the request that asks for it.

Pictures, citation styles, fetched pages, uploaded workbooks and large files are made here instead of in the process
that answers readers. Each task has a deadline and limits of CPU time and memory; each queue is bounded.
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

T = TypeVar("T")

# Spawned, never forked: the parent has threads, whose locks a forked child would find held for ever.
CONTEXT = multiprocessing.get_context("spawn")
MAX_MEMORY_BYTES = 2_000_000_000
"""Address space of one worker process. With all its libraries loaded it takes 0.5 GB."""
MAX_TASKS_PER_WORKER = 200
"""Then the process is replaced, in case a library leaks."""
IDLE_SECONDS = 120
"""A worker without work ends after this, and its memory is free again."""
NICENESS = 5
"""Below the processes that answer pages: those come first where both want a processor."""
WALL_FACTOR = 3
"""A task may use its seconds of CPU time, and takes at most so many times as long: the machine may be busy."""
START_SECONDS = 60
"""How long a new process may take to accept its first task on a busy machine."""


class PoolFullError(RuntimeError):
    """More work is asked for than can be done soon."""


class TaskLimitError(RuntimeError):
    """A task was ended: it took too long or too much memory, or its process died."""


@dataclass(frozen=True)
class Queue:
    """Tasks of one kind of caller, so that none can keep the others from the workers."""

    name: str
    processes: int
    """Tasks that run at a time."""
    waiting: int
    """Tasks that may wait; further ones are refused at once."""
    wait_seconds: float


READERS = Queue("readers", processes=2, waiting=6, wait_seconds=10)
"""Pictures and references: each holds one of the threads that answer readers, so that few may wait."""
FILES = Queue("files", processes=2, waiting=4, wait_seconds=10)
DESK = Queue("desk", processes=1, waiting=4, wait_seconds=20)


class WorkerPool:
    """Worker processes of this process, started when they are needed and shared by all queues."""

    def __init__(self, queues: Sequence[Queue] = (READERS, FILES, DESK)) -> None:
        self.admitted = {
            queue: threading.BoundedSemaphore(queue.processes + queue.waiting) for queue in queues
        }
        self.running = {queue: threading.BoundedSemaphore(queue.processes) for queue in queues}
        self.changing = threading.Lock()
        self.idle: list[_Worker] = []
        self.all: set[_Worker] = set()
        self.users = 0

    def run(
        self,
        queue: Queue,
        seconds: float,
        function: Callable[..., T],
        *args: Any,
        files: Sequence[IO[bytes]] = (),
    ) -> T:
        """Return what the function returns in a worker process; raise what it raises.

        `seconds` limits its CPU time. The function and its arguments are pickled. It gets the files after its
        arguments, as descriptors of its own.
        """
        with self._place(queue):
            return self._run(seconds, function, args, files)

    def start(
        self,
        queue: Queue,
        seconds: float,
        function: Callable[..., T],
        *args: Any,
        files: Sequence[IO[bytes]] = (),
    ) -> "Future[T]":
        """The same, without waiting for the end. PoolFullError is raised here and not by the future."""
        place = contextlib.ExitStack()
        place.enter_context(self._place(queue))
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
    def _place(self, queue: Queue) -> Iterator[None]:
        if not self.admitted[queue].acquire(blocking=False):
            raise PoolFullError(queue.name)
        try:
            if not self.running[queue].acquire(timeout=queue.wait_seconds):
                raise PoolFullError(queue.name)
            try:
                yield
            finally:
                self.running[queue].release()
        finally:
            self.admitted[queue].release()

    def _run(
        self,
        seconds: float,
        function: Callable[..., T],
        args: Sequence[Any],
        files: Sequence[IO[bytes]],
    ) -> T:
        task = pickle.dumps((pickle.dumps((function, args, seconds)), len(files)))
        while True:
            worker = self._take()
            try:
                if not worker.accepts(task, files):
                    self._end(worker)  # it had ended by itself, for want of work
                    continue
                is_done, result = worker.result(seconds)
            except BaseException:
                self._end(worker)
                raise
            if worker.tasks < MAX_TASKS_PER_WORKER:
                with self.changing:
                    self.idle.append(worker)
            else:
                self._end(worker)
            if is_done:
                return result  # type: ignore[no-any-return]
            raise result

    def _take(self) -> "_Worker":
        with self.changing:
            if self.idle:
                return self.idle.pop()
            worker = _Worker()
            self.all.add(worker)
            return worker

    def _end(self, worker: "_Worker") -> None:
        worker.kill()
        with self.changing:
            self.all.discard(worker)

    def open(self) -> None:
        """Another site in this process uses the pool."""
        with self.changing:
            self.users += 1

    def close(self) -> None:
        """The last site that closes ends all workers; who asks later gets new ones."""
        with self.changing:
            self.users -= 1
            if self.users > 0:
                return
            idle, self.idle = self.idle, []
            running = self.all - {*idle}
        for worker in running:
            worker.process.kill()  # whoever waits for it hears of that
        for worker in idle:
            self._end(worker)


class _Worker:
    """One worker process, as the process that started it sees it."""

    def __init__(self) -> None:
        self.connection, theirs = CONTEXT.Pipe()
        self.process = CONTEXT.Process(
            target=serve_tasks, args=(theirs,), name="worker", daemon=True
        )
        self.process.start()
        theirs.close()
        self.tasks = 0

    def accepts(self, task: bytes, files: Sequence[IO[bytes]]) -> bool:
        """Whether the process took the task. One that had ended has done nothing of it."""
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

    def result(self, seconds: float) -> tuple[bool, Any]:
        """Whether the task came to its end, and what it returned or raised."""
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


# In the worker process --------------------------------------------------------------------------------------------


def serve_tasks(connection: Connection) -> None:
    """Do one task after the other, until there is none for a while or the parent process has ended."""
    # Ctrl-C reaches every process of a terminal; the parent ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit is refused, or ignored
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    threading.Thread(target=_end_with_parent, daemon=True).start()
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
            # The kernel ends what computes too long, also where the parent has died meanwhile.
            soft = int(time.process_time() + seconds) + 1
            resource.setrlimit(
                resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1])
            )
            result = True, function(*args, *files)
    except Exception as error:  # whatever it is, the parent raises it
        error.add_note("In a worker process:\n" + "".join(traceback.format_tb(error.__traceback__)))
        result = False, error
    try:
        answer = pickle.dumps(result)
    except Exception as error:
        answer = pickle.dumps(
            (False, TaskLimitError(f"what came of the task can't be passed on: {error}"))
        )
    connection.send_bytes(answer)


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


POOL = WorkerPool()
"""That of this process."""
