"""Types of event for applications, requests and demands; groups of men and of minors.

Only for installations that have codes: a new one imports them with its first edition.
"""

import csv

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

COLUMNS = ("list", "code", "label", "definition", "example", "group", "nature")
CODES = """\
type,applications-stop,Applications not taken,"The host state takes no applications for visas or permits, or does not deal with them; whether they are given is another type.",A province takes no applications for an assessment.,host-state,measure
type,requests-stop,Requests not taken,"The home state takes no requests for its workers, or does not deal with them; no ban on going abroad is reported.",An embassy handles no new requests of employers.,home-state,measure
type,demand,Demand or objection,"An organisation, firm or expert demands something of a state or objects to a measure; no state speaks.",A council for refugees objects to a register.,seen,statement
group,men-workers,Men workers,"Men, where the report speaks of men.",Men at building sites,workers,
group,minors,Minors,"People under 18, or whom the report calls children or minors, workers or not.",Unaccompanied minors,,
"""  # noqa: E501
INSERT = sa.text(
    """
    INSERT INTO desk.code (id, list, code, label, definition, example, "group", nature, is_law, why)
    SELECT :id, :list, :code, :label, :definition, :example, nullif(:group, ''),
        nullif(:nature, ''), false, 'reindexed'
    WHERE EXISTS (SELECT FROM desk.code WHERE list = 'type')
    ON CONFLICT DO NOTHING
    """
)


def upgrade() -> None:
    # They are pending: `sojourn publish --again` makes them part of its recalculation.
    for values in csv.reader(CODES.splitlines()):
        code = dict(zip(COLUMNS, values, strict=False))
        id = f"{code['list']}:{code['code']}"
        op.execute(INSERT.bindparams(**{**code, "id": id}))


def downgrade() -> None:
    """Keep the codes: drafts may use them by now."""
