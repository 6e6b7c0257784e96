"""Message extraction for `make messages`, which Babel calls for each Python file.

Babel itself finds `_("…")` and `N_("…")`. The labels of codes, filters and form fields are read
from the classes that define them, so that they need no marker.
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
from app.kinds.base import Form, notes
from app.kinds.layout import words_of
from app.vocabulary.code import WORDS, Code
from app.vocabulary.record import LISTS

Message = tuple[int, str | None, Any, Any]
"""Line, function, text and comments, as Babel expects them."""


def messages(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> Iterator[Message]:
    """Yield the messages of one file. Babel calls it: `babel.cfg` names it."""
    source = file.read().decode().splitlines()
    file.seek(0)
    extracted: Iterator[Any] = extract_python(file, keywords, tags, options)
    yield from extracted
    parts = Path(file.name).resolve().relative_to(paths.ROOT).with_suffix("").parts
    for label in labels(import_module(".".join(part for part in parts if part != "__init__"))):
        first = label if isinstance(label, str) else label[0]
        line = next((number for number, line in enumerate(source, 1) if first in line), 1)
        yield line, None if label is first else "ngettext", label, []


def labels(module: ModuleType) -> Iterator[str | tuple[str, str]]:
    """Yield the labels of all classes that a module defines, in their order."""
    for each in vars(module).values():
        if isinstance(each, type) and each.__module__ == module.__name__:
            yield from filter(None, _class_labels(each))
        elif each is LISTS and module.__name__ == "app.vocabulary.record":
            yield from LISTS.values()
        elif each is WORDS and module.__name__ == "app.vocabulary.code":
            yield from (words[0] for (list_, _code), words in WORDS.items() if list_ == "Action")
        else:
            yield from filter(None, words_of(each))


def _class_labels(each: type) -> Iterator[str | tuple[str, str] | None]:
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
            said = notes(field)
            yield from (field.title, field.description, said.hint, said.unchosen)
        if issubclass(each, Form):
            yield from words_of((getattr(each, "WORDS", None), each.SECTIONS, each.PARTS))
