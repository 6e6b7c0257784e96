"""Codes of pages, the texts that editors write: what a page is for, and the parts of “About”."""

from app.vocabulary.code import Code


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
