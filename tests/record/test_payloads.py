"""Names of stored fields, in code and in paths, are those of a form or of a calculated value."""

import re

from app import paths
from app.kinds import FORMS, Form
from app.kinds.base import is_private, rows_of
from app.record import payloads
from app.record.derivation.rows import CODE_LOCATIONS
from tests.support.forms import all_forms

CODE = [
    *(paths.ROOT / "app" / "record").rglob("*.py"),
    *(paths.ROOT / "app" / "site").rglob("*.py"),
]
CALCULATED = {
    name
    for each in vars(payloads).values()
    if isinstance(each, type)
    for name in getattr(each, "__annotations__", ())
}
PUBLIC = {
    name
    for form in all_forms()
    for name, field in form.model_fields.items()
    if not is_private(field)
}
READ = re.compile(
    r"\b(?:form|term|link|step|stage|citation|cited|legal|origin|parent)"
    r'(?:\[|\.get\()"([a-z_]+)"'
)
"""A field that is read from what is named for a stored form or for a row of it."""


def test_names_of_fields_read_from_stored_forms_exist() -> None:
    read = [name for file in CODE for name in READ.findall(file.read_text())]
    assert len(read) > 300
    assert {name for name in read if name not in PUBLIC | CALCULATED} == set()


def test_code_locations_are_fields_of_the_payload() -> None:
    for place in CODE_LOCATIONS.values():
        for kind in place.kinds:
            form: type[Form] | None = FORMS[kind]
            if place.path[0] != "form":
                assert {*place.path} <= CALCULATED, place
                continue
            for name in place.path[1:-1]:
                form = form and rows_of(form.model_fields[name])
            assert form and place.path[-1] in form.model_fields, place


def test_keys_in_statements_are_keys_of_payloads() -> None:
    # mypy cannot check keys of the column, such as `Version.payload["form"]["title"]`.
    sources = [file.read_text() for file in (paths.ROOT / "app").rglob("*.py")]
    keys = {found for text in sources for found in re.findall(r'payload\["(\w+)"\]', text)}
    fields = {found for text in sources for found in re.findall(r'\["form"\]\["(\w+)"\]', text)}
    assert keys - {"into"} <= CALCULATED
    assert fields <= PUBLIC


def test_mypy_plugin_reports_get_with_unknown_key() -> None:
    step: payloads.PublishedFieldSupport = {"corroboration": "", "independent": 1, "citations": []}
    # If the plugin reported nothing, mypy would report this comment as unused.
    assert step.get("txt") is None  # type: ignore[typeddict-item]
