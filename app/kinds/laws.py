"""The form of a law: a resolution, treaty, law, decree, notice or agreement."""

from typing import Self

from pydantic import model_validator

from app.kinds.base import (
    CODE_HINT,
    ActorCode,
    Date,
    F,
    Form,
    LawCode,
    LawId,
    Line,
    Needed,
    NeededSlug,
    NeededText,
    Text,
    Url,
)
from app.kinds.layout import Beside, KindWords, Rows, Section
from app.kinds.terms import NAMES, Names
from app.vocabulary.named import LawKind


class Article(Form):
    """An article that matters here, in our own words."""

    PARTS = ("number", "says")

    number: Needed = F("Article", "Such as “paragraph 8” or “section 321”.")
    says: NeededText = F("What it says", "In our own words.")


class LawForm(Form):
    FORMER = frozenset({"expires", "replaced_by"})
    WORDS = KindWords(
        new="New law",
        change="Change law {id}",
        hint="Its symbol, title or id. Empty if not named.",
        make="Enter it as a new law",
        counted=("{count} law", "{count} laws"),
        title="Laws",
        description="Resolutions, treaties, laws, decrees, notices and agreements in the record.",
        example="unscr-2397",
        kinds="Kinds of law",
    )
    SECTIONS = (
        Section("what", "What it is", ("code kind", NAMES, "symbol issuer", "parent")),
        Section(
            "when",
            "Dates in force",
            ("adopted in_force",),
            "From the text or its issuer. Enforcement is recorded in events.",
        ),
        Section(
            "text",
            "What it says",
            (
                "text_url",
                Rows("articles", "Article", "Add an article"),
                Beside("note", ("remark",)),
            ),
            "In our own words. Only what you read in the text itself.",
        ),
    )

    id: LawId = F("Id", "Public id, given at first publication.", "")
    code: NeededSlug = F("Code", "Used in addresses; never changes.", hint=CODE_HINT)
    names: Names = F(
        "Titles", "Its short name first, then its titles. One is enough.", min_length=1
    )
    kind: LawKind = F("Kind", "What kind of text it is.")
    symbol: Line = F("Symbol", "Its symbol as cited, such as S/RES/2397 (2017).", "")
    issuer: ActorCode = F("Issued by", "Code of the actor that issued it. Empty for several.", "")
    parent: LawCode = F("Part of", "Code of the law to which it belongs.", "")
    adopted: Date = F("Adopted", "When it was adopted (EDTF).", "")
    in_force: Date = F("In force", "Day from which it applies (EDTF).", "")
    text_url: Url = F("Text", "Free address of its official text.", "", column="text_address")
    articles: list[Article] = F(
        "Articles", "The articles that matter here, in our own words.", [], column="law_articles"
    )
    remark: Text = F("Remark", "What readers should know, such as what it is not.", "")
    note: Text = F("Note", "For the desk only.", "", private=True)

    @model_validator(mode="after")
    def fits(self) -> Self:
        if self.parent == self.code:
            raise ValueError("a law can’t be under itself")
        return self
