"""Drafts of actors and laws, which the check on a draft's kind refused."""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

LETTERS = "'P', 'O', 'S', 'E', 'M'"


def upgrade() -> None:
    _allow_letters(f"'A', {LETTERS}, 'N'")


def downgrade() -> None:
    """Refuse new drafts of them only: those that were begun stay, unchecked."""
    _allow_letters(LETTERS, are_checked=False)


def _allow_letters(letters: str, *, are_checked: bool = True) -> None:
    name = op.f("ck_draft_kind")
    op.drop_constraint(name, "draft", schema="desk")
    op.create_check_constraint(
        name,
        "draft",
        f"kind in ({letters})",
        schema="desk",
        postgresql_not_valid=not are_checked,
    )
