"""The PostgreSQL that starts itself: for a laptop, for tests, for a small site on one machine.

Several programs may use one data folder at once: the first one starts the server, the last one to leave stops it.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from app import secret_key
from app.database.cluster import IN_USE, Cluster, Server
from app.database.machine import lock, my_account
from app.errors import Stop
from app.settings import Settings

DATABASE = "sojourn"
PURGE_LIST = "purged.txt"
DESK_LOGIN = "sojourn_desk_login"
READER_LOGIN = "sojourn_reader_login"

SERVER_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # An error message may quote what a reader typed, and a statement a private note: the log holds neither.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}


@contextlib.contextmanager
def database(settings: Settings, keep_alive: bool = False) -> Iterator[Settings]:
    """The settings with all three addresses: as they are where a database is named, else with our own server's."""
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
    """Outside the checkout, so that deleting or cleaning the checkout loses nothing."""
    if settings.data_dir:
        return settings.data_dir.expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/sojourn")
    if base := os.environ.get("XDG_DATA_HOME"):
        return Path(base).absolute() / "sojourn"
    home = os.environ.get("HOME") or my_account().pw_dir
    if not home or not Path(home).is_dir():
        raise Stop(
            "This account has no home folder to keep the data in: set SOJOURN_DATA_DIR to a folder."
        )
    return Path(home).absolute() / ".local" / "share" / "sojourn"


@contextlib.contextmanager
def running(
    folder: Path, options: Mapping[str, str] | None = None, keep_alive: bool = False
) -> Iterator[Server]:
    """A PostgreSQL on this data folder: started, or joined if it runs; stopped on leaving, unless others use it.

    With `keep_alive` a server that is killed meanwhile is started again, at the same address.
    """
    try:
        cluster = Cluster(folder, dict(SERVER_OPTIONS) | dict(options or {}))
    except OSError as error:
        raise Stop(
            f"The data folder {folder} cannot be used ({error.strerror}: {error.filename}): set SOJOURN_DATA_DIR to a "
            "folder that this account may enter."
        ) from error
    # The kernel drops a lock when its holder dies, however it dies: nobody has to keep a list of users.
    with cluster.locked():
        try:
            server = cluster.start_or_join()
            in_use = lock(cluster.in_use, fcntl.LOCK_SH)
        except BaseException:
            # Also Ctrl-C while it starts: what we started does not outlive us.
            if cluster.child is not None:
                cluster.stop_unless_used()
            raise
    keeper = cluster.keep_alive(server)
    if keep_alive:
        keeper.start()
    try:
        yield server
    finally:
        cluster.leaving.set()
        if keep_alive:
            keeper.join()
        with cluster.locked():
            in_use.close()
            cluster.stop_unless_used()


def hold_in_use(folder: Path) -> None:
    """Keep others from stopping the server on this folder for as long as this process lives.

    For a process that was started by one that holds the server: it may outlive that one by a moment.
    """
    HELD.append(lock(folder / IN_USE, fcntl.LOCK_SH))


HELD: list[IO[bytes]] = []
"""Closed by the kernel when the process ends."""


def stop_if_unused(folder: Path) -> bool:
    """Stops a server that a killed program left behind; false if another program uses it."""
    cluster = Cluster(folder, {})
    with cluster.locked():
        cluster.stop_unless_used()
    return cluster.running_process() is None
