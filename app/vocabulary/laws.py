"""Codes of laws: how an event relates to a law, resolution or notice, and whose reading that is."""

from app.vocabulary.code import Code


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


NO_LEGAL_BASIS = frozenset({LegalRelation.REFERS_TO, LegalRelation.TO_BECOME})
"""Relations to a law that is mentioned or planned: no event is based on it."""


class Reading(Code):
    """Whether the source states the relation to the law, or the editors infer it."""

    SOURCE = "source"
    OURS = "ours"
