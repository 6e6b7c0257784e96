"""Reads the question of a program: strictly, since it would rather hear of a mistake than get something else."""

from collections.abc import Iterator
from typing import TypeVar

from fastapi import Request
from sqlalchemy.orm import Session

from app.filtering import Dropped, Filter, Filters, Pairs, Terms
from app.i18n.translate import _
from app.record import editions
from app.record.editions import Reading
from app.record.names.directory import Directory
from app.site.lists.request import NotUnderstood, names, pairs_of, refuse_what_has_no_meaning

F = TypeVar("F", bound=Filters)


def asked(request: Request, db: Session, filters: type[F]) -> tuple[F, Reading, Directory]:
    """The question, the edition that it is asked of, and the names of that edition."""
    pairs = pairs_of(request)
    wrong = list(_badly_written(pairs, filters))
    question, dropped = filters.from_pairs(pairs)
    known = {(item.key, item.value) for item in wrong}
    wrong += [item for item in dropped if (item.key, item.value) not in known]
    if wrong:
        raise NotUnderstood([(item.key, item.reason) for item in wrong])
    edition = editions.reading(db, question.one("edition"))
    directory = names(request, db, edition)
    question = directory.led_on(question)
    refuse_what_has_no_meaning(question, (), directory)
    return question, edition, directory


def _badly_written(pairs: Pairs, filters: type[Filters]) -> Iterator[Dropped]:
    """Values that a page would take kindly, such as capitals in a code, blanks, or nothing at all."""
    for key, value in pairs:
        filter = filters.by_key().get(key.removeprefix("not_"))
        if filter is None or (key.startswith("not_") and not isinstance(filter, Terms)):
            yield Dropped(key, value, _("is not something that can be asked here"))
        elif not filter.fits(value):
            yield Dropped(key, value, _reason(filter, value))


def _reason(filter: Filter, value: str) -> str:
    try:
        meant = filter.clean(value)
    except (ValueError, OverflowError) as error:
        return str(error)
    return (
        _("is written as {value}").format(value=meant)
        if meant
        else _("is empty; leave the key out")
    )
