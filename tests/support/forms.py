"""All forms, including those of rows."""

from app.kinds import FORMS, Form
from app.kinds.base import rows_of


def all_forms() -> list[type[Form]]:
    found: list[type[Form]] = []
    waiting: list[type[Form]] = list(FORMS.values())
    while waiting:
        form = waiting.pop()
        if form not in found:
            found.append(form)
            waiting += [child for field in form.model_fields.values() if (child := rows_of(field))]
    return found
