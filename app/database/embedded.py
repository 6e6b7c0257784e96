"""The embedded PostgreSQL: for a laptop, for tests, for a small site on one machine.

Several programs may use one data folder at once: the first starts the server, the last stops it.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from app import secret_key
from app.database.cluster import (
    DESK_LOGIN,
    IN_USE,
    READER_LOGIN,
    SERVER_OPTIONS,
    Cluster,
    Server,
    lock,
    my_account,
)
from app.errors import CommandError
from app.settings import Settings

DATABASE = "sojourn"
PURGE_LIST = "purged.txt"


@contextlib.contextmanager
def database(settings: Settings, keep_alive: bool = False) -> Iterator[Settings]:
    """Yield the settings, with the embedded server's URLs and keys if no database is named."""
    if settings.database_url or settings.reader_database_url:
        yield settings
        return
    folder = data_folder(settings)
    with running(folder, keep_alive=keep_alive) as server:
        server.create_database(DATABASE)
        keys, hash_secrets = (
            secret_key.read_keys(folder, name) for name in (secret_key.FILE, secret_key.HASH_FILE)
        )
        yield settings.model_copy(
            update={
                "data_dir": folder,
                "database_url": server.url(DATABASE, DESK_LOGIN),
                "reader_database_url": server.url(DATABASE, READER_LOGIN),
                "migrate_database_url": server.url(DATABASE),
                "secret_key": settings.secret_key or keys[0],
                "old_secret_keys": settings.old_secret_keys or keys[1:],
                "hash_secret": settings.hash_secret or hash_secrets[0],
                "old_hash_secrets": settings.old_hash_secrets or hash_secrets[1:],
                "purge_list": settings.purge_list or server.folder / PURGE_LIST,
            }
        )


def data_folder(settings: Settings) -> Path:
    # Outside the checkout, so that deleting or cleaning the checkout deletes no data.
    if settings.data_dir:
        return settings.data_dir.expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/sojourn")
    if base := os.environ.get("XDG_DATA_HOME"):
        return Path(base).absolute() / "sojourn"
    home = os.environ.get("HOME") or my_account().pw_dir
    if not home or not Path(home).is_dir():
        raise CommandError(
            "This account has no home folder to keep the data in: set SOJOURN_DATA_DIR to a folder."
        )
    return Path(home).absolute() / ".local" / "share" / "sojourn"


@contextlib.contextmanager
def running(
    folder: Path, options: Mapping[str, str] | None = None, keep_alive: bool = False
) -> Iterator[Server]:
    """Start the PostgreSQL on this data folder or join it; stop it on exit, unless others use it.

    With `keep_alive` a server that dies meanwhile is started again, at the same socket.
    """
    try:
        cluster = Cluster(folder, dict(SERVER_OPTIONS) | dict(options or {}))
        # The kernel releases a lock however its holder dies, so no list of users is needed.
        with cluster.locked():
            try:
                server = cluster.start_or_join()
                in_use = lock(cluster.in_use, fcntl.LOCK_SH)
            except BaseException:
                # After Ctrl-C, too, a server that was started here must not keep running.
                if cluster.child is not None:
                    cluster.stop_unless_used()
                raise
    except OSError as error:
        raise CommandError(
            f"The data folder {folder} cannot be used ({error.strerror or error}: "
            f"{error.filename or folder}): set SOJOURN_DATA_DIR to a folder in which this account "
            "may write and lock files."
        ) from error
    restarts = cluster.keep_alive(server)
    if keep_alive:
        restarts.start()
    try:
        yield server
    finally:
        cluster.leaving.set()
        if keep_alive:
            restarts.join()
        with cluster.locked():
            in_use.close()
            cluster.stop_unless_used()


def hold_in_use(folder: Path) -> None:
    """Keep other programs from stopping the server on this folder until this process ends.

    Workers call it: a worker may outlive the process that started the server by a moment.
    """
    _held_locks.append(lock(folder / IN_USE, fcntl.LOCK_SH))


_held_locks: list[IO[bytes]] = []
"""Closed by the kernel when the process ends."""
