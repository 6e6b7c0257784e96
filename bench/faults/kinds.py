"""The faults: each is injected into a running site, and undone if the fault would last."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import psycopg

from app import paths
from bench.faults.site import Site, signal_all


@dataclass
class Scene:
    """What a fault may touch."""

    site: Site
    chance: Random
    publishers: list[int]
    """Process ids of the publishers."""
    disk: Path | None
    """A file system of its own with the data folder, which may be filled; None if there is none."""
    scratch: Path
    """A folder for backups, exports and restored data; emptied after each fault."""
    notes: list[str] = field(default_factory=list)
    """What a killed command left behind that it should not have."""

    def wait(self, most: float, least: float = 0.05) -> None:
        time.sleep(self.chance.uniform(least, most))

    def some(self, processes: list[int]) -> list[int]:
        return [self.chance.choice(processes)] if processes else []

    def postgres(self) -> list[int]:
        postmaster = self.site.postmaster()
        return [postmaster] if postmaster else []

    def everything(self) -> list[int]:
        return [self.site.serve, *self.site.workers(), *self.postgres()]


Fault = Callable[[Scene], None]
PROCESSES: Mapping[str, Callable[[Scene], list[int]]] = {
    "a worker": lambda scene: scene.some(scene.site.workers()),
    "all workers": lambda scene: scene.site.workers(),
    "the serving process": lambda scene: [scene.site.serve],
    "a connection's process of PostgreSQL": lambda scene: scene.some(scene.site.backends()),
    "PostgreSQL": Scene.postgres,
    # As when the machine's memory is full.
    "all processes": Scene.everything,
    # It may hold the lock on the counter of editions.
    "a publisher": lambda scene: scene.some(scene.publishers),
}
COMMANDS: Mapping[str, Callable[[Scene], list[str]]] = {
    "an export": lambda scene: ["export", str(scene.scratch / "exported")],
    "an import": lambda _scene: ["import", str(paths.SEEDS)],
    "a recalculation": lambda _scene: ["publish", "--again"],
    "a migration": lambda _scene: ["migrate"],
}


def kill(who: str, scene: Scene) -> None:
    signal_all(PROCESSES[who](scene), signal.SIGKILL)


def stop_for_a_while(who: str, scene: Scene) -> None:
    processes = PROCESSES[who](scene)
    signal_all(processes, signal.SIGSTOP)
    try:
        scene.wait(4.0, 0.5)
    finally:
        signal_all(processes, signal.SIGCONT)


def kill_command(which: str, scene: Scene) -> None:
    _run_and_kill(scene, *COMMANDS[which](scene))


def cut_connections(scene: Scene) -> None:
    """End all connections to the database several times, as a failing network does."""
    with scene.site.database() as ready:
        for _ in range(scene.chance.randint(1, 5)):
            with psycopg.connect(str(ready.migrate_database_url), autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND usename IS NOT NULL"
                )
            scene.wait(0.5)


def fill_disk(scene: Scene) -> None:
    """Leave no byte on the disk of the data folder for some seconds."""
    assert scene.disk is not None
    filler = scene.disk / "filler"
    try:
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            block = b"\0" * 1_000_000
            while True:
                file.write(block)
        scene.wait(5.0, 2.0)
    finally:
        filler.unlink(missing_ok=True)


def kill_backup(scene: Scene) -> None:
    """Kill a backup. What it leaves must be no file that passes for a backup."""
    file = scene.scratch / "killed.zip"
    _run_and_kill(scene, "backup", str(file))
    if file.exists() and scene.site.command("backup", "--verify", str(file)).wait():
        scene.notes.append("a killed backup left a file under its name that is not whole")


def kill_restore(scene: Scene) -> None:
    """Kill a restore into a new folder. The next one must do it, or find it done."""
    file, folder = scene.scratch / "whole.zip", scene.scratch / "restored"
    if scene.site.command("backup", str(file)).wait():
        scene.notes.append("a backup of the running site failed")
        return
    environment = {"SOJOURN_DATA_DIR": str(folder)}
    _run_and_kill(scene, "restore", str(file), most=8.0, **environment)
    again = scene.site.command("restore", str(file), **environment).wait()
    if again and scene.site.command("doctor", **environment).wait():
        scene.notes.append("after a killed restore neither the next one nor doctor succeeded")


def _run_and_kill(scene: Scene, *words: str, most: float = 5.0, **environment: str) -> None:
    """Run a command and kill its processes after a random time, unless it is done before."""
    process = scene.site.command(*words, **environment)
    try:
        process.wait(scene.chance.uniform(0.2, most))
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def faults(scene: Scene) -> Mapping[str, Fault]:
    """Return the faults that are possible on this machine."""
    found: dict[str, Fault] = {
        "all connections are cut": cut_connections,
        "a backup is killed": kill_backup,
        "a restore is killed": kill_restore,
    }
    for who in PROCESSES:
        found[f"killed: {who}"] = partial(kill, who)
        found[f"stopped for a while: {who}"] = partial(stop_for_a_while, who)
    for which in COMMANDS:
        found[f"killed: {which}"] = partial(kill_command, which)
    if scene.disk:
        found["the disk is full for a while"] = fill_disk
    return found


def empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    folder.chmod(0o777)
