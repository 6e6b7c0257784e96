"""Codes of actors, laws and pages.

Kinds of actors follow FollowTheMoney. Pages are the texts that editors write.
"""

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


class LawKind(Code):
    """What kind of text a law is."""

    UN_RESOLUTION = "un-resolution"
    TREATY = "treaty"
    AGREEMENT = "agreement"
    LAW = "law"
    DECREE = "decree"
    NOTICE = "notice"
    REGIME = "regime"


class LegalRelation(Code):
    """How an event relates to a law, resolution or notice."""

    BASED_ON = "based-on"
    AGAINST = "against"
    POSSIBLY_AGAINST = "possibly-against"
    SIGNS = "signs"
    RATIFIES = "ratifies"
    OTHER_SIDE_BROKE_IT = "other-side-broke-it"
    REFERS_TO = "refers-to"
    TO_BECOME = "to-become"


NO_LEGAL_BASIS = {LegalRelation.REFERS_TO, LegalRelation.TO_BECOME}
"""Relations to a law that is mentioned or planned: no event is based on it."""


class Reading(Code):
    """Whether the source states the relation to the law, or the editors infer it."""

    SOURCE = "source"
    OURS = "ours"


class PageKind(Code):
    """Where the site shows a page. Of several pages of a kind, it shows the first by id."""

    SUBJECT = "subject"
    PICTURE = "picture"
    OVERVIEW = "overview"
    ABOUT = "about"
    ANSWER = "answer"
    ROW = "row"
    TEXT = "text"


SENTENCES = (PageKind.ANSWER, PageKind.ROW)
"""Pages in place of a generated sentence: the first by id for its place."""


class PagePart(Code):
    """A part of the page about this site, in the order of the page."""

    PUBLISHER = "publisher"
    EDITORS = "editors"
    FUNDING = "funding"
    CONTACT = "contact"
    PUBLIC_KEY = "public-key"
    CONFLICTS = "conflicts"
    CORRECTIONS = "corrections"
