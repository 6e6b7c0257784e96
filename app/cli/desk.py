"""Commands about people (`sojourn editor`) and keys (`sojourn keys`)."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.connections import local_url, open_database, open_desk, open_own_desk, uses_embedded
from app.database import embedded
from app.database.sessions import DeskSession
from app.errors import CommandError
from app.settings import Settings

if TYPE_CHECKING:
    from app.desk.identity.models import Person


commands = typer.Typer()


keys = typer.Typer(
    name="keys",
    help="Replace the key of second factors and the hash secret if they may have leaked.\n\n"
    "With Sojourn's own PostgreSQL: `sojourn keys begin`, restart `sojourn serve`, "
    "`sojourn keys finish`.\n\n"
    "With another PostgreSQL: move the present values to SOJOURN_OLD_SECRET_KEYS and "
    "SOJOURN_OLD_HASH_SECRETS, set new ones in SOJOURN_SECRET_KEY and SOJOURN_HASH_SECRET, "
    "restart, and run `sojourn keys finish`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@keys.command("begin")
def begin_keys() -> None:
    """Create a new key and a new hash secret in the data folder. The old ones still work.

    Example: `sojourn keys begin`

    Next: restart `sojourn serve`, then run `sojourn keys finish`. Update your copies of the two
    files.
    """
    from app.desk.identity.second_factor import RotationUnderWayError, add_keys_to_files

    settings = Settings.from_environment()
    if not uses_embedded(settings) or settings.secret_key or settings.hash_secret:
        raise CommandError(
            "The keys of this installation are settings: `sojourn keys --help` explains "
            "how to replace them. `openssl rand -base64 32` prints a new key."
        )
    with open_database(settings):
        try:
            add_keys_to_files(embedded.data_folder(settings))
        except RotationUnderWayError:
            raise CommandError(
                "A rotation is under way: run `sojourn keys finish` first."
            ) from None
    typer.echo("New keys created. Restart `sojourn serve`, then run `sojourn keys finish`.")


@keys.command("finish")
def finish_keys(
    forget_codes: Annotated[
        bool,
        typer.Option(
            "--forget-codes",
            help=("Remove old hash secrets, too. Codes of messages sent under them stop working."),
        ),
    ] = False,
) -> None:
    """Encrypt every authenticator secret with the new key, and delete the old keys.

    Example: `sojourn keys finish`

    Next: run `sojourn doctor`, which lists people whose second factor no key decrypts.
    """
    from app.desk.identity.second_factor import (
        MissingKeyError,
        drop_old_keys_from_files,
        reencrypt_secrets,
    )

    settings = Settings.from_environment()
    with open_database(settings) as ready:
        try:
            with open_desk(ready) as session:
                count, unreadable = reencrypt_secrets(session, ready)
        except MissingKeyError:
            raise CommandError(
                "SOJOURN_SECRET_KEY is not set, so there is no key to encrypt with. Set it "
                "and try again."
            ) from None
        if uses_embedded(settings):
            drop_old_keys_from_files(embedded.data_folder(settings), hash_secrets_too=forget_codes)
    typer.echo(f"Authenticator secrets encrypted again: {count}.")
    if settings.old_secret_keys:
        typer.echo("Now remove SOJOURN_OLD_SECRET_KEYS and restart `sojourn serve`.")
    if unreadable:
        raise CommandError(
            f"No key decrypts the authenticator app of {', '.join(unreadable)}: "
            "run `sojourn editor remove-factor` for each."
        )


editor = typer.Typer(
    name="editor",
    help="Manage the people at the desk.\n\n"
    "Once there is an admin, you can do all of this in the browser, too, under People.\n\n"
    "Start with `sojourn editor add amal@example.org --role admin`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


Email = Annotated[str, typer.Argument(help="E-mail address that the person signs in with.")]


@editor.command("add")
def add_editor(
    email: Email,
    role: Annotated[
        str,
        typer.Option(
            help=("`contributor` writes, `editor` reviews and publishes, `admin` manages people.")
        ),
    ] = "editor",
) -> None:
    """Invite a person to the desk, and print the link with which they set their password.

    The link works once, within three days. The first person should be an admin.

    Example: `sojourn editor add amal@example.org --role admin`

    Next: send the link to the person through a private channel.
    """
    from app.desk.identity import commands as people
    from app.desk.identity.forms import InviteForm
    from app.desk.ui import fill

    filled = fill(InviteForm, {"email": email, "role": role})
    if filled.form is None:
        raise CommandError(" ".join(filled.errors.values()))
    with open_own_desk() as (ready, session):
        try:
            _, token = people.invite(session, filled.form.email, filled.form.role, by=None)
        except people.EmailTakenError:
            raise CommandError(
                f"{email} already has an account: `sojourn editor link {email}` prints a new link."
            ) from None
        link = welcome_link(ready, token)
    typer.echo(link)


@editor.command("link")
def link_for_editor(email: Email) -> None:
    """Print a link for setting a new password, or for joining after an invitation expired.

    Example: `sojourn editor link amal@example.org`

    Next: send the link to the person. Their second factor, if any, stays.
    """
    from app.desk.identity import commands as people

    with open_own_desk() as (ready, session):
        link = welcome_link(ready, people.make_link(session, _find_person(session, email), by=None))
    typer.echo(link)


@editor.command("list")
def list_editors() -> None:
    """List the people at the desk: address, role, and whether they are invited or disabled.

    Example: `sojourn editor list`

    Next: run `sojourn editor disable` for people who have left.
    """
    from app.desk.identity import commands as people

    with open_own_desk() as (_ready, session):
        for person in people.list_people(session):
            state = "disabled" if person.disabled_at else "" if person.password_hash else "invited"
            typer.echo("\t".join(filter(None, [person.email, person.role, person.name, state])))


@editor.command("disable")
def disable_editor(email: Email) -> None:
    """End all sessions of a person and disable the account. Their drafts stay theirs.

    Example: `sojourn editor disable chidi@example.org`

    Next: an admin can enable the account again, under People.
    """
    from app.desk.identity import commands as people

    with open_own_desk() as (_ready, session):
        person = _find_person(session, email)
        try:
            people.disable(session, person, by=None)
        except people.LastAdminError:
            raise CommandError(f"{email} is the only admin: add another admin first.") from None
    typer.echo(f"{email} is disabled.")


@editor.command("remove-factor")
def remove_factor_of_editor(email: Email) -> None:
    """Remove a person's authenticator app and passkeys, and end all their sessions.

    For an admin who has lost theirs, or if the key of the installation is lost. First make sure
    that the request comes from that person.

    Example: `sojourn editor remove-factor amal@example.org`

    Next: they sign in with their password. Editors and admins must then add a new second factor.
    """
    from app.desk.identity import commands as people

    with open_own_desk() as (_ready, session):
        people.remove_every_factor(session, _find_person(session, email), by=None)
    typer.echo(f"The second factor of {email} was removed, and all their sessions have ended.")


def _find_person(session: DeskSession, email: str) -> "Person":
    from app.desk.identity import commands as people

    person = people.find_by_email(session, email.strip().lower())
    if person is None:
        raise CommandError(
            f"No account has the address {email}: `sojourn editor list` lists all accounts."
        )
    return person


def welcome_link(settings: Settings, token: str) -> str:
    """Return the URL of the page on which a person chooses a password."""
    from app.web.urls import url

    return (settings.public_url or local_url(settings)) + url("welcome", token=token)
