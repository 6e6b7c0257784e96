"""The fields of a row's terms and links."""

from dataclasses import dataclass

from app.desk.draft_form.views import FieldChoice
from app.desk.sheets.fields import FieldMaker, FieldView
from app.desk.sheets.form import RowRelation, StatementKind
from app.desk.sheets.inner_fields import InnerRowView, day_choices, speaker_choices
from app.desk.sheets.text_view import numbered_rows
from app.documents import ROW, Document
from app.i18n.translate import _
from app.kinds import Citation, Term
from app.kinds.terms import TERM_TITLES
from app.vocabulary.code import Code
from app.vocabulary.estimates import EstimateLink
from app.vocabulary.events import JUDGEMENTS, EventLink, TermKey
from app.vocabulary.kinds import CITING_KINDS

MAX_TITLE_CHARACTERS = 60


@dataclass
class LinkFields:
    """Makes the fields of the terms and links of one row."""

    make: FieldMaker
    document: Document
    row: Document

    @property
    def key(self) -> str:
        key: str = self.row[ROW]
        return key

    def term(self, term: Document) -> InnerRowView:
        path = f"rows.{self.key}.terms.{term[ROW]}"
        title = _(TERM_TITLES[term["key"]])
        if term["key"] == TermKey.ACTOR:
            code = self.make.name(f"{path}.code", title, term["code"], "actor")
        elif term["key"] == TermKey.PLACE:
            code = self.make.name(f"{path}.code", title, term["code"], "place")
        else:
            code = self.make.code(f"{path}.code", title, term["code"], Term, "code", row=term)
        role = self.make.code(f"{path}.role", _("Role"), term["role"], Term, "role", row=term)
        printed = self.make.text(f"{path}.printed", _("Wording in the source"), term["printed"])
        return InnerRowView(path, term[ROW], title, [code, role, printed])

    def link(self, link: Document) -> InnerRowView:
        path = f"rows.{self.key}.links.{link[ROW]}"
        make = self.make
        if link["relation"] == RowRelation.ALSO_SAID_BY:
            fields = [
                make.choice(
                    f"{path}.speaker",
                    _("Speaker"),
                    link["speaker"],
                    speaker_choices(self.document),
                ),
                make.choice(f"{path}.day", _("Day said"), link["day"], day_choices(self.document)),
                make.code(
                    f"{path}.stance",
                    _("Stance"),
                    link["stance"],
                    Citation,
                    "stance",
                    empty=_("As the row"),
                ),
                make.code(
                    f"{path}.certainty",
                    _("Certainty"),
                    link["certainty"],
                    Citation,
                    "certainty",
                    empty=_("As the row"),
                ),
                make.text(
                    f"{path}.statement",
                    _("What it says"),
                    link["statement"],
                    kind="long",
                    hint=_("Empty: the statement of the row."),
                ),
            ]
            return InnerRowView(path, link[ROW], _("Also said by"), fields)
        fields = [
            make.choice(f"{path}.relation", _("Relation"), link["relation"], self._relations()),
            self._to(f"{path}.to", link["to"]),
        ]
        if link["reason"] or link["relation"] in JUDGEMENTS:
            fields.append(make.text(f"{path}.reason", _("Why"), link["reason"], kind="long"))
        return InnerRowView(path, link[ROW], _("Link"), fields)

    def _to(self, path: str, to: str) -> FieldView:
        """Return the field of the other row, by its number, or of a record of the same kind."""
        is_estimate = self.row["kind"] == StatementKind.ESTIMATE
        hint = _("The number of a row, such as 3, or an id, such as {id}.").format(
            id="M7" if is_estimate else "E5"
        )
        title, numbers = _("To"), numbered_rows(self.document)
        if to in numbers:
            return self.make.row_number(path, title, str(numbers[to]), hint=hint)
        is_gone = any(row[ROW] == to for row in self.document["rows"])
        return self.make.name(
            path, title, "" if is_gone else to, "estimate" if is_estimate else "event", hint=hint
        )

    def event(self) -> FieldView:
        """Return the field in which an estimate names its event."""
        to = [each["to"] for each in self.row["links"] if each["relation"] == RowRelation.OF_EVENT]
        chosen = to[0] if to else ""
        events = {
            row[ROW]
            for row in self.document["rows"]
            if row["kind"] == StatementKind.EVENT or row[ROW] == chosen
        }
        choices = [each for each in self._targets(chosen) if each.code in {*events, chosen}]
        none = FieldChoice("", _("No event of this report"))
        return self.make.choice(
            f"rows.{self.key}.event",
            _("Estimate of"),
            chosen,
            [none, *(each for each in choices if each.code)],
        )

    def _relations(self) -> list[FieldChoice]:
        codes: list[Code] = {
            StatementKind.EVENT: [*EventLink],
            StatementKind.ESTIMATE: [*EstimateLink],
            StatementKind.CITATION: [],
        }[self.row["kind"]]
        return [
            FieldChoice("", _("Choose one")),
            *(FieldChoice(code.value, _(code.label)) for code in codes),
        ]

    def _targets(self, chosen: str) -> list[FieldChoice]:
        numbers = numbered_rows(self.document)
        titles = {row[ROW]: row["title"] or row["statement"] for row in self.document["rows"]}
        rows = [
            FieldChoice(key, _row_in_words(number, titles[key]))
            for key, number in numbers.items()
            if key != self.key
        ]
        is_record = chosen[:1] in CITING_KINDS
        label = self.make.catalogue.label(chosen) if is_record else ""
        return [
            FieldChoice("", _("Choose a row")),
            *rows,
            *([FieldChoice(chosen, f"{chosen} {label}")] if is_record else []),
        ]


def _row_in_words(number: int, title: str) -> str:
    if not title:
        return _("Row {number}").format(number=number)
    return _("Row {number}: {title}").format(number=number, title=title[:MAX_TITLE_CHARACTERS])
