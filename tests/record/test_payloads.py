"""Names of stored fields, in code and in paths, are those of a form or of a calculated value."""

import ast
import re
from collections.abc import Iterator

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
STORED = re.compile(r"\b(Published|Stored|\w+Payload)")
"""Annotations of what is stored."""
READERS = {"form_of", "stage_of", "cited_payload", "event_payload", "estimate_payload"}


def test_names_of_fields_read_from_stored_forms_exist() -> None:
    read = [each for file in CODE for each in _reads(ast.parse(file.read_text()))]
    assert len(read) > 300
    assert {name for name in read if name not in PUBLIC | CALCULATED} == set()


def _reads(tree: ast.Module) -> Iterator[str]:
    """Yield the literal names that functions read from what their annotations call stored."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.Lambda):
            continue
        stored: set[str] = set()
        for _ in range(3):  # A row may be bound after the rows that it is of.
            for node in ast.walk(function):
                match node:
                    case ast.arg(arg=name, annotation=ast.expr() as type_):
                        stored |= {name} if STORED.search(ast.unparse(type_)) else set()
                    case (
                        ast.Assign(targets=[ast.Name(name)], value=value)
                        | ast.For(target=ast.Name(name), iter=value)
                        | ast.comprehension(target=ast.Name(name), iter=value)
                    ):
                        stored |= {name} if _is_stored(value, stored) else set()
        for node in ast.walk(function):
            yield from (name for of, name in _literal(node) if _is_stored(of, stored))


def _is_stored(value: ast.expr, stored: set[str]) -> bool:
    match value:
        case ast.Name(id):
            return id in stored
        case ast.Call(func=ast.Name(name)) if name in READERS:
            return True
    return any(_is_stored(of, stored) for of, _name in _literal(value))


def _literal(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    match node:
        case (
            ast.Subscript(value=of, slice=ast.Constant(str(name)))
            | ast.Call(func=ast.Attribute(value=of, attr="get"), args=[ast.Constant(str(name)), *_])
        ):
            yield of, name


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
