"""Codes of laws: how an event relates to a law, resolution or notice, and whose reading that is."""

from app.vocabulary.code import Code


class LawKind(Code):
    """What kind of text a law is."""

    UN_RESOLUTION = (
        "un-resolution",
        "UN resolution",
        "A resolution of the UN Security Council or another body of the UN.",
        "",
    )
    TREATY = "treaty", "Treaty", "A treaty between states, usually ratified.", ""
    AGREEMENT = "agreement", "Agreement", "A memorandum or protocol between states.", ""
    LAW = "law", "Law", "An act of a parliament.", ""
    DECREE = "decree", "Decree", "A decree, order or regulation of a government or its head.", ""
    NOTICE = "notice", "Notice", "A notice, circular or instruction of an authority.", ""
    REGIME = (
        "regime",
        "Sanctions programme",
        "Several resolutions or laws together, where the source names no single one.",
        "UN sanctions",
    )


class LegalRelation(Code):
    """How an event relates to a law, resolution or notice."""

    BASED_ON = "based-on", "Based on", "The event carries out the law.", ""
    AGAINST = "against", "Against", "The event breaks the law.", ""
    POSSIBLY_AGAINST = "possibly-against", "Possibly against", "The event may break the law.", ""
    SIGNS = (
        "signs",
        "Signs or adopts",
        "The law is signed or adopted.",
        "Two ministers sign a memorandum.",
    )
    RATIFIES = "ratifies", "Ratifies", "A state approves the law.", "A parliament approves it."
    OTHER_SIDE_BROKE_IT = (
        "other-side-broke-it",
        "Refers to the other side’s breach",
        "The event is justified by a breach of the law by the other side.",
        "A country stops sending workers because the host country recruits through another "
        "channel.",
    )
    REFERS_TO = (
        "refers-to",
        "Refers to",
        "The event only mentions the law. The law is not its legal basis.",
        "A ministry recalls the date that a resolution sets for the return of workers.",
    )
    TO_BECOME = (
        "to-become",
        "Planned law",
        "The event is a plan or bill for a law that does not exist yet. The law is not its "
        "legal basis.",
        "A minister announces a bill on limits for students.",
    )


NO_LEGAL_BASIS = frozenset({LegalRelation.REFERS_TO, LegalRelation.TO_BECOME})
"""Relations to a law that is mentioned or planned: no event is based on it."""


class Reading(Code):
    """Whether the source states the relation to the law, or the editors infer it."""

    SOURCE = "source", "Stated by the source", "The source states the relation.", ""
    OURS = (
        "ours",
        "Editors’ reading",
        "The editors infer the relation; the source does not state it.",
        "",
    )
