"""Citations in a source's own words, of a named law, or put as a standpoint; speakers of one voice.

A citation about the law names it where the editors said that the relation is the source's reading.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

NAMES_THE_LAW = """
UPDATE desk.citation SET names_law = true
WHERE kind = 'legal' AND stance = 'supports' AND EXISTS (
    SELECT FROM desk.legal WHERE legal.event = citation.event AND legal.reading = 'source'
)
"""


def upgrade() -> None:
    for name in ("own_words", "names_law"):
        flag: sa.Column[bool] = sa.Column(
            name, sa.Boolean(), nullable=False, server_default=sa.false()
        )
        op.add_column("citation", flag, schema="desk")
        op.alter_column("citation", name, server_default=None, schema="desk")
    op.add_column("citation", sa.Column("manner", sa.Text(), nullable=True), schema="desk")
    op.execute(NAMES_THE_LAW)
    _check_decisions("how in ('joined', 'split', 'one-voice')", "(how <> 'split')")


def downgrade() -> None:
    op.execute("UPDATE desk.joined_sources SET how = 'joined' WHERE how = 'one-voice'")
    _check_decisions("how in ('joined', 'split')", "(how = 'joined')")
    for name in ("manner", "names_law", "own_words"):
        op.drop_column("citation", name, schema="desk")


def _check_decisions(how: str, is_of_two: str) -> None:
    for name, condition in (
        ("how", how),
        ("two_are_joined", f"{is_of_two} = (other is not null)"),
    ):
        full_name = op.f(f"ck_joined_sources_{name}")
        op.drop_constraint(full_name, "joined_sources", schema="desk", type_="check")
        op.create_check_constraint(full_name, "joined_sources", condition, schema="desk")
