"""Alembic environment: runs migrations on the connection of `app.database.migrating`.

The migrations run as the owner of all tables.
"""

from typing import Any

from alembic import context
from sqlalchemy import text

import app.desk.approved.store
import app.desk.drafts.comments
import app.desk.drafts.report_settings
import app.desk.identity.audit_log
import app.desk.identity.confirmations
import app.desk.intake
import app.desk.purges  # noqa: F401
from app.desk.approved.models import DeskBase as Desk
from app.record.models import RecordBase as Record

connection = context.config.attributes["connection"]


def belongs_to_us(name: str | None, type_: str, _parents: object) -> bool:
    return type_ != "schema" or name in {"desk", "record"}


def check_deferred_constraints(*_arguments: Any, **_applied: Any) -> None:
    """Run deferred checks after each step: PostgreSQL alters no table with pending ones."""
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))


in_transaction = context.config.attributes.get("in_transaction", False)
"""Whether the caller has begun one transaction for all migrations; otherwise each has its own."""

connection.execute(text("SET ROLE sojourn_owner"))
connection.execute(text("CREATE SCHEMA IF NOT EXISTS desk"))
if not in_transaction:
    connection.commit()
advance = context.config.attributes.get("advance")
"""Reports that a migration is done, for a person who waits."""


def finish_step(*_arguments: Any, **_applied: Any) -> None:
    if in_transaction:
        check_deferred_constraints()
    if advance:
        advance(1)


context.configure(
    connection=connection,
    target_metadata=[Desk.metadata, Record.metadata],
    version_table_schema="desk",
    include_schemas=True,
    include_name=belongs_to_us,
    transaction_per_migration=True,
    on_version_apply=finish_step,
)
with context.begin_transaction():
    context.run_migrations()
if not in_transaction:
    connection.commit()
connection.execute(text("RESET ROLE"))
if not in_transaction:
    connection.commit()
