"""Codes for rights that people lose, and types of event that reports needed.

Only for installations that have codes: a new one imports them with its first edition.
"""

import csv

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

COLUMNS = ("list", "code", "label", "definition", "example", "group", "nature", "is_law")
CODES = """\
type,crackdown,Check or raid,The host state checks or raids workplaces or housing for people who work or stay without papers.,Police search farms for workers without passes.,host-state,act,,
type,warning,Warning,"The host state warns workers, employers or recruiters of a rule, a risk or a penalty, without a new rule; for the home state, see its statement.",A ministry warns offices against recruiting from one country.,host-state,statement,,
type,home-statement,Statement by the home state,"A home state says what it will do, has done or denies.",A ministry says that registered workers may still leave.,home-state,statement,,
type,selection-suspended,Selection suspended,"The home state stops selecting, registering or testing people for work abroad; the type does not say that a rule is suspended.",Ten districts may not take part in a language test.,home-state,measure,,
type,agency-licence,Licence of an agency,"The licence of a recruitment agency is suspended, withdrawn or refused.",Three agencies lose their licences.,home-state,measure,,
type,place-list,List of places,The home state names the places whose people a rule covers or leaves out.,Forty districts are listed.,home-state,measure,,
type,state-agreement,Agreement between states,"States agree on sending, hiring or returning workers: a treaty, memorandum or protocol.",Two states sign a memorandum on domestic workers.,international,measure,yes,
type,rules-review,Rules under review,"An authority says that it studies or drafts rules, and nothing is decided; headed by no side, since either may.",A ministry studies its rules on recruiting.,seen,statement,,
type,outside-channel,Recruiting outside a channel,Workers are recruited or sent by a way that an agreement or rule does not provide for.,Maids are hired through a website instead of the agreed system.,seen,act,,
right,driving,Driving,"Driving, a licence or the registration of a vehicle.",People in a register may not drive.,,,,
right,banking,Banking,"Opening or using accounts, cards or loans.",Their accounts are closed.,,,,
right,money-transfer,Sending money home,Sending money abroad.,Transfers are capped.,banking,,,
right,schooling,Schooling,Sending children to school or kindergarten.,Children are not enrolled.,,,,
right,health-care,Health care,Treatment or health insurance other than in an emergency.,A clinic may not treat them.,,,,
right,marriage,Marriage,Marrying or registering a marriage.,Registry offices refuse them.,,,,
right,family,Living with family,"Bringing, joining or living with family members.",Spouses may not follow.,,,,
right,property,Property,"Buying, selling or registering land, housing or other property.",They may not buy a flat.,,,,
right,own-business,Own business,Founding or running a firm or working on one’s own account.,They may not register as traders.,,,,
right,trade-work,Work in a trade,Work in a named trade or job; the trade itself is a sector.,They may not deliver food.,,,,
right,changing-employer,Changing employer,Taking a job with another employer.,A permit holds for one firm only.,,,,
right,benefits,Benefits,"Pensions, allowances or other payments by the state.",Child benefit is stopped.,,,,
right,moving-house,Moving house,Choosing or changing where one lives.,They may not change their address.,,,,
right,travel,Travel within the country,Leaving a region or place without leave.,They may not leave the region.,,,,
right,phone-internet,Phone or internet,"A SIM card, a phone or access to the internet.",SIM cards are blocked.,,,,
right,public-services,Public services,"Applications, certificates or other services of offices.",Offices take no applications from them.,,,,
right,religion,Religion,Worship or religious teaching.,They may not preach.,,,,
right,association,Meeting and joining,"Meeting, joining a union or taking part in a protest.",They may not join a union.,,,,
"""  # noqa: E501
INSERT = sa.text(
    """
    INSERT INTO desk.code (id, list, code, label, definition, example, "group", nature, is_law, why)
    SELECT :id, :list, :code, :label, :definition, nullif(:example, ''), nullif(:group, ''),
        nullif(:nature, ''), :is_law, 'reindexed'
    WHERE EXISTS (SELECT FROM desk.code WHERE list = 'type')
    ON CONFLICT DO NOTHING
    """
)


def upgrade() -> None:
    # They are pending: `sojourn publish --again` makes them part of its recalculation.
    for values in csv.reader(CODES.splitlines()):
        code = dict(zip(COLUMNS, values, strict=False))
        id = f"{code['list']}:{code['code']}"
        op.execute(INSERT.bindparams(**{**code, "id": id, "is_law": code["is_law"] == "yes"}))


def downgrade() -> None:
    """Keep the codes: drafts may use them by now."""
