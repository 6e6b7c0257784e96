"""Roles: what a person may do at the desk."""

from app.vocabulary.code import Code


class DeskRole(Code):
    """Permission level at the desk. Each role includes the permissions of the roles before it."""

    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, other: "DeskRole") -> bool:
        ranks = list(DeskRole)
        return ranks.index(self) >= ranks.index(other)
