"""Rejects weak passwords in a form."""

from typing import TypeVar

from app.desk.identity import passwords
from app.desk.ui.html_forms import FilledForm
from app.i18n.translate import _
from app.kinds.base import Form

F = TypeVar("F", bound=Form)


def check_password_strength(
    filled: FilledForm[F], password: str, *known_words: str
) -> FilledForm[F]:
    """Return the form, with an error at the new password if it is easy to guess."""
    if not passwords.is_easy_to_guess(password, known_words):
        return filled
    return filled.but(
        "password",
        _("This password is easy to guess. Add more unrelated words; known phrases don't count."),
    )
