"""Columns read fields that the forms have."""

from typing import Any

import pytest

from app.forms import FORMS, KIND, is_private
from app.record.derivation.rows import derive_row
from app.record.sql.rows import FileRow
from app.site.export.list_columns import COLUMNS, as_json
from tests.make import a_context, a_small_world, make_estimate, make_event


class ReadFields(dict[str, Any]):
    """A stored form that records the names of the fields that are read."""

    def __init__(self, form: dict[str, Any]) -> None:
        super().__init__(form)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_read_only_public_fields_of_the_form(kind: str) -> None:
    world = [*a_small_world(), make_event(), make_estimate()]
    form = next(form for form in world if KIND[type(form)] == kind)
    payload = dict(derive_row(form, a_context(*world)).payload)
    stored = payload["form"] = ReadFields(payload["form"])
    as_json(kind, FileRow("", payload, None, None, 1, 1))
    fields = FORMS[kind].model_fields
    assert stored.read
    assert stored.read <= {name for name, field in fields.items() if not is_private(field)}
