"""Roles: what a person may do at the desk."""

from app.i18n.translate import N_
from app.vocabulary.code import Code


class DeskRole(Code):
    """Permission level at the desk. Each role includes the permissions of the roles before it."""

    CONTRIBUTOR = (
        "contributor",
        N_("Contributor"),
        N_("Writes drafts and submits them for review."),
    )
    EDITOR = "editor", N_("Editor"), N_("Reviews what others wrote, and publishes it.")
    ADMIN = (
        "admin",
        N_("Admin"),
        N_("Looks after people and vocabulary, and removes what could harm somebody."),
    )

    def includes(self, other: "DeskRole") -> bool:
        ranks = list(DeskRole)
        return ranks.index(self) >= ranks.index(other)
