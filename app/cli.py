"""The `sojourn` command: starting the site, and looking after what it keeps. For whoever runs an installation."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from app import paths
from app.database import embedded
from app.database.engines import desk_engine, reader_engine
from app.database.migrating import migrate as bring_up_to_date
from app.database.migrating import refuse_newer_database
from app.database.sessions import DeskSession, ReaderSession
from app.errors import Stop
from app.privileges import leave_root
from app.serving import listening, own_address, serve_until_stopped, stopped_politely
from app.settings import Settings

if TYPE_CHECKING:
    from app.desk.identity.models import Person

commands = typer.Typer(
    name="sojourn",
    help="A public, citable record of restrictions on migrant workers.\n\n"
    "Begin with `sojourn serve`. Without DATABASE_URL every command uses a PostgreSQL of its own, which it starts and "
    "stops; README.md lists all settings.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    # A traceback with local variables could show a private note or a password.
    pretty_exceptions_enable=False,
)


VERBOSE = "--verbose"


@commands.callback()
def options(
    verbose: Annotated[
        bool, typer.Option(VERBOSE, help="After an error, also show where it arose. Works with every command.")
    ] = False,
) -> None:
    """Options of all commands; `main` reads them."""


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on; HOST if not given.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; PORT if not given.")] = None,
    workers: Annotated[int, typer.Option(help="Processes that answer side by side; one for each core.", min=1)] = 1,
) -> None:
    """Run the site until Ctrl-C.

    Without DATABASE_URL this starts a PostgreSQL of its own, brings its tables up to date and, the first time,
    publishes the reports in `seeds/` as edition 1. Until somebody works at the desk it prints a link that makes the
    first admin: it works once. With DATABASE_URL it expects a database that `sojourn migrate` has
    prepared.

    Example: `sojourn serve --port 8080`

    Next: open the address that it prints. `sojourn doctor` says what is wrong if something is.
    """
    settings = Settings.from_environment()
    settings = settings.model_copy(update={"host": host or settings.host, "port": port or settings.port})
    # Before anything that takes time: a taken port is the likeliest reason to fail.
    with contextlib.closing(listening(settings)) as listener, stopped_politely():
        settings, account = _without_root(settings)
        with _database(settings, True) as ready:
            if _is_ours(settings):
                _publish_seeds_if_empty(ready)
                _welcome_the_first(ready)
            _expect_tables(ready)
            if account:
                typer.echo(account)
            serve_until_stopped(ready, listener, workers, settings.data_dir if _is_ours(settings) else None)


@commands.command()
def migrate(
    logins: Annotated[
        bool,
        typer.Option(
            "--logins",
            help="Also make the logins that DATABASE_URL and READER_DATABASE_URL name, with their passwords.",
        ),
    ] = False,
) -> None:
    """Make the roles and tables, or bring them up to date.

    Runs under MIGRATE_DATABASE_URL (or DATABASE_URL), whose login must be able to create roles. Safe to run again, and
    at each start: what is done is not done twice.

    Example: `sojourn migrate --logins`

    Next: `sojourn import seeds --publish`, then `sojourn serve`.
    """
    settings = Settings.from_environment()
    with embedded.database(settings) as ready:
        bring_up_to_date(ready, logins=logins or _is_ours(settings))
    typer.echo("The database is up to date.")


@commands.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="A folder of CSV files in the format of `seeds/`.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Publish what was imported.")] = False,
) -> None:
    """Read reports from a folder of CSV files into the desk.

    Every row passes through the same forms as in the browser. If any is wrong, all that is wrong is listed with its
    file, line and column, and nothing is imported. Importing the same folder twice changes nothing. What only the desk
    knows has no column: it stays as it is, and where it would be lost nothing is imported.

    Example: `sojourn import seeds --dry-run`

    Next: `sojourn publish`, unless you gave `--publish`.
    """
    from app.desk.csv.reader import import_folder

    if not folder.is_dir():
        raise Stop(f"There is no folder {folder}.")
    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        report = import_folder(session, folder, dry_run)
        for problem in report.errors:
            typer.echo(problem, err=True)
        if report.errors:
            raise Stop(f"Nothing was imported: {_problems(len(report.errors))}.")
        for what, count in report.counts.items():
            typer.echo(f"{what}: {count}")
        if publish and not dry_run:
            _publish(session, f"Imported from {folder.name}")


@commands.command()
def export(
    folder: Annotated[Path | None, typer.Argument(help="A new or empty folder to write to.")] = None,
    edition: Annotated[
        str, typer.Option(help="Write what readers of this edition saw: its number, a UTC day, or `newest`.")
    ] = "",
    into: Annotated[Path | None, typer.Option("--folder", help="The same as the argument.")] = None,
) -> None:
    """Write the desk's approved state as CSV files, in the format that `sojourn import` reads.

    What is private has no column there: the files may be shared. `sojourn backup` keeps everything.

    With `--edition` it is the published record of that edition instead, as a Frictionless Data Package and as Parquet,
    with checksums, licence and citation. The same edition has the same bytes, whenever it is written.

    Example: `sojourn export ../reports`, or `sojourn export --edition 3 --folder ../edition-3`

    Next: edit the files and `sojourn import ../reports --dry-run`; of an edition, `sha256sum -c SHA256SUMS`.
    """
    from app.desk.csv.writer import export_folder

    folder = folder or into
    if folder is None:
        raise Stop("Name a new or empty folder to write to.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(f"{folder} is not an empty folder.")
    with _database(Settings.from_environment()) as ready:
        if edition:
            _export_edition(ready, "" if edition == "newest" else edition, folder)
        else:
            with _desk(ready) as session:
                folder.mkdir(parents=True, exist_ok=True)
                export_folder(session, folder)
    typer.echo(f"Written to {folder}.")


def _export_edition(settings: Settings, asked: str, folder: Path) -> None:
    """As readers see it: under the reader's login, which knows of nothing private."""
    from app.record.editions import NoEdition, reading
    from app.record.names.directory import directory
    from app.site.data.dump.describing import About
    from app.site.data.dump.writing import write_dump

    def create(name: str) -> BinaryIO:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return files.enter_context(path.open("w+b"))

    engine = reader_engine(settings)
    try:
        with ReaderSession(engine) as session, contextlib.ExitStack() as files:
            edition = reading(session, asked)
            about = About(edition, settings.licence, settings.public_url or "")
            write_dump(session, edition, directory(session, edition), about, create)
    except NoEdition as error:
        raise Stop(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None
    finally:
        engine.dispose()


@commands.command()
def publish(
    message: Annotated[str, typer.Option(help="What this edition changes, in a few words; readers see it.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Derive all rows anew, by the rules of this release.")] = False,
) -> None:
    """Publish what the desk has approved, as the next edition.

    Rows that are as they were stay as they were; if nothing differs there is no new edition. After a release that
    derives more or otherwise, `--again` writes the rows that differ by that.

    Example: `sojourn publish --message "Three reports from Dandong"`

    Next: look at the front page, which names what changed.
    """
    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        _publish(session, message, again=again)


@commands.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write, such as `sojourn.zip`.")]) -> None:
    """Save the whole database, desk and record, to one file.

    The file holds private notes: it is readable by your account alone, and must never be published. It does not depend
    on the version of PostgreSQL.

    Example: `sojourn backup sojourn.zip`

    Next: copy it to another machine, and try `sojourn restore` there once.
    """
    from app.database.backup import save

    with _database(Settings.from_environment()) as ready:
        manifest = save(ready, file)
        with _desk(ready) as session:
            purge_list = _keep_purge_list(session, file)
    typer.echo(f"Saved {manifest.rows} rows up to edition {manifest.edition} to {file}.")
    if purge_list:
        typer.echo(f"What was purged is listed in {purge_list}: keep it beside the backups.")


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `sojourn backup` wrote.")],
    purged: Annotated[
        Path | None, typer.Option(help="Another list of what was purged, such as that of the installation's last days.")
    ] = None,
) -> None:
    """Fill an empty database from a backup.

    The whole file is checked before anything is written. All of it is restored in one transaction: until it is
    complete nobody sees any of it, and if it is interrupted the database stays empty. A database that holds
    anything is refused: name a new one with DATABASE_URL, or a new folder with SOJOURN_DATA_DIR.

    What was purged after the backup is purged again, before anybody can see it: by the list `purged.txt` that lies
    beside the backup, by SOJOURN_PURGE_LIST, and by `--purged`.

    Example: `SOJOURN_DATA_DIR=/srv/sojourn sojourn restore sojourn.zip`

    Next: `sojourn doctor`, then `sojourn serve`.
    """
    from app.database.restore import restore as load
    from app.desk.purges.commands import listed, purge_restored
    from app.record.publishing.validation import Refused

    settings = Settings.from_environment()
    if purged is not None and not purged.is_file():
        raise Stop(f"There is no file {purged}.")
    again: list[str] = []
    with embedded.database(settings) as ready:
        lists = [file.with_name(embedded.PURGE_LIST), *filter(None, [ready.purge_list, purged])]
        ids = {id for each in lists for id in listed(each)}
        try:
            manifest = load(
                ready,
                file,
                logins=_is_ours(settings),
                before_commit=lambda connection: again.extend(purge_restored(connection, ids, ready.purge_list)),
                on_wait=lambda: typer.echo("Waiting for another restore or migration of this database …", err=True),
            )
        except Refused as refused:
            raise Stop(
                f"Nothing was restored, since what was purged after this backup can't be removed from it: {refused}. "
                "Restore a newer backup."
            ) from None
    typer.echo(f"Restored {manifest.rows} rows up to edition {manifest.edition}.")
    typer.echo(
        f"Purged again: {', '.join(again)}." if again else "Nothing on the lists of what was purged had come back."
    )
    if not ids:
        typer.echo(f"No list was found: what was purged after {manifest.made:%d %B %Y, %H:%M} UTC is back.")


@commands.command()
def purge(
    id: Annotated[str, typer.Argument(help="The id of the record, such as `E128`.")],
    reason: Annotated[str, typer.Option(help="For the desk's log; it must not repeat what is to be forgotten.")],
    cause: Annotated[str, typer.Option(help="What readers are told: `safety`, `request` or `rights`.")] = "safety",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
) -> None:
    """Remove a record for good, from every edition and from the desk.

    For the safety of a person, and for nothing else: it can't be undone. The id stays, and that something was removed.

    Example: `sojourn purge E128 --reason "Asked for on 3 March"`

    Next: delete the backups that hold it still, and make a new one.
    """
    from app.desk.purges.commands import Cause, add_to_list
    from app.desk.purges.commands import purge as remove
    from app.record.publishing.validation import Refused

    if cause not in Cause.by_code():
        raise Stop(f"There is no cause “{cause}”: use one of {', '.join(Cause)}.")
    if not yes and typer.prompt(f"Nothing brings {id} back. Type its id to remove it") != id:
        raise Stop("Nothing was removed.")
    with _database(Settings.from_environment()) as ready:
        try:
            with _desk(ready) as session:
                done = remove(session, id, None, Cause(cause), reason)
        except Refused as refused:
            raise Stop(f"Nothing was removed: {refused}.") from None
        if ready.purge_list:
            add_to_list(ready.purge_list, [id])
    if done is None:
        typer.echo(f"{id} was removed before.")
        return
    edition = f"in edition {done.edition}" if done.edition else "before any reader saw it"
    typer.echo(f"{id} is removed for good, {edition}. Delete the backups that hold it still.")


@commands.command()
def tick() -> None:
    """Do what is due by itself: look at watched feeds, forget what has run out, publish the day's edition if so set.

    `sojourn serve` does the same every five minutes. Run it from a clock, such as cron, where the site runs otherwise
    than by `serve`. Safe to run as often as you like, and from several machines at once.

    Example: `*/10 * * * * sojourn tick`

    Next: the inbox at the desk. Exit code 1 if something failed.
    """
    from app.scheduler import tick as do_what_is_due

    settings, _account = _without_root(Settings.from_environment())
    with _database(settings) as ready:
        ticked = do_what_is_due(ready)
    if ticked is None:
        typer.echo("Somebody else is at it.")
        return
    for words in ticked.done or ["Nothing was due."]:
        typer.echo(words)
    if ticked.failed:
        raise Stop("Failed: " + "; ".join(ticked.failed))


@commands.command()
def doctor() -> None:
    """Say what is wrong with this installation and with the record.

    Looks at the programs, the files, the logins and the tables; then derives the whole record again from what was
    published and compares. Changes nothing.

    Example: `sojourn doctor`

    Next: each line says what to do. Exit code 1 if there is any.
    """
    from app.doctor import problems

    settings = Settings.from_environment()
    with embedded.database(settings) as ready:
        found = problems(ready)
    for problem in found:
        typer.echo(f"- {problem}")
    if found:
        raise Stop(f"{_problems(len(found))} found.")
    typer.echo("Nothing is wrong.")


@commands.command()
def check(
    as_csv: Annotated[bool, typer.Option("--csv", help="Every line of every list, as CSV.")] = False,
) -> None:
    """Say what at the desk and in the record is to be mended: the quality lists.

    Exit code 1 if any of it is a fault, which contradicts our own rules, such as an event without a citation. What is
    only work that waits, such as a source without an archive link, does not count as one.

    Example: `sojourn check --csv > to-mend.csv`

    Next: each list is at the desk too, under Quality, with a link to where each line is mended.
    """
    from app.desk.quality import lists

    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        found = lists.counted(session)
        if as_csv:
            for part in lists.as_csv(session):
                typer.echo(part, nl=False)
        else:
            for each in found:
                typer.echo(f"{each.count:6}  {each.title}{' (fault)' if each.is_fault and each.count else ''}")
    if faults := sum(each.count for each in found if each.is_fault):
        raise Stop(f"{faults} {'fault' if faults == 1 else 'faults'} found.")


@commands.command()
def demo(
    events: Annotated[int, typer.Option(min=1, help="How many events to make.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same record.")] = 1,
    workers: Annotated[int, typer.Option(help="Processes that derive side by side; one for each core.", min=1)] = 1,
) -> None:
    """Fill an empty database with a made-up record, to try the site at any size.

    Nothing in it is true. Use a database, or a data folder, of its own. A hundred thousand events take some minutes.

    Example: `SOJOURN_DATA_DIR=/tmp/demo sojourn demo --events 100000`

    Next: `SOJOURN_DATA_DIR=/tmp/demo sojourn serve`
    """
    from app.demo import make

    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        if _editions(session):
            raise Stop("This database holds a record: set SOJOURN_DATA_DIR or DATABASE_URL to an empty one.")
        make(session, events, seed, workers)
    typer.echo(f"Made {events} events.")


keys = typer.Typer(
    name="keys",
    help="Replacing the key of second factors and the hash secret, when somebody may know them.\n\n"
    "With Sojourn's own PostgreSQL: `sojourn keys begin`, restart `sojourn serve`, `sojourn keys finish`.\n\n"
    "With another: put the present values into SOJOURN_OLD_SECRET_KEYS and SOJOURN_OLD_HASH_SECRETS and new ones into "
    "SOJOURN_SECRET_KEY and SOJOURN_HASH_SECRET, restart, and run `sojourn keys finish`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
commands.add_typer(keys)


@keys.command("begin")
def begin_keys() -> None:
    """Make a new key and a new hash secret in the data folder; what the present ones sealed stays readable.

    Example: `sojourn keys begin`

    Next: restart `sojourn serve`, then run `sojourn keys finish`. Copy the two files to where you keep their copies.
    """
    from app.desk.identity.key_rotation import RotationUnderWayError, add_keys_to_files

    settings = Settings.from_environment()
    if not _is_ours(settings) or settings.secret_key or settings.hash_secret:
        raise Stop(
            "The keys of this installation are settings: `sojourn keys --help` says how to replace them. "
            "`openssl rand -base64 32` prints a new one."
        )
    with _database(settings):
        try:
            add_keys_to_files(embedded.data_folder(settings))
        except RotationUnderWayError:
            raise Stop("A rotation is under way: run `sojourn keys finish` first.") from None
    typer.echo("Made. Restart `sojourn serve`, then run `sojourn keys finish`.")


@keys.command("finish")
def finish_keys(
    forget_codes: Annotated[
        bool,
        typer.Option(
            "--forget-codes", help="Drop old hash secrets too: codes of letters sent under them stop working."
        ),
    ] = False,
) -> None:
    """Seal every authenticator secret with the present key, and forget the old keys.

    Example: `sojourn keys finish`

    Next: `sojourn doctor`, which names people whose second factor no key opens.
    """
    from app.desk.identity.key_rotation import drop_old_keys_from_files, seal_again
    from app.desk.identity.sealing import NoKey

    settings = Settings.from_environment()
    with _database(settings) as ready:
        try:
            with _desk(ready) as session:
                count, unreadable = seal_again(session, ready)
        except NoKey:
            raise Stop("SOJOURN_SECRET_KEY is not set: there is no key to seal with.") from None
        if _is_ours(settings):
            drop_old_keys_from_files(embedded.data_folder(settings), hash_secrets_too=forget_codes)
    typer.echo(f"Sealed again: {count}.")
    if settings.old_secret_keys:
        typer.echo("Now remove SOJOURN_OLD_SECRET_KEYS and restart `sojourn serve`.")
    if unreadable:
        raise Stop(f"No key opens the authenticator app of {', '.join(unreadable)}: `sojourn editor remove-factor`.")


editor = typer.Typer(
    name="editor",
    help="The people of the desk.\n\n"
    "Once there is an admin, everything here can be done in the browser too, under People.\n\n"
    "Begin with `sojourn editor add amal@example.org --role admin`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
commands.add_typer(editor)


@editor.command("add")
def add_editor(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
    role: Annotated[
        str, typer.Option(help="`contributor` writes, `editor` reviews and publishes, `admin` looks after people.")
    ] = "editor",
) -> None:
    """Invite somebody to the desk, and print the link with which they choose their password.

    The link works once, within three days. The first person should be an admin.

    Example: `sojourn editor add amal@example.org --role admin`

    Next: pass the link on by a way that nobody else reads.
    """
    from app.desk.identity import commands as people
    from app.desk.identity.forms import Inviting
    from app.desk.ui.html_forms import fill

    filled = fill(Inviting, {"email": email, "role": role})
    if filled.form is None:
        raise Stop(" ".join(filled.errors.values()))
    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        try:
            _, token = people.invite(session, filled.form.email, filled.form.role, by=None)
        except people.Taken:
            raise Stop(f"{email} is there already: `sojourn editor link {email}` makes another link.") from None
        link = _link(ready, token)
    typer.echo(link)


@editor.command("link")
def link_for_editor(email: Annotated[str, typer.Argument(help="The address that the person signs in with.")]) -> None:
    """Print a link with which somebody chooses another password, or joins after an invitation has run out.

    Example: `sojourn editor link amal@example.org`

    Next: pass the link on. Their second factor, if they have one, stays.
    """
    from app.desk.identity import commands as people

    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        link = _link(ready, people.make_link(session, _person(session, email), by=None))
    typer.echo(link)


@editor.command("list")
def list_editors() -> None:
    """List who works at the desk: address, role, and whether they are invited or disabled.

    Example: `sojourn editor list`

    Next: `sojourn editor disable` for who has left.
    """
    from app.desk.identity import commands as people

    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        for person in people.everybody(session):
            state = "disabled" if person.disabled_at else "" if person.password_hash else "invited"
            typer.echo("\t".join(filter(None, [person.email, person.role, person.name, state])))


@editor.command("disable")
def disable_editor(email: Annotated[str, typer.Argument(help="The address that the person signs in with.")]) -> None:
    """Sign somebody out everywhere and keep them out. What they wrote stays theirs.

    Example: `sojourn editor disable chidi@example.org`

    Next: an admin can let them in again, under People.
    """
    from app.desk.identity import commands as people

    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        person = _person(session, email)
        try:
            people.disable(session, person, by=None)
        except people.LastAdmin:
            raise Stop(f"{email} is the only admin: make another one first.") from None
    typer.echo(f"{email} is disabled.")


@editor.command("remove-factor")
def remove_factor_of_editor(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
) -> None:
    """Remove somebody's authenticator app and passkeys, and sign them out everywhere.

    For an admin who has lost theirs, or where the key of the installation is lost. Be sure that it is they who ask.

    Example: `sojourn editor remove-factor amal@example.org`

    Next: they sign in with their password; editors and admins add another one before they can go on.
    """
    from app.desk.identity import commands as people

    with _database(Settings.from_environment()) as ready, _desk(ready) as session:
        people.remove_every_factor(session, _person(session, email), by=None)
    typer.echo(f"{email} has no second factor any more, and is signed out everywhere.")


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: an error is one sentence on the error output and exit code 1, with details for `--verbose`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # It belongs to every command, and may be typed behind it.
    end = given.index("--") if "--" in given else len(given)
    is_verbose = VERBOSE in given[:end]
    given = [each for each in given[:end] if each != VERBOSE] + given[end:]
    try:
        commands([VERBOSE, *given] if is_verbose else given)
    except Exception as error:
        from app.error_report import describe_details, describe_error

        print(f"sojourn: {describe_error(error)}", file=sys.stderr)
        if is_verbose:
            print(*describe_details(error), sep="\n", file=sys.stderr)
        sys.exit(1)


def _is_ours(settings: Settings) -> bool:
    """Whether the database is the one that starts itself."""
    return not (settings.database_url or settings.reader_database_url)


def _without_root(settings: Settings) -> tuple[Settings, str]:
    """Leave root, where we are root: what comes next reads what strangers send. Returns a sentence about the account.

    The data folder stays the one that root has.
    """
    if _is_ours(settings):
        settings = settings.model_copy(update={"data_dir": embedded.data_folder(settings)})
    return settings, leave_root(settings.data_dir if _is_ours(settings) else None, settings.purge_list)


@contextlib.contextmanager
def _database(settings: Settings, keep_alive: bool = False) -> Iterator[Settings]:
    """The database, ready for use. One of our own is brought up to date first; another's is its owner's to migrate."""
    with embedded.database(settings, keep_alive) as ready:
        if _is_ours(settings):
            bring_up_to_date(ready, logins=True)
        else:
            refuse_newer_database(ready)
        yield ready


@contextlib.contextmanager
def _desk(settings: Settings) -> Iterator[DeskSession]:
    engine = desk_engine(settings)
    try:
        with DeskSession(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()


def _problems(count: int) -> str:
    return f"{count} {'problem' if count == 1 else 'problems'}"


def _publish(session: DeskSession, message: str, *, again: bool = False) -> None:
    from app.desk.approved.publish import publish_approved
    from app.record.publishing.validation import Refused
    from app.record.publishing.working_set import all_live

    try:
        edition = publish_approved(session, message, again=all_live(session) if again else ())
    except Refused as refused:
        for reason in refused.reasons:
            typer.echo(reason, err=True)
        problems = _problems(len(refused.reasons))
        raise Stop(f"Nothing was published, and nothing else was changed: {problems}.") from None
    typer.echo("Nothing has changed since the last edition." if edition is None else f"Published edition {edition.no}.")


def _keep_purge_list(session: DeskSession, backup: Path) -> Path | None:
    """Beside a backup lies the list of all that was purged, for whoever restores an older one."""
    from app.desk.purges.commands import add_to_list, purged

    if not (ids := purged(session)):
        return None
    file = backup.with_name(embedded.PURGE_LIST)
    add_to_list(file, ids)
    return file


def _editions(session: DeskSession) -> int:
    from app.record.models import Edition

    return session.scalar(select(func.count()).select_from(Edition)) or 0


def _publish_seeds_if_empty(settings: Settings) -> None:
    from app.desk.csv.reader import import_folder

    with _desk(settings) as session:
        if _editions(session) or not paths.SEEDS.is_dir():
            return
        typer.echo("Publishing the reports in seeds/ …")
        report = import_folder(session, paths.SEEDS, False)
        if report.errors:
            raise Stop("\n".join(str(problem) for problem in report.errors))
        _publish(session, "The first reports")


def _welcome_the_first(settings: Settings) -> None:
    from app.desk.identity import commands as people
    from app.desk.identity.links import LIFETIME_OF_A_FIRST_LINK, somebody_is_there

    with _desk(settings) as session:
        if somebody_is_there(session):
            return
        link = _link(settings, people.make_first_link(session))
    hours = LIFETIME_OF_A_FIRST_LINK.total_seconds() / 3600
    typer.echo(f"Nobody works at the desk yet. Be the first (works once, within {hours:.0f} hours): {link}")


def _person(session: DeskSession, email: str) -> "Person":
    from app.desk.identity import commands as people

    person = people.by_email(session, email.strip().lower())
    if person is None:
        raise Stop(f"Nobody at the desk has the address {email}: `sojourn editor list` lists who there is.")
    return person


def _link(settings: Settings, token: str) -> str:
    from app.web.urls import url

    return (settings.public_url or own_address(settings)) + url("welcome", token=token)


def _expect_tables(settings: Settings) -> None:
    engine = reader_engine(settings)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM record.edition LIMIT 1"))
    except OperationalError:
        raise
    except DBAPIError:
        raise Stop("The database has no tables yet: run `sojourn migrate` first.") from None
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
