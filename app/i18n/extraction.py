"""Which words of a Python file are printed in the reader's language: what `make messages` collects for translators.

Babel finds what is translated where it stands, `_("…")`, and what is marked for later, `N_("…")`. Labels of codes,
filters and form fields stand in the classes that define them, hundreds of them, and are translated where they are
printed: those are read off the classes, so that a new one is found without a mark.
"""

import inspect
from collections.abc import Collection, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from babel.messages.extract import extract_python
from pydantic import BaseModel

from app import paths
from app.filtering import Choice, Filters
from app.vocabulary.code import Code
from app.vocabulary.record import LISTS

Message = tuple[int, str | None, Any, Any]
"""As Babel wants it: line, function, words, comments."""


def messages(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> Iterator[Message]:
    """Babel's way to ask about one file, as `babel.cfg` names it."""
    source = file.read().decode().splitlines()
    file.seek(0)
    found: Iterator[Any] = extract_python(file, keywords, tags, options)
    yield from found
    parts = Path(file.name).resolve().relative_to(paths.ROOT).with_suffix("").parts
    for label in labels(import_module(".".join(part for part in parts if part != "__init__"))):
        line = next((number for number, line in enumerate(source, 1) if label in line), 1)
        yield line, None, label, []


def labels(module: ModuleType) -> Iterator[str]:
    """What the classes that a module defines have to say, in their order."""
    for each in vars(module).values():
        if isinstance(each, type) and each.__module__ == module.__name__:
            yield from filter(None, _of(each))
        elif each is LISTS and module.__name__ == "app.vocabulary.record":
            yield from LISTS.values()


def _of(each: type) -> Iterator[str | None]:
    if issubclass(each, Code):
        yield inspect.getdoc(each)
        for code in each:
            yield from (code.label, code.definition, code.example)
    elif issubclass(each, Filters):
        for key in each.FILTERS:
            yield from (key.title, key.description)
            if isinstance(key, Choice):
                yield from key.choices.values()
    elif issubclass(each, BaseModel):
        for field in each.model_fields.values():
            yield from (field.title, field.description)
