"""Codes of pages, the texts that editors write: what a page is for, and the parts of “About”."""

from app.vocabulary.code import Code


class PageKind(Code):
    """Where the site shows a page. Of several pages of a kind, it shows the first by id."""

    SUBJECT = (
        "subject",
        "Subject of the site",
        "The heading of the front page, and the sentence that says what the record is about.",
        "",
    )
    PICTURE = (
        "picture",
        "Picture on the front page",
        "The places whose state the front page shows; its picture is of the countries among them.",
        "",
    )
    OVERVIEW = (
        "overview",
        "Overview",
        "A short text on the front page. Each sentence links to events of the record.",
        "",
    )
    ABOUT = (
        "about",
        "About this site",
        "Who publishes the record, who pays for it, and how to reach the editors.",
        "",
    )
    ANSWER = (
        "answer",
        "Answer of a place",
        "What the page of a place says first, in place of the generated sentences. Each clause "
        "ends with its citation.",
        "",
    )
    ROW = (
        "row",
        "Row of the front page",
        "What the front page says of a place, in place of the generated sentences. Each clause "
        "ends with its citation.",
        "",
    )
    TEXT = "text", "Other text", "A text with an address of its own.", ""


SENTENCES = (PageKind.ANSWER, PageKind.ROW)
"""Pages in place of a generated sentence: the first by id for its place."""


class PagePart(Code):
    """A part of the page about this site, in the order of the page."""

    PUBLISHER = (
        "publisher",
        "Publisher",
        "The person or organisation that publishes the record.",
        "",
    )
    EDITORS = "editors", "Editors", "Who writes and reviews the record.", ""
    FUNDING = "funding", "Funding", "Who pays for the work, and for what.", ""
    CONTACT = "contact", "Contact", "How to reach the editors.", ""
    PUBLIC_KEY = (
        "public-key",
        "Public key",
        "The key, or its fingerprint, for encrypted messages to the editors.",
        "",
    )
    CONFLICTS = (
        "conflicts",
        "Conflicts of interest",
        "Ties of the editors and the publisher to those whom the record is about.",
        "",
    )
    CORRECTIONS = (
        "corrections",
        "Corrections policy",
        "How mistakes are reported, corrected and shown.",
        "",
    )
