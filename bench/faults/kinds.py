"""The faults: each is injected into a running site, and undone if the fault would last."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psycopg

from bench.faults.site import Site, faketime_library, signal_all


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


def kill_worker(scene: Scene) -> None:
    signal_all(scene.some(scene.site.workers()), signal.SIGKILL)


def kill_all_workers(scene: Scene) -> None:
    signal_all(scene.site.workers(), signal.SIGKILL)


def kill_serve(scene: Scene) -> None:
    signal_all([scene.site.serve], signal.SIGKILL)


def kill_backend(scene: Scene) -> None:
    signal_all(scene.some(scene.site.backends()), signal.SIGKILL)


def kill_postgres(scene: Scene) -> None:
    postmaster = scene.site.postmaster()
    signal_all([postmaster] if postmaster else [], signal.SIGKILL)


def kill_everything(scene: Scene) -> None:
    """Kill all processes of the site at once, as when the machine's memory is full."""
    postmaster = scene.site.postmaster()
    processes = [scene.site.serve, *scene.site.workers(), *([postmaster] if postmaster else [])]
    signal_all(processes, signal.SIGKILL)


def kill_publisher(scene: Scene) -> None:
    signal_all(scene.some(scene.publishers), signal.SIGKILL)


def stop_worker(scene: Scene) -> None:
    _stop_for_a_while(scene, scene.some(scene.site.workers()))


def stop_backends(scene: Scene) -> None:
    _stop_for_a_while(scene, scene.site.backends())


def stop_postgres(scene: Scene) -> None:
    postmaster = scene.site.postmaster()
    _stop_for_a_while(scene, [postmaster] if postmaster else [])


def stop_publisher(scene: Scene) -> None:
    """Stop a publisher, which may hold the lock on the counter of editions."""
    _stop_for_a_while(scene, scene.some(scene.publishers))


def _stop_for_a_while(scene: Scene, processes: list[int]) -> None:
    signal_all(processes, signal.SIGSTOP)
    try:
        scene.wait(4.0, 0.5)
    finally:
        signal_all(processes, signal.SIGCONT)


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


def set_clock(scene: Scene) -> None:
    """Start the site and its PostgreSQL with a clock that is ahead or behind, and set it back."""
    seconds = scene.chance.choice([60, 3_600, 86_400, 40 * 86_400])
    try:
        scene.site.clock_offset = f"{scene.chance.choice('+-')}{seconds}s"
        kill_everything(scene)
        scene.site.wait_until_ready()
        scene.wait(2.0)
    finally:
        scene.site.clock_offset = ""
        kill_everything(scene)


def kill_backup(scene: Scene) -> None:
    """Kill a backup. What it leaves must be no file that passes for a backup."""
    file = scene.scratch / "killed.zip"
    _run_and_kill(scene, "backup", str(file))
    if file.exists():
        done = scene.site.command("backup", "--verify", str(file)).wait()
        if done:
            scene.notes.append("a killed backup left a file under its name that is not whole")


def kill_export(scene: Scene) -> None:
    _run_and_kill(scene, "export", str(scene.scratch / "exported"))


def kill_import(scene: Scene) -> None:
    from app import paths

    _run_and_kill(scene, "import", str(paths.SEEDS))


def kill_recalculation(scene: Scene) -> None:
    _run_and_kill(scene, "publish", "--again")


def kill_migration(scene: Scene) -> None:
    _run_and_kill(scene, "migrate")


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


Fault = Callable[[Scene], None]
EVERYWHERE: Mapping[str, Fault] = {
    "a worker is killed": kill_worker,
    "all workers are killed": kill_all_workers,
    "the serving process is killed": kill_serve,
    "a connection's process of PostgreSQL is killed": kill_backend,
    "PostgreSQL is killed": kill_postgres,
    "all processes are killed": kill_everything,
    "a publisher is killed": kill_publisher,
    "a worker stops for a while": stop_worker,
    "connections of PostgreSQL stop for a while": stop_backends,
    "PostgreSQL stops for a while": stop_postgres,
    "a publisher stops for a while": stop_publisher,
    "all connections are cut": cut_connections,
    "a backup is killed": kill_backup,
    "an export is killed": kill_export,
    "an import is killed": kill_import,
    "a recalculation is killed": kill_recalculation,
    "a migration is killed": kill_migration,
    "a restore is killed": kill_restore,
}


def faults(scene: Scene) -> Mapping[str, Fault]:
    """Return the faults that are possible on this machine."""
    found = dict(EVERYWHERE)
    if scene.disk:
        found["the disk is full for a while"] = fill_disk
    if faketime_library():
        found["the clock is set"] = set_clock
    return found


def empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    folder.chmod(0o777)
