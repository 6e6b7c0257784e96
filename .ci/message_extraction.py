"""Message extraction for `make messages`, which Babel calls for each Python file.

Babel itself finds `_("…")` and `N_("…")`. Labels need no marker: those of codes are in a table, and
those of filters, form fields and layouts are texts in calls of the classes that hold them.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python

from app.vocabulary.code import WORDS
from app.vocabulary.record import LISTS

Message = tuple[int, str | None, Any, Any]
"""Line, function, text and comments, as Babel expects them."""
LABELLED = re.compile(r"app/(?:kinds|vocabulary)/|app/record/filters\.py|app/filter")
"""The files whose classes have labels."""
WORDING = re.compile(r"[A-Z“{].+", re.DOTALL)
"""A text for readers, unlike a code or the name of a field."""


def messages(
    file: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> Iterator[Message]:
    """Yield the messages of one file. Babel calls it: `babel.cfg` names it."""
    source = file.read()
    file.seek(0)
    extracted: Iterator[Any] = extract_python(file, keywords, tags, options)
    yield from extracted
    if not LABELLED.search(file.name):
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if not name.endswith("Error"):
                yield from _texts(node)
            case ast.ClassDef() if "vocabulary" in file.name:
                yield node.lineno, None, ast.get_docstring(node), []
    if file.name.endswith("vocabulary/code.py"):
        for text in {text for words in WORDS.values() for text in words} | {*LISTS.values()}:
            yield 1, None, text, []


def _texts(call: ast.Call) -> Iterator[Message]:
    for node in ast.walk(call):
        match node:
            case ast.Tuple(elts=[ast.Constant(value=str(one)), ast.Constant(value=str(many))]) if (
                "{count}" in one
            ):
                yield node.lineno, "ngettext", (one, many), []
            case ast.Constant(value=str(text)) if WORDING.fullmatch(text):
                yield node.lineno, None, text, []
