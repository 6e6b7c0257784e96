"""Codes of actors: what kind of body one is, after FollowTheMoney."""

from app.vocabulary.code import Code


class ActorKind(Code):
    """The kind of body. Officials appear under their office. Private people never appear."""

    PUBLIC_BODY = "public-body"
    COMPANY = "company"
    ORGANISATION = "organisation"
    INTERNATIONAL_BODY = "international-body"


FOLLOW_THE_MONEY: dict[ActorKind, str] = {
    ActorKind.PUBLIC_BODY: "PublicBody",
    ActorKind.COMPANY: "Company",
    ActorKind.ORGANISATION: "Organization",
    ActorKind.INTERNATIONAL_BODY: "Organization",
}
"""The schema of each kind in FollowTheMoney, which has none of its own for the last."""
