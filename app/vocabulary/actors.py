"""Codes of actors: what kind of body one is, after FollowTheMoney."""

from app.vocabulary.code import Code


class ActorKind(Code):
    """The kind of body. Officials appear under their office. Private people never appear."""

    PUBLIC_BODY = (
        "public-body",
        "Public body",
        "A government, ministry, authority, embassy or office of a state.",
        "The Ministry of Commerce of China",
    )
    COMPANY = "company", "Company", "A firm, including state-owned firms.", ""
    ORGANISATION = (
        "organisation",
        "Organisation",
        "An association, union, party or other body that is not a firm.",
        "FIFA",
    )
    INTERNATIONAL_BODY = (
        "international-body",
        "International body",
        "The UN, another body of states, or a part of one.",
        "The UN Security Council",
    )


FOLLOW_THE_MONEY: dict[ActorKind, str] = {
    ActorKind.PUBLIC_BODY: "PublicBody",
    ActorKind.COMPANY: "Company",
    ActorKind.ORGANISATION: "Organization",
    ActorKind.INTERNATIONAL_BODY: "Organization",
}
"""The schema of each kind in FollowTheMoney, which has none of its own for the last."""
