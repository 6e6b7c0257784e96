"""Temporary."""

import re
import sqlalchemy as sa
from alembic import op

revision = "tmp"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    c = op.get_bind()
    text = c.scalar(sa.text("SELECT pg_get_functiondef('desk.forget(text,text[])'::regprocedure)"))
    old = [
        t
        for t in "actor_name actor law_name law_article law page_mark page_place page_section page_name page place_name place_region place outlet_name outlet source_copy source_parent source event_link estimate_link estimate_law legal stage chain_step citation term joined_sources event estimate code known".split()
    ]
    for t in old:
        op.execute(f"DROP TABLE desk.{t} CASCADE")
    from app.desk.approved.models import KnownId, Record, Reference

    for m in (Record, KnownId, Reference):
        m.__table__.create(c)
    # forget
    lines = text.split("\n")
    out = []
    skip = False
    for line in lines:
        if re.search(
            r"DELETE FROM desk\.(place|outlet|actor|law|page|source|event|estimate) ", line
        ):
            continue
        if "desk.known" in line and "IF EXISTS" in line:
            out.append(
                "UPDATE desk.known SET record = NULL WHERE record = record_id AND id !~ ':'; DELETE FROM desk.record WHERE id = record_id;"
            )
            skip = True
            continue
        if skip:
            if "END IF" in line:
                skip = False
            continue
        if "cited text[]" in line:
            continue
        out.append(line)
    new = "\n".join(out)
    op.execute(sa.text(new.replace(":", "\\:")))
    op.execute("GRANT SELECT, DELETE ON desk.record TO sojourn_purger")
    op.execute("GRANT SELECT, UPDATE ON desk.known TO sojourn_purger")
    print(new)
    op.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON desk.record, desk.known, desk.reference TO sojourn_desk"
    )


def downgrade() -> None:
    pass
