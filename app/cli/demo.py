"""`sojourn demo`: fills an empty database with a made-up record."""

from typing import Annotated

import typer

from app.cli.connections import count_editions, open_database, open_desk
from app.errors import CommandError
from app.settings import Settings

commands = typer.Typer()


@commands.command()
def demo(
    events: Annotated[int, typer.Option(min=1, help="How many events to make.")] = 1000,
    seed: Annotated[
        int, typer.Option(help="Random seed. The same seed makes the same record.")
    ] = 1,
    workers: Annotated[
        int, typer.Option(help="Number of processes. Use one for each core.", min=1)
    ] = 1,
) -> None:
    """Fill an empty database with a made-up record, to try the site at any size.

    All of the record is invented. Use a separate database or data folder. A hundred thousand events
    take some minutes.

    Example: `SOJOURN_DATA_DIR=/tmp/demo sojourn demo --events 100000`

    Next: `SOJOURN_DATA_DIR=/tmp/demo sojourn serve`
    """
    from app.demo import publish_demo_record

    with open_database(Settings.from_environment()) as ready, open_desk(ready) as session:
        if count_editions(session):
            raise CommandError(
                "This database already has a record: set SOJOURN_DATA_DIR or DATABASE_URL to "
                "an empty one."
            )
        publish_demo_record(session, events, seed, workers)
    typer.echo(f"Made {events} events.")
