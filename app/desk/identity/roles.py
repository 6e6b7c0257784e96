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
    EDITOR = "editor", N_("Editor"), N_("Reviews and publishes what others wrote.")
    ADMIN = (
        "admin",
        N_("Admin"),
        N_("Manages people and vocabulary, and removes harmful content."),
    )

    def includes(self, other: "DeskRole") -> bool:
        ranks = list(DeskRole)
        return ranks.index(self) >= ranks.index(other)
