"""What was done with visas and permits, and what an amount of money is.

Estimates say so only where their words name one act, or one kind of money, and no other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

PAPERS = {
    "issued": r"\m(issued|granted|given)\M",
    "valid": r"\m(valid|in force)\M",
    "refused": r"\m(refused|denied|rejected)\M",
    "revoked": r"\m(revoked|withdrawn|cancell?ed)\M",
}
MONEY = {
    "pay": r"\m(pay|paid|wages?|salar(y|ies)|earn\w*)\M",
    "fees": r"\m(fees?|charges?|commissions?)\M",
    "sent-home": r"\m(remittances?|remit\w*|sen[dt] (money )?home)\M",
    "fines": r"\m(fines?|fined|bail|penalt(y|ies)|deposits?)\M",
}
OBSERVED_PAPERS = "counts = 'papers' AND nature = 'observed'"
WORDS = "concat_ws(' ', population_text, printed_words)"


def upgrade() -> None:
    for name in ("papers_were", "money"):
        op.add_column("estimate", sa.Column(name, sa.Text()), schema="desk")
    _read_words("papers_were", PAPERS, OBSERVED_PAPERS)
    _read_words("money", MONEY, "counts = 'money'")


def _read_words(column: str, words: dict[str, str], condition: str) -> None:
    for code, pattern in words.items():
        others = "|".join(other for name, other in words.items() if name != code)
        op.execute(
            f"UPDATE desk.estimate SET {column} = '{code}' WHERE {condition} "
            f"AND {WORDS} ~* '{pattern}' AND NOT {WORDS} ~* '{others}'"
        )


def downgrade() -> None:
    for name in ("money", "papers_were"):
        op.drop_column("estimate", name, schema="desk")
