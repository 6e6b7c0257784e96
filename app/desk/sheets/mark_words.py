"""What the mark of a text means, in words."""

from dataclasses import replace

from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.date_words import words
from app.desk.draft_form.figure_words import figure_in_words
from app.desk.reading.marks import Mark, MarkKind
from app.desk.sheets.codes_in_force import TYPE, code_in_force
from app.desk.sheets.proposing import figure_fields
from app.desk.sheets.unknown_towns import town_of
from app.i18n.translate import _
from app.vocabulary.citations import Attribution, Certainty, Stance
from app.vocabulary.events import KIND_OF_TERM


def mark_in_words(catalogue: Catalogue, mark: Mark) -> str:
    value = mark.value
    match mark.kind:
        case MarkKind.DATE:
            return words(value)
        case MarkKind.ESTIMATE if mark.figure:
            figure = {"counts": "", "printed_words": "", **figure_fields(mark.figure)}
            figure["unit"] = figure["unit"] or "people"
            return figure_in_words(figure)[0] or mark.figure.text
        case MarkKind.PLACE | MarkKind.OUTLET | MarkKind.ACTOR | MarkKind.LAW:
            known = catalogue.directory.named_records.get(mark.kind.value, {})
            if town := town_of(mark):
                return _("{town}, not in the record").format(town=town.name)
            if ":" in value:  # a country
                return _("not in the record")
            return catalogue.label(value, mark.kind.value) if value in known else value
        case MarkKind.DATELINE:
            return mark_in_words(catalogue, replace(mark, kind=MarkKind.PLACE))
        case MarkKind.SPEAKER if kind := Attribution.by_code().get(value):
            return _(kind.label)
        case MarkKind.HEDGE if certainty := Certainty.by_code().get(value):
            return _(certainty.label)
        case MarkKind.DENIAL if stance := Stance.by_code().get(value):
            return _(stance.label)
        case MarkKind.TERM:
            list_, _colon, code = value.partition(":")
            form = None if list_ in KIND_OF_TERM else catalogue.code(list_, code)
            return form.label if form else code
        case MarkKind.ACTION:
            form = catalogue.code(TYPE, code_in_force(catalogue, TYPE, value))
            return form.label if form else value
    return value
