"""Rows within the sheet: speakers and days of the report, and how they are named in choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.views import FieldChoice
from app.desk.sheets.fields import FieldMaker, FieldView
from app.documents import ROW, Document, date_in_words
from app.i18n.translate import _
from app.kinds import ChainStep
from app.vocabulary.citations import Attribution
from app.vocabulary.events import TermKey


@dataclass(frozen=True)
class InnerRowView:
    """A term or link of a row, or a speaker or day of the report."""

    path: str
    key: str
    title: str
    fields: Sequence[FieldView]
    letter: str = ""


def term_in_words(catalogue: Catalogue, term: Mapping[str, str]) -> str:
    """Return the label of a term's code."""
    key, code = term["key"], term["code"]
    if key in {TermKey.PLACE, TermKey.ACTOR}:
        known = catalogue.directory.named_records[key]
        return catalogue.label(code, key) if code in known else code
    form = catalogue.code(key, code)
    return form.label if form else code


def speaker_in_words(speaker: Document) -> str:
    kind = Attribution.by_code().get(speaker["attribution"])
    return speaker["words"] or (_(kind.label) if kind else _("Not filled in yet"))


def speaker_choices(document: Document) -> list[FieldChoice]:
    return [
        FieldChoice("", _("O Outlet’s own report")),
        *(
            FieldChoice(each["letter"], f"{each['letter']} {speaker_in_words(each)}")
            for each in document["speakers"]
            if each["letter"]
        ),
    ]


def day_choices(document: Document) -> list[FieldChoice]:
    return [
        FieldChoice("", _("Day of publication")),
        *(
            FieldChoice(
                each["letter"],
                f"{each['letter']} {date_in_words(each['said']) or each['said_text']}",
            )
            for each in document["days"]
            if each["letter"]
        ),
    ]


def shared_speakers(make: FieldMaker, document: Document) -> list[InnerRowView]:
    rows = []
    for each in document["speakers"]:
        path = f"speakers.{each[ROW]}"
        blank = {"named": "", "attribution": ""}
        fields = [
            make.code(
                f"{path}.attribution",
                _("Who"),
                each["attribution"],
                ChainStep,
                "attribution",
                row=blank,
            ),
            make.text(f"{path}.words", _("Who, in words"), each["words"]),
            make.code(f"{path}.named", _("Named"), each["named"], ChainStep, "named", row=blank),
            make.name(
                f"{path}.outlet",
                _("Outlet"),
                each["outlet"],
                "outlet",
                hint=_("Only if the speaker is an outlet."),
            ),
            make.name(
                f"{path}.through",
                _("Passed on by"),
                each["through"],
                "outlet",
                hint=_("The outlet from which this report has it: “…, Daily NK reported”."),
            ),
            make.text(
                f"{path}.speakers_text",
                _("Speakers"),
                each["speakers_text"],
                hint=_("How many people say it, in words: two, several, dozens of."),
            ),
            make.text(
                f"{path}.occasion",
                _("Occasion"),
                each["occasion"],
                hint=_("Such as a press conference."),
            ),
        ]
        rows.append(InnerRowView(path, each[ROW], "", fields, each["letter"]))
    return rows


def shared_days(make: FieldMaker, document: Document) -> list[InnerRowView]:
    rows = []
    for each in document["days"]:
        path = f"days.{each[ROW]}"
        fields = [
            make.date(f"{path}.said", _("Said"), each["said"]),
            make.text(f"{path}.said_text", _("Said, in words"), each["said_text"]),
        ]
        rows.append(InnerRowView(path, each[ROW], "", fields, each["letter"]))
    return rows
