"""Tasks for the worker pool. Every new worker process imports the module, so it is small."""

import time
from typing import IO

from app.worker_pool import MAX_MEMORY_BYTES


def wait_for_ever() -> None:
    while True:
        time.sleep(1)


def count_for_ever() -> None:
    while True:
        pass


def read_for_ever(*_what: object) -> None:
    wait_for_ever()


def take_memory() -> int:
    return len(bytearray(2 * MAX_MEMORY_BYTES))


def raise_an_error() -> None:
    raise ValueError("no such style")


def write_into(words: bytes, file: IO[bytes]) -> int:
    return file.write(words)
