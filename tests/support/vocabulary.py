"""All enums of codes."""

from app.vocabulary import citations, estimates, events, record, sources, support
from app.vocabulary.code import Code

ENUMS: list[type[Code]] = [
    each
    for module in (citations, estimates, events, record, sources, support)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Code) and each.__module__ == module.__name__
]
