"""How Alembic runs our migrations: on the connection of `app.database.migrating`, as the owner of all tables."""

from alembic import context
from sqlalchemy import text

import app.desk.audit
import app.desk.drafts.models
import app.desk.intake.models  # noqa: F401
from app.desk.models import Base as Desk
from app.record.models import Base as Record

connection = context.config.attributes["connection"]


def belongs_to_us(name: str | None, type_: str, _parents: object) -> bool:
    return type_ != "schema" or name in {"desk", "record"}


connection.execute(text("SET ROLE sojourn_owner"))
connection.execute(text("CREATE SCHEMA IF NOT EXISTS desk"))
connection.commit()
context.configure(
    connection=connection,
    target_metadata=[Desk.metadata, Record.metadata],
    version_table_schema="desk",
    include_schemas=True,
    include_name=belongs_to_us,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
connection.execute(text("RESET ROLE"))
connection.commit()
