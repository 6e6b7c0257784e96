"""The form of a page: a text of the site that editors write, with links to records."""

import re
from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from app.kinds.base import (
    NOTE,
    PUBLIC_ID,
    EventId,
    F,
    Form,
    Holds,
    Language,
    Line,
    Needed,
    NeededSlug,
    NeededText,
    PageId,
    RefersTo,
    Text,
)
from app.kinds.layout import Beside, KindWords, Rows, Section
from app.kinds.terms import NAMES, Names
from app.vocabulary.kinds import LISTED_KINDS, RecordKind
from app.vocabulary.named import SENTENCES, PageKind, PagePart

LINK = re.compile(r"\[([^\[\]\n]+)\]\(([^()\n]*)\)")
"""A link in a text: the linked words in square brackets, then the id of a record in round ones."""
LINKED_ID = re.compile(rf"[{''.join(LISTED_KINDS)}][1-9][0-9]{{0,8}}", re.ASCII)
CITATION = re.compile(r"\[(C[1-9][0-9]{0,8})\]", re.ASCII)
"""A citation in an editor's sentence: its id in square brackets, such as [C156]."""
CLAUSE_END = re.compile(r"(?<=[.;!?])\s+|(?<=[。；！？])")
CITED_CLAUSE = re.compile(rf"(?:[^\[\]\w]*+\w[^\[\]]*+(?:{CITATION.pattern})+)+[.;!?。；！？]?")
MAX_LABEL_CHARACTERS = 38
MAX_ROW_WORDS = 45
"""Words of a row of the front page, without its state and citations."""
MAX_PLACES = 6


def linked_ids(text: str) -> list[str]:
    """Return the ids of the records that a text links to, each once."""
    return list(dict.fromkeys(id for _words, id in LINK.findall(text)))


def check_sentence(text: str) -> None:
    """Refuse an editor's sentence with a clause that no citation ends, or several paragraphs."""
    if not text or "\n" in text:
        raise ValueError("write the sentence as one paragraph")
    for clause in CLAUSE_END.split(text):
        if clause and not CITED_CLAUSE.fullmatch(clause):
            raise ValueError(
                f"“{clause}” does not end with a citation: write its id in brackets before the "
                "full stop, such as [C156], and no other brackets"
            )


def _check_links(text: str) -> str:
    wrong = [id for id in linked_ids(text) if not LINKED_ID.fullmatch(id)]
    if wrong:
        raise ValueError(
            f"“{wrong[0]}” is no id of an event, estimate or source: write a link as [words](E5)"
        )
    return text


LinkedText = Annotated[Text, AfterValidator(_check_links), Holds.LINKS]
"""Paragraphs with blank lines between them, and links such as [words](E5)."""
NeededLinkedText = Annotated[NeededText, AfterValidator(_check_links), Holds.LINKS]


class PageSection(Form):
    """One part of the page about this site."""

    PARTS = ("part", "says")

    part: PagePart = F("Part", "What the text is about.")
    says: NeededLinkedText = F(
        "Text", "Paragraphs with blank lines between them; links as [words](E5)."
    )


class PictureMark(Form):
    """An event that the picture on the front page shows, under a short label."""

    PARTS = ("event", "label group")

    event: Annotated[EventId, StringConstraints(min_length=1)] = F(
        "Event", "Id of a published event.", hint="Its id, or words from its title."
    )
    label: Annotated[Needed, StringConstraints(max_length=MAX_LABEL_CHARACTERS)] = F(
        "Label", "Up to 38 characters."
    )
    group: Line = F("Group", "Heading over it, such as who ordered it; empty as above.", "")


class PageForm(Form):
    FORMER = frozenset({"responsible"})
    WORDS = KindWords(
        new="New page",
        change="Change page {id}",
        hint="Its title, code or id.",
        counted=("{count} page", "{count} pages"),
        title="Pages",
        description="Texts of the site that editors write: the overview, and who publishes the "
        "record.",
        example="about",
    )
    SECTIONS = (
        Section("what", "What it is", ("code kind", NAMES)),
        Section(
            "text",
            "The text",
            (
                Beside("note", ("body",)),
                "language",
                Rows("sections", "Part", "Add a part"),
            ),
            "Link to events, estimates and sources as [words](E5). Write only what the record "
            "shows.",
        ),
        Section(
            "picture",
            "The picture on the front page, and places",
            (Rows("marks", "Mark", "Add an event"), "places"),
        ),
    )

    id: PageId = PUBLIC_ID
    code: NeededSlug = F("Code", "Used in its address; never changes.")
    kind: PageKind = F("Kind", "Where the site shows the page.")
    names: Names = F("Titles", "Its title.", min_length=1)
    language: Language = F("Language", "Language of the text.", "")
    body: LinkedText = F(
        "Text", "Paragraphs with blank lines between them; links as [words](E5).", ""
    )
    sections: list[PageSection] = F(
        "Parts", "The parts of the page about this site.", [], column="page_sections"
    )
    marks: list[PictureMark] = F(
        "Marks", "The events that the picture shows, in this order.", [], column="page_marks"
    )
    places: Annotated[list[NeededSlug], RefersTo(RecordKind.PLACE)] = F(
        "Places",
        "Up to 6 codes of places whose state the front page shows; of an editor’s "
        "sentence, its place.",
        [],
        max_length=MAX_PLACES,
        hint="Codes of up to six places, separated by commas; one for an editor’s sentence.",
    )
    note: Text = NOTE

    @model_validator(mode="after")
    def fits(self) -> Self:
        parts = [section.part for section in self.sections]
        if len(set(parts)) < len(parts):
            raise ValueError("a page can’t have a part twice: join the two texts")
        events = [mark.event for mark in self.marks]
        if len(set(events)) < len(events):
            raise ValueError("the picture can’t show an event twice: remove one of its marks")
        if self.kind in SENTENCES:
            check_sentence(self.body)
            if len(self.places) != 1:
                raise ValueError("name the one place that the sentence is about, under “Places”")
        if self.kind is PageKind.ROW and len(CITATION.sub("", self.body).split()) > MAX_ROW_WORDS:
            raise ValueError(f"a row of the front page has at most {MAX_ROW_WORDS} words")
        return self

    @property
    def cited(self) -> list[str]:
        """The ids of the citations of an editor's sentence, each once."""
        found = CITATION.findall(self.body) if self.kind in SENTENCES else ()
        return list(dict.fromkeys(found))

    @property
    def linked(self) -> Iterator[str]:
        """The ids of the records that its texts link to and its marks show."""
        for text in (self.body, *(section.says for section in self.sections)):
            yield from linked_ids(text)
        yield from (mark.event for mark in self.marks)
