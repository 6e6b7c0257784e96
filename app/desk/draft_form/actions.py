"""Actions of a draft page's buttons, each a short line such as `add citations`.

The line is submitted with the form, so buttons need no scripts. An unknown line, for example from
an outdated page, leaves the document unchanged.
"""

from collections.abc import Callable
from copy import deepcopy

from app.desk.approved.draft_models import Draft
from app.documents import (
    Document,
    blank_row,
    form_at,
    row_at,
    rows_at,
    set_text,
)
from app.kinds import Form
from app.kinds.layout import first_field, rows_in
from app.vocabulary.kinds import RecordKind

NewRow = Callable[[type[Form]], Document]


def run_action(
    form: type[Form], document: Document, line: str, new_row: NewRow = blank_row
) -> tuple[Document, str]:
    """Return the changed document and the path of the box to focus; "" for none."""
    try:
        return _act(form, deepcopy(document), line, new_row)
    except LookupError:
        return document, ""


def _act(form: type[Form], document: Document, line: str, new_row: NewRow) -> tuple[Document, str]:
    match line.split(" ", 2):
        case ["set", path, text]:
            set_text(document, path, text)
            return document, path
        case ["add", path, *code]:
            rows = rows_at(document, path)
            child = form_at(form, path)
            rows.append({**new_row(child), **_texts_of_button(form, path, "".join(code))})
            return document, _first_box(child, rows[-1], f"{path}.{len(rows) - 1}")
        case ["remove", path]:
            rows, index = row_at(document, path)
            del rows[index]
            at = path.rpartition(".")[0]
            index = min(index, len(rows) - 1)
            return document, _first_box(
                form_at(form, at), rows[index], f"{at}.{index}"
            ) if rows else ""
        case ["swap", path, other]:
            rows, index = row_at(document, path)
            others, other_index = row_at(document, other)
            if rows is not others:
                raise LookupError(other)
            rows[index], rows[other_index] = rows[other_index], rows[index]
            return document, _first_box(
                form_at(form, other.rpartition(".")[0]), rows[other_index], other
            )
    return document, ""


def _texts_of_button(form: type[Form], path: str, code: str) -> dict[str, str]:
    """Return the values of a row that a button adds.

    Only lists of the record itself have several buttons.
    """
    return {
        name: text
        for section in form.SECTIONS
        for part in rows_in(section.parts)
        if part.name == path
        for adding in part.buttons
        if adding.code == code
        for name, text in adding.texts.items()
    }


def _first_box(form: type[Form], row: Document, path: str) -> str:
    return f"{path}.{first_field(form.parts_of(row))}"


def article_of(draft: Draft) -> str:
    """Return the source that a draft is written from, or is."""
    return draft.record if draft.kind == RecordKind.SOURCE else draft.article or ""
