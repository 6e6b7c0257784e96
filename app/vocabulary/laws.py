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
    TREATY = "treaty", "Treaty", "A treaty between states, as a rule ratified.", ""
    AGREEMENT = "agreement", "Agreement", "A memorandum or protocol between states.", ""
    LAW = "law", "Law", "An act of a parliament.", ""
    DECREE = "decree", "Decree", "A decree, order or regulation of a government or its head.", ""
    NOTICE = "notice", "Notice", "A notice, circular or instruction of an authority.", ""
    REGIME = (
        "regime",
        "Sanctions programme",
        "Several resolutions or laws together, the single one not named.",
        "UN sanctions",
    )


class LegalRelation(Code):
    """How an event or a figure relates to a law, resolution or notice."""

    BASED_ON = "based-on", "Based on", "Is said to carry it out.", ""
    AGAINST = "against", "Against", "Is said to break it.", ""
    POSSIBLY_AGAINST = "possibly-against", "Possibly against", "May break it.", ""
    SIGNS = (
        "signs",
        "Signs or adopts",
        "Is its signing or adoption.",
        "Two ministers sign a memorandum.",
    )
    RATIFIES = "ratifies", "Ratifies", "Is its approval by a state.", "A parliament approves it."
    OTHER_SIDE_BROKE_IT = (
        "other-side-broke-it",
        "Refers to the other side’s breach",
        "Gives as its reason that the other side breaks it.",
        "Sending is halted because the host state recruits by another channel.",
    )
    REFERS_TO = (
        "refers-to",
        "Refers to",
        "Mentions it; nothing says that it is based on it or breaks it. No legal basis.",
        "A ministry recalls the date that a resolution sets for the return of workers.",
    )
    TO_BECOME = (
        "to-become",
        "Is to become",
        "Is the plan or bill of it; the law is not there yet. No legal basis.",
        "A minister announces a bill on limits for students.",
    )
    COUNTED_UNDER = (
        "counted-under",
        "Counted under",
        "Of a figure: its number is one of what that law lays down.",
        "74 permits revoked under an act of 2004.",
    )


NO_LEGAL_BASIS = frozenset({LegalRelation.REFERS_TO, LegalRelation.TO_BECOME})
"""Relations to a law that is mentioned or planned: no event is based on it."""


class Reading(Code):
    """Whose reading it is."""

    SOURCE = "source", "The source's", "The source says so.", ""
    OURS = "ours", "Ours", "An editor's reading; the source does not say so.", ""
