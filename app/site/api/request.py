"""Strict reading of queries: a program gets an error where a page would ignore a mistake."""

from collections.abc import Iterator
from typing import TypeVar

from fastapi import Request

from app.filtering import DroppedParameter, Filter, Filters, Pairs, Terms
from app.i18n.translate import _
from app.record.index.edition import IndexedEdition
from app.record.lists.session import ListSession, select_edition
from app.record.names.directory import Directory
from app.site.lists.request import (
    InvalidQueryError,
    edition_directory,
    query_pairs,
    reject_invalid_query,
)

F = TypeVar("F", bound=Filters)


def read_query(
    request: Request, db: ListSession, filters: type[F]
) -> tuple[F, IndexedEdition, Directory]:
    """Return the query, and its edition with that edition's directory.

    Raises InvalidQueryError.
    """
    pairs = query_pairs(request)
    invalid = list(_not_canonical(pairs, filters))
    query, dropped = filters.from_pairs(pairs)
    known = {(item.key, item.value) for item in invalid}
    invalid += [item for item in dropped if (item.key, item.value) not in known]
    if invalid:
        raise InvalidQueryError([(item.key, item.reason) for item in invalid])
    edition = select_edition(db, query.one("edition"))
    directory = edition_directory(request, db, edition)
    query = directory.led_on(query)
    reject_invalid_query(query, (), directory)
    return query, edition, directory


def _not_canonical(pairs: Pairs, filters: type[Filters]) -> Iterator[DroppedParameter]:
    """Yield values that pages accept, such as capitals in a code, spaces, or an empty value."""
    for key, value in pairs:
        filter = filters.by_key().get(key.removeprefix("not_"))
        if filter is None or (key.startswith("not_") and not isinstance(filter, Terms)):
            yield DroppedParameter(key, value, _("is not a parameter of this address"))
        elif not filter.fits(value):
            yield DroppedParameter(key, value, _reason(filter, value))


def _reason(filter: Filter, value: str) -> str:
    try:
        canonical = filter.clean(value)
    except (ValueError, OverflowError) as error:
        return str(error)
    return (
        _("should be written as {value}").format(value=canonical)
        if canonical
        else _("is empty; remove the key")
    )
