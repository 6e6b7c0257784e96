"""Commands about the record: import, export, publish, purge, check, tick."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.connections import (
    count_editions,
    drop_root,
    open_database,
    open_desk,
    open_own_desk,
    open_reader,
)
from app.database.sessions import DeskSession, ReaderSession
from app.errors import CommandError
from app.secret_key import new_key
from app.settings import Settings

if TYPE_CHECKING:
    from app.record.editions import SelectedEdition
    from app.record.models import Edition

commands = typer.Typer()


@commands.command("import")
def import_(
    folder: Annotated[
        Path, typer.Argument(help="A folder of CSV files in the format of `seeds/`.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything and change nothing.")
    ] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Publish what was imported.")] = False,
) -> None:
    """Read reports from a folder of CSV files into the desk.

    Every row passes through the same forms as in the browser. Coverage checks (`checks.csv`) are
    recorded with `--publish`. If a row has an error, nothing is
    imported, and all errors are listed with file, line and column. Importing the same folder
    twice changes nothing. The files have no columns for private values, so these stay unchanged. If
    a private value would be lost, nothing is imported.

    Example: `sojourn import seeds --dry-run`

    Next: `sojourn publish`, unless you gave `--publish`.
    """
    from app.desk.csv import import_folder

    if not folder.is_dir():
        raise CommandError(f"There is no folder {folder}.")
    with open_own_desk() as (_ready, session):
        report = import_folder(session, folder, dry_run)
        for problem in report.errors:
            typer.echo(problem, err=True)
        if report.errors:
            raise CommandError(f"Nothing was imported: {count_problems(len(report.errors))}.")
        for what, count in report.counts.items():
            typer.echo(f"{what}: {count}")
        if publish and not dry_run:
            edition = publish_and_report(session, f"Imported from {folder.name}")
            publish_file_of_checks(session, folder, edition)


@commands.command()
def export(
    folder: Annotated[
        Path | None, typer.Argument(help="A new or empty folder to write to.")
    ] = None,
    edition: Annotated[
        str,
        typer.Option(help="Write this published edition: its number, a UTC day, or `newest`."),
    ] = "",
    static: Annotated[
        Path | None,
        typer.Option(help="Write the pages and files of the edition to this folder instead."),
    ] = None,
    purge_only: Annotated[
        bool,
        typer.Option(
            "--purge-only",
            help="With --static: write the edition of the folder again, if records of it were "
            "purged since.",
        ),
    ] = False,
) -> None:
    """Write the desk's approved state as CSV files, in the format that `sojourn import` reads.

    The files contain nothing private and may be shared. `sojourn backup` saves everything.

    With `--edition`, write the published record of that edition instead: as a Frictionless Data
    Package and as Parquet, with checksums, licence and citation. Every export of the same edition
    has the same bytes.

    With `--static`, write a copy that any web host can serve without Sojourn: every page, whole
    list and file of the newest edition, or of `--edition`. Needs SOJOURN_PUBLIC_URL. Run again, it
    replaces the copy in the folder.

    Example: `sojourn export ../reports`, `sojourn export ../edition-3 --edition 3`, or
    `sojourn export --static /srv/copy`

    Next: edit the files and run `sojourn import ../reports --dry-run`; for an edition, run
    `sha256sum -c SHA256SUMS`; after a purge, run `sojourn export --static /srv/copy --purge-only`.
    """
    from app.desk.csv import export_folder

    wanted = "" if edition == "newest" else edition
    with open_database(Settings.from_environment()) as ready:
        if static:
            _export_static(ready, wanted, static, purge_only)
            return
        if folder is None:
            raise CommandError("No folder given: name a new or empty folder.")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not an empty folder.")
        if edition:
            _export_edition(ready, wanted, folder)
        else:
            with open_desk(ready) as session:
                folder.mkdir(parents=True, exist_ok=True)
                export_folder(session, folder)
    typer.echo(f"Written to {folder}.")


@contextlib.contextmanager
def _open_edition(
    settings: Settings, edition_query: str
) -> Iterator[tuple[ReaderSession, "SelectedEdition"]]:
    """Yield an edition with a session of the reader's login, which can read nothing private."""
    from app.record.editions import NoEditionError, select_edition

    with open_reader(settings) as session:
        try:
            edition = select_edition(session, edition_query)
        except NoEditionError as error:
            raise CommandError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
        yield session, edition


def _export_edition(settings: Settings, edition_query: str, folder: Path) -> None:
    from app.site.data.dump import DumpInfo, write_dump

    with _open_edition(settings, edition_query) as (session, edition):
        about = DumpInfo(edition, settings.licence, settings.public_url or "")
        write_dump(session, about, folder)


def _export_static(
    settings: Settings, edition_query: str, folder: Path, is_after_purge: bool
) -> None:
    """Write or replace a static copy, with an application that has only the reader's login."""
    from app.main import create_app
    from app.record.editions import count_purges
    from app.site.data.dump import DumpInfo, write_archive_of
    from app.site.export.static_copy import CopyState, write_copy

    if not settings.public_url:
        raise CommandError(
            "Set SOJOURN_PUBLIC_URL: the pages of a copy name the address of the site as their "
            "permanent link."
        )
    before = CopyState.read(folder)
    if is_after_purge:
        if before is None:
            raise CommandError(f"There is no copy in {folder}.")
        edition_query = str(before.edition)
    # Its transaction ends before the pages are read, which may take hours.
    with _open_edition(settings, edition_query) as (session, edition):
        purges = count_purges(session)
    if before and is_after_purge and before.purges == purges:
        typer.echo(f"Nothing was purged since the copy in {folder} was written.")
        return
    # The secret is for messages and sign-ins, which a copy has not.
    public = settings.for_reading().model_copy(
        update={"public_only": True, "hash_secret": new_key()}
    )
    about = DumpInfo(edition, settings.licence, settings.public_url)

    def write_dataset(file: Path) -> None:
        with file.open("w+b") as archive:
            write_archive_of(public, about, archive)

    files = write_copy(create_app(public), folder, edition, purges, write_dataset)
    typer.echo(
        f"Written to {folder}: {files} files of edition {edition.no}. Copies that "
        "others have made of it can't be reached: tell them of each purge."
    )


@commands.command()
def publish(
    message: Annotated[
        str, typer.Option(help="A summary of this edition for readers, in a few words.")
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Recalculate all rows with the rules of this release.")
    ] = False,
) -> None:
    """Publish what the desk has approved, as the next edition.

    Unchanged rows are not written again; if nothing has changed, there is no new edition. After an
    upgrade, `--again` calculates every row by the rules of the new release. Past editions do
    not change. `sojourn doctor` reports when this is needed.

    Example: `sojourn publish --message "Three reports from Dandong"`

    Next: look at the start page, which lists the changes.
    """
    with open_own_desk() as (_ready, session):
        publish_and_report(session, message, again=again)


@commands.command()
def purge(
    id: Annotated[str, typer.Argument(help="The id of the record, such as `E128`.")],
    reason: Annotated[
        str, typer.Option(help="Reason for the desk's log. It must not repeat the removed content.")
    ],
    cause: Annotated[
        str, typer.Option(help="Reason shown to readers: `safety`, `request` or `rights`.")
    ] = "safety",
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False,
) -> None:
    """Remove a record permanently, from every edition and from the desk.

    Use this only for the safety of a person: a purge can't be undone. The id stays, with a notice
    that its record was removed.

    Example: `sojourn purge E128 --reason "Asked for on 3 March"`

    Next: delete the backups that still contain the record, and make a new backup.
    """
    from app.desk.purges import PurgeCause, add_to_list
    from app.desk.purges import purge as remove
    from app.record.publishing.validation import PublishError

    if cause not in PurgeCause.by_code():
        raise CommandError(f"There is no cause “{cause}”: use one of {', '.join(PurgeCause)}.")
    if (
        not yes
        and typer.prompt(f"{id} can't be restored afterwards. Type its id to remove it") != id
    ):
        raise CommandError("Nothing was removed.")
    with open_database(Settings.from_environment()) as ready:
        try:
            with open_desk(ready) as session:
                done = remove(session, id, None, PurgeCause(cause), reason)
                newest = count_editions(session)
        except PublishError as refused:
            raise CommandError(f"Nothing was removed: {refused}.") from None
        if ready.purge_list:
            add_to_list(ready.purge_list, [id])
    if done is None:
        typer.echo(f"{id} was already removed.")
        return
    removed = (
        f"{id} was removed permanently, in edition {done}."
        + (f" Edition {newest} recalculates what depended on it." if newest != done else "")
        if done
        else f"{id} was removed permanently. It was never published."
    )
    typer.echo(
        f"{removed} Caches of proxies and browsers may show pages of past editions for one more "
        "minute. Delete the backups that still contain it, make a new one, and run `sojourn export "
        "--static FOLDER --purge-only` for each static copy."
    )


@commands.command()
def tick() -> None:
    """Run the scheduled jobs: check watched feeds, delete expired data, publish the daily edition
    if it is enabled, and others.

    `sojourn serve` does the same every five minutes. If you run the site without `serve`, call this
    from a scheduler such as cron. You can run it
    as often as you like, and on several machines at the same time.

    Example: `*/10 * * * * sojourn tick`

    Next: look at the round of the desk. Exit code 1 if a job failed.
    """
    from app import scheduler

    settings, _account = drop_root(Settings.from_environment())
    with open_database(settings) as ready:
        if ready.read_only:
            typer.echo("SOJOURN_READ_ONLY is set, so no jobs run.")
            return
        ticked = scheduler.tick(ready)
    if ticked is None:
        typer.echo("Another process is running the jobs.")
        return
    for words in ticked.done or ["Nothing was due."]:
        typer.echo(words)
    if ticked.failed:
        raise CommandError("Failed: " + "; ".join(ticked.failed))


@commands.command()
def check() -> None:
    """Print the quality lists, what needs to be corrected, and how far the record reaches.

    Exit code 1 if there is a fault. A fault breaks our own rules, such as an event without a
    citation. Open work, such as a source without an archive link, is not a fault.

    Next: open Quality at the desk, where each line links to the page that corrects it.
    """
    from app.desk import quality

    with open_own_desk() as (ready, session):
        found = quality.count_lists(session)
        for each, count in found:
            fault = " (fault)" if each.is_fault and count else ""
            typer.echo(f"{count:6}  {each.label}{fault}")
        if count_editions(session):
            for line in _describe_figures(ready):
                typer.echo(line)
    if faults := sum(count for each, count in found if each.is_fault):
        raise CommandError(f"{faults} {'fault' if faults == 1 else 'faults'} found.")


def _describe_figures(settings: Settings) -> Iterator[str]:
    """Yield lines about the newest edition."""
    from app.record.names.directory import read_directory
    from app.record.reads.coverage import record_figures

    with _open_edition(settings, "") as (session, edition):
        directory = read_directory(session, edition)
        found = record_figures(session, edition, directory)
    yield f"\nEdition {edition.no} of {edition.at:%-d %B %Y}:"
    yield f"{found.read:6}  Documents read"
    yield f"{found.independent:6}  Events with two or more independent sources"
    yield f"{found.aggregators:6}  Sources published by aggregators"
    yield f"{found.checks:6}  Coverage checks"
    yield "Newest events of each country:"
    for year in sorted(set(found.newest.values()), reverse=True):
        codes = [code for code, newest in found.newest.items() if newest == year]
        yield f"{year:6}  {', '.join(directory.label('place', code) for code in codes)}"


def count_problems(count: int) -> str:
    """Return "1 problem" or "2 problems"."""
    return f"{count} {'problem' if count == 1 else 'problems'}"


def publish_file_of_checks(session: DeskSession, folder: Path, edition: "Edition | None") -> None:
    """Publish the coverage checks of `checks.csv`, whose places and outlets are published now."""
    from app.desk.csv import publish_checks_of

    if problems := publish_checks_of(session, folder, edition):
        raise CommandError("\n".join(map(str, problems)))


def publish_and_report(
    session: DeskSession, message: str, *, again: bool = False
) -> "Edition | None":
    """Publish what is approved, say so, and return the edition; None if nothing changed."""
    from app.desk.approved.publish import publish_approved
    from app.record.publishing.validation import PublishError
    from app.record.publishing.working_set import live_keys

    try:
        edition = publish_approved(session, message, again=live_keys(session) if again else ())
    except PublishError as refused:
        for reason in refused.reasons:
            typer.echo(reason, err=True)
        problems = count_problems(len(refused.reasons))
        raise CommandError(f"Nothing was published or changed: {problems}.") from None
    typer.echo(
        "Nothing has changed since the last edition."
        if edition is None
        else f"Published edition {edition.no}."
    )
    return edition
