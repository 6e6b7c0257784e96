"""Commands about the database: migrate, backup, upgrade, restore, doctor."""

import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli.connections import open_database, open_desk, uses_embedded
from app.cli.record import count_problems, publish_and_report
from app.database import embedded, migrating, upkeep
from app.errors import CommandError
from app.settings import Settings

commands = typer.Typer()
SECONDS_BETWEEN_LOOKS = 300


@commands.command()
def migrate(
    logins: Annotated[
        bool,
        typer.Option(
            "--logins",
            help=(
                "Also create the logins in DATABASE_URL and READER_DATABASE_URL, with their "
                "passwords."
            ),
        ),
    ] = False,
) -> None:
    """Create the roles and tables, or update them to this release.

    Runs under MIGRATE_DATABASE_URL (or DATABASE_URL), whose login must be able to create roles.
    Safe to run again and at each start: finished migrations are skipped.

    Example: `sojourn migrate --logins`

    Next: `sojourn import seeds --publish`, then `sojourn serve`.
    """
    settings = Settings.from_environment()
    with embedded.database(settings) as ready:
        done = migrating.migrate(ready, logins=logins or uses_embedded(settings))
    typer.echo(f"The database is up to date. Migrations run: {done}.")


@commands.command()
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="The file to write, such as `sojourn.zip`, or a folder for it. Default: "
            "SOJOURN_BACKUP_DIR."
        ),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check this backup and write nothing.")
    ] = False,
    keep: Annotated[
        int,
        typer.Option(
            help="In a folder: number of backups to keep. Older ones are removed; 0 keeps all.",
            min=0,
        ),
    ] = 0,
    repeat: Annotated[
        bool,
        typer.Option(
            "--repeat",
            help="Go on: a backup in SOJOURN_BACKUP_DIR every SOJOURN_BACKUP_HOURS, of which "
            "SOJOURN_BACKUP_KEEP are kept.",
        ),
    ] = False,
) -> None:
    """Save the whole database, desk and record, to one file.

    The file contains private notes. Only your account can read it. Never publish it.
    It does not depend on the version of PostgreSQL. In a folder, its name is the time in UTC.
    SOJOURN_BACKUP_COMMAND, if it is set, copies it to another machine.

    Example: `sojourn backup /srv/backups --keep 14`, or `sojourn backup --verify sojourn.zip`

    Next: copy the file to another machine, and try `sojourn restore` there once.
    """
    settings = Settings.from_environment()
    file = file or settings.backup_dir
    if file is None:
        raise CommandError("Name a file or a folder for the backup, or set SOJOURN_BACKUP_DIR.")
    if verify:
        _verify(file)
        return
    if keep and not file.is_dir():
        raise CommandError("--keep needs a folder of backups, not a file.")
    target = upkeep.new_name(file) if file.is_dir() else file
    with open_database(settings) as ready:
        if repeat:
            _repeat_backups(ready)
        _save(ready, target)
    if keep and (removed := upkeep.remove_old(file, keep)):
        typer.echo(f"Removed: {', '.join(path.name for path in removed)}.")


def _save(settings: Settings, file: Path) -> None:
    from app.scheduler import back_up

    manifest, purge_list = back_up(settings, file)
    typer.echo(f"Saved {manifest.rows} rows up to edition {manifest.edition} to {file}.")
    if purge_list:
        typer.echo(f"The list of purged records is {purge_list}: keep it with the backups.")


def _repeat_backups(settings: Settings) -> None:
    """Make each backup that is due, until the process is ended. A failure does not end it."""
    from app.cli.connections import describe_error
    from app.scheduler import back_up_if_due

    if settings.backup_dir is None:
        raise CommandError("--repeat needs SOJOURN_BACKUP_DIR, the folder of the backups.")
    while True:
        try:
            for words in back_up_if_due(settings):
                typer.echo(words)
        except Exception as error:  # such as a database that restarts
            typer.echo(describe_error(error), err=True)
        time.sleep(SECONDS_BETWEEN_LOOKS)


@commands.command()
def upgrade(
    folder: Annotated[
        Path | None,
        typer.Argument(help="The folder for the backup. Default: SOJOURN_BACKUP_DIR."),
    ] = None,
) -> None:
    """Bring the database to this release: back up, migrate, recalculate, and check.

    Stop the site first, since the desk of the old release may fail on new tables. To go back, give
    the backup to the old release: `sojourn restore` into a new database or data folder.

    Example: `sojourn upgrade /srv/backups`

    Next: start the site. If the command fails, its message says which step did; run it again.
    """
    from app.record.editions import find_outdated_rules

    settings = Settings.from_environment()
    folder = folder or settings.backup_dir
    with embedded.database(settings) as ready:
        migrating.refuse_unknown_database(ready)
        if folder is None or not folder.is_dir():
            raise CommandError(
                "Name a folder for the backup, such as `sojourn upgrade /srv/backups`, or set "
                "SOJOURN_BACKUP_DIR."
            )
        _save(ready, upkeep.new_name(folder))
        done = migrating.migrate(ready, logins=uses_embedded(settings))
        typer.echo(f"Migrations run: {done}.")
        with open_desk(ready) as session:
            if find_outdated_rules(session):
                publish_and_report(session, "", again=True)
        _print_problems(ready)


def _verify(file: Path) -> None:
    from app.database.migrating import refuse_unknown
    from app.database.restore import verify_backup

    manifest = verify_backup(file)
    refuse_unknown(manifest.revision, str(file))
    typer.echo(
        f"{file} is complete: {manifest.rows} rows of {len(manifest.tables)} tables up to edition "
        f"{manifest.edition}, saved on {manifest.made:%d %B %Y, %H:%M} UTC."
    )


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `sojourn backup` wrote.")],
    purged: Annotated[
        Path | None,
        typer.Option(help="Another purge list, such as the newest one of the old installation."),
    ] = None,
) -> None:
    """Fill an empty database from a backup.

    The whole file is checked before anything is written. The restore is one transaction, so
    an interrupted restore leaves the database empty. A database with
    any content is refused: name a new one with DATABASE_URL, or a new folder with SOJOURN_DATA_DIR.

    Records that were purged after the backup are purged again in the same transaction. Their ids
    are read from `purged.txt` next to the backup, from SOJOURN_PURGE_LIST and from `--purged`.

    Example: `SOJOURN_DATA_DIR=/srv/sojourn sojourn restore sojourn.zip`

    Next: `sojourn doctor`, then `sojourn serve`.
    """
    from app.database.restore import restore as load
    from app.desk.purges import purge_restored, read_list
    from app.record.publishing.validation import PublishError

    settings = Settings.from_environment()
    if purged is not None and not purged.is_file():
        raise CommandError(f"There is no file {purged}.")
    purged_again: list[str] = []
    with embedded.database(settings) as ready:
        lists = [file.with_name(embedded.PURGE_LIST), *filter(None, [ready.purge_list, purged])]
        ids = {id for each in lists for id in read_list(each)}
        try:
            manifest = load(
                ready,
                file,
                logins=uses_embedded(settings),
                before_commit=lambda connection: purged_again.extend(
                    purge_restored(connection, ids, ready.purge_list)
                ),
            )
        except PublishError as error:
            raise CommandError(
                "Nothing was restored, because records that were purged after this backup can't be "
                f"removed from it: {error}. Restore a newer backup."
            ) from None
    typer.echo(f"Restored {manifest.rows} rows up to edition {manifest.edition}.")
    typer.echo(
        f"Purged again: {', '.join(purged_again)}."
        if purged_again
        else "The backup contains no purged records."
    )
    if not ids:
        typer.echo(
            "No purge list was found: records purged after "
            f"{manifest.made:%d %B %Y, %H:%M} UTC have been restored. Purge them again."
        )


@commands.command()
def doctor() -> None:
    """Report what is wrong with this installation and with the record.

    Checks programs, files, logins and tables. Then derives the whole record again from the
    published forms, and compares the results with the stored rows. Changes nothing.

    Example: `sojourn doctor`

    Next: do what each line advises. Exit code 1 if there is a problem. Texts that the site still
    lacks, such as its publisher, are listed too; they are no problem.
    """
    with embedded.database(Settings.from_environment()) as ready:
        _print_problems(ready)


def _print_problems(settings: Settings) -> None:
    """Print what is wrong and what the site lacks; raise CommandError if something is wrong."""
    from app.cli.doctor import find_page_gaps, find_problems

    found = find_problems(settings)
    gaps = [] if found else find_page_gaps(settings)
    for problem in found:
        typer.echo(f"- {problem}")
    if found:
        raise CommandError(f"{count_problems(len(found))} found.")
    typer.echo("No problems found.")
    if gaps:
        typer.echo("\nThe site does not tell its readers everything yet:")
    for gap in gaps:
        typer.echo(f"- {gap}")
