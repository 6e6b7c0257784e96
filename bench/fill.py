"""Fill an empty database with a made-up record, to try the site at any size.

SOJOURN_DATA_DIR=/tmp/made-up python -m bench.fill 100000
SOJOURN_DATA_DIR=/tmp/made-up sojourn serve
"""

import argparse

from sqlalchemy import text

from app.cli.connections import open_database, open_desk
from app.database.engines import migration_engine
from app.settings import Settings
from bench.made_up import publish_made_up_record


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bench.fill", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("events", type=int, help="how many events to make")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds make equal records")
    asked = parser.parse_args()
    with open_database(Settings.from_environment()) as ready:
        with open_desk(ready) as session:
            publish_made_up_record(session, asked.events, asked.seed)
        # A worker learns from statistics which words are common, and asks only at its start.
        with migration_engine(ready).begin() as connection:
            connection.execute(text("ANALYZE"))


if __name__ == "__main__":
    main()
