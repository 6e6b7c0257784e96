"""Commands about people (`sojourn editor`) and keys (`sojourn keys`)."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.connections import local_url, open_database, open_desk, uses_embedded
from app.database import embedded
from app.database.sessions import DeskSession
from app.errors import CommandError
from app.settings import Settings

if TYPE_CHECKING:
    from app.desk.identity.models import Person


commands = typer.Typer()


keys = typer.Typer(
    name="keys",
    help="Replace the key of second factors and the hash secret, when somebody may know "
    "them.\n\n"
    "With Sojourn's own PostgreSQL: `sojourn keys begin`, restart `sojourn serve`, "
    "`sojourn keys finish`.\n\n"
    "With another: put the present values into SOJOURN_OLD_SECRET_KEYS and "
    "SOJOURN_OLD_HASH_SECRETS and new ones into SOJOURN_SECRET_KEY and SOJOURN_HASH_SECRET, "
    "restart, and run `sojourn keys finish`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@keys.command("begin")
def begin_keys() -> None:
    """Make a new key and a new hash secret in the data folder; what the present ones sealed stays
    readable.

    Example: `sojourn keys begin`

    Next: restart `sojourn serve`, then run `sojourn keys finish`. Copy the two files to where you
    keep their copies.
    """
    from app.desk.identity.key_rotation import RotationUnderWayError, add_keys_to_files

    settings = Settings.from_environment()
    if not uses_embedded(settings) or settings.secret_key or settings.hash_secret:
        raise CommandError(
            "The keys of this installation are settings: `sojourn keys --help` says how to "
            "replace them. `openssl rand -base64 32` prints a new one."
        )
    with open_database(settings):
        try:
            add_keys_to_files(embedded.data_folder(settings))
        except RotationUnderWayError:
            raise CommandError(
                "A rotation is under way: run `sojourn keys finish` first."
            ) from None
    typer.echo("Made. Restart `sojourn serve`, then run `sojourn keys finish`.")


@keys.command("finish")
def finish_keys(
    forget_codes: Annotated[
        bool,
        typer.Option(
            "--forget-codes",
            help="Drop old hash secrets too: codes of letters sent under them stop working.",
        ),
    ] = False,
) -> None:
    """Seal every authenticator secret with the present key, and forget the old keys.

    Example: `sojourn keys finish`

    Next: `sojourn doctor`, which names people whose second factor no key opens.
    """
    from app.desk.identity.key_rotation import drop_old_keys_from_files, reencrypt_secrets
    from app.desk.identity.sealing import MissingKeyError

    settings = Settings.from_environment()
    with open_database(settings) as ready:
        try:
            with open_desk(ready) as session:
                count, unreadable = reencrypt_secrets(session, ready)
        except MissingKeyError:
            raise CommandError(
                "SOJOURN_SECRET_KEY is not set: there is no key to seal with."
            ) from None
        if uses_embedded(settings):
            drop_old_keys_from_files(embedded.data_folder(settings), hash_secrets_too=forget_codes)
    typer.echo(f"Sealed again: {count}.")
    if settings.old_secret_keys:
        typer.echo("Now remove SOJOURN_OLD_SECRET_KEYS and restart `sojourn serve`.")
    if unreadable:
        raise CommandError(
            f"No key opens the authenticator app of {', '.join(unreadable)}: "
            "`sojourn editor remove-factor`."
        )


editor = typer.Typer(
    name="editor",
    help="Manage the people of the desk.\n\n"
    "Once there is an admin, everything here can be done in the browser too, under People.\n\n"
    "Begin with `sojourn editor add amal@example.org --role admin`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@editor.command("add")
def add_editor(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
    role: Annotated[
        str,
        typer.Option(
            help="`contributor` writes, `editor` reviews and publishes, `admin` looks after people."
        ),
    ] = "editor",
) -> None:
    """Invite somebody to the desk, and print the link with which they choose their password.

    The link works once, within three days. The first person should be an admin.

    Example: `sojourn editor add amal@example.org --role admin`

    Next: pass the link on by a way that nobody else reads.
    """
    from app.desk.identity import commands as people
    from app.desk.identity.forms import InviteForm
    from app.desk.ui.html_forms import fill

    filled = fill(InviteForm, {"email": email, "role": role})
    if filled.form is None:
        raise CommandError(" ".join(filled.errors.values()))
    with open_database(Settings.from_environment()) as ready, open_desk(ready) as session:
        try:
            _, token = people.invite(session, filled.form.email, filled.form.role, by=None)
        except people.EmailTakenError:
            raise CommandError(
                f"{email} is there already: `sojourn editor link {email}` makes another link."
            ) from None
        link = welcome_link(ready, token)
    typer.echo(link)


@editor.command("link")
def link_for_editor(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
) -> None:
    """Print a link with which somebody chooses another password, or joins after an invitation has
    run out.

    Example: `sojourn editor link amal@example.org`

    Next: pass the link on. Their second factor, if they have one, stays.
    """
    from app.desk.identity import commands as people

    with open_database(Settings.from_environment()) as ready, open_desk(ready) as session:
        link = welcome_link(ready, people.make_link(session, _find_person(session, email), by=None))
    typer.echo(link)


@editor.command("list")
def list_editors() -> None:
    """List who works at the desk: address, role, and whether they are invited or disabled.

    Example: `sojourn editor list`

    Next: `sojourn editor disable` for who has left.
    """
    from app.desk.identity import commands as people

    with open_database(Settings.from_environment()) as ready, open_desk(ready) as session:
        for person in people.list_people(session):
            state = "disabled" if person.disabled_at else "" if person.password_hash else "invited"
            typer.echo("\t".join(filter(None, [person.email, person.role, person.name, state])))


@editor.command("disable")
def disable_editor(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
) -> None:
    """Sign somebody out everywhere and keep them out. What they wrote stays theirs.

    Example: `sojourn editor disable chidi@example.org`

    Next: an admin can let them in again, under People.
    """
    from app.desk.identity import commands as people

    with open_database(Settings.from_environment()) as ready, open_desk(ready) as session:
        person = _find_person(session, email)
        try:
            people.disable(session, person, by=None)
        except people.LastAdminError:
            raise CommandError(f"{email} is the only admin: make another one first.") from None
    typer.echo(f"{email} is disabled.")


@editor.command("remove-factor")
def remove_factor_of_editor(
    email: Annotated[str, typer.Argument(help="The address that the person signs in with.")],
) -> None:
    """Remove somebody's authenticator app and passkeys, and sign them out everywhere.

    For an admin who has lost theirs, or where the key of the installation is lost. Be sure that it
    is they who ask.

    Example: `sojourn editor remove-factor amal@example.org`

    Next: they sign in with their password; editors and admins add another one before they can go
    on.
    """
    from app.desk.identity import commands as people

    with open_database(Settings.from_environment()) as ready, open_desk(ready) as session:
        people.remove_every_factor(session, _find_person(session, email), by=None)
    typer.echo(f"{email} has no second factor any more, and is signed out everywhere.")


def _find_person(session: DeskSession, email: str) -> "Person":
    from app.desk.identity import commands as people

    person = people.find_by_email(session, email.strip().lower())
    if person is None:
        raise CommandError(
            f"Nobody at the desk has the address {email}: `sojourn editor list` lists who there is."
        )
    return person


def welcome_link(settings: Settings, token: str) -> str:
    """Return the URL of the page on which a person chooses a password."""
    from app.web.urls import url

    return (settings.public_url or local_url(settings)) + url("welcome", token=token)
